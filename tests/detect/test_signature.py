"""What one call still takes, and what is left of it after binding."""

from __future__ import annotations

import types
from typing import Any, Dict, Optional, Tuple

import pytest

from asgi_compat._detect.signature import CallSignature, signature_of_function


def of(function: Any) -> CallSignature:
    signature = signature_of_function(function)
    assert signature is not None
    return signature


@pytest.mark.parametrize(
    "function, text, counts",
    [
        (lambda: 0, "()", {0}),
        (lambda scope: 0, "(scope)", {1}),
        (lambda a, b=1: 0, "(a, b)", {1, 2}),
        (lambda a, *rest: 0, "(a, *args)", {1, 2, 3}),
        (lambda a, *, option: 0, "(a, option=...)", set()),
        (lambda a, *, option=1: 0, "(a)", {1}),
        (lambda **options: 0, "()", {0}),
    ],
)
def test_signature_takes_the_counts_that_python_takes(function: Any, text: str, counts: set) -> None:
    signature = of(function)
    assert str(signature) == text
    assert {count for count in range(4) if signature.takes(count)} == counts


async def coroutine() -> None: ...


async def async_generator() -> Any:
    yield


def generator() -> Any:
    yield


@types.coroutine
def iterable_coroutine() -> Any:
    yield


@pytest.mark.parametrize(
    "function, kind",
    [
        (lambda: 0, ""),
        (coroutine, "async"),
        (iterable_coroutine, "async"),
        (generator, "generator"),
        (async_generator, "async generator"),
    ],
)
def test_kind_is_that_of_the_code(function: Any, kind: str) -> None:
    assert of(function).kind == kind


def test_function_marked_by_inspect_is_async() -> None:
    inspect = pytest.importorskip("inspect")
    if not hasattr(inspect, "markcoroutinefunction"):
        from asyncio import coroutines

        function: Any = lambda: 0  # noqa: E731
        function._is_coroutine = coroutines._is_coroutine  # type: ignore[attr-defined]
    else:
        function = inspect.markcoroutinefunction(lambda: 0)
    assert of(function).kind == "async" and of(lambda: 0).kind == ""


def three(a: Any, b: Any, c: Any, d: Any = None, *, option: Any) -> None: ...


@pytest.mark.parametrize(
    "args, keywords, left",
    [
        ((), (), "(a, b, c, d, option=...)"),
        ((1,), ("option",), "(b, c, d)"),
        ((1, 2, 3, 4), ("option",), "()"),
        # What stands behind a parameter that is bound by name can only be passed by name.
        ((), ("b", "option"), "(a, c=...)"),
        ((), ("d", "option"), "(a, b, c)"),
        ((1, 2, 3, 4, 5), ("option",), None),
        ((), ("nonsense",), None),
    ],
)
def test_bind_leaves_what_a_partial_leaves(
    args: Tuple[int, ...], keywords: Tuple[str, ...], left: Optional[str]
) -> None:
    bound = of(three).bind(args, keywords)
    assert (bound and str(bound)) == left


def test_bind_of_keyword_closes_varargs() -> None:
    """`partial(lambda a, *rest: 0, a=1)` takes no positional argument."""
    bound = of(lambda a, *rest: 0).bind((), ("a",))
    assert bound is not None and not bound.varargs and not bound.takes(1)


def test_bind_leaves_the_signature_alone() -> None:
    signature = of(three)
    signature.bind((1,), ("b", "option"))
    assert str(signature) == "(a, b, c, d, option=...)"


def test_roles_are_those_of_the_open_parameters() -> None:
    bound = of(lambda self, scope, x: 0).bind((None,))
    assert bound is not None and [bound.role(index) for index in range(3)] == ["scope", "", ""]


def test_pass_through_takes_varargs_only() -> None:
    cases: Dict[Any, bool] = {
        lambda *args: 0: True,
        lambda *args, **kwargs: 0: True,
        lambda a, *args: 0: False,
        lambda *args, option: 0: False,
    }
    assert [of(function).pass_through for function in cases] == list(cases.values())


def test_of_class_keeps_parameters() -> None:
    signature = of(lambda a, b=1: 0).of_class(int)
    assert (signature.kind, signature.owner, str(signature)) == ("class", int, "(a, b)")
