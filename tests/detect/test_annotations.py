"""What a function says that it returns is read; no code of an annotation runs (PEP 649)."""

from __future__ import annotations

import sys
from typing import Any, List

import pytest

from asgi_compat import Style, classify
from asgi_compat._detect.annotations import return_name


def made(source: str, **names: Any) -> Any:
    """Return `f` of a source that does not postpone its annotations, as this file does."""
    space = dict(names)
    exec(compile(source, "annotated.py", "exec", dont_inherit=True), space)
    return space["f"]


@pytest.mark.parametrize(
    "annotation, name",
    [
        (" -> None", "None"),
        (" -> int", "int"),
        (" -> 'int'", "int"),
        (" -> \"'int'\"", "int"),
        (" -> Config", "Config"),
        ("", ""),
        (" -> 5", ""),
        (" -> (int, str)", ""),
        (" -> list[int]" if sys.version_info >= (3, 9) else " -> [int]", ""),
    ],
)
@pytest.mark.parametrize("parameters", ["", "a: int = 1, *more: str"])
@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_return_name_is_read_in_every_form(annotation: str, name: str, parameters: str, future: str) -> None:
    function = made(f"{future}class Config: ...\ndef f({parameters}){annotation}: return app")
    if future and not name and annotation:
        name = return_name(function)  # the text of the expression
        assert name in annotation
    assert return_name(function) == name


def test_return_name_runs_no_code_of_the_annotation() -> None:
    asked: List[str] = []

    class Noisy(type):
        def __eq__(cls, other: object) -> bool:
            asked.append("__eq__")
            return True

        def __hash__(cls) -> int:
            asked.append("__hash__")
            return 1

    def record() -> Any:
        asked.append("called")
        return Noisy("int", (), {})

    function = made("def f() -> record(): return app", record=record)
    del asked[:]
    assert return_name(function) == "" or sys.version_info < (3, 14)
    assert classify(function).style in (Style.FACTORY, Style.NOT_AN_APP)
    assert asked == []
    # What has been read before is kept by Python, and is not asked either.
    assert function.__annotations__
    del asked[:]
    classify(function)
    assert asked == []


def test_return_name_of_what_defines_its_own_annotations_is_not_asked() -> None:
    asked: List[str] = []

    class Callable:
        @property
        def __annotations__(self) -> Any:
            asked.append("annotations")
            return {"return": None}

        @property
        def __annotate__(self) -> Any:
            asked.append("annotate")
            return None

        def __call__(self) -> Any:
            return self

    assert return_name(Callable()) == ""
    classify(Callable())
    assert asked == []


@pytest.mark.skipif(sys.version_info < (3, 14), reason="needs __annotate__")
def test_return_name_with_replaced_annotate_calls_nothing() -> None:
    function = made("def f(): return app")
    function.__annotate__ = made("def f(format): raise SystemExit")
    assert return_name(function) == ""
    function.__annotate__ = made("def f(format): return {**{}, 'return': int}")
    return_name(function)
    function.__annotations__ = {"return": int}
    assert return_name(function) == "int"


def test_factory_that_returns_its_own_type_is_a_method_of_a_builder() -> None:
    builder = made(
        "class f:\n    def copy(self) -> f: return self\n"
        if sys.version_info >= (3, 14)
        else "class f:\n    def copy(self) -> 'f': return self\n"
    )
    assert classify(builder().copy).style is Style.NOT_AN_APP
