"""What moved in other packages."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path
from typing import Type

import pytest

from asgi_compat.serve import moved


@pytest.mark.parametrize(
    "error, missing",
    [
        (ModuleNotFoundError("No module named 'a.b'", name="a.b"), ("a.b", "")),
        (ModuleNotFoundError("odd", name=5), None),
        (ImportError("cannot import name 'X' from 'a.b' (/a/b.py)"), ("a.b", "X")),
        (
            ImportError("cannot import name 'X' from partially initialized module 'a' (most likely ...)"),
            ("a", "X"),
        ),
        (AttributeError("module 'a.b' has no attribute 'x'"), ("a.b", "x")),
        (AttributeError("partially initialized module 'a' has no attribute 'x'"), ("a", "x")),
        (AttributeError("'Starlette' object has no attribute 'route'"), ("Starlette", "route")),
        (AttributeError("type object 'Task' has no attribute 'all_tasks'"), ("Task", "all_tasks")),
        (
            TypeError("Starlette.__init__() got an unexpected keyword argument 'on_startup'"),
            ("Starlette", "on_startup"),
        ),
        (ValueError("module 'a' has no attribute 'x'"), None),
        (ImportError("half installed"), None),
    ],
)
def test_missing_of_reads_what_the_error_says(error: BaseException, missing: object) -> None:
    """The sentences of Python 3.8 to 3.15."""
    assert moved.missing_of(error) == missing


@pytest.fixture()
def starlette(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A package of that name, of no release."""
    module = types.ModuleType("starlette")
    module.__path__ = []
    module.__version__ = "9.9"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "starlette", module)
    monkeypatch.setattr(moved, "version_of", lambda package: "9.9")
    return module


@pytest.mark.parametrize(
    "code, says",
    [
        (
            "from starlette import Response",
            "starlette 9.9 is installed and has no starlette.Response (the last with it: 0.2.3);"
            " now: from starlette.responses import Response",
        ),
        (
            "import starlette.debug",
            "has no starlette.debug (the last with it: 0.7.4); now: Starlette(debug=True)",
        ),
        (
            "import starlette.nothing",
            "starlette 9.9 is installed and has no starlette.nothing: correct the name",
        ),
    ],
)
def test_advice_installed_package_says_what_moved(code: str, says: str, starlette: types.ModuleType) -> None:
    """With its version, the last release that had it, and the new place."""
    with pytest.raises(ImportError) as caught:
        exec(code, {})
    assert says in moved.advice(caught.value)


@pytest.mark.parametrize(
    "error, text",
    [
        (AttributeError, "module 'asyncio' has no attribute 'coroutine'"),
        (ImportError, "cannot import name 'Mapping' from 'collections' (/collections.py)"),
    ],
)
def test_advice_python_itself_is_named(error: Type[BaseException], text: str) -> None:
    """The standard library moves, too."""
    said = moved.advice(error(text))
    assert said.startswith("Python 3.") and "(the last with it: 3." in said


def test_advice_missing_package_is_none_of_it() -> None:
    """It is to be installed; and an attribute of anything may be missing."""
    assert moved.advice(ModuleNotFoundError("no", name="a_package_nobody_has.b")) == ""
    assert moved.advice(AttributeError("module 'json' has no attribute 'x'")) == ""
    assert moved.advice(AttributeError("'Foo' object has no attribute 'x'")) == ""


def test_advice_file_that_hides_a_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project that calls its own file like the framework."""
    (tmp_path / "hides_it.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module("hides_it.routing")
    assert f"is the file {tmp_path / 'hides_it.py'}, which hides a package" in moved.advice(caught.value)
    sys.modules.pop("hides_it")


def test_rows_have_one_place_each() -> None:
    """No name is in two rows, and each row says where to go."""
    places = [
        (where, name)
        for row in moved.MOVED
        for where in row.where.split()
        for name in row.names.split() or [""]
    ]
    assert len(places) == len(set(places)) and len(moved.MOVED) >= 40
    assert all(row.now and row.last[0].isdigit() for row in moved.MOVED)
