"""What a client has of the events: current names, defaults, and one body."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat.testing.answer import answer, modernise


def test_answer_chunks_of_a_body_are_joined() -> None:
    """The last chunk decides whether the body is complete; another body is not joined."""
    body = {"type": "http.response.body", "body": b"a", "more_body": True}
    last = {**body, "body": b"b", "more_body": False}
    assert answer([body, last]) == [{"type": "http.response.body", "body": b"ab", "more_body": False}]
    assert len(answer([last, last])) == 2
    assert len(answer([body, {**body, "body": "text"}])) == 2


@pytest.mark.parametrize(
    "event, expected",
    [
        ({"type": "http.response.start", "status": 200}, {"headers": []}),
        ({"type": "http.response.content", "content": b"a", "more_content": True}, {"more_body": True}),
        ({"type": "http.response.start", "status": 200, "headers": [(b"B", b"1"), (b"a", b"2")]},
         {"headers": [(b"a", b"2"), (b"b", b"1")]}),
        ({"type": "http.response.start", "status": 200, "headers": [3]}, {"headers": [3]}),
        ({"type": "websocket.disconnect", "code": 3000}, {"type": "websocket.close", "code": 3000}),
        ({"type": 3}, {"type": ""}),
        (None, {"type": "", "value": None}),
    ],
)  # fmt: skip
def test_modernise_event_has_current_names_and_defaults(event: Any, expected: Any) -> None:
    """Each of these differs from what was sent in the expected keys."""
    given = dict(event) if isinstance(event, dict) else event
    modern = modernise(event)
    assert {key: modern.get(key) for key in expected} == expected
    assert event == given
