"""What a lifespan takes and when: answers in each state, exceptions under way, no answer at all."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, List, Tuple

import pytest

from asgi_compat import AppMessageError, to_asgi2, to_asgi3
from asgi_compat._connections import lifespan
from asgi_compat._messages.specification import APP
from asgi_compat._messages.table import TABLE

STARTUP, SHUTDOWN = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}
STARTED, STOPPED = {"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}
FAILED = {"type": "lifespan.shutdown.failed", "message": "a worker died"}


async def run(app: Any, *events: Any, direction: str = "A", **options: Any) -> Tuple[List[Any], Any]:
    """Run a single-callable application's lifespan; return what reached the server and what was raised."""
    waiting, sent = list(events), []

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        await asyncio.get_running_loop().create_future()

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    if direction == "A":
        call = to_asgi3(app, style="single", **options)(scope, receive, send)
    else:
        call = to_asgi2(app, style="single", **options)(scope)(receive, send)
    error = None
    try:
        await asyncio.wait_for(call, 20)
    except Exception as caught:
        error = caught
    return sent, error


def types(sent: List[Any]) -> List[str]:
    return [event["type"] for event in sent]


def test_answers_has_a_handler_for_each_state_and_answer() -> None:
    states = range(lifespan.IDLE, lifespan.ENDED + 1)
    answers = [row.type for row in TABLE.events if row.scope == "lifespan" and row.sender == APP]
    assert sorted(lifespan.ANSWERS) == sorted((state, kind) for state in states for kind in answers)


@pytest.mark.parametrize("direction", ["A", "B"])
@pytest.mark.parametrize("end", [FAILED, STOPPED], ids=["failed", "complete"])
def test_lifespan_end_before_shutdown_goes_on(end: Any, direction: str) -> None:
    """A worker of a task group dies: Starlette says shutdown.failed and raises, and servers take it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(STARTED)
        try:
            raise ValueError("worker")
        except ValueError:
            await send(end)
            raise

    sent, error = asyncio.run(run(app, STARTUP, direction=direction))
    assert type(error) is ValueError
    assert sent == [STARTED, end if direction == "A" else STOPPED]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "lifespan.shutdown.failed"},
        {"type": "lifespan.startup.faild"},
    ],
    ids=["too early", "misspelled"],
)
def test_lifespan_wrong_answer_under_way_leaves_the_exception(wrong: Any, caplog: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        try:
            raise KeyError("dsn")
        except KeyError:
            await send(wrong)
            raise

    sent, error = asyncio.run(run(app, STARTUP))
    assert type(error) is KeyError
    assert "not sent: the application is about to raise KeyError: 'dsn'" in caplog.text
    assert types(sent) == ["lifespan.startup.failed"]


def test_lifespan_response_under_way_is_of_an_application_without_lifespan(caplog: Any) -> None:
    """It answers every connection as HTTP, its own error with a 500."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        try:
            event["body"]
        except KeyError:
            await send({"type": "http.response.start", "status": 500})
            raise

    caplog.set_level(logging.INFO, "asgi_compat")
    assert asyncio.run(run(app, STARTUP, SHUTDOWN)) == ([STARTED, STOPPED], None)
    assert "has no lifespan support (it raised KeyError: 'body')" in caplog.text


def test_lifespan_second_start_under_way_leaves_the_exception() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        try:
            await send(STARTED)
            raise KeyError("dsn")
        except KeyError:
            await send({"type": "lifespan.startup.failed", "message": "late"})
            raise

    sent, error = asyncio.run(run(app, STARTUP))
    assert type(error) is KeyError and sent == [STARTED]


def test_lifespan_failed_with_an_exception_as_message_sends_its_text() -> None:
    """``{"message": error}`` is no str: refused, the refusal would hide the error."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        try:
            raise KeyError("dsn")
        except KeyError as error:
            await send({"type": "lifespan.startup.failed", "message": error})
            raise

    sent, error = asyncio.run(run(app, STARTUP))
    assert type(error) is KeyError
    assert types(sent) == ["lifespan.startup.failed"] and sent[0]["message"].endswith("KeyError: 'dsn'")
    assert __file__ in sent[0]["message"]


def test_lifespan_wrong_answer_is_refused_where_nothing_is_under_way() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        with pytest.raises(AppMessageError, match="before start-up has been answered"):
            await send(STOPPED)
        await send(STARTED)
        await receive()
        await send(STOPPED)
        with pytest.raises(AppMessageError, match="a second time"):
            await send(STOPPED)

    assert asyncio.run(run(app, STARTUP, SHUTDOWN)) == ([STARTED, STOPPED], None)


def test_lifespan_failed_start_on_an_old_server_raises_what_the_application_raises() -> None:
    """B31 turns the event into a RuntimeError, unless an exception of the application is there."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        try:
            raise KeyError("dsn")
        except KeyError:
            await send({"type": "lifespan.startup.failed", "message": "no dsn"})
            raise

    sent, error = asyncio.run(run(app, STARTUP, direction="B"))
    assert type(error) is KeyError and sent == []


@pytest.mark.parametrize("direction", ["A", "B"])
@pytest.mark.parametrize("swallows", [False, True])
def test_lifespan_application_of_its_own_events_is_answered_for(
    direction: str, swallows: bool, caplog: Any
) -> None:
    """It loops until its own event comes, and never answers: the server would wait for ever."""
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            try:
                event = await receive()
            except BaseException as error:
                if not swallows or isinstance(error, asyncio.CancelledError):
                    raise
                continue
            seen.append(event["type"])
            if event["type"] == "http.request":
                raise AssertionError

    async def main() -> Tuple[List[Any], Any]:
        if not swallows:
            return await run(app, STARTUP, SHUTDOWN, direction=direction)
        # It swallows what ends it, too: both answers are out, and it waits without freezing the loop.
        task = asyncio.ensure_future(run(app, STARTUP, SHUTDOWN, direction=direction))
        while len(seen) < 2:
            await asyncio.sleep(0)
        for _ in range(50):
            await asyncio.sleep(0)
        assert not task.done()
        task.cancel()
        await asyncio.wait([task])
        return [STARTED, STOPPED], None

    caplog.set_level(logging.INFO, "asgi_compat")
    assert asyncio.run(main()) == ([STARTED, STOPPED], None)
    assert seen[:2] == ["lifespan.startup", "lifespan.shutdown"]
    assert "asked for another event and has not answered lifespan.startup" in caplog.text


def test_lifespan_answer_after_it_was_answered_for_is_no_error(caplog: Any) -> None:
    """An application that listens in a task of its own while it starts."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        listening = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        await send(STARTED)
        assert await listening == SHUTDOWN
        await send(STOPPED)

    assert asyncio.run(run(app, STARTUP, SHUTDOWN)) == ([STARTED, STOPPED], None)


def test_lifespan_on_answers_nothing_for_it() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(await receive())
        seen.append(await receive())

    assert asyncio.run(run(app, STARTUP, SHUTDOWN, lifespan="on")) == ([], None)
    assert seen == [STARTUP, SHUTDOWN]
