"""The fast paths alone; tests/messages/test_properties.py holds them equal to the reference."""

from __future__ import annotations

from typing import Any, List

import pytest

from asgi_compat import Quirks
from asgi_compat._messages import fast
from asgi_compat._messages.apply import select_steps
from asgi_compat._messages.fast import check_header, fast_event, fast_receive, find_right
from asgi_compat._messages.operations.websocket import TextOrBytes
from asgi_compat._messages.table import TABLE

STEPS = select_steps(TABLE, "A", Quirks())
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}


class Connection:
    """What a start looks at."""

    length = -1


class Slow:
    """The slow path: notes what it is given."""

    def __init__(self) -> None:
        self.given: List[Any] = []

    def __call__(self, event: Any, connection: Any = None) -> Any:
        self.given.append(event)
        return "slow"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (b"x-id", b"7", -1),
        (b"content-type", b"text/plain", -1),
        (b"content-length", b"12", 12),
    ],
)
def test_check_header_right_header_gives_length_or_minus_one(
    name: bytes, value: bytes, expected: int
) -> None:
    assert [check_header(name, value) for _ in range(2)] == [expected, expected]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"content-length", b"-1"),
        (b"content-length", b""),
        (b"content-length", b" 5"),
        (b"content-length", b"9" * 19),
        (b"X-Id", b"7"),
        (b"x id", b"7"),
        (b"transfer-encoding", b"chunked"),
        (b"x-id", b" 7"),
        (b"x-id", b"7\r\nx: y"),
    ],
)
def test_check_header_odd_header_is_for_the_reference(name: bytes, value: bytes) -> None:
    for _ in range(2):
        with pytest.raises(ValueError):
            check_header(name, value)


def test_check_header_caches_are_bounded_and_keep_no_secret() -> None:
    for n in range(3000):
        assert check_header(b"x-%d" % n, b"v") == -1
        assert check_header(b"content-type", b"text/%d" % n) == -1
        assert check_header(b"set-cookie", b"secret-%d" % n) == -1
    assert 0 < len(fast._KNOWN_NAMES) <= 512 and 0 < len(fast._KNOWN_LINES) <= 512
    assert not any(b"secret" in value for _, value in fast._KNOWN_LINES)


def test_check_header_long_name_is_not_kept() -> None:
    assert check_header(b"x" * 65, b"v") == -1
    assert b"x" * 65 not in fast._KNOWN_NAMES


def test_fast_event_right_start_skips_the_slow_path() -> None:
    slow, connection = Slow(), Connection()
    look = fast_event(STEPS["http.response.start"], slow)
    assert look(START, connection) is START and slow.given == [] and connection.length == -1


def test_fast_event_start_with_content_length_tells_the_connection() -> None:
    slow, connection = Slow(), Connection()
    event = {**START, "headers": [(b"content-length", b"5")]}
    assert fast_event(STEPS["http.response.start"], slow)(event, connection) is event
    assert connection.length == 5 and slow.given == []


@pytest.mark.parametrize(
    "odd",
    [
        {"status": "200"},
        {"status": 204},
        {"status": True},
        {"headers": ()},
        {"headers": [[b"a", b"b"]]},
        {"headers": [(b"content-length", b"1"), (b"content-length", b"1")]},
        {"headers": [(b"content-length", b"five")]},
        {"headers": [(b"a", memoryview(b"b"))]},
        {"headers": [(memoryview(b"a"), b"b")]},
        {"trailers": True},
    ],
)
def test_fast_event_odd_start_takes_the_slow_path_once(odd: Any) -> None:
    slow, event = Slow(), {**START, **odd}
    assert fast_event(STEPS["http.response.start"], slow)(event, Connection()) == "slow"
    assert slow.given == [event]


def test_fast_event_body_alone_gets_more_body() -> None:
    slow = Slow()
    look = fast_event(STEPS["http.response.body"], slow)
    event = {"type": "http.response.body", "body": b"x"}
    assert look(event) == {**event, "more_body": False} and "more_body" not in event
    assert look({"type": "http.response.body", "content": b"x"}) == "slow" and len(slow.given) == 1


def test_find_right_start_is_copied_and_another_type_is_none() -> None:
    right, connection = find_right(STEPS["http.response.start"]), Connection()
    assert right is not None
    copy = right(START, connection)
    assert copy == START and copy is not START and copy["headers"] is not START["headers"]
    for kind in ("http.response.body", type("Kind", (str,), {})(START["type"]), b"http.response.start", None):
        assert right({**START, "type": kind}, connection) is None


def test_find_right_body_is_the_same_unless_it_lacks_more_body() -> None:
    right = find_right(STEPS["http.response.body"])
    assert right is not None
    event = {"type": "http.response.body", "body": b"x"}
    assert right(event) == {**event, "more_body": False} and "more_body" not in event
    whole = {**event, "more_body": True}
    assert right(whole) is whole
    kind = type("Kind", (str,), {})(event["type"])
    for odd in (
        {"type": START["type"]},
        {"type": kind},
        {"body": "x"},
        {"more_body": 0},
        {"more_body": None},
    ):
        assert right({**event, **odd}) is None
    assert right([("type", "http.response.body")]) is None


def test_find_right_other_steps_have_none() -> None:
    assert find_right(()) is None and find_right(STEPS["websocket.send"]) is None


def test_fast_event_without_a_fast_path_is_the_slow_one() -> None:
    slow = Slow()
    assert fast_event((), slow) is slow and fast_event(STEPS["websocket.close"], slow) is slow


def test_fast_receive_one_key_is_wrapped() -> None:
    slow = Slow()
    look = fast_receive(STEPS["websocket.receive"], slow)
    assert type(look({"type": "websocket.receive", "text": "x"})) is TextOrBytes
    assert look({"type": "websocket.receive", "text": None, "bytes": b"x"}) == "slow"
    other = select_steps(TABLE, "A", Quirks(receive_keys="one"))["websocket.receive"]
    assert fast_receive(other, slow) is slow


@pytest.mark.parametrize(
    "changes, right",
    [
        ({"text": "hello"}, True),
        ({"bytes": b"\xff"}, True),
        ({"text": ""}, True),
        ({"text": "\u00e9"}, False),
        ({"text": "\ud800"}, False),
        ({"text": b"x"}, False),
        ({"bytes": "x"}, False),
        ({"bytes": bytearray(b"x")}, False),
        ({"text": "x", "bytes": None}, False),
        ({"text": None}, False),
        ({}, False),
    ],
)
def test_fast_event_of_a_message_leaves_others_to_the_steps(changes: Any, right: bool) -> None:
    look = fast_event(STEPS["websocket.send"], Slow())
    event = {"type": "websocket.send", **changes}
    assert look(event) is event if right else look(event) == "slow"
