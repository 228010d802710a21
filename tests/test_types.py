"""The types: loose where applications differ, and the public ones are listed.

`tests/test_typing.py` runs the type checkers over them.
"""

from __future__ import annotations

import typing
from typing import Any

import pytest

import asgi_compat
from asgi_compat import _types

PROTOCOLS = {_types.ASGI2Instance: 2, _types.ASGI2App: 1, _types.ASGI3App: 3}


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.__name__)
def test_protocol_takes_arguments_of_any_type_by_position(protocol: Any) -> None:
    """Each framework and server has types of its own for scope, receive and send; none fits another's."""
    hints = typing.get_type_hints(protocol.__call__)
    result = hints.pop("return")
    assert len(hints) == PROTOCOLS[protocol] and set(hints.values()) == {Any}
    assert all(name.lstrip("_") != name for name in hints), "two underscores: by position only"
    assert result is (_types.ASGI2Instance if protocol is _types.ASGI2App else typing.Awaitable[Any])


@pytest.mark.parametrize("name", _types.__all__)
def test_type_is_public_under_its_name(name: str) -> None:
    assert getattr(asgi_compat, name) is getattr(_types, name)
    assert name in asgi_compat.__all__


def test_application_is_of_one_of_the_two_generations() -> None:
    assert set(typing.get_args(_types.ASGIApp)) == {_types.ASGI2App, _types.ASGI3App}


def test_receive_and_send_are_of_one_message() -> None:
    assert typing.get_args(_types.Receive) == ([], typing.Awaitable[_types.Message])
    assert typing.get_args(_types.Send) == ([_types.Message], typing.Awaitable[None])
