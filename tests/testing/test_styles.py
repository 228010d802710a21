"""Applications in one style."""

from __future__ import annotations

import asyncio
from typing import Any, List

import pytest
from specimens import SPECIMENS

from asgi_compat import Style, classify
from asgi_compat.testing import (
    assert_both_styles,
    assert_same,
    converse,
    http,
    in_style,
    run,
)

from .applications import double, made, respond, single


def test_in_style_returns_the_same_object_where_possible() -> None:
    """What is of the style already comes back as it is; unknown and either run as single."""
    assert in_style(single, "single") is single and in_style(double, Style.DOUBLE) is double
    assert classify(in_style(double, "single")).style is Style.SINGLE
    assert classify(in_style(single, "double", adapt="service")).style is Style.DOUBLE
    repairs: List[str] = []
    app = in_style(double, "single", adapt="service", on_repair=lambda rule, a, b: repairs.append(rule))
    assert run(app, http()).style is Style.SINGLE
    assert in_style(app, "double", adapt="service") is not app
    unknown = next(specimen for specimen in SPECIMENS if specimen.style is Style.UNKNOWN and made(specimen))
    assert run(unknown.make(), http()).style is Style.SINGLE


def test_middleware_wraps_the_application_in_each_style() -> None:
    """One that works in both, and one that does its work only where it is called once."""

    class Works:
        def __init__(self, app: Any) -> None:
            self.app = app
            seen.append(classify(app).style)

        def __call__(self, scope: Any, *rest: Any) -> Any:
            return self.app({**scope, "method": "PUT"}, *rest)

    class Forgets(Works):
        def __call__(self, scope: Any, *rest: Any) -> Any:
            return self.app({**scope, "method": "PUT"}, *rest) if rest else self.app(scope)

    seen: List[Style] = []
    for app in (single, double):
        assert assert_both_styles(app, http(), middleware=Works).body == b"PUT "
        with pytest.raises(AssertionError, match="body: b'PUT ' / b'GET '"):
            assert_both_styles(app, http(), middleware=Forgets)
        assert assert_same(app, app, http(), middleware=Works).body == b"PUT "
        assert asyncio.run(converse(app, http(), middleware=Works)).body == b"PUT "
    once = [Style.SINGLE, Style.DOUBLE, Style.SINGLE, Style.DOUBLE]
    assert seen == [*once, *[Style.SINGLE] * 3, *once, *[Style.DOUBLE] * 3]


def test_factory_is_called_for_each_conversation() -> None:
    """An application that counts differs from itself, one that is made anew does not."""

    def create() -> Any:
        count = 0

        async def app(scope: Any, receive: Any, send: Any) -> None:
            nonlocal count
            count += 1
            await respond(send, b"%d" % count)

        return app

    with pytest.raises(AssertionError, match="body: b'1' / b'2'"):
        assert_both_styles(create(), http())
    assert assert_both_styles(create, http(), factory=True).body == b"1"
