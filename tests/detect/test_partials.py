"""Partials: what is bound decides whether an application is left."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from asgi_compat import Style, classify


async def single(scope: Any, receive: Any, send: Any) -> None: ...


async def with_option(option: Any, scope: Any, receive: Any, send: Any) -> None: ...


def double(scope: Any, option: Any = None) -> Any:
    return partial(single, scope)


def yields(option: Any, environ: Any, start_response: Any) -> Any:
    yield b""


@pytest.mark.parametrize(
    "value, style, words",
    [
        (partial(yields, {"type": "option"}), Style.WSGI, "generator function"),
        (partial(with_option, 1), Style.SINGLE, "(scope, receive, send)"),
        (partial(double, option=1), Style.DOUBLE, "(scope)"),
        (partial(single, {"type": "http"}), Style.NOT_AN_APP, "bound the scope"),
        (partial(single, scope=None), Style.NOT_AN_APP, "bound the scope"),
        (partial(single, None), Style.NOT_AN_APP, "arguments of the ASGI call"),
        (partial(single, send=None), Style.NOT_AN_APP, "arguments of the ASGI call"),
        (partial(single, 1, 2, 3, 4), Style.NOT_AN_APP, "do not fit"),
    ],
)
def test_partial_is_judged_by_what_is_left(value: Any, style: Style, words: str) -> None:
    verdict = classify(value)
    assert verdict.style is style and words in verdict.reason
