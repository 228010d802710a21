"""Operations on headers and links."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.operations.headers import content_length
from asgi_compat._messages.schema import MISSING, Unrepairable
from messages.steps import change

RIGHT = [(b"a", b"1")]


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("headers_in", RIGHT, None),
        ("headers_in", [[b"a", b"1"]], None),
        ("headers_in", None, ([], True)),
        ("headers_in", ((b"A", b"1"),), (RIGHT, False)),
        ("headers_in", {"a": "1"}, (RIGHT, True)),
        ("header_tuples", [[b"a", b"1"]], (RIGHT, False)),
        ("headers_out", RIGHT, None),
        ("headers_out", [[b"a", b"1"]], (RIGHT, False)),
        ("headers_out", [(b"A", b"1")], (RIGHT, True)),
        ("headers_out", {"A": 1}, (RIGHT, True)),
        ("headers_out", None, ([], True)),
        ("listed", RIGHT, None),
        ("stripped", [(b"a", b" 1\t")], (RIGHT, True)),
        ("stripped", RIGHT, None),
        ("framing", [(b"transfer-encoding", b"x"), (b":status", b"1"), (b"a", b"1")], (RIGHT, True)),
        ("framing", [(b"content-length", b"1")], None),
        ("trailer_framing", [(b"content-length", b"1"), (b"a", b"1")], (RIGHT, True)),
        ("clean", RIGHT, None),
        ("one_length", [(b"content-length", b"5")] * 2, ([(b"content-length", b"5")], True)),
        ("one_length", RIGHT, None),
        ("links", [b"</a>"], None),
        ("links", (" </a>",), ([b"</a>"], True)),
        ("clean_path", "/x", None),
    ],
)
def test_operation_changes_headers(op: str, value: Any, expected: Any) -> None:
    assert change(op, value) == expected


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("headers_in", "ab"),
        ("headers_out", [b"ab"]),
        ("headers_out", [(b"a", None)]),
        ("headers_out", [(1, b"a")]),
        ("headers_out", 5),
        ("clean", [(b"a b", b"1")]),
        ("clean", [(b"a", b"1\r\nx: y")]),
        ("one_length", [(b"content-length", b"5"), (b"content-length", b"6")]),
        ("links", b"</a>"),
        ("links", [5]),
        ("clean_links", [b"</a>\n"]),
        ("clean_path", "/x y"),
        ("clean_path", "/\ud800"),
    ],
)
def test_operation_refuses_headers(op: str, value: Any) -> None:
    with pytest.raises(Unrepairable):
        change(op, value)


def test_listed_iterator_is_read_once() -> None:
    assert change("listed", iter(RIGHT)) == (RIGHT, False)
    assert change("headers_out", iter(RIGHT)) is None


def test_headers_out_missing_is_left_to_presence() -> None:
    assert change("headers_out", MISSING) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [([], -1), ([(b"Content-Length", b"7")], 7), ([(b"content-length", b"0")] * 2, 0)],
)
def test_content_length_returns_length_or_minus_one(headers: Any, expected: int) -> None:
    assert content_length(headers) == expected


@pytest.mark.parametrize("value", [b"-1", b"1 ", b"", b"9" * 19])
def test_content_length_not_a_number_raises(value: bytes) -> None:
    with pytest.raises(Unrepairable):
        content_length([(b"content-length", value)])
