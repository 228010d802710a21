"""What a server may be sent, by the text of the specification and by `asgiref.typing`; not by our table.

Written from ``specs/www.rst`` and ``specs/lifespan.rst`` of asgiref (HTTP and WebSocket 2.5, lifespan
2.0) as an independent opinion: nothing of `asgi_compat` is imported here. Each function raises
`Invalid` with the sentence of the specification that is broken.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List

TOKEN = re.compile(rb"^[!#$%&'*+\-.^_`|~0-9a-z]+\Z")


class Invalid(AssertionError):
    pass


def need(truth: bool, sentence: str) -> None:
    if not truth:
        raise Invalid(sentence)


def keys(event: Dict[str, Any], required: Dict[str, type], optional: Dict[str, type]) -> None:
    need(type(event) is dict, "events are dicts")
    for key in required:
        need(key in event, f"{event['type']} has {key}")
    for key, kind in {**required, **optional}.items():
        if key in event:
            need(type(event[key]) is kind, f"{key} of {event['type']} is {kind.__name__}, got {event[key]!r}")


def header_lines(headers: Any) -> None:
    need(isinstance(headers, list), "headers: an iterable that can be read more than once")
    for pair in headers:
        need(isinstance(pair, (tuple, list)) and len(pair) == 2, "[name, value] two-item iterables")
        name, value = pair
        need(
            type(name) is bytes and type(value) is bytes,
            "where name is the header name, value the value, bytes",
        )
        need(name == name.lower(), "header names must be lowercased")
        need(not name.startswith(b":"), "pseudo headers must not be present")
        need(TOKEN.match(name) is not None, "RFC 9110 5.1: a field name is a token")
        need(not re.search(rb"[\x00\r\n]", value), "RFC 9110 5.5: no CR, LF or NUL in a field value")
        need(value == value.strip(b" \t"), "RFC 9110 5.5: no blanks around a field value")
        need(name != b"transfer-encoding", "transfer-encoding is ignored by servers")


def response(events: List[Dict[str, Any]], method: str = "GET") -> None:
    """Check all that reached the server for one HTTP connection."""
    state = "start"
    length = None
    status = 0
    for event in events:
        kind = event["type"]
        if kind == "http.response.start":
            need(state == "start", "the start comes once, first")
            keys(event, {"status": int}, {"headers": list, "trailers": bool})
            status = event["status"]
            need(100 <= status <= 599, "HTTP status code")
            header_lines(event.get("headers", []))
            for name, value in event.get("headers", []):
                if name == b"content-length":
                    length = int(value)
            state = "body"
        elif kind == "http.response.body":
            need(state == "body", "bodies come after the start and before the end")
            keys(event, {}, {"body": bytes, "more_body": bool})
            body = event.get("body", b"")
            if status in (204, 304) or method == "HEAD":
                need(body == b"", "no body by status or method")
            elif length is not None:
                length -= len(body)
                need(length >= 0, "not more bytes than content-length")
            if not event.get("more_body", False):
                state = "end"
                if not (status in (204, 304) or method == "HEAD"):
                    need(not length, "not fewer bytes than content-length")
        else:
            raise Invalid(f"{kind} is not an event of this connection")


def websocket(events: List[Dict[str, Any]], offered: List[str]) -> None:
    """Check all that reached the server for one WebSocket connection without extensions."""
    state = "connecting"
    for event in events:
        kind = event["type"]
        if kind == "websocket.accept":
            need(state == "connecting", "accept answers connect")
            keys(event, {}, {"headers": list})
            header_lines(event.get("headers", []))
            names = [name for name, _ in event.get("headers", [])]
            need(b"sec-websocket-protocol" not in names, "the subprotocol is no header")
            chosen = event.get("subprotocol")
            need(
                chosen is None or (type(chosen) is str and chosen in offered),
                "a subprotocol that was offered",
            )
            state = "open"
        elif kind == "websocket.send":
            need(state == "open", "send after accept, before close")
            there = [key for key in ("bytes", "text") if event.get(key) is not None]
            need(len(there) == 1, "at least one of bytes or text must be non-None")
            keys(event, {}, {there[0]: bytes if there[0] == "bytes" else str})
            if there[0] == "text":
                event["text"].encode("utf-8")
        elif kind == "websocket.close":
            need(state in ("connecting", "open"), "one close")
            keys(event, {}, {"code": int, "reason": str})
            code = event.get("code", 1000)
            # Before accept it is a rejection, 403 on the wire whatever the code: no close frame is sent.
            sendable = 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999
            need(sendable or (state == "connecting" and 0 <= code < 2**16), "RFC 6455 7.4")
            need(len(event.get("reason", "").encode()) <= 123, "RFC 6455 5.5: control frames")
            state = "closed"
        else:
            raise Invalid(f"{kind} is not an event of this connection")


def lifespan(events: List[Dict[str, Any]]) -> None:
    """Check all that reached the server for one lifespan."""
    kinds = [event["type"] for event in events]
    for event in events:
        keys(event, {}, {"message": str})
    startup = [kind for kind in kinds if kind.startswith("lifespan.startup.")]
    shutdown = [kind for kind in kinds if kind.startswith("lifespan.shutdown.")]
    need(len(startup) + len(shutdown) == len(kinds), "only answers to startup and shutdown")
    need(len(startup) <= 1 and len(shutdown) <= 1, "each is answered once")
    need(all(kind.rsplit(".", 1)[1] in ("complete", "failed") for kind in kinds), "complete or failed")
