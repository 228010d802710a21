"""The rows of the specification."""

from __future__ import annotations

import pytest

from asgi_compat._messages import specification
from asgi_compat._messages.kinds import KINDS
from asgi_compat._messages.specification import EVENTS, FIELDS

TYPES = {row.type for row in EVENTS}


def test_events_types_are_unique() -> None:
    assert len(TYPES) == len(EVENTS)


def test_fields_have_known_types_and_kinds_and_immutable_defaults() -> None:
    assert len({(row.type, row.name) for row in FIELDS}) == len(FIELDS)
    for row in FIELDS:
        assert row.kind in KINDS and row.type in TYPES | {"tls"}
        hash(row.default)  # a default that could be changed would be shared by every connection


def test_constants_name_events_that_have_rows() -> None:
    names = {specification.START, specification.BODY, specification.ACCEPT, specification.CLOSE}
    names |= {*specification.DROPPED_EVENTS, *specification.REFUSED_EVENTS, *specification.WITH_ANY_HEADERS}
    assert names <= TYPES


def test_fields_cover_those_of_asgiref_typing() -> None:
    typing = pytest.importorskip("asgiref.typing")
    pairs = {
        "http": typing.HTTPScope,
        "websocket": typing.WebSocketScope,
        "lifespan": typing.LifespanScope,
        "http.request": typing.HTTPRequestEvent,
        "http.response.start": typing.HTTPResponseStartEvent,
        "http.response.body": typing.HTTPResponseBodyEvent,
        "websocket.accept": typing.WebSocketAcceptEvent,
        "websocket.receive": typing.WebSocketReceiveEvent,
        "websocket.send": typing.WebSocketSendEvent,
        "websocket.disconnect": typing.WebSocketDisconnectEvent,
        "websocket.close": typing.WebSocketCloseEvent,
        "lifespan.startup.failed": typing.LifespanStartupFailedEvent,
        "lifespan.shutdown.failed": typing.LifespanShutdownFailedEvent,
        "http.response.trailers": typing.HTTPResponseTrailersEvent,
        "http.response.push": typing.HTTPServerPushEvent,
    }
    for kind, shape in pairs.items():
        mine = {row.name for row in FIELDS if row.type == kind} | {"type"}
        theirs = set(shape.__annotations__)
        assert mine >= theirs, (kind, theirs - mine)
