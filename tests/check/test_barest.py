"""What an application needs that a server may leave out."""

from __future__ import annotations

from typing import Any

import pytest

from .applications import ACCEPT, BODY, START, checked, http_only, right, the_one, websocket_only


@pytest.mark.parametrize(
    "read, field, what",
    [
        (lambda scope: scope["client"][0], "client", "client is None"),
        (lambda scope: scope["server"][0], "server", "server is None"),
        (lambda scope: scope["server"] and scope["server"][1] + 1, "server", "server is (path, None)"),
        (lambda scope: scope["raw_path"], "raw_path", "scope has no 'raw_path'"),
        (lambda scope: scope["extensions"], "extensions", "scope has no 'extensions'"),
        (lambda scope: dict(scope["headers"])[b"host"], "headers", "no host header"),
    ],
)
def test_need_of_an_optional_key_is_found(read: Any, field: str, what: str) -> None:
    """Each by its name, with what to do."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        read(scope)
        await send(START)
        await send(BODY)

    report = checked(app)
    finding = the_one(report)
    assert (finding.field, finding.level) == (field, "servers")
    assert what in finding.sent and "test_barest.py:" in finding.sent
    assert finding.conversations == ("GET / (barest scope)",)


def test_need_of_a_client_names_the_quirk() -> None:
    """It is tried, and makes the conversation go right."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["client"][0].encode()
        await send(START)
        await send(BODY)

    finding = the_one(checked(app))
    assert finding.fixed and finding.option.startswith('--quirk "placeholder_client=')


def test_error_response_of_a_framework_is_found() -> None:
    """It catches the exception and answers 500."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        status = 200 if scope["client"] else 500
        await send({**START, "status": status})
        await send(BODY)

    assert "answered 500, when client is None" in the_one(checked(app)).sent


def test_need_of_what_every_server_gives_is_a_note() -> None:
    """A WebSocket has keys of its own."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        list(scope["subprotocols"])
        await receive()
        await send(ACCEPT)
        while (await receive())["type"] != "websocket.disconnect":
            pass

    report = checked(app)
    # Every server gives it, so to need it breaks nowhere.
    assert report.findings == ()
    assert any("scope has no 'subprotocols': every server gives it" in note.text for note in report.notes)


@pytest.mark.parametrize("fills", [False, True])
def test_state_may_be_left_out_where_start_up_has_not_filled_it(fills: bool) -> None:
    """Daphne gives none. What start-up has put there, only a server with lifespan serves."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan" and fills:
            for kind in ("startup", "shutdown"):
                await receive()
                scope["state"]["pool"] = kind
                await send({"type": f"lifespan.{kind}.complete"})
            return
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        scope["state"]["user"] = scope["state"].get("pool")
        await send(START)
        await send(BODY)

    found = [(row.field, row.sent) for row in checked(app).findings]
    expected = ("state", "KeyError: 'state' (at ")
    assert [(field, sent[: len(expected[1])]) for field, sent in found] == ([] if fills else [expected])


def test_application_that_needs_nothing_has_no_finding() -> None:
    """The state of its start-up is there: a server with lifespan has it."""
    assert checked(right, methods=["GET", "POST"]).findings == ()


def test_application_that_fails_the_second_time_needs_no_key() -> None:
    """A scope that lacks something is not why: the same conversation goes wrong with everything there."""
    answered = []

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "GET":
            answered.append(1)
            if len(answered) > 3:
                raise RuntimeError("the pool is empty")
        await send(START)
        await send(BODY)

    report = checked(app)
    assert not any(finding.field for finding in report.findings)
    assert not any("every server gives it" in note.text for note in report.notes)
