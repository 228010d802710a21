"""Bodies in pieces, and uploads that are cut."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Callable

import pytest

from asgi_compat.check import Report

from .applications import BODY, START, checked, http_only


def reads(function: Callable[..., Any]) -> Any:
    """An application that answers with what a function makes of the body."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = await function(receive)
        if body is None:
            return
        await send(START)
        await send({**BODY, "body": body})

    return app


async def first_piece(receive: Any) -> bytes:
    return bytes((await receive())["body"])


async def up_to_an_empty_piece(receive: Any) -> bytes:
    body, part = b"", b"x"
    while part:
        event = await receive()
        part = event.get("body", b"") if event.get("more_body") else b""
        body += event.get("body", b"")
    return b"%d" % len(body)


async def without_the_last(receive: Any) -> bytes:
    body = b""
    while True:
        event = await receive()
        if not event.get("more_body"):
            return hashlib.sha256(body).hexdigest().encode()
        body += event["body"]


async def disconnect_is_the_end(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body", False)
    return body


async def right(receive: Any) -> Any:
    body, more = b"", True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        body, more = body + event.get("body", b""), event.get("more_body", False)
    return body


def said(report: Report) -> str:
    return " ".join(f"{row.sent} -> {row.to_asgi3}" for row in report.findings)


@pytest.mark.parametrize(
    "function, what",
    [
        (first_piece, "it read the first piece only"),
        (up_to_an_empty_piece, "it read the first piece only"),
        (without_the_last, "it drops the last piece"),
    ],
)
def test_body_cut_short_is_found_by_length_echo_or_digest(function: Any, what: str) -> None:
    """The answer is that to a part of the body."""
    report = checked(reads(function), methods=["POST"])
    (finding,) = (row for row in report.findings if row.rule == "A14")
    assert "cut short" in finding.sent and what in finding.sent
    assert finding.conversations == ("POST / (in chunks)",)


def test_body_cut_short_names_the_option_that_joins_it() -> None:
    """And the line that serves it has the option."""
    (finding,) = checked(reads(first_piece), methods=["POST"]).findings
    assert finding.fixed and finding.option == "--quirk join_body=True"
    assert finding.to_asgi3.startswith("helps with --quirk join_body=True: ")


def test_exception_of_a_body_cut_short_says_so() -> None:
    """The piece that the parser was given is not at fault."""

    async def parsed(receive: Any) -> bytes:
        return json.dumps(json.loads((await receive())["body"])).encode()

    report = checked(reads(parsed), methods=["POST"])
    (finding,) = report.findings
    assert "JSONDecodeError" in finding.sent
    assert finding.sent.endswith(
        "it read the first piece only, and a body comes in pieces, until more_body is False"
    )
    assert finding.fixed and finding.option == "--quirk join_body=True"


def test_first_piece_that_a_middleware_has_read_is_named() -> None:
    """One piece is no answer at all, and of several the first is missing."""

    def middleware(app: Any) -> Any:
        async def reads_one(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                await receive()
            await app(scope, receive, send)

        return reads_one

    report = checked(middleware(reads(right)), methods=["POST"], timeout=0.3)
    (finding,) = (row for row in report.findings if row.rule == "A14")
    assert "it leaves out the first piece; has something before it, a middleware, read that?" in finding.sent
    assert "not at all to one piece" in finding.sent and not finding.fixed


def test_disconnect_taken_for_the_end_of_an_upload_is_found() -> None:
    """It answers as if the upload were complete; one that returns is right."""
    report = checked(reads(disconnect_is_the_end), methods=["POST"])
    assert "took http.disconnect for the end of the body: it answered 200 to 10 bytes" in said(report)
    assert checked(reads(right), methods=["POST"]).findings == ()


def test_answer_that_changes_each_time_says_nothing() -> None:
    """A counter is not a body that is cut."""
    count = 0

    async def counts(receive: Any) -> Any:
        nonlocal count
        count += 1
        return None if await right(receive) is None else b"%d" % count

    assert checked(reads(counts), methods=["POST"]).findings == ()
