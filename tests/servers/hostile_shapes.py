"""What an application may do that would hurt a server, its other connections or its logs, as data.

The shapes are those of ``shapes.py``, with three additions:

- A step that is a function is called: it changes an event that was sent before.
- ``after`` names the error that is raised when the application has already returned.
- ``quirks`` are the fields of `asgi_compat.Quirks` that differ from the defaults.

`SECRETS` and `FORGED` may not be in any log. Each shape is followed by a correct request on the same
connection, where the server keeps it open, and on the same process.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

from shapes import (
    ACCEPT,
    BODY,
    CLOSED,
    ERROR,
    FILE,
    OK,
    OWN,
    START,
    X_A,
    Shape,
    accept,
    body,
    close,
    denial,
    headers,
    refused,
    start,
)

#: Values that a log may not show: of headers, of bodies, of messages.
SECRETS = ("hunter2", "hunter3", "hunter4")
#: The begin of a line that would pass for one of the server's own.
FORGED = "2026-11-25 ERROR forged"
FORGERY = f"x\r\n{FORGED} \x1b[31m"

DENIAL_START = "websocket.http.response.start"
DENIAL_BODY = "websocket.http.response.body"
ACCEPTS = "websocket.accept"

LENGTH = b"content-length"
PATHSEND: Dict[str, Any] = {"type": "http.response.pathsend", "path": FILE}


def changed(event: Dict[str, Any], change: Callable[[Dict[str, Any]], Any], *rest: Any) -> List[Any]:
    """Return the steps that send an event, change it when send() has returned, and go on."""
    return [event, lambda: change(event), *rest]


def split(event: Dict[str, Any]) -> None:
    """Add a header with a line break to the header list of an event."""
    event["headers"].append((b"x-b", b"1\r\nset-cookie: a=1"))


def put(data: bytearray, value: bytes) -> Callable[[Dict[str, Any]], Any]:
    """Return a function that replaces the content of a bytearray."""

    def change(event: Dict[str, Any]) -> None:
        data[:] = value

    return change


def header_in_a_bytearray() -> List[Any]:
    value = bytearray(b"1")
    return changed(start(headers=[(b"x-a", value)]), put(value, b"1\r\nx-b: 2"), body())


def body_in_a_bytearray() -> List[Any]:
    data = bytearray(b"he")
    return [start(), *changed(body(data, more_body=True), put(data, b"no"), body(b"llo"))]


def denial_in_a_bytearray() -> List[Any]:
    data = bytearray(b"n")
    begin, _ = denial(b"")
    part = {"type": DENIAL_BODY, "body": data, "more_body": True}
    return ["receive", begin, *changed(part, put(data, b"y"), {"type": DENIAL_BODY, "body": b"o"})]


def denied(lengths: Tuple[Tuple[bytes, bytes], ...], *parts: bytes) -> List[Any]:
    """Return the steps of a denial response with these content-lengths."""
    begin, *bodies = denial(*parts)
    return ["receive", {**begin, "headers": list(lengths)}, *bodies]


def denial_changed(change: Callable[[Dict[str, Any]], Any]) -> List[Any]:
    begin, end = denial(b"no")
    return ["receive", *changed({**begin, "headers": list(begin["headers"])}, change, end)]


KEEP = {"unoffered_subprotocol": "keep"}
#: The client writes the request of the handshake itself, and another one on the same connection.
RAW = ("raw",)

HTTP: Tuple[Shape, ...] = (
    # -- lengths
    Shape(
        "lengths-differ",
        "A26",
        headers((LENGTH, b"5"), (LENGTH, b"7")),
        ERROR,
        refused("A26", START, "headers"),
    ),
    Shape(
        "lengths-differ-in-case",
        "A26",
        headers((LENGTH, b"7"), (b"Content-Length", b"5")),
        ERROR,
        refused("A26", START, "headers"),
    ),
    Shape(
        "lengths-differ-as-text",
        "A26",
        headers(("content-length", "5"), ("CONTENT-LENGTH", 7)),
        ERROR,
        refused("A26", START, "headers"),
    ),
    Shape(
        "lengths-equal",
        "A26",
        headers((LENGTH, b"5"), (LENGTH, b"5")),
        "200 content-length=5 b'hello'",
        framing=("content-length",),
    ),
    Shape(
        "lengths-equal-in-case",
        "A26",
        headers((LENGTH, b"5"), (b"Content-Length", b"5")),
        "200 content-length=5 b'hello'",
        framing=("content-length",),
    ),
    Shape("length-signed", "A26", headers((LENGTH, b"+5")), ERROR, refused("A26", START, "headers")),
    Shape(
        "length-unreached",
        "A28 A41",
        [start(headers=[(LENGTH, b"30")]), body(b"abc", more_body=True)],
        "200 b'abc' cut off",
        after="AppMessageError",
    ),
    Shape(
        "length-unreached-raises",
        "A41",
        [start(headers=[(LENGTH, b"30")]), body(b"abc", more_body=True), "raise"],
        "200 b'abc' cut off",
        OWN,
    ),
    Shape(
        "length-exceeded-late",
        "A28 A41",
        [start(headers=[(LENGTH, b"3")]), body(b"abc", more_body=True), body(b"def")],
        "200 b'abc'",
        refused("-", BODY, "body"),
    ),
    # -- a file in the wrong state, where granian announces it
    Shape("pathsend-first", "A38", [PATHSEND, start(), body()], ERROR, refused("A38", PATHSEND["type"])),
    Shape(
        "pathsend-after-a-body",
        "A38 A41",
        [start(), body(b"he", more_body=True), PATHSEND],
        "200 b'he' cut off",
        refused("A38", PATHSEND["type"]),
    ),
    Shape("pathsend-after-the-end", "A38", [start(), body(), PATHSEND], OK, refused("A38", PATHSEND["type"])),
    # -- what is changed after it was sent
    Shape(
        "start-headers-appended", "A28", lambda: changed(start(headers=[(b"x-a", b"1")]), split, body()), X_A
    ),
    Shape(
        "start-headers-cleared",
        "A28",
        lambda: changed(start(headers=[(b"x-a", b"1")]), lambda event: event["headers"].clear(), body()),
        X_A,
    ),
    Shape(
        "start-pair-changed",
        "A28",
        lambda: changed(
            start(headers=[[b"x-a", b"1"]]),
            lambda event: event["headers"][0].__setitem__(1, b"1\r\nx-b: 2"),
            body(),
        ),
        X_A,
    ),
    Shape("start-value-changed", "A28", header_in_a_bytearray, X_A),
    Shape(
        "start-status-changed",
        "A28",
        lambda: changed(
            start(headers=[(b"x-a", b"1")]), lambda event: event.update(status=204, headers=[]), body()
        ),
        X_A,
    ),
    Shape(
        "start-emptied",
        "A28",
        lambda: changed(start(headers=[(b"x-a", b"1")]), lambda event: event.clear()),
        X_A.replace("hello", ""),
    ),
    Shape("body-value-changed", "A28", body_in_a_bytearray, OK),
    Shape(
        "body-changed",
        "A28",
        lambda: [
            start(),
            *changed(body(b"he", more_body=True), lambda event: event.update(body=b"no"), body(b"llo")),
        ],
        OK,
    ),
    # -- what may not be in a log
    Shape("event-forged", "A38", [{"type": FORGERY}], ERROR, refused("A38", FORGERY)),
    Shape("event-forged-late", "A38", [start(), body(), {"type": FORGERY}], OK, refused("A38", FORGERY)),
    Shape(
        "header-name-forged",
        "A25",
        headers((FORGERY.encode(), b"1")),
        ERROR,
        refused("A25", START, "headers"),
    ),
    Shape("status-forged", "A23", [start(status=FORGERY), body()], ERROR, refused("A23", START, "status")),
    Shape(
        "secret-beside-a-bad-header",
        "A25",
        headers((b"set-cookie", SECRETS[0].encode()), (b"x-a", b"1\r\nx-b: 2")),
        ERROR,
        refused("A25", START, "headers"),
    ),
    Shape(
        "secret-in-a-bad-header",
        "A25",
        headers((b"set-cookie", f"session={SECRETS[1]}\r\nx-b: 2".encode())),
        ERROR,
        refused("A25", START, "headers"),
    ),
    Shape("secret-in-a-body", "A27", [start(), body(SECRETS[2])], ERROR, refused("A27", BODY, "body")),
    Shape(
        "secret-beside-lengths",
        "A26",
        headers((b"authorization", SECRETS[0].encode()), (LENGTH, b"5"), (LENGTH, b"6")),
        ERROR,
        refused("A26", START, "headers"),
    ),
)

WEBSOCKET: Tuple[Shape, ...] = (
    # -- the lengths of a denial response
    Shape(
        "denial-lengths-differ",
        "A26 A45 A47",
        denied(((LENGTH, b"2"), (LENGTH, b"3")), b"no"),
        ERROR,
        refused("A26", DENIAL_START, "headers"),
        client=RAW,
    ),
    Shape(
        "denial-length-exceeded",
        "A45 A47",
        denied(((LENGTH, b"3"),), b"no, you may not come in, whatever you"),
        ERROR,
        refused("-", DENIAL_BODY, "body"),
        client=RAW,
    ),
    Shape(
        "denial-length-exceeded-late",
        "A45 A47",
        denied(((LENGTH, b"3"),), b"no", b"no"),
        ERROR,
        refused("-", DENIAL_BODY, "body"),
        client=RAW,
    ),
    Shape(
        "denial-length-unreached",
        "A45 A47",
        denied(((LENGTH, b"5"),), b"no"),
        ERROR,
        refused("-", DENIAL_BODY, "body"),
        client=RAW,
    ),
    Shape(
        "denial-length-no-number",
        "A26 A45 A47",
        denied(((LENGTH, b"two"),), b"no"),
        ERROR,
        refused("A26", DENIAL_START, "headers"),
        client=RAW,
    ),
    Shape("denial-length", "A47", denied(((LENGTH, b"2"),), b"n", b"o"), "401 b'no'", client=RAW),
    # -- what is changed after it was sent
    Shape("denial-headers-appended", "A47", lambda: denial_changed(split), "401 x-a=1 b'no'"),
    Shape(
        "denial-headers-cleared",
        "A47",
        lambda: denial_changed(lambda event: event["headers"].clear()),
        "401 x-a=1 b'no'",
    ),
    Shape(
        "denial-status-changed",
        "A47",
        lambda: denial_changed(lambda event: event.update(status=404)),
        "401 x-a=1 b'no'",
    ),
    Shape("denial-value-changed", "A47", denial_in_a_bytearray, "401 x-a=1 b'no'"),
    # -- subprotocols
    Shape(
        "subprotocol-line-break", "A32", ["receive", accept(subprotocol="chat\r\nx-b: 2"), close()], CLOSED
    ),
    Shape("subprotocol-comma", "A32", ["receive", accept(subprotocol="chat, v9"), close()], CLOSED),
    Shape("subprotocol-empty", "A32", ["receive", accept(subprotocol=""), close()], CLOSED),
    Shape(
        "subprotocol-line-break-kept",
        "A32 A45",
        ["receive", accept(subprotocol="chat\r\nx-b: 2"), close()],
        ERROR,
        refused("A32", ACCEPTS, "subprotocol"),
        quirks=KEEP,
    ),
    Shape(
        "subprotocol-comma-kept",
        "A32 A45",
        ["receive", accept(subprotocol="chat, v9"), close()],
        ERROR,
        refused("A32", ACCEPTS, "subprotocol"),
        quirks=KEEP,
    ),
    Shape(
        "subprotocol-no-token-kept",
        "A32 A45",
        ["receive", accept(subprotocol="ch at\x7f"), close()],
        ERROR,
        refused("A32", ACCEPTS, "subprotocol"),
        quirks=KEEP,
    ),
    # -- what may not be in a log
    Shape(
        "event-forged",
        "A38 A44",
        ["receive", ACCEPT, {"type": FORGERY}],
        "101 close 1011 ''",
        refused("A38", FORGERY),
    ),
    Shape(
        "accept-secret-beside-a-bad-header",
        "A25 A45",
        ["receive", accept(headers=[(b"set-cookie", SECRETS[0].encode()), (b"x-a", b"1\r\nx-b: 2")])],
        ERROR,
        refused("A25", ACCEPTS, "headers"),
    ),
    Shape(
        "message-secret",
        "A33 A44",
        ["receive", ACCEPT, {"type": "websocket.send", "text": [SECRETS[1]]}],
        "101 close 1011 ''",
        refused("A33", "websocket.send", "text"),
    ),
)

HTTP_ROWS: Dict[str, str] = {
    "content-lengths": (
        "lengths-differ lengths-differ-in-case lengths-differ-as-text lengths-equal lengths-equal-in-case"
        " length-signed"
    ),
    "responses that are left unfinished": "length-unreached length-unreached-raises length-exceeded-late",
    "a file in the wrong state": "pathsend-first pathsend-after-a-body pathsend-after-the-end",
    "changed after it was sent": (
        "start-headers-appended start-headers-cleared start-pair-changed start-value-changed"
        " start-status-changed start-emptied body-value-changed body-changed"
    ),
    "logs": (
        "event-forged event-forged-late header-name-forged status-forged secret-beside-a-bad-header"
        " secret-in-a-bad-header secret-in-a-body secret-beside-lengths"
    ),
}
WEBSOCKET_ROWS: Dict[str, str] = {
    "the lengths of a denial response": (
        "denial-lengths-differ denial-length-exceeded denial-length-exceeded-late denial-length-unreached"
        " denial-length-no-number denial-length"
    ),
    "changed after it was sent": (
        "denial-headers-appended denial-headers-cleared denial-status-changed denial-value-changed"
    ),
    "subprotocols": (
        "subprotocol-line-break subprotocol-comma subprotocol-empty subprotocol-line-break-kept"
        " subprotocol-comma-kept subprotocol-no-token-kept"
    ),
    "logs": "event-forged accept-secret-beside-a-bad-header message-secret",
}
