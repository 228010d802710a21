"""A Django project with a database and one user, for either generation of Channels."""

from __future__ import annotations

import os
import threading

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not a secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="django_project",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            # The folder of this run (see run.py).
            "NAME": os.path.join(os.path.dirname(os.environ["MIDDLEWARE_RECORDS"]), "db.sqlite3"),
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def view(request):
    return HttpResponse(
        "django says %s %s" % (request.method, request.path), content_type="text/plain; charset=utf-8"
    )


urlpatterns = [path("view", view)]


def prepare():
    call_command("migrate", verbosity=0, interactive=False)
    from django.contrib.auth import get_user_model

    if not get_user_model().objects.filter(username="ada").exists():
        get_user_model().objects.create_user("ada", password="lovelace")


# In a thread, because some servers import the application inside their event loop, where Django refuses it.
_preparing = threading.Thread(target=prepare)
_preparing.start()
_preparing.join()
