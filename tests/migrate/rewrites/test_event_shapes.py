"""The example of the rewrite event-shapes, and what it leaves out when it is skipped."""

from __future__ import annotations

from asgi_compat.migrate import migrate_bytes

from ..examples import assert_example, assert_skipped


def test_event_shapes_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("event-shapes")


def test_event_shapes_skipped_does_nothing_of_it() -> None:
    """`--skip event-shapes` leaves the idiom."""
    assert_skipped("event-shapes")


def test_event_shapes_text_that_is_left_is_named_with_its_line() -> None:
    """What may not be ASCII stays, and the person is told where."""
    source = """\
def app(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [("a", scope["path"])]})
    return instance
"""
    result = migrate_bytes(source.encode())
    assert b'[("a", scope["path"])]' in result.after
    assert [(line, "takes bytes" in text) for line, text in result.warnings] == [(3, True)]
