"""`named_texts`: what the code of an application and of its project names, found without calling it."""

from __future__ import annotations

import functools
import sys
import types
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

from asgi_compat._detect.constants import LARGEST, named_texts

MARK = "the text that is looked for"
IN_TABLE = {MARK: 1}
IN_CONSTANT = MARK


def fail(*_: Any) -> Any:
    raise AssertionError("nothing is called to be read")


def reads_mark(message: Any) -> None:
    fail()
    assert message == "the text that is looked for"


def in_own_body(scope: Any) -> None:
    fail()
    reads_mark(scope)


def in_nested_function(scope: Any) -> Any:
    fail()

    def instance(receive: Any, send: Any) -> Any:
        return [each for each in receive if each == "the text that is looked for"]

    return instance


def in_closure() -> Callable[..., Any]:
    text = MARK

    def application(scope: Any) -> Any:
        return fail(text)

    return application


def in_tuple(scope: Any) -> Any:
    return scope in ("nothing", ("the text that is looked for", "more"))


def in_default(scope: Any, text: str = MARK) -> None:
    fail()


def in_keyword(scope: Any, *, text: str = MARK) -> None:
    fail()


def in_global_table(scope: Any) -> Any:
    return IN_TABLE[scope]


def in_global_text(scope: Any) -> Any:
    return scope == IN_CONSTANT


class InMethod:
    def __init__(self, scope: Any) -> None:
        fail()

    async def __call__(self, receive: Any, send: Any) -> None:
        await self.body(receive)

    async def body(self, receive: Any) -> None:
        reads_mark(await receive())


class Inherits(InMethod):
    pass


class InAttribute:
    text = MARK

    def __call__(self, scope: Any) -> None:
        fail()


class InInstance:
    def __init__(self) -> None:
        self.text = MARK

    def __call__(self, scope: Any) -> None:
        fail()


@functools.wraps(in_own_body)
def decorated(*args: Any) -> Any:
    return fail(*args)


def with_inner(inner: Any, scope: Any) -> None:
    fail()


FOUND: Dict[str, Any] = {
    "function": in_own_body,
    "nested function": in_nested_function,
    "closure": in_closure(),
    "tuple": in_tuple,
    "default": in_default,
    "keyword": in_keyword,
    "global table": in_global_table,
    "global text": in_global_text,
    "class": InMethod,
    "base class": Inherits,
    "class attribute": InAttribute,
    "instance": InInstance(),
    "bound method": InInstance().__call__,
    "partial": functools.partial(in_own_body),
    "argument of a partial": functools.partial(with_inner, InMethod),
    "decorated": decorated,
}


@pytest.mark.parametrize("name", FOUND)
def test_named_texts_of_own_code_contain_text(name: str) -> None:
    assert MARK in named_texts(FOUND[name])


def names_nothing(scope: Any) -> Any:
    return lambda receive, send: scope["type"]


@pytest.mark.parametrize("app", [names_nothing, None, 5, print, dict, type, [names_nothing]])
def test_named_texts_of_other_code_do_not_contain_text(app: Any) -> None:
    assert MARK not in named_texts(app)


def load(path: Path, source: str) -> Dict[str, Any]:
    """Run a module from a file, and give its names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    module = types.ModuleType(path.stem)
    sys.modules[path.stem] = module
    exec(compile(source, str(path), "exec"), vars(module))
    return vars(module)


@pytest.mark.parametrize(
    "where, found",
    [
        ("project/reader.py", True),
        ("project/venv/site-packages/reader.py", False),
        ("other/reader.py", False),
    ],
)
@pytest.mark.parametrize("way", ["from reader_of_body import read", "import reader_of_body"])
def test_named_texts_are_those_of_the_same_project(
    where: str, found: bool, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function of another directory, or of an installed package, is not read."""
    monkeypatch.setitem(sys.modules, "reader_of_body", None)
    monkeypatch.setitem(sys.modules, "reader", None)
    monkeypatch.setitem(sys.modules, "asgi", None)
    load(tmp_path / where, f"def read(message):\n    return message == {MARK!r}\n")
    monkeypatch.setitem(sys.modules, "reader_of_body", sys.modules["reader"])
    call = "read" if way.startswith("from") else "reader_of_body.read"
    names = load(tmp_path / "project/asgi.py", f"{way}\ndef app(scope):\n    return {call}(scope)\n")
    assert (MARK in named_texts(names["app"])) is found


def test_named_texts_of_code_without_a_directory_stay_in_its_file() -> None:
    names: Dict[str, Any] = {"foreign": reads_mark}
    exec(compile("def app(scope):\n    foreign(scope)\n    return 'here'\n", "<string>", "exec"), names)
    texts = named_texts(names["app"])
    assert "here" in texts and MARK not in texts


def test_named_texts_of_huge_containers_are_left_out() -> None:
    names: Dict[str, Any] = {"table": [str(number) for number in range(LARGEST + 1)]}
    exec("def app(scope):\n    return table\n", names)
    assert "7" not in named_texts(names["app"])
