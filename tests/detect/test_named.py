"""`named_places`: variables of a module that code calls with one or three arguments."""

from __future__ import annotations

import sys
from typing import Any, List

import pytest

from asgi_compat._detect.named import named_places


async def single(scope: Any, receive: Any, send: Any) -> None: ...


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


TABLE = {"http": single, "text": "no application"}
LARGE = dict.fromkeys(range(101), single)


def calls(scope: Any) -> Any:
    if scope["type"] in TABLE:
        return TABLE[scope["type"]](scope)  # type: ignore[operator]
    return single(scope) or double(scope)  # type: ignore[call-arg]


def calls_inside(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await single(scope, receive, send)

    return instance


def only_names(scope: Any) -> Any:
    return [single, double, TABLE, missing]  # type: ignore[name-defined]  # noqa: F821


def calls_large(scope: Any) -> Any:
    return LARGE[0](scope)  # type: ignore[call-arg]


PAIRS = [("/", single), ["/", double], "text"]


def calls_by_local(scope: Any) -> Any:
    for _, application in PAIRS:
        return application(scope)  # type: ignore[operator]


def calls_both_ways_by_local(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        handler = TABLE["http"]
        await handler(scope, receive, send)  # type: ignore[operator]

    other = TABLE["text"]
    return instance or other(scope)  # type: ignore[operator]


def calls_send_by_local(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await send(TABLE)

    return instance


def calls_itself(scope: Any) -> Any:
    return calls_itself(scope)


class Calls:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await double(self.scope)(receive, send)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (calls, [" variable TABLE['http']", " variable single", " variable double"]),
        (calls_inside, [" variable single"]),
        (only_names, []),
        (calls_large, []),
        (calls_itself, []),
        (calls_by_local, [" variable PAIRS[0][1]"]),
        (calls_both_ways_by_local, []),
        (calls_send_by_local, []),
        (Calls, [" variable double"]),
        (Calls({}), [" variable double"]),
        (Calls({}).__call__, [" variable double"]),
        (None, []),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_named_places_are_what_code_calls(layer: Any, expected: List[str]) -> None:
    places = list(named_places(layer))
    assert [place.via for place in places] == expected
    for place in places:
        kept = place.owner
        for key in place.key if place.kind == "pair" else [place.key]:
            kept = kept[key]
        assert kept is place.value
        assert any(place.owner is owner for owner in (TABLE, PAIRS, vars(sys.modules[__name__])))


def test_named_places_of_installed_code_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = calls.__code__.replace(co_filename="/usr/lib/python3/dist-packages/framework.py")
    monkeypatch.setattr(calls, "__code__", installed)
    assert list(named_places(calls)) == []
