"""With how many arguments a middleware calls the application that it keeps."""

from __future__ import annotations

import functools
from typing import Any, Set

import pytest

from asgi_compat._detect.called import adapts_what_it_calls, argument_counts, counts_of_middleware


class HandsOn:
    def __call__(self, scope: Any) -> Any:
        return self.app(scope)  # type: ignore[attr-defined]


class WithNestedCalls:
    def __call__(self, scope: Any) -> Any:
        return self.app(dict(scope, user=scope.get("user"), other=[scope["x"]]))  # type: ignore[attr-defined]


class InPartial:
    def __call__(self, scope: Any) -> Any:
        return functools.partial(self.asgi, scope=scope)

    async def asgi(self, receive: Any, send: Any, scope: Any) -> None:
        inner = self.app(scope)  # type: ignore[attr-defined]

        async def stamped(event: Any) -> None:
            await send(event)

        await inner(receive, stamped)


class SameNames:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        inner = self.inner(scope)

        async def instance(receive: Any, send: Any) -> None:
            await inner(receive, send)

        return instance


class BothAtOnce:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope)(receive, send)  # type: ignore[attr-defined]


class Three:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(dict(scope, **scope), receive, lambda event: send(event))  # type: ignore[attr-defined]


class Named:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive=receive, send=send)  # type: ignore[attr-defined]
        except ValueError:
            raise


class HalfMigrated:
    def __call__(self, scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await self.app(scope, receive, send)  # type: ignore[attr-defined]

        return instance


class OfAnother:
    async def __call__(self, receive: Any, send: Any) -> None:
        await self.middleware.app(self.scope, receive, send)  # type: ignore[attr-defined]


class Unpacked:
    def __call__(self, *args: Any) -> Any:
        return self.app(*args)  # type: ignore[attr-defined]


class AsArgument:
    def __call__(self, scope: Any) -> Any:
        return functools.partial(self.app, scope)  # type: ignore[attr-defined]


class Forks:
    def __call__(self, scope: Any, receive: Any = None, send: Any = None) -> Any:
        if receive is None:
            return self.app(scope)  # type: ignore[attr-defined]
        return self.app(scope, receive, send)  # type: ignore[attr-defined]


def old_closure(app: Any) -> Any:
    def middleware(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await app(scope)(receive, send)

        return instance

    return middleware


def current_closure(app: Any) -> Any:
    async def middleware(scope: Any, receive: Any, send: Any) -> None:
        await app(dict(scope), receive, send)

    return middleware


@pytest.mark.parametrize(
    "holder, counts",
    [
        (HandsOn(), {1}),
        (WithNestedCalls(), {1}),
        (InPartial(), {1}),
        (BothAtOnce(), {1}),
        (Three(), {3}),
        (Named(), {3}),
        (HalfMigrated(), {3}),
        (OfAnother(), {3}),
        (Unpacked(), set()),
        (AsArgument(), set()),
        (Forks(), {1, 3}),
        (old_closure(None), {1}),
        (current_closure(None), {3}),
        (HandsOn, {1}),
        (None, set()),
        (5, set()),
    ],
)
def test_argument_counts_are_those_of_the_calls(holder: Any, counts: Set[int]) -> None:
    assert argument_counts(holder, "app") == counts
    assert argument_counts(holder, "other") == set()


class Instance:
    def __init__(self, scope: Any, middleware: Any) -> None:
        self.scope = scope
        self.inner = middleware.inner

    async def __call__(self, receive: Any, send: Any) -> None:
        await self.inner(self.scope, receive, send)


class WithInstance:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        return Instance(scope, self)


async def run_inner(inner: Any, scope: Any, receive: Any, send: Any) -> None:
    await inner(scope, receive, send)


class WithFunction:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        return functools.partial(run_inner, self.inner, scope)


@pytest.mark.parametrize(
    "middleware, counts",
    [
        (HandsOn, {1}),
        (SameNames, {1}),
        (old_closure, {1}),
        (WithInstance, {3}),
        (WithFunction, {3}),
        (None, set()),
    ],
)
def test_counts_of_middleware_are_those_of_its_module(middleware: Any, counts: Set[int]) -> None:
    assert counts_of_middleware(middleware) == counts


class Adapts:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from asgiref.compatibility import guarantee_single_callable

        await guarantee_single_callable(self.app)(scope, receive, send)  # type: ignore[attr-defined]


def test_adapts_what_it_calls_is_true_for_code_that_asks() -> None:
    assert adapts_what_it_calls(Adapts())
    assert not adapts_what_it_calls(Three())
