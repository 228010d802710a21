"""Set Django up before the import, for a project without an ``asgi.py``."""

from __future__ import annotations

import importlib
import os
import re
from typing import Any

from .errors import LoadError
from .quoting import import_problem

#: How an application is called that no import string names.
DJANGO = "django.core.asgi:get_asgi_application"


def set_up(settings: str) -> None:
    """Set Django up with a settings module, or raise `LoadError`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    try:
        importlib.import_module("django").setup()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise LoadError(import_problem(f"setting up Django with {settings} failed", error)) from error


def default_target() -> str:
    """Return the import string of the project's application: the setting of Channels, or Django's own."""
    setting = getattr(importlib.import_module("django.conf").settings, "ASGI_APPLICATION", None)
    if not isinstance(setting, str) or "." not in setting:
        return DJANGO
    return ":".join(setting.rpartition(".")[::2])


def needs_set_up(error: BaseException) -> bool:
    """Whether it is an error of Django that was not set up."""
    kind = type(error)
    if not kind.__module__.startswith("django.core.exceptions"):
        return False
    unset = kind.__name__ == "ImproperlyConfigured" and "settings are not configured" in str(error)
    return unset or kind.__name__ == "AppRegistryNotReady"


def settings_of(directory: str) -> str:
    """Return the settings module that a project's ``manage.py`` names, or an example."""
    try:
        with open(os.path.join(directory, "manage.py"), encoding="utf-8", errors="replace") as file:
            found = re.search(r"DJANGO_SETTINGS_MODULE.,\s*.([\w.]+)", file.read())
    except OSError:
        found = None
    return found.group(1) if found else "mysite.settings"


def asgi_file(directory: str, target: str) -> str:
    """Return the lines of an ``asgi.py`` that sets Django up and then imports the application."""
    module, _, name = target.partition(":")
    return (
        "import os\n"
        "import django\n"
        f'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings_of(directory)}")\n'
        "django.setup()\n"
        f"from {module} import {name or 'application'}"
    )


def load_default(load: Any) -> Any:
    """Load the project's application with `load`, which takes an import string and ``factory``."""
    target = default_target()
    return load(target, factory=target == DJANGO)
