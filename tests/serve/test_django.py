"""Django is set up first, or the lines that do it are printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requires

from asgi_compat import cli
from asgi_compat.serve import django

FILES = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    "shop/__init__.py": "",
    "shop/settings.py": (
        'SECRET_KEY = "x"\nROOT_URLCONF = "shop.urls"\nASGI_APPLICATION = "shop.routing.application"\n'
        'INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]\n'
    ),
    "shop/plain.py": 'SECRET_KEY = "x"\nROOT_URLCONF = "shop.urls"\n',
    "shop/urls.py": "urlpatterns = []\n",
    "shop/routing.py": (
        "from django.contrib.auth.models import User\n"
        "def application(scope):\n    async def instance(receive, send): ...\n    return instance\n"
    ),
    "shop/unset.py": "from django.conf import settings\nsettings.DEBUG\n",
}


@pytest.fixture()
def site(tmp_path: Path) -> Path:
    """A project without an asgi.py, as six of ten that use Channels."""
    requires.package("django")
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def inspect(arguments: str, site: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "asgi_compat", "inspect", *arguments.split()],
        cwd=str(site), env=environment, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("module", ["shop.routing", "shop.unset"])
def test_load_without_set_up_prints_the_lines_of_an_asgi_file(module: str, site: Path) -> None:
    """AppRegistryNotReady and ImproperlyConfigured; the settings module is that of manage.py."""
    done = inspect(f"{module}:application", site)
    assert done.returncode == cli.NOT_IMPORTED
    first, *lines = done.stderr.splitlines()
    assert "add --django shop.settings, or serve an asgi.py with these lines:" in first
    assert [line.strip() for line in lines] == [
        "import os",
        "import django",
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")',
        "django.setup()",
        f"from {module} import application",
    ]


def test_load_with_django_sets_it_up(site: Path) -> None:
    """The application of the import string, that of Channels' setting, or Django's own."""
    for arguments in ("shop.routing:application --django shop.settings", "--django shop.settings"):
        done = inspect(arguments, site)
        assert done.returncode == cli.CLEAN, done.stderr
        assert "shop.routing.application" in done.stdout
    done = inspect("--django shop.plain", site)
    assert done.returncode == cli.CLEAN and "ASGIHandler" in done.stdout, done.stderr


def test_load_with_missing_settings_names_them(site: Path) -> None:
    """One sentence, status 3."""
    done = inspect("--django shop.nowhere", site)
    assert done.returncode == cli.NOT_IMPORTED
    assert "setting up Django with shop.nowhere failed: ModuleNotFoundError" in done.stderr


def test_settings_of_without_manage_py_is_an_example(tmp_path: Path) -> None:
    """There is nothing to read."""
    assert django.settings_of(str(tmp_path)) == "mysite.settings"
