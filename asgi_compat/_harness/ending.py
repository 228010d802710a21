"""Call an application, and make sure that the call ends."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from types import CoroutineType
from typing import Any, Callable, Iterable, Iterator, List, Optional, Set, Tuple

from .._stacks import Frame, waits_at
from .recorder import ScriptedServer

TYPE_CHECKING = False
if TYPE_CHECKING:  # neither can be subscripted on 3.8
    AnyTask = asyncio.Future[Any]
    AnyCoroutine = CoroutineType[Any, Any, Any]

#: Seconds that an application has to notice that the client has left, at most.
GRACE = 2.0
#: Seconds after a conversation in which what it left to the loop may still end.
SETTLE = 0.05
#: Seconds that tasks have to end after each of the attempts below.
CANCEL_GRACE = 0.2
ATTEMPTS = 3

#: Tasks that ignore cancellation.
UNCANCELLABLE: List[AnyTask] = []


class Blocked(BaseException):
    """Raised into an application that blocks the event loop. No ``except Exception`` stops it."""

    def __str__(self) -> str:
        return "it blocked the event loop"


class Outcome:
    """How a call of an application ended."""

    def __init__(
        self,
        *,
        error: Optional[BaseException] = None,
        value: object = None,
        unanswered: bool = False,
        ignored_disconnect: bool = False,
        overtime: bool = False,
        said_all: bool = False,
        uncancellable: bool = False,
        heard: Any = None,
        receiving: bool = False,
        stack: Tuple[Frame, ...] = (),
    ) -> None:
        self.error = error
        self.value = value
        #: It neither ended nor answered within its time.
        self.unanswered = unanswered
        #: It did not end after the client had left either.
        self.ignored_disconnect = ignored_disconnect
        #: It answered within its time, and did not end; whether it had sent everything.
        self.overtime = overtime
        self.said_all = said_all
        #: It ignored cancellation.
        self.uncancellable = uncancellable
        #: What it had received last when its time was up.
        self.heard = heard
        #: Whether it waited in ``receive`` then, and the lines at which it waited, outermost first.
        self.receiving = receiving
        self.stack = stack


def start(app: Any, server: ScriptedServer, outcome: Outcome) -> asyncio.Task[None]:
    """Call an application in a task with an empty context, as servers do."""
    create = asyncio.get_running_loop().create_task
    return contextvars.Context().run(create, _call(app, server, outcome))


async def _call(app: Any, server: ScriptedServer, outcome: Outcome) -> None:
    try:
        outcome.value = await app(server.client.conversation.scope, server.receive, server.send)
    except asyncio.CancelledError as error:
        outcome.error = error
        raise
    except (Exception, SystemExit, Blocked) as error:
        outcome.error = error
    finally:
        server.ended = True


async def hold(app: Any, server: ScriptedServer, seconds: float) -> Outcome:
    """Hold one conversation. The client leaves after ``seconds``, and what does not end then is ended."""
    outcome = Outcome()
    task = start(app, server, outcome)
    try:
        await _ended_or_flooded(task, server, seconds)
        if not task.done():
            await _give_up(task, server, outcome, seconds)
        elif task.cancelled() and outcome.error is None:
            outcome.error = asyncio.CancelledError()
    finally:
        await end_tasks({task})
    if outcome.ignored_disconnect:
        outcome.error = None
    await asyncio.sleep(SETTLE)
    return outcome


async def _ended_or_flooded(task: asyncio.Task[None], server: ScriptedServer, seconds: float) -> None:
    flooded = asyncio.ensure_future(server.flooded.wait())
    try:
        await asyncio.wait({task, flooded}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        flooded.cancel()


async def _give_up(
    task: asyncio.Task[None], server: ScriptedServer, outcome: Outcome, seconds: float
) -> None:
    """Let the client leave, and cancel the application if it does not notice."""
    client = server.client
    outcome.unanswered = not server.sent and not client.left
    outcome.overtime = not outcome.unanswered
    outcome.said_all = client.complete
    outcome.heard = server.last_received
    outcome.receiving = server.waiting > 0
    outcome.stack = tuple(waits_at(task))
    if not client.left:
        # The application has not been told that nobody listens any more.
        server.leave()
        server.flooded.clear()
        await _ended_or_flooded(task, server, min(GRACE, seconds))
    outcome.ignored_disconnect = not task.done()
    outcome.uncancellable = bool(await end_tasks({task}))


async def end_tasks(tasks: Iterable[AnyTask], grace: Optional[float] = None) -> Set[AnyTask]:
    """End tasks: cancel them, and close what those run that ignore it. Return those that ignored it.

    A task that even ignores being closed is added to `UNCANCELLABLE` and left alone from then on.
    """
    tasks = set(tasks)
    pending = {task for task in tasks if not task.done() and task not in UNCANCELLABLE}
    for _ in range(ATTEMPTS):
        pending = await _end(pending, _cancel, grace)
    ignored = pending
    for task in await _end(ignored, _close, grace):
        UNCANCELLABLE.append(task)
        _leak_reference(task)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # retrieved, so that asyncio does not report it
    return ignored


async def _end(
    tasks: Set[AnyTask],
    attempt: Callable[[AnyTask], None],
    grace: Optional[float],
) -> Set[AnyTask]:
    """Try to end tasks; return those that still run after a moment."""
    if not tasks:
        return tasks
    for task in tasks:
        attempt(task)
    await asyncio.wait(tasks, timeout=CANCEL_GRACE if grace is None else grace)
    return {task for task in tasks if not task.done()}


def _cancel(task: AnyTask) -> None:
    task.cancel()


def _close(task: AnyTask) -> None:
    """Raise GeneratorExit in a task, which ``except Exception`` and ``except CancelledError`` let pass."""
    coroutine: Any = getattr(task, "get_coro", lambda: None)()
    awaited = list(_awaited_by(coroutine))
    try:
        if coroutine is not None:
            coroutine.close()
    except (RuntimeError, ValueError):
        pass  # it ignores even that, or runs at this moment
    for inner in awaited:
        if inspect.getcoroutinestate(inner) != inspect.CORO_CLOSED:
            # What awaited it has ended: it would be collected, and closed once more.
            _leak_reference(inner)
    # The task ends when it is woken: it has nothing to run any more.
    task.cancel()


def _awaited_by(coroutine: Any) -> Iterator[AnyCoroutine]:
    """Return the coroutines that a coroutine waits for, outermost first."""
    inner = getattr(coroutine, "cr_await", None)
    while isinstance(inner, CoroutineType):
        yield inner
        inner = inner.cr_await


def _leak_reference(task: object) -> None:
    """Keep a task or coroutine from being collected, even when the interpreter ends.

    Collecting it raises one more exception inside it, which it ignores as well. It would then go on for ever
    without a loop to wait on, and the process with it.
    """
    try:
        import ctypes

        ctypes.pythonapi.Py_IncRef(ctypes.py_object(task))
    except Exception:  # an interpreter without it: nothing else can be done
        pass


def task_name(task: Any) -> str:
    """Return the qualified name of the coroutine that a task runs, "" without one."""
    coroutine = getattr(task, "get_coro", lambda: None)()
    return str(getattr(coroutine, "__qualname__", ""))
