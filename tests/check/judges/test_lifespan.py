"""Startup and shutdown."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Sequence, Tuple

import pytest

from ..applications import (
    BODY,
    START,
    both_styles,
    checked,
    names_of,
    the_one,
)


def on_lifespan(*script: Any) -> Any:
    """A double-callable application: receive for None, send an event, raise an error, wait for a name."""

    async def play(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(START)
            return await send(BODY)
        if scope["type"] != "lifespan":
            raise NotImplementedError(scope["type"])
        for step in script:
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, str):
                while (await receive())["type"] != step:
                    pass
            elif step is None:
                await receive()
            else:
                await send({"type": f"lifespan.{step}"} if isinstance(step, tuple) else step)

    return both_styles(play)[1]


STARTED = {"type": "lifespan.startup.complete"}
STOPPED = {"type": "lifespan.shutdown.complete"}
CLEANED = {"type": "lifespan.cleanup.complete"}


class Life(NamedTuple):
    """What an application does in lifespan; the findings, or a part of the note."""

    what: str
    script: Sequence[Any]
    findings: Sequence[Tuple[Optional[str], str]]
    note: str
    result: str


LIVES = [
    Life("raises", [NotImplementedError("no")], [], "raised NotImplementedError: no", "not supported"),
    Life("receives, and returns", [None], [], "returned without an answer", "not supported"),
    Life(
        "answers with a response",
        [None, START, BODY],
        [],
        "answers lifespan.startup with http.response.start",
        "not supported",
    ),
    Life(
        "raises after startup", [None, ValueError("no database")], [("A4", "raised")], "", "raised ValueError"
    ),
    Life(
        "cannot start",
        [None, {"type": "lifespan.startup.failed", "message": "no database"}],
        [(None, "raised")],
        "",
        "startup failed: no database",
    ),
    Life(
        "cannot stop",
        [None, STARTED, None, {"type": "lifespan.shutdown.failed", "message": "stuck"}],
        [(None, "raised")],
        "",
        "shutdown failed: stuck",
    ),
    Life("never starts", [None, "nothing"], [(None, "hangs")], "", "not answered"),
    Life(
        "knows cleanup only",
        [None, STARTED, "lifespan.cleanup", CLEANED],
        [("A20", "hangs")],
        "",
        "started, shutdown not answered",
    ),
    Life(
        "answers cleanup", [None, STARTED, None, CLEANED], [("A39", "repaired")], "", "started and shut down"
    ),
    Life(
        "raises at shutdown",
        [None, STARTED, None, ValueError("stuck")],
        [(None, "raised")],
        "",
        "raised ValueError",
    ),
    Life(
        "leaves after start-up",
        [None, STARTED],
        [],
        "ended before lifespan.shutdown",
        "started, shutdown not answered",
    ),
    Life(
        "leaves at shutdown",
        [None, STARTED, None],
        [],
        "ended at shutdown without",
        "started, shutdown not answered",
    ),
    Life(
        "starts twice",
        [None, STARTED, STARTED, None, STOPPED],
        [(None, "refused")],
        "",
        "started and shut down",
    ),
]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: str(life.what))
def test_lifespan_finding_or_note(life: Life) -> None:
    """What is permitted is a note; what keeps servers from starting or stopping is a finding."""
    report = checked(on_lifespan(*life.script))
    assert names_of(report) == life.findings
    assert report.conversations[-1].result == life.result
    about = [note.text for note in report.notes if note.conversations == ("lifespan",)]
    assert life.note in "".join(about) and bool(life.note) == bool(about)


def test_lifespan_cleanup_is_helped_by_to_asgi3() -> None:
    """It is run once more through `to_asgi3`, which says lifespan.cleanup to it."""
    finding = the_one(checked(on_lifespan(None, STARTED, "lifespan.cleanup", CLEANED)))
    assert (finding.fixed, finding.to_asgi3) == (True, "helps: started and shut down")
    stuck = the_one(checked(on_lifespan(None, STARTED, "nothing")))
    assert stuck.rule == "A20" and stuck.fixed and stuck.to_asgi3.startswith("helps: ")


def test_lifespan_failed_startup_ends_the_check() -> None:
    """A server would have ended."""
    report = checked(on_lifespan(None, {"type": "lifespan.startup.failed"}))
    assert [row.name for row in report.conversations] == ["lifespan"]


def test_lifespan_startup_without_an_answer_names_the_line() -> None:
    """The line at which it waits."""
    finding = the_one(checked(on_lifespan("nothing")))
    assert finding.problem == "hangs" and finding.sent.startswith("no answer within 0.4 s (at ")
    assert "test_lifespan.py:" in finding.sent and ", in play)" in finding.sent
