"""One run of `check`: hold every conversation, observe it, and let the judges look."""

from __future__ import annotations

import asyncio
import gc
from typing import Any, Callable, Dict, List, Set

from asgi_compat import (
    ASGIApp,
    Receive,
    Scope,
    Send,
    Style,
    Verdict,
    guarantee_single_callable,
    profile_of,
    to_asgi3,
)
from asgi_compat._harness.clients import client_of
from asgi_compat._harness.ending import (
    Blocked,
    end_tasks,
    hold,
)
from asgi_compat._harness.loop import LoopMonitor
from asgi_compat._harness.recorder import ScriptedServer

from .exceptions import at_place, describe, place_of
from .findings import Findings, note
from .joints import add_joints
from .judges import judge
from .judges.raising import exception_key, raised, wants_rerun
from .lifespan import Lifespan
from .observation import Observation, Rerun
from .observing import LIMITS, name_of, new_tasks, observation
from .replay import replay
from .report import Options
from .scripts import Asked, Script, fresh_scope, lifespan_script, scripts
from .skipping import reason_to_skip
from .summaries import summarise
from .symptoms import symptom

TASK = "a task of its own"


class Session:
    """The conversations with one application."""

    def __init__(self, app: ASGIApp, options: Options, verdict: Verdict) -> None:
        self.app = app
        self.options = options
        self.verdict = verdict
        self.doubled: bool = options.style == "double" or (
            options.style == "auto" and verdict.style in (Style.DOUBLE, Style.UNKNOWN)
        )
        self.native: Any = self._native()
        self.findings: Findings = Findings()
        self.seen: List[Observation] = []
        self.monitor: LoopMonitor = LoopMonitor()
        #: What startup left for the other conversations.
        self.state: Dict[str, Any] = {}

    def _native(self) -> Any:
        """Return the application as it is, called once."""
        if self.options.style == "double":
            app: Any = self.app

            async def called_twice(scope: Scope, receive: Receive, send: Send) -> Any:
                return await app(scope)(receive, send)

            return called_twice
        return self.app if self.options.style == "single" else guarantee_single_callable(self.app)

    def adapt(self, app: ASGIApp, on_repair: Callable[[str, Any, Any], None]) -> Any:
        """Wrap an application that stands for ours with `to_asgi3`."""
        style = "double" if self.doubled else "single"
        quirks = profile_of(self.app) if self.options.quirks is None else self.options.quirks
        return to_asgi3(app, style=style, lifespan="on", quirks=quirks, on_repair=on_repair)

    async def run(self) -> None:
        """Hold every conversation, inside the lifespan of the application."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_unretrieved)
        monitoring = loop.create_task(self.monitor.run())
        before = asyncio.all_tasks()
        lifespan = Lifespan(
            self.native, lifespan_script(self.state, doubled=self.doubled), self.options.timeout
        )
        try:
            if await lifespan.startup():
                options = self.options
                asked = Asked(options.paths, options.methods, options.subprotocols, self.doubled)
                for script in scripts(asked):
                    await self._hold(script, before | {lifespan.task})
            await self._add(await lifespan.shutdown())
        finally:
            await end_tasks({lifespan.task})
            await end_tasks(asyncio.all_tasks() - before)
            # An exception of a task that nobody asked for is reported when it is collected.
            gc.collect()
            await end_tasks({monitoring})
        self.findings.extend(summarise(self.seen))
        add_joints(self.app, self.findings)
        self.findings.ignore(self.options.ignore)

    async def _hold(self, script: Script, known: Set[asyncio.Task[Any]]) -> None:
        """Hold one conversation natively, unless there is no point in it."""
        reason = reason_to_skip(script, self.seen)
        if reason is None:
            seen = await self._observe(self.native, script)
            await self._add(seen._replace(tasks_left=new_tasks(known)))
        elif reason:
            self.findings.extend([note(script.name, reason)])

    async def _add(self, seen: Observation) -> None:
        """Complete an observation with what `to_asgi3` makes of it, and let the judges look."""
        returned = seen.returned and seen.has_all_steps
        replayed = await replay(seen.script, seen.steps, self.adapt, doubled=self.doubled, returned=returned)
        seen = seen._replace(replayed=replayed)
        known = seen.error is not None and exception_key(seen.error, seen.protocol) in self.findings
        if wants_rerun(seen) and not known:
            seen = seen._replace(rerun=await self.rerun_adapted(seen.script))
        self.seen.append(seen)
        self.findings.extend(judge(seen))

    async def _observe(self, app: Any, script: Script) -> Observation:
        # Frameworks write into the scope, and into what is in it: each conversation gets a copy of all of it.
        scope = {**fresh_scope(script), "state": dict(self.state)}
        client = client_of(script.conversation._replace(scope=scope))
        server = ScriptedServer(client, limits=LIMITS, pause=script.pause, patience=script.patience)
        self.monitor.reset()
        outcome = await hold(app, server, self.options.timeout)
        return observation(script, server, outcome, self.options.timeout)._replace(lag=self.monitor.lag)

    async def rerun_adapted(self, script: Script) -> Rerun:
        """Hold the same conversation through `to_asgi3`."""
        style = None if self.options.style == "auto" else self.options.style
        app = to_asgi3(self.app, style=style, quirks=self.options.quirks)
        if script.protocol == "lifespan":
            lifespan = Lifespan(app, lifespan_script({}, doubled=self.doubled), self.options.timeout)
            await lifespan.startup()
            seen = await lifespan.shutdown(always=True)
            return Rerun(seen.described, seen.startup == seen.shutdown == "complete")
        seen = await self._observe(app, script)
        if isinstance(seen.error, Blocked):
            return Rerun("it blocks the event loop there, too", False)
        if seen.error is not None:
            return Rerun(describe(seen.error), False)
        if seen.outcome.unanswered or seen.ran_on:
            return Rerun("it does not end there, either", False)
        return Rerun(seen.described, True)

    def _on_unretrieved(self, loop: asyncio.AbstractEventLoop, context: Dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self.on_task_error(error, f"in {name_of(context.get('task') or context.get('future'))}")

    def on_task_error(self, error: BaseException, when: str = f"in {TASK}") -> None:
        """Take an exception that came out of no conversation."""
        if isinstance(error, Blocked):
            found = raised(error, TASK, "task", when, seconds=f"{self.options.timeout:g} s")
        else:
            place = at_place(place_of(error))
            key = exception_key(error, "task")
            found = symptom("raised apart", TASK, error=describe(error), place=place, when=when)._replace(
                key=key
            )
        self.findings.extend([found])
