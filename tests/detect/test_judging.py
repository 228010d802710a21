"""The order of evidence: a mark, then what is inside, then the arguments."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from asgi_compat import Style, mark_double, mark_single
from asgi_compat._detect.callables import DEPTH_LIMIT
from asgi_compat._detect.judging import judge


async def single(scope: Any, receive: Any, send: Any) -> None: ...


def double(scope: Any) -> Any:
    return functools.partial(single, scope)


def wrapper_of(app: Any) -> Any:
    @functools.wraps(app)
    def wrapper(*args: Any) -> Any:
        return app(*args)

    return wrapper


def test_mark_outweighs_what_is_inside() -> None:
    assert judge(wrapper_of(double))[0] is Style.DOUBLE
    assert judge(mark_single(wrapper_of(double)))[0] is Style.SINGLE


def test_mark_never_outweighs_the_number_of_arguments() -> None:
    def copy_of_double(scope: Any) -> Any:
        return functools.partial(single, scope)

    assert judge(mark_single(copy_of_double))[0] is Style.DOUBLE


def test_both_marks_give_either() -> None:
    wrapper = wrapper_of(double)
    wrapper._asgi_single_callable = wrapper._asgi_double_callable = True
    assert judge(wrapper)[0] is Style.EITHER


@pytest.mark.parametrize("mark, style", [(mark_single, Style.SINGLE), (mark_double, Style.DOUBLE)])
def test_mark_of_class_counts_where_the_class_can_be_called_so(mark: Any, style: Style) -> None:
    Anything = type("Anything", (), {"__init__": lambda self, *args: None, "__call__": len})
    assert judge(Anything)[0] is Style.UNKNOWN
    assert judge(mark(Anything))[0] is style


def test_mark_of_framework_class_leaves_a_factory() -> None:
    """`class Sanic: _asgi_single_callable = True` is about the instances."""

    class Framework:
        _asgi_single_callable = True

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    assert judge(Framework)[0] is Style.FACTORY and judge(Framework())[0] is Style.SINGLE


def test_chain_of_wrappers_ends_at_the_limit() -> None:
    app: Any = double
    for _ in range(DEPTH_LIMIT):
        app = wrapper_of(app)
    assert judge(app)[0] is Style.DOUBLE
    style, reason, _ = judge(wrapper_of(app))
    assert style is Style.UNKNOWN or "too long" in reason
