"""What a lifespan takes and when: answers in each state, exceptions under way, no answer at all."""

from __future__ import annotations

import asyncio
import functools
import logging
from typing import Any, List, Tuple

import pytest

from asgi_compat import AppMessageError, Quirks, to_asgi2, to_asgi3
from asgi_compat._connections import lifespan
from asgi_compat._messages.specification import APP
from asgi_compat._messages.table import TABLE

STARTUP, SHUTDOWN = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}
STARTED, STOPPED = {"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}
FAILED = {"type": "lifespan.shutdown.failed", "message": "a worker died"}


async def run(
    app: Any, *events: Any, direction: str = "A", style: str = "single", **options: Any
) -> Tuple[List[Any], Any]:
    """Run an application's lifespan; return what reached the server and what was raised.

    It is written as a single-callable, and of style "double" called as one of ASGI2.
    """
    waiting, sent = list(events), []

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        await asyncio.get_running_loop().create_future()

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    if direction == "A":
        given = app if style == "single" else lambda scope: functools.partial(app, scope)
        call = to_asgi3(given, style=style, **options)(scope, receive, send)
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
@pytest.mark.parametrize("style", ["single", "double"])
def test_lifespan_wrong_answer_under_way_leaves_the_exception(wrong: Any, style: str, caplog: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        try:
            raise KeyError("dsn")
        except KeyError:
            await send(wrong)
            raise

    sent, error = asyncio.run(run(app, STARTUP, style=style))
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
    assert asyncio.run(run(app, STARTUP, SHUTDOWN, style="double")) == ([STARTED, STOPPED], None)
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


NO_LIFESPAN, NO_DSN = KeyError("no lifespan here"), KeyError("dsn")


async def fails_at_once(scope: Any, receive: Any, send: Any) -> None:
    raise NO_LIFESPAN.with_traceback(None)


async def fails_in_startup(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    raise NO_DSN.with_traceback(None)


async def rejects_the_type(scope: Any, receive: Any, send: Any) -> None:
    event = await receive()
    if event["type"] != "http.request":
        raise NO_LIFESPAN.with_traceback(None)


async def answers_with_a_response(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    try:
        await send({"type": "http.response.start", "status": 200})
    finally:
        raise NO_LIFESPAN.with_traceback(None)


@pytest.mark.parametrize("mode", ["auto", "on"])
@pytest.mark.parametrize("app", [fails_at_once, rejects_the_type, answers_with_a_response])
def test_lifespan_exception_of_a_current_application_without_lifespan_is_its_server_s(
    app: Any, mode: str, caplog: Any
) -> None:
    """A server judges it itself, as that of a bare application: asgi-lifespan raises it, uvicorn goes on."""
    caplog.set_level(logging.INFO, "asgi_compat")
    sent, error = asyncio.run(run(app, STARTUP, SHUTDOWN, lifespan=mode))
    assert error is NO_LIFESPAN and sent == []
    assert "answering for it" not in caplog.text


@pytest.mark.parametrize("style", ["single", "double"])
def test_lifespan_exception_after_startup_is_a_failed_start_and_goes_on(style: str) -> None:
    """uvicorn and granian go on after an exception alone; asgi-lifespan raises it and takes no message."""
    sent, error = asyncio.run(run(fails_in_startup, STARTUP, style=style))
    assert error is NO_DSN
    assert types(sent) == ["lifespan.startup.failed"]
    assert __file__ in sent[0]["message"] and sent[0]["message"].endswith("KeyError: 'dsn'")


@pytest.mark.parametrize("style", ["single", "double"])
def test_lifespan_failed_start_that_the_server_raises_is_the_server_s(style: str) -> None:
    """hypercorn raises out of its own send, and stops at that exception only."""
    own = RuntimeError("Lifespan failure in startup")

    async def receive() -> Any:
        return STARTUP

    async def send(event: Any) -> None:
        raise own

    given = (
        fails_in_startup if style == "single" else lambda scope: functools.partial(fails_in_startup, scope)
    )
    with pytest.raises(RuntimeError) as caught:
        asyncio.run(to_asgi3(given, style=style)({"type": "lifespan"}, receive, send))
    assert caught.value is own and own.__context__ is NO_DSN


@pytest.mark.parametrize("style", ["single", "double"])
@pytest.mark.parametrize("asks", [0, 1])
def test_lifespan_exception_after_the_answer_is_raised_alone(asks: int, style: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(STARTED)
        for _ in range(asks):
            await receive()
        raise NO_DSN.with_traceback(None)

    sent, error = asyncio.run(run(app, STARTUP, SHUTDOWN, style=style))
    assert error is NO_DSN and sent == [STARTED]


@pytest.mark.parametrize("mode", ["auto", "on"])
@pytest.mark.parametrize("asks", [0, 1])
def test_lifespan_return_of_a_current_application_returns(asks: int, mode: str) -> None:
    """A host that awaits the application, and sends no shutdown, would wait for ever."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(asks):
            await receive()

    assert asyncio.run(run(app, STARTUP, lifespan=mode)) == ([], None)


@pytest.mark.leaves_tasks
def test_lifespan_of_a_current_application_that_knows_none_is_no_failed_lazy_start() -> None:
    """There the adapter is the server, and goes on as a server does."""
    sent: List[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(event: Any) -> None:
        sent.append(event["type"])

    scope = {"type": "http", "asgi": {"version": "3.0"}, "method": "GET", "path": "/", "headers": []}
    wrapped = to_asgi3(app, style="single", quirks=Quirks(lazy_lifespan=True))
    asyncio.run(wrapped(scope, receive, send))
    assert sent == ["http.response.start", "http.response.body"]


@pytest.mark.parametrize("style", ["single", "double"])
def test_send_answer_that_is_cancelled_can_be_sent_again(style: str) -> None:
    sent: List[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        with pytest.raises(asyncio.CancelledError):
            await send(STARTED)
        await send(STARTED)

    async def receive() -> Any:
        return STARTUP

    async def send(event: Any) -> None:
        sent.append(event)
        if len(sent) == 1:
            raise asyncio.CancelledError

    given: Any = app if style == "single" else lambda scope: functools.partial(app, scope)
    asyncio.run(to_asgi3(given, style=style)({"type": "lifespan"}, receive, send))
    assert sent == [STARTED, STARTED]
