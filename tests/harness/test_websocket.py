"""The client of one WebSocket, event by event."""

from __future__ import annotations

from typing import Any, List, Optional

import pytest

from asgi_compat._harness.script import REPLY, Conversation
from asgi_compat._harness.websocket import WebSocketClient

CONNECT = {"type": "websocket.connect"}


def client(*then: Any, close: Optional[int] = 1000) -> WebSocketClient:
    return WebSocketClient(Conversation("", {"type": "websocket"}, (CONNECT,), then=then, close=close))


def received(websocket: WebSocketClient) -> List[Any]:
    """Return what can be received now, up to the first disconnect."""
    found = []
    while True:
        event = websocket.next()
        if event is None:
            return found
        if event["type"] == "websocket.disconnect":
            return [*found, event["code"]]
        found.append(event.get("text", event.get("bytes", event["type"])))


def test_websocket_client_accepted_sends_and_leaves() -> None:
    """Nothing but connect before it is accepted; then the messages and the disconnect, again and again."""
    websocket = client("a", b"b", {"text": "c", "bytes": None})
    assert received(websocket) == ["websocket.connect"]
    websocket.take("websocket.accept", {})
    assert not websocket.left
    assert received(websocket) == ["a", b"b", "c", 1000]
    assert websocket.left and websocket.told and not websocket.complete
    assert received(websocket) == [1000]
    assert websocket.describe() == "accepted, sent nothing"


def test_websocket_client_reply_waits_for_a_message() -> None:
    """A message that comes early counts."""
    websocket = client("a", REPLY, "b", REPLY, close=None)
    received(websocket)
    websocket.take("websocket.accept", {})
    assert received(websocket) == ["a"]
    websocket.take("websocket.send", {"text": "1"})
    assert received(websocket) == ["b"]
    websocket.take("websocket.send", {"text": "2"})
    assert received(websocket) == []
    assert websocket.describe() == "accepted, sent 2 messages"


@pytest.mark.parametrize(
    "events, code, result",
    [
        ([("websocket.close", {"code": 4000})], 1006, "refused"),
        (
            [("websocket.accept", {}), ("websocket.close", {"code": 4000})],
            4000,
            "accepted, sent nothing, closed it with 4000",
        ),
        (
            [("websocket.accept", {}), ("websocket.close", {})],
            1000,
            "accepted, sent nothing, closed it with 1000",
        ),
        (
            [("websocket.http.response.start", {"status": 401}), ("websocket.http.response.body", {})],
            1006,
            "refused with a response, 401",
        ),
    ],
    ids=["refused", "closed", "without a code", "denied"],
)
def test_websocket_client_ended_by_the_application_receives_the_code(
    events: Any, code: int, result: str
) -> None:
    """The client has not left by itself."""
    websocket = client(close=None)
    received(websocket)
    for event in events:
        websocket.take(*event)
    assert received(websocket) == [code]
    assert websocket.complete and not websocket.left
    assert websocket.describe() == result


def test_websocket_client_partial_denial_is_no_answer() -> None:
    """The response may go on."""
    websocket = client("a")
    received(websocket)
    websocket.take("websocket.http.response.start", {"status": 401})
    websocket.take("websocket.http.response.body", {"more_body": True})
    assert received(websocket) == [] and websocket.status == 401


def test_websocket_client_leave_drops_unread_messages() -> None:
    """Connect is received in any case."""
    websocket = client("a", REPLY)
    websocket.leave()
    assert received(websocket) == ["websocket.connect", 1000]
    assert websocket.left and websocket.describe() == "not answered"
