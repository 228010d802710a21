"""Groups of events that several rules are about."""

from __future__ import annotations

from asgi_compat._messages.rules import shared
from asgi_compat._messages.specification import APP, FIELDS


def types_with(*names: str) -> set:  # type: ignore[type-arg]
    return {row.type for row in FIELDS if row.sender == APP and row.name in names}


def test_with_headers_are_all_events_with_headers() -> None:
    assert set(shared.WITH_HEADERS.split(", ")) == types_with("headers")


def test_with_headers_or_links_are_all_events_with_either() -> None:
    assert set(shared.WITH_HEADERS_OR_LINKS.split(", ")) == types_with("headers", "links")


def test_starts_and_bodies_are_those_of_responses_and_denials() -> None:
    assert set(shared.STARTS.split(", ")) == types_with("status")
    assert set(shared.BODIES.split(", ")) == types_with("body")


def test_framed_are_all_with_headers_but_trailers() -> None:
    assert set(shared.FRAMED.split(", ")) == types_with("headers") - {"http.response.trailers"}
