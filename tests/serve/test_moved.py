"""What moved in other packages."""

from __future__ import annotations

import importlib
import sys
import types
import warnings
from pathlib import Path
from typing import Dict, List, Optional, Tuple, Type

import pytest

from asgi_compat.cli import main
from asgi_compat.serve import moved

#: Every module, and every name in one, with its row.
PLACES: List[Tuple[str, str, moved.Moved]] = [
    (where, name, row)
    for row in moved.MOVED
    for where in row.where.split()
    for name in row.names.split() or [""]
]


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
        (AttributeError("type object '_asyncio.Task' has no attribute 'all_tasks'"), ("Task", "all_tasks")),
        (SyntaxError("invalid syntax", ("a.py", 1, 9, "asyncio.async(main())\n")), ("asyncio", "async")),
        (SyntaxError("invalid syntax", ("a.py", 1, 9, None)), None),
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
    assert len(PLACES) == len({place[:2] for place in PLACES}) and len(moved.MOVED) >= 40
    assert all(row.now and row.last[0].isdigit() for row in moved.MOVED)


#: How a program asks for what is gone; a class is where it is today.
_CLASSES: Dict[str, str] = {
    "Starlette": "from starlette.applications import Starlette",
    "Router": "from starlette.routing import Router",
    "Task": "from asyncio import Task",
    "Signal": "from django.dispatch import Signal",
}
_KEYWORDS = ("on_startup", "on_shutdown", "providing_args")


def programs(where: str, name: str) -> List[str]:
    """Return the ways to ask for a name, or for a module."""
    if name == "async":
        return ["import asyncio\nasyncio.async(print)"]
    if where in _CLASSES:
        return [f"{_CLASSES[where]}\n{where}" + (f"({name}=[])" if name in _KEYWORDS else f".{name}")]
    if not name:
        return [f"import {where}"]
    return [f"from {where} import {name}", f"import {where}\n{where}.{name}"]


@pytest.mark.parametrize("where, name, row", PLACES, ids=[f"{place[0]}.{place[1]}" for place in PLACES])
def test_row_is_reached_by_the_error_of_its_name(
    where: str, name: str, row: moved.Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is gone, what Python raises leads to the row; where it is not, what it would raise does."""
    package = moved._package_of(where)
    there = moved._spec(package) is not None
    for program in programs(where, name):
        raised = error_of(program)
        with monkeypatch.context() as patch:
            if raised is None or (not there and package in moved._PROJECTS):
                raised = would_be_raised(where, name)
                patch.setitem(sys.modules, package, types.ModuleType(package))
                if package not in moved._PROJECTS and not name:
                    patch.setattr(moved, "_spec", lambda package: None)
                    patch.delitem(sys.modules, package)
            said = moved.advice(raised)
        assert f"(the last with it: {row.last}); now: {row.now.replace('{name}', name)}" in said, raised


def error_of(program: str) -> Optional[Exception]:
    """Return what a program raises; a module that will go may warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(program, {})
        except (ImportError, AttributeError, TypeError, SyntaxError) as error:
            return error
    return None


def would_be_raised(where: str, name: str) -> Exception:
    """Return the error of a Python or package that has it no longer."""
    if not name:
        return ModuleNotFoundError(f"No module named '{where}'", name=where)
    if name in _KEYWORDS:
        return TypeError(f"{where}.__init__() got an unexpected keyword argument '{name}'")
    if where in _CLASSES:
        return AttributeError(f"type object '{where}' has no attribute '{name}'")
    return ImportError(f"cannot import name '{name}' from '{where}' (unknown location)", name=where)


def test_the_page_is_fresh() -> None:
    """It is the same on every Python, with every package."""
    page = Path(__file__).resolve().parents[2] / "docs" / "moved.md"
    assert page.read_text("utf-8") == moved.as_markdown(), "explain moved --markdown > docs/moved.md"


def test_explain_moved_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    """For a terminal, and as the page."""
    assert main(["explain", "moved"]) == 0
    text = capsys.readouterr().out
    assert text.count("; now: ") == len(moved.MOVED)
    assert "asyncio: coroutine\n    until Python 3.10; now: async def and await\n" in text
    assert main(["explain", "moved", "--markdown"]) == 0
    assert capsys.readouterr().out == moved.as_markdown()


def test_advice_module_of_an_installed_package_lacks_an_attribute() -> None:
    """A name that no row has. A module of the user, without a version, may be wrong in any way."""
    error = AttributeError("module 'pytest' has no attribute 'fixtur'")
    wanted = (
        f"pytest {pytest.__version__} is installed and has no pytest.fixtur: correct the name, or install"
    )
    assert moved.advice(error).startswith(wanted)
    assert moved.advice(AttributeError("module 'requires' has no attribute 'pakage'")) == ""


def test_advice_argument_is_found_without_its_class() -> None:
    """Before Python 3.10 the text of the error does not name it."""
    said = moved.missing_of(TypeError("__init__() got an unexpected keyword argument 'providing_args'"))
    assert said == ("Signal", "providing_args")
    assert moved.missing_of(TypeError("__init__() got an unexpected keyword argument 'mine'")) is None


def test_advice_submodule_that_is_not_imported_is_there() -> None:
    """It is to be imported, and nothing is wrong with its name."""
    assert moved.advice(AttributeError("module 'pytest' has no attribute '__main__'")) == ""
