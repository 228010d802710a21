"""The project that is served, and what the tests of ``serve`` put back."""

from __future__ import annotations

import contextlib
import importlib
import logging
import sys
import warnings
from pathlib import Path
from typing import Callable, Iterator

import pytest

from asgi_compat import serve

# httpx imports h2 where hypercorn has brought it, and h2 4.1, the last for Python 3.8, compares bytes
# with text while it is imported: -bb would make an error of that in the middle of a test.
with warnings.catch_warnings(), contextlib.suppress(ImportError):
    warnings.simplefilter("ignore", BytesWarning)
    importlib.import_module("h2.connection")

from .serving import APPLICATION, Running


@pytest.fixture()
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "web.py").write_text(APPLICATION, encoding="utf-8")
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    return tmp_path / "code"


@pytest.fixture()
def start(project: Path) -> Iterator[Callable[[str], Running]]:
    with contextlib.ExitStack() as stack:
        yield lambda arguments: stack.enter_context(Running(arguments, project)).wait()


@pytest.fixture()
def logger() -> Iterator[logging.Logger]:
    """The logger of the library without handlers, and as it was afterwards."""
    logger = logging.getLogger("asgi_compat")
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers[:] = []
    yield logger
    logger.handlers[:], level, logger.propagate = before
    logger.setLevel(level)


@pytest.fixture()
def loading(project: Path, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The project importable here, and everything as it was afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(serve.worker, "_application", None)
    monkeypatch.delenv(serve.VARIABLE, raising=False)
    yield project
    sys.modules.pop("web", None)
