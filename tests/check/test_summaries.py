"""What can be said only when everything has been seen."""

from __future__ import annotations

from typing import Any

from asgi_compat.check.findings import Found
from asgi_compat.check.report import Note
from asgi_compat.check.scripts import UNKNOWN_PATH
from asgi_compat.check.summaries import spoken_protocols, summarise

from .applications import both_styles, checked, http_only, the_one
from .observations import observed

FAILED_HTTP = observed(error=ValueError("no scope"))
FAILED_WEBSOCKET = observed("websocket", error=ValueError("no scope"))
SPOKEN_HTTP = observed(received=1, sent=2)
SPOKEN_WEBSOCKET = observed("websocket", received=2)


def test_exception_at_the_scope_is_found_where_the_protocol_is_spoken() -> None:
    """For HTTP also where nothing is."""
    for seen in ([FAILED_HTTP], [FAILED_HTTP, SPOKEN_HTTP], [FAILED_WEBSOCKET, SPOKEN_WEBSOCKET]):
        (found,) = summarise(seen)
        assert isinstance(found, Found) and "called with the scope" in found.finding.sent


def test_exception_at_the_scope_of_another_protocol_is_a_note() -> None:
    """An application may not know it."""
    for seen in ([FAILED_HTTP, SPOKEN_WEBSOCKET], [FAILED_WEBSOCKET, SPOKEN_HTTP], [FAILED_WEBSOCKET]):
        (note,) = summarise(seen)
        assert isinstance(note, Note) and "which is permitted" in note.text


def test_exception_for_the_unknown_path_is_a_note() -> None:
    """A way to refuse."""
    (note,) = summarise([SPOKEN_WEBSOCKET, observed("websocket", UNKNOWN_PATH, error=ValueError("no scope"))])
    assert isinstance(note, Note) and "a way to refuse" in note.text


def test_error_status_is_a_note() -> None:
    """404 has a hint; the unknown path has none."""
    seen = [
        observed(sent=1, status=404),
        observed(sent=1, status=500),
        observed(path=UNKNOWN_PATH, status=404),
    ]
    texts = [one.text for one in summarise(seen) if isinstance(one, Note)]
    assert texts == ["answered 404; --path sets another", "answered 500"]


def test_spoken_protocols_take_part() -> None:
    """Lifespan is not one of them, and to return at once is not to take part."""
    assert spoken_protocols([SPOKEN_HTTP, FAILED_WEBSOCKET, observed("lifespan", startup="complete")]) == {
        "http"
    }
    assert spoken_protocols([observed()]) == set()


def test_http_without_a_response_is_found_unless_websocket_is_spoken() -> None:
    """Servers answer 500. A client that left needs no answer."""
    (found,) = summarise([observed(received=1)])
    assert isinstance(found, Found) and found.finding.sent == "returned without a response"
    (note,) = summarise([observed(received=1), SPOKEN_WEBSOCKET])
    assert isinstance(note, Note) and "servers answer 500" in note.text
    assert list(summarise([observed(received=1, left=True)])) == []


def test_http_without_a_response_is_one_finding_in_both_styles() -> None:
    """`to_asgi3` refuses it for a double-callable, and that is the finding then."""

    async def nothing(scope: Any, receive: Any, send: Any) -> None: ...

    for app in both_styles(http_only(nothing)):
        assert "without" in the_one(checked(app)).sent or "no response" in the_one(checked(app)).sent
