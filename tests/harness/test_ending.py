"""Whatever an application does, its call ends and the outcome says how."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any, List

import pytest

from asgi_compat._harness import ending
from asgi_compat._harness.clients import client_of
from asgi_compat._harness.ending import UNCANCELLABLE, Blocked, Outcome, end_tasks, hold, task_name
from asgi_compat._harness.recorder import Limits, ScriptedServer
from asgi_compat._harness.script import Conversation

START = {"type": "http.response.start", "status": 200}
LAST = {"type": "http.response.body", "body": b"abc"}


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "SETTLE", 0.0)
    monkeypatch.setattr(ending, "GRACE", 0.05)
    monkeypatch.setattr(ending, "CANCEL_GRACE", 0.02)


def held(app: Any, seconds: float = 0.05, **options: Any) -> Outcome:
    async def main() -> Outcome:
        server = ScriptedServer(client_of(Conversation("", {"type": "http"})), **options)
        return await hold(app, server, seconds)

    return asyncio.run(main())


def test_hold_returning_application_has_its_value() -> None:
    """Nothing else is set."""

    async def app(scope: Any, receive: Any, send: Any) -> str:
        return "value"

    outcome = held(app)
    assert (outcome.value, outcome.error, outcome.unanswered, outcome.overtime) == (
        "value",
        None,
        False,
        False,
    )


@pytest.mark.parametrize(
    "error", [ValueError("no"), SystemExit(3), Blocked(), asyncio.CancelledError()], ids=repr
)
def test_hold_exception_is_in_the_outcome(error: BaseException) -> None:
    """Even those that end a process."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise error

    assert held(app).error is error


def test_hold_application_without_an_answer_is_ended() -> None:
    """It is told that the client has left, and cancelled."""
    seen: List[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((await receive())["type"])
        await asyncio.sleep(60)

    outcome = held(app)
    assert seen == ["http.disconnect"]
    assert outcome.unanswered and outcome.ignored_disconnect and not outcome.uncancellable
    assert outcome.error is None


def test_hold_application_that_ends_with_its_client() -> None:
    """It worked overtime; it did not ignore the disconnect."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await receive()

    outcome = held(app)
    assert outcome.overtime and not outcome.ignored_disconnect and not outcome.said_all


def test_hold_background_work_has_said_all() -> None:
    """The response was complete."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(LAST)
        await asyncio.sleep(60)

    outcome = held(app)
    assert outcome.overtime and outcome.said_all and outcome.ignored_disconnect


def test_hold_flooding_application_is_stopped_early() -> None:
    """Long before its time is up."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await send({**LAST, "more_body": True})

    assert held(app, 60.0, limits=Limits(seen_events=50)).ignored_disconnect


def test_hold_calls_in_an_empty_context() -> None:
    """As a server does."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="empty")
    seen: List[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(variable.get())

    token = variable.set("set")
    try:
        held(app)
    finally:
        variable.reset(token)
    assert seen == ["empty"]


async def swallows_cancellation() -> None:
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass


def test_end_tasks_task_that_ignores_cancellation_is_closed() -> None:
    """It is reported, and it has ended."""

    async def main() -> None:
        polite = asyncio.ensure_future(asyncio.sleep(60))
        stubborn = asyncio.ensure_future(swallows_cancellation())
        await asyncio.sleep(0)
        assert await end_tasks({polite, stubborn}) == {stubborn}
        assert polite.cancelled() and stubborn.done() and stubborn not in UNCANCELLABLE

    asyncio.run(main())


def test_end_tasks_task_that_cannot_be_ended_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is remembered, and not cancelled again."""
    monkeypatch.setattr(ending, "_leak_reference", lambda task: None)
    stop: List[bool] = []

    async def swallows_everything() -> None:
        while not stop:
            try:
                await asyncio.sleep(0.01)
            except BaseException:
                pass

    async def main() -> None:
        task = asyncio.ensure_future(swallows_everything())
        await asyncio.sleep(0)
        assert await end_tasks({task}) == {task}
        assert task in UNCANCELLABLE and not task.done()
        assert await end_tasks({task}) == set()
        UNCANCELLABLE.remove(task)
        stop.append(True)
        await asyncio.wait({task})

    asyncio.run(main())


def test_end_tasks_coroutine_that_ignores_being_closed_is_not_collected(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """Python would print "coroutine ignored GeneratorExit" when the coroutine is collected."""
    kept: List[Any] = []
    monkeypatch.setattr(ending, "_leak_reference", kept.append)
    stop: List[bool] = []

    async def swallows_everything() -> None:
        while not stop:
            try:
                await asyncio.sleep(0.01)
            except BaseException:
                pass

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await swallows_everything()

    assert held(app).uncancellable
    assert [coroutine.__qualname__.split(".")[-1] for coroutine in kept] == ["swallows_everything"]
    stop.append(True)
    with pytest.raises(StopIteration):
        kept[0].send(None)


def test_end_tasks_exception_counts_as_retrieved() -> None:
    """asyncio does not report it when the task is collected."""
    reported: List[Any] = []

    async def fails() -> None:
        raise ValueError

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context))
        await end_tasks({asyncio.ensure_future(fails())})

    asyncio.run(main())
    assert reported == []


def test_task_name_is_that_of_its_coroutine() -> None:
    """A future has none."""

    async def main() -> None:
        task = asyncio.ensure_future(swallows_cancellation())
        assert task_name(task) == "swallows_cancellation"
        assert task_name(asyncio.get_running_loop().create_future()) == ""
        await asyncio.sleep(0)
        await end_tasks({task})

    asyncio.run(main())
