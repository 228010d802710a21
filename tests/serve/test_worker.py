"""The application of a worker process, made from the environment variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from asgi_compat import serve

from .serving import notes


def test_worker_application_is_made_once_from_the_variable(
    loading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and the same for `application` and for `worker_application`."""
    monkeypatch.setenv(
        serve.VARIABLE, f'{{"target": "web:create_app", "factory": true, "app_dir": "{loading}"}}'
    )
    assert serve.application is serve.application is serve.worker_application()
    assert notes(loading) == ["import", "create_app"]


def test_worker_application_without_the_variable_raises(loading: Path) -> None:
    """The import string is for workers of this command only."""
    with pytest.raises(serve.LoadError, match="python -m asgi_compat serve"):
        serve.application
    with pytest.raises(AttributeError, match="no attribute 'applicatoin'"):
        serve.applicatoin
