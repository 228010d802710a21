"""Run one case of `messages` through the whole service and write down what happened."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar
from typing import Any, Dict, List, Optional

from messages.cases import ABSENT, Case

from asgi_compat import ASGICompatError
from asgi_compat._convert import Quirks, ToAsgi2, ToAsgi3, check_options
from asgi_compat._messages.table import TABLE

MOMENT = 0.02
#: Whose context the server is called in.
CONTEXT = ContextVar("CONTEXT", default="the request's")


class Awaitable:
    """What granian's receive and send return: something to await that is no coroutine."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __await__(self) -> Any:
        return self.inner.__await__()


class Outcome:
    """What the application saw, what reached the server, and how it ended."""

    def __init__(self) -> None:
        self.scope: Dict[str, Any] = {}
        self.received: List[Any] = []
        self.sent: List[Any] = []
        self.error: Optional[str] = None
        self.rule: Optional[str] = None
        self.raised: Optional[str] = None
        self.returned: Any = None
        self.seen: Dict[str, Any] = {}
        self.repaired: List[str] = []

    def view(self, expect: Dict[str, Any]) -> Dict[str, Any]:
        """Give of the outcome what the expectation names."""
        out = {}
        for name in expect:
            if name in ("strict", "exact"):
                continue
            value = getattr(self, name)
            if name == "scope":
                value = {field: self.scope.get(field, ABSENT) for field in expect["scope"]}
            elif name == "seen":
                value = {key: self.seen.get(key) for key in expect["seen"]}
            out[name] = value
        return out


def run(case: Case, table: Any = TABLE, strict: bool = False) -> Outcome:
    """Run a case; a table that cannot be compiled is an outcome too."""
    return asyncio.run(asyncio.wait_for(_run(case, table, strict), 10))


def fresh(event: Any) -> Any:
    return event() if callable(event) else event


async def _run(case: Case, table: Any, strict: bool) -> Outcome:
    out = Outcome()
    before = asyncio.all_tasks()
    a = case.rule[0] == "A"
    double, single = _application(case, out)
    options = check_options(
        None, "auto", Quirks(**case.quirks), strict, lambda rule, before, after: out.repaired.append(rule)
    )
    try:
        app: Any
        if a:
            app = ToAsgi3(single if case.server.get("current") else double, options, table)
        else:
            app = ToAsgi2(single, options, table)
    except LookupError as error:
        out.raised = f"LookupError {error}"
        out.sent, out.received, out.scope = ["nothing"], ["nothing"], {"type": "nothing"}
        return out
    server = _Server(case, out)
    if case.server.get("start_up"):
        await _start_up(app, a)
        out.scope.clear()
    try:
        if a:
            out.returned = await app(case.scope, server.receive, server.send)
        elif case.server.get("keywords"):
            out.returned = await app(scope=case.scope)(receive=server.receive, send=server.send)
        else:
            if case.server.get("probe"):
                app(case.scope)
                out.seen["probed"] = [*out.sent, *out.received]
            out.returned = await app(case.scope)(server.receive, server.send)
    except (Exception, asyncio.CancelledError) as error:
        out.raised = type(error).__name__
        if isinstance(error, ASGICompatError):
            out.rule = getattr(error, "rule", None) or out.rule
    for task in list(asyncio.all_tasks() - before):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return out


async def _start_up(app: Any, a: bool) -> None:
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Any:
        return events.pop(0)

    async def send(event: Any) -> None:
        pass

    scope = {"type": "lifespan"}
    await (app(scope, receive, send) if a else app(scope)(receive, send))


class _Server:
    """The server's side: gives the events of the case, then nothing; writes down what it is sent."""

    def __init__(self, case: Case, out: Outcome) -> None:
        self.events = list(case.events)
        self.case = case
        self.out = out
        self.waiting = 0
        self.reads = 0

    def receive(self) -> Any:
        inner = self._receive()
        return Awaitable(inner) if self.case.server.get("awaitable") else inner

    def send(self, event: Any) -> Any:
        inner = self._send(event)
        return Awaitable(inner) if self.case.server.get("awaitable") else inner

    async def _receive(self) -> Any:
        self.out.seen["context"] = CONTEXT.get()
        if self.events:
            self.reads += 1
            return self.events.pop(0)
        if self.case.server.get("consumed"):
            raise RuntimeError("Receive channel fully consumed.")
        self.waiting += 1
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.waiting -= 1

    async def _send(self, event: Any) -> None:
        self.out.seen["context"] = CONTEXT.get()
        error = self.case.server.get(event["type"])
        if error is not None:
            raise error
        if event["type"] == "websocket.accept":
            self.out.seen["read_before_accept"] = self.reads
        if event["type"] == "websocket.close" and self.case.server.get("holds_close"):
            self.out.seen["closed_while_waiting"] = bool(self.waiting)
        assert type(event) is dict, f"granian takes nothing but dicts, not {type(event)}"
        self.out.sent.append(event)


def _application(case: Case, out: Outcome) -> Any:
    """The application of a case, in both styles, over one script."""

    async def play(scope: Any, receive: Any, send: Any) -> Any:
        if scope["type"] != case.scope["type"]:
            if scope["type"] == "lifespan":
                out.seen["lifespans"] = out.seen.get("lifespans", 0) + 1
                await receive()
                if isinstance(scope.get("state"), dict):
                    scope["state"]["db"] = 1
                await send({"type": "lifespan.startup.complete"})
                await receive()
                await send({"type": "lifespan.shutdown.complete"})
            return None
        out.scope = dict(scope)
        pending = None
        for step in case.script:
            if step == "receive":
                out.received.append(await asyncio.wait_for(receive(), 0.3))
            elif step == "blocked":
                try:
                    out.received.append(await asyncio.wait_for(receive(), MOMENT))
                except asyncio.TimeoutError:
                    pass
            elif step == "thread":
                pass
            elif step == "index":
                event = await receive()
                out.seen["index"] = (event["bytes"], event["text"])
            elif step == "coroutines":
                pair = receive(), send({"type": "http.response.start", "status": 200, "headers": []})
                out.seen["coroutines"] = tuple(asyncio.iscoroutine(one) for one in pair)
                for one in pair:
                    getattr(one, "inner", one).close()
            elif step == "pending":
                pending = asyncio.ensure_future(receive())
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            elif step == "settle":
                for _ in range(5):
                    await asyncio.sleep(0)
                out.seen["still_waiting"] = not pending.done() if pending is not None else None
            elif step[0] == "elsewhere":
                import asgiref.sync  # noqa: F401 (the rule is alive once it is imported)

                async def elsewhere(event: Any = step[1]) -> None:
                    CONTEXT.set("the task's")
                    await (receive() if event is None else send(event))

                await asyncio.ensure_future(elsewhere())
            elif step[0] == "raise":
                raise step[1]
            elif step[0] == "return":
                return step[1]
            else:
                try:
                    await send(fresh(step[1]))
                except Exception as error:
                    out.error = type(error).__name__
                    out.rule = getattr(error, "rule", None)
                    if step[0] == "send" and case.expect.get("raised"):
                        raise
                    if step[0] == "send":
                        # The application gives up; what was refused must not have reached the server.
                        raise
        return None

    here = threading.get_ident()

    # No server and no test calls this parameter by its name.
    def double(an_odd_name: Any) -> Any:
        out.seen["thread"] = "the same" if threading.get_ident() == here else "another"

        async def instance(r: Any, s: Any) -> Any:
            return await play(an_odd_name, r, s)

        return instance

    async def single(an_odd_name: Any, r: Any, s: Any) -> Any:
        return await play(an_odd_name, r, s)

    return double, single


def exact_types(value: Any) -> Any:
    """A shape of a value that tells 200 from HTTPStatus.OK and bytes from bytearray."""
    if isinstance(value, dict):
        return {key: exact_types(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [exact_types(item) for item in value]
    return type(value).__name__, value
