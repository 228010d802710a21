"""What a server does otherwise whatever it is given: one row a cell of the table, and the reason.

A row says what is seen *instead*. It fails the run when the server does not do that any more, as a cell
without a row does when it deviates: neither can rot.
"""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional, Tuple


class Deviation(NamedTuple):
    """One cell."""

    protocol: str
    shape: str
    server: str
    #: A key of `REASONS`.
    reason: str
    wire: str
    #: None: as everywhere.
    app: Optional[str] = None


#: What the cells of the table show, and the sentence below it.
REASONS: Dict[str, str] = {
    "empty": "section C: daphne does not send an empty WebSocket message",
    "reason": "section C: daphne does not send the reason of a close",
    "denial": "section C: daphne and gunicorn have no denial response, the refusal is a 403",
    "accept": "section C: daphne and granian do not send the headers of an accept",
    "code": "A35: daphne's WebSocket library refuses to send a code from 1001 to 2999; 1000 is sent",
    "A41": (
        "A41: an error in the middle of a response would stop daphne's error handling for the whole process;"
        " the response is finished before the error goes on. One whose content-length promised more stays"
        " open until the client or daphne (60 s) has waited long enough: an application cannot make daphne"
        " close a connection"
    ),
    "B40": (
        "B40: the same as A41 for an application that is made double-callable: daphne calls those, too;"
        " the client waits for the bytes that content-length promised"
    ),
    "offer": "A38: granian announces http.response.pathsend, and an event that is announced passes",
    "trio": (
        "A28: on trio no start is held, for there is no sweep that would let it go out in time: an error"
        " between the start and the body comes too late for a 500, and a second start is refused"
    ),
    "gone": (
        "hypercorn over HTTP/2 waits for ever in the send() of the last part of a body whose client has gone"
    ),
    "stream": (
        "hypercorn over HTTP/2 does not end the stream of an application that fails in its response: the"
        " connection ends by its keep-alive timeout, also where content-length says that all has come"
    ),
    "http2": "A38: over HTTP/2 hypercorn announces push, early hints and trailers, and they pass",
    "2": "the scope says http_version 2",
    "asyncio": "asgiref's async_to_sync needs asyncio",
    "1006": "hypercorn says 1006 of every WebSocket disconnect; the client's code is lost before the adapter",
}

CLOSED = "101 close 1000 ''"

#: Denials after which the client makes its next request on another connection, and why.
LEAVES: Dict[Tuple[str, str], str] = {
    ("denial-length", "hypercorn-trio"): (
        "hypercorn 0.18 answers another request on the connection of a denied WebSocket with an error of h11,"
        " which on trio ends the whole server"
    ),
}

#: Errors after a start and before anything of its body.
BEFORE_A_BODY = (
    "body-str",
    "pathsend",
    "zerocopysend",
    "event-unknown",
    "raises-after-the-start",
    "length-too-big",
    "length-too-small",
    "secret-in-a-body",
)

DEVIATIONS: Tuple[Deviation, ...] = (
    Deviation("http", "second-start-late", "daphne", "A41", "200 b'he'"),
    Deviation("http", "raises-in-the-middle", "daphne", "A41", "200 b'hello'"),
    Deviation("http", "length-never-reached", "daphne", "A41", "200 b'he' without an end"),
    Deviation("http", "pathsend", "granian", "offer", "200 b'from a file\\n'", "returned"),
    Deviation("http", "length-unreached", "daphne", "A41", "200 b'abc' without an end"),
    Deviation("http", "length-unreached-raises", "daphne", "A41", "200 b'abc' without an end"),
    Deviation("http", "pathsend-after-a-body", "daphne", "A41", "200 b'he'"),
    Deviation(
        "http", "pathsend-first", "granian", "offer", "500", "AppMessageError - http.response.pathsend -"
    ),
    Deviation(
        "http",
        "pathsend-after-a-body",
        "granian",
        "offer",
        "200 b'he' cut off",
        "AppMessageError - http.response.pathsend -",
    ),
    Deviation("http", "pathsend-after-the-end", "granian", "offer", "200 b'hello'", "returned"),
    Deviation("websocket", "denial-length", "daphne", "denial", "403"),
    Deviation("websocket", "denial-headers-appended", "daphne", "denial", "403"),
    Deviation("websocket", "denial-headers-cleared", "daphne", "denial", "403"),
    Deviation("websocket", "denial-status-changed", "daphne", "denial", "403"),
    Deviation("websocket", "denial-value-changed", "daphne", "denial", "403"),
    Deviation("websocket", "both-bytes-empty", "daphne", "empty", CLOSED),
    Deviation("websocket", "text-empty", "daphne", "empty", CLOSED),
    Deviation("websocket", "bytes-empty", "daphne", "empty", CLOSED),
    Deviation("websocket", "code-1001", "daphne", "code", CLOSED),
    Deviation("websocket", "code-1011", "daphne", "code", CLOSED),
    Deviation("websocket", "reason", "daphne", "reason", "101 close 4001 ''"),
    Deviation("websocket", "reason-too-long", "daphne", "reason", "101 close 4001 ''"),
    Deviation("websocket", "denial", "daphne", "denial", "403"),
    Deviation("websocket", "denial-in-parts", "daphne", "denial", "403"),
    Deviation("websocket", "denial-without-headers", "daphne", "denial", "403"),
    Deviation("websocket", "denial-without-a-body", "daphne", "denial", "403"),
    Deviation("websocket", "accept-headers-list", "daphne", "accept", CLOSED),
    Deviation("websocket", "accept-headers-lists", "daphne", "accept", CLOSED),
    Deviation("websocket", "accept-headers-items", "daphne", "accept", CLOSED),
    Deviation("websocket", "accept-headers-str", "daphne", "accept", CLOSED),
    Deviation("websocket", "accept-headers-generator", "daphne", "accept", CLOSED),
    Deviation("websocket", "accept-header-blanks", "daphne", "accept", CLOSED),
    Deviation("websocket", "accept-headers-list", "granian", "accept", CLOSED),
    Deviation("websocket", "accept-headers-lists", "granian", "accept", CLOSED),
    Deviation("websocket", "accept-headers-items", "granian", "accept", CLOSED),
    Deviation("websocket", "accept-headers-str", "granian", "accept", CLOSED),
    Deviation("websocket", "accept-headers-generator", "granian", "accept", CLOSED),
    Deviation("websocket", "accept-header-blanks", "granian", "accept", CLOSED),
    *(
        Deviation("websocket", shape, server, "1006", "101 and closed", "websocket.disconnect 1006")
        for shape in ("disconnect-code", "disconnect-without-a-code")
        for server in ("hypercorn", "hypercorn-trio", "hypercorn-http2")
    ),
    *(Deviation("http", shape, "hypercorn-trio", "trio", "200 b'' cut off") for shape in BEFORE_A_BODY),
    Deviation(
        "http",
        "client-gone",
        "hypercorn-http2",
        "gone",
        "200 b'hello' and gone",
        "http.disconnect, has not ended",
    ),
    Deviation(
        "http", "client-gone-unseen", "hypercorn-http2", "gone", "200 b'hello' and gone", "has not ended"
    ),
    Deviation("http", "length-exceeded-late", "hypercorn-http2", "stream", "200 b'abc' cut off"),
    Deviation(
        "http",
        "scope",
        "hypercorn-http2",
        "2",
        "200 b'asgi=2.0 spec_version=True http_version=2 method=GET scheme=http root_path=- path=/scope"
        " query=bytes x-odd=Yes client=127.0.0.1:int server=127.0.0.1:int'",
    ),
    Deviation(
        "websocket",
        "scope",
        "hypercorn-http2",
        "2",
        "101 'asgi=2.0 spec_version=True http_version=2 scheme=ws root_path=- path=/scope query=bytes"
        " x-odd=Yes client=127.0.0.1:int server=127.0.0.1:int subprotocols=chat,superchat"
        " protocol=chat, superchat' close 1000 ''",
    ),
    Deviation("http", "push", "hypercorn-http2", "http2", "200 b'hello'", "returned"),
    Deviation("http", "early-hint", "hypercorn-http2", "http2", "200 b'hello'", "returned"),
    Deviation(
        "http",
        "trailers",
        "hypercorn-http2",
        "http2",
        "200 b'hello'",
        "AppMessageError - http.response.trailers -",
    ),
    Deviation(
        "http", "body-from-a-thread", "hypercorn-trio", "asyncio", "200 b'' cut off", "raised RuntimeError"
    ),
    Deviation(
        "http",
        "second-start",
        "hypercorn-trio",
        "trio",
        "500 cut off",
        "AppMessageError A28 http.response.start -",
    ),
    Deviation("websocket", "denial", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-in-parts", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-without-headers", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-without-a-body", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-length", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-headers-appended", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-headers-cleared", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-status-changed", "gunicorn", "denial", "403"),
    Deviation("websocket", "denial-value-changed", "gunicorn", "denial", "403"),
    Deviation("http", "length-unreached", "daphne-asgi2", "B40", "200 b'abc' without an end"),
    Deviation("http", "length-unreached-raises", "daphne-asgi2", "B40", "200 b'abc' without an end"),
)


def deviation(protocol: str, shape: str, server: str) -> Optional[Deviation]:
    """The row of a cell, None for one that is as everywhere."""
    for row in DEVIATIONS:
        if (row.protocol, row.shape, row.server) == (protocol, shape, server):
            return row
    return None
