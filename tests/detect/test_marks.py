"""Explicit marks."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from drive import attempt, drive_double, drive_single
from specimens import respond

from asgi_compat import (
    DetectionError,
    Style,
    classify,
    guarantee_double_callable,
    guarantee_single_callable,
    mark_double,
    mark_single,
)


@pytest.mark.parametrize("mark, style", [(mark_single, Style.SINGLE), (mark_double, Style.DOUBLE)])
def test_mark_decides_an_unknown(mark: Callable[[Any], Any], style: Style) -> None:
    """The marked object is the same object, and asgiref reads the mark as we do."""
    import asgiref.compatibility

    asgirefs: Any = asgiref.compatibility.is_double_callable

    def app(*args: Any) -> None: ...

    assert classify(app).style is Style.UNKNOWN
    assert mark(app) is app
    assert classify(app).style is style
    assert asgirefs(app) is (style is Style.DOUBLE)


def test_last_mark_counts() -> None:
    """Marking again takes the first mark back."""

    def app(*args: Any) -> None: ...

    assert classify(mark_double(mark_single(app))).style is Style.DOUBLE
    assert classify(mark_single(app)).style is Style.SINGLE


def test_mark_of_class_and_of_instance_are_independent() -> None:
    """A class can be marked, its instances too, and neither mark speaks of the other."""

    class App:
        def __init__(self, *args: Any) -> None: ...

        def __call__(self, *args: Any) -> None: ...

    instance = App()
    assert classify(mark_single(instance)).style is Style.SINGLE
    assert classify(App()).style is Style.UNKNOWN
    assert classify(mark_double(App)).style is Style.DOUBLE


class NoAttributes:
    __slots__ = ()

    def __call__(self, *args: Any) -> None: ...

    def method(self, *args: Any) -> None: ...


class Frozen:
    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("frozen")

    def __call__(self, *args: Any) -> None: ...


@pytest.mark.parametrize("mark", [mark_single, mark_double])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(object(), id="object"),
        pytest.param(None, id="None"),
        pytest.param(print, id="builtin"),
        pytest.param(dict, id="builtin class"),
        pytest.param((), id="tuple"),
        pytest.param(NoAttributes(), id="slots"),
        pytest.param(NoAttributes().method, id="bound method"),
        pytest.param(Frozen(), id="frozen"),
    ],
)
def test_mark_of_object_without_attributes_raises(mark: Callable[[Any], Any], value: Any) -> None:
    """It cannot be marked, and the error says what to do instead."""
    with pytest.raises(DetectionError) as caught:
        mark(value)
    assert caught.value.application is value
    assert caught.value.reason and caught.value.remedy
    assert isinstance(caught.value, TypeError)


def test_mark_works_as_a_decorator() -> None:
    """The example of the documentation."""

    @mark_single
    def app(*args: Any) -> Any:
        return respond(args[2])

    assert attempt(drive_single, guarantee_single_callable(app)).completed
    assert attempt(drive_double, guarantee_double_callable(app)).completed
