"""The types of arguments."""

from __future__ import annotations

import argparse
from typing import Any, Callable

import pytest

from asgi_compat.cli import arguments


@pytest.mark.parametrize(
    "convert, text, value",
    [
        (arguments.port, "0", 0),
        (arguments.port, "65535", 65535),
        (arguments.count, "1", 1),
        (arguments.root_path, "/", ""),
        (arguments.root_path, "/a/", "/a"),
        (arguments.root_path, "", ""),
        (arguments.asked_path, "/a?b=%20", "/a?b=%20"),
        (arguments.method, "get", "GET"),
        (arguments.method, "m-search", "M-SEARCH"),
        (arguments.subprotocol, "graphql-ws", "graphql-ws"),
        (arguments.timeout, "0.05", 0.05),
    ],
)
def test_argument_is_converted(convert: Callable[[str], Any], text: str, value: Any) -> None:
    """The limits are included."""
    assert convert(text) == value


@pytest.mark.parametrize(
    "convert, text",
    [
        (arguments.port, "65536"),
        (arguments.port, "\N{ARABIC-INDIC DIGIT ONE}"),
        (arguments.port, ""),
        (arguments.count, "0"),
        (arguments.count, "1025"),
        (arguments.root_path, "a"),
        (arguments.asked_path, "a"),
        (arguments.asked_path, "/a b"),
        (arguments.asked_path, "/\x1b"),
        (arguments.asked_path, "/\xe9"),
        (arguments.method, ""),
        (arguments.method, "GET /"),
        (arguments.subprotocol, ""),
        (arguments.subprotocol, "a,b"),
        (arguments.subprotocol, "a b"),
        (arguments.timeout, "nan"),
        (arguments.timeout, "inf"),
        (arguments.timeout, "0"),
        (arguments.timeout, "soon"),
    ],
)
def test_argument_out_of_range_is_refused(convert: Callable[[str], Any], text: str) -> None:
    """With the value escaped."""
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        convert(text)
    assert str(caught.value).startswith(repr(text)) and str(caught.value).isprintable()
