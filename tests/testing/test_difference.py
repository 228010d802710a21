"""What counts as a difference, and how it is told."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat import Style
from asgi_compat.testing import (
    Event,
    Transcript,
    http,
)


def transcript_of(*events: Any, error: Any = None, left: Any = (), running: bool = False) -> Transcript:
    """Make one of what an application sent."""
    said = [Event("application", event) for event in events]
    return Transcript(http(), Style.SINGLE, said, error, left, running)


class Text(str):
    """What looks like a str and is another class: a server in Rust refuses it."""


THREE = [(b"b", b"1"), (b"A", b"2"), (b"b", b"3")]
START = {"type": "http.response.start", "status": 200, "headers": THREE}
TEXT = {"type": "websocket.send", "text": "a"}
BODY = {"type": "http.response.body", "body": b"hello"}
# Two transcripts, and whether they differ in what happened and in what a client has.
PAIRS = {
    "the same": ([START, BODY], [dict(START), dict(BODY)], False, False),
    "the order of keys": ([START], [dict(reversed(list(START.items())))], False, False),
    "lists and tuples": ([START], [{**START, "headers": tuple(THREE)}], False, False),
    "another status": ([START], [{**START, "status": 201}], True, True),
    "a text": ([START], [{**START, "status": "200"}], True, True),
    "a flag for a number": ([{**START, "status": 1}], [{**START, "status": True}], True, True),
    "a buffer": ([BODY], [{**BODY, "body": bytearray(b"hello")}], True, True),
    "a kind of text": ([{**TEXT, "text": Text("a")}], [TEXT], True, True),
    "after the end": ([{**BODY, "body": b"he"}, {**BODY, "body": b"llo"}], [BODY], True, True),
    "one event less": ([START, BODY], [START], True, True),
    "another order": ([START, BODY], [BODY, START], True, True),
    "chunks": ([{**BODY, "body": b"he", "more_body": True}, {**BODY, "body": b"llo"}], [BODY], True, False),
    "no end": ([{**BODY, "more_body": True}], [BODY], True, True),
    "a default": ([BODY], [{**BODY, "more_body": False}], True, False),
    "old names": ([{"type": "http.response.content", "content": b"hello"}], [BODY], True, False),
    "None": ([{**TEXT, "bytes": None}], [TEXT], True, False),
    "names in capitals": ([START], [{**START, "headers": [(n.upper(), v) for n, v in THREE]}], True, False),
    "order of names": ([START], [{**START, "headers": [THREE[1], THREE[0], THREE[2]]}], True, False),
    "order of one": ([START], [{**START, "headers": THREE[::-1]}], True, True),
    "no headers": ([{**START, "headers": []}], [{"type": START["type"], "status": 200}], True, False),
    "headers of text": ([START], [{**START, "headers": [("b", "1"), ("A", "2"), ("b", "3")]}], True, True),
    "a mapping": ([START], [{**START, "headers": {b"b": b"1"}}], True, True),
    "nothing": ([], [None], True, True),
}  # fmt: skip


@pytest.mark.parametrize("ours, theirs, events, answer", PAIRS.values(), ids=PAIRS.keys())
def test_difference_depends_on_the_view(ours: Any, theirs: Any, events: bool, answer: bool) -> None:
    """In both directions, and the equality agrees with the view on everything."""
    one, two = transcript_of(*ours), transcript_of(*theirs)
    for a, b in ((one, two), (two, one)):
        assert bool(a.difference(b)) is events
        assert bool(a.difference(b, view="answer")) is answer
        assert (a == b) is not events


def test_difference_includes_the_ending() -> None:
    """What was raised, by type and text; what was left running; that it never ended."""
    ends = [
        transcript_of(),
        transcript_of(error=ValueError("a")),
        transcript_of(error=ValueError("b")),
        transcript_of(error=TypeError("a")),
        transcript_of(left=["task"]),
        transcript_of(left=["another"]),
        transcript_of(running=True),
    ]
    for i, one in enumerate(ends):
        for j, two in enumerate(ends):
            assert (one == two) is (i == j)
    assert transcript_of(error=ValueError("<x at 0x7f12>")) == transcript_of(error=ValueError("<x at 0x8f>"))
    assert ends[0].difference(ends[4], view="answer") == ""
    assert "+ left running task" in ends[0].difference(ends[4])
    assert "- returned\n+ raised       ValueError: a" in ends[0].difference(ends[1], view="answer")


def test_difference_names_fields_first() -> None:
    """What both did, who did what else, and for each field where it differs."""
    long = b"a" * 3000 + b"1" + b"b" * 3000
    ours = transcript_of(START, {**BODY, "body": long})
    theirs = transcript_of(
        {**START, "headers": [(b"b", b"1"), (b"b", b"3"), (b"c", b"4")]},
        {**BODY, "body": long.replace(b"1", b"2"), "more_body": False},
    )
    assert ours.difference(theirs, names=("old", "new")) == (
        "- old\n"
        "+ new\n"
        "\n"
        "http.response.start, headers: only [(b'A', b'2')] / only [(b'c', b'4')]\n"
        "http.response.body, body: differs from byte 3000 on: ...b'aaaaaaaa1bbbbbbbbbbbbbbbbbbbbbbb' of 6001"
        " / ...b'aaaaaaaa2bbbbbbbbbbbbbbbbbbbbbbb' of 6001\n"
        "http.response.body, more_body: missing / False\n"
        "\n"
        "- application  http.response.start status=200 headers=[(b'b', b'1'), (b'A', b'2'), (b'b', b'3')]\n"
        f"- application  http.response.body body=b'{'a' * 60}'... (6001 bytes)\n"
        "+ application  http.response.start status=200 headers=[(b'b', b'1'), (b'b', b'3'), (b'c', b'4')]\n"
        f"+ application  http.response.body body=b'{'a' * 60}'... (6001 bytes) more_body=False\n"
        "  returned"
    )


def test_difference_ignores_named_headers() -> None:
    """By name, whatever its case and whichever the view; nothing else is left out."""
    ours = transcript_of({**START, "headers": [(b"Date", b"1"), (b"x", b"1")]}, BODY)
    theirs = transcript_of({**START, "headers": [(b"x", b"1"), (b"date", b"2")]}, BODY)
    for view in ("events", "answer"):
        assert ours.difference(theirs, view=view)
        assert ours.difference(theirs, view=view, ignore_headers=["DATE"]) == ""
        assert ours.difference(theirs, view=view, ignore_headers=["dat"])
    odd = transcript_of({**START, "headers": [3, ("DATE", "3"), ()]})
    assert "headers=[3, ()]" in odd.difference(theirs, ignore_headers=["date"])
