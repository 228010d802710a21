"""`places_in`: each kind of object in which a layer keeps what it calls."""

from __future__ import annotations

from functools import partial
from typing import Any, List

import pytest

from asgi_compat import double_to_single_callable, register_unwrapper
from asgi_compat._detect.keeping import places_in


async def single(scope: Any, receive: Any, send: Any) -> None: ...


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


class Around:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class OddName:
    """As little as a middleware stores, under a name of its own, and called in its code."""

    def __init__(self, site: Any, **more: Any) -> None:
        self.site = site
        self.__dict__.update(more)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.site(scope, receive, send)


class Knows:
    """It stores an application that it does not call."""

    def __init__(self, site: Any) -> None:
        self.site = site

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.answer(send)

    async def answer(self, send: Any) -> None: ...


def odd_closure(site: Any) -> Any:
    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await site(scope, receive, send)

    return wrapped


def nested_closure(site: Any) -> Any:
    async def call(scope: Any, receive: Any, send: Any) -> None:
        await site(scope, receive, send)

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await call(scope, receive, send)

    return wrapped


def closure_without_value() -> Any:
    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    if wrapped is None:
        app = single
    return wrapped


async def with_app(app: Any, scope: Any, receive: Any, send: Any, handler: Any = None) -> None: ...


def vias(layer: Any) -> List[str]:
    return [place.via for place in places_in(layer)]


@pytest.mark.parametrize(
    "layer, expected",
    [
        (Around(single), [".app"]),
        (Around(single).__call__, [".app"]),
        (partial(single), [".func"]),
        (partial(with_app, single), [".func", ".args[0]"]),
        (partial(with_app, app=single), [".func", ".keywords['app']"]),
        (partial(with_app, handler=1), [".func"]),
        (double_to_single_callable(double), [".app"]),
        (OddName(single), [".site"]),
        (Knows(single), []),
        (OddName(single, **{f"option_{at}": at for at in range(20)}), []),
        (odd_closure(single), [" closure site"]),
        (nested_closure(single), [" closure call", " closure site"]),
        (closure_without_value(), []),
        (OddName(3), []),
        (single, []),
        (len, []),
    ],
)
def test_places_of_layer_are_what_it_keeps_and_calls(layer: Any, expected: List[str]) -> None:
    assert vias(layer) == expected


def test_place_of_partial_names_the_function_that_calls_it() -> None:
    place = places_in(partial(with_app, single))[1]
    assert (place.kind, place.key, place.caller, place.name) == ("bound", 0, with_app, "app")


class Proxy:
    def __call__(self, *args: Any) -> Any: ...


def test_places_of_registered_wrapper_are_what_it_stands_for() -> None:
    """It is stored nowhere; one that stands for nothing keeps nothing."""
    register_unwrapper(Proxy, lambda proxy: single)
    assert [(place.via, place.value) for place in places_in(Proxy())] == [(" inside", single)]
    register_unwrapper(Proxy, lambda proxy: 1 / 0)
    assert vias(Proxy()) == []
