"""One run of `check`: hold every conversation, observe it, and let the judges look."""

from __future__ import annotations

import asyncio
import functools
import gc
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from asgi_compat import (
    ASGIApp,
    Quirks,
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
from asgi_compat._harness.ending import Blocked, end_tasks, hold
from asgi_compat._harness.loop import LoopMonitor
from asgi_compat._harness.recorder import ScriptedServer

from .barest import can_vary, needed
from .exceptions import at_place, describe, place_in, place_of
from .findings import Findings, note
from .joints import add_joints
from .judges import judge
from .judges.raising import exception_key, raised, wants_rerun
from .lifespan import Lifespan
from .observation import Observation, Replayed, Rerun
from .observing import LIMITS, name_of, new_tasks, observation
from .options import quirk, search
from .replay import fails, replay
from .report import Options
from .scripts import Asked, Script, fresh_scope, lifespan_script, scripts, with_state
from .shapes import quirk_of
from .skipping import reason_to_skip
from .summaries import summarise
from .symptoms import symptom
from .uploads import answer_of, cut_short, sent_in_pieces, taken_for_the_end

#: In the error for an event whose type is almost a known one. To drop that event helps nobody.
MISSPELT = "did you mean"
TASK = "a task of its own"
NO_END = "it does not end there, either"


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
        self.findings: Findings = Findings(pedantic=self.options.pedantic)
        self.seen: List[Observation] = []
        self._varied: Set[str] = set()
        self._hung: Dict[Tuple[str, bool, bool, str], Rerun] = {}
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

    def adapt(
        self, app: ASGIApp, on_repair: Callable[[str, Any, Any], None], quirks: Optional[Quirks] = None
    ) -> Any:
        """Wrap an application that stands for ours with `to_asgi3`."""
        style = "double" if self.doubled else "single"
        chosen: Any = self.options.quirks if quirks is None else quirks
        chosen = profile_of(self.app) if chosen is None else chosen
        return to_asgi3(
            app,
            style=style,
            lifespan="on",
            quirks=profile_of(self.app) if chosen is None else chosen,
            on_repair=on_repair,
        )

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
                    await self._hold(with_state(script, self.state), before | {lifespan.task})
                for seen in list(self.seen):
                    await self._vary(seen)
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
        replayed = tuple([await self._try_quirk(seen, one) for one in replayed])
        seen = seen._replace(replayed=replayed)
        known = seen.error is not None and exception_key(seen.error, seen.protocol) in self.findings
        if seen.ran_on and seen.left and not seen.outcome.unanswered and not known:
            raising = await self._observe(self.native, seen.script._replace(raising=True))
            seen = seen._replace(ends_at_oserror=not raising.ran_on)
        if wants_rerun(seen) and not known:
            seen = seen._replace(rerun=await self._rerun_once(seen))
        self.seen.append(seen)
        self.findings.extend(judge(seen))

    async def _rerun_once(self, seen: Observation) -> Rerun:
        """Hold it through `to_asgi3`, unless one that hung or ran on at the same place has been."""
        outcome = seen.outcome
        if not (outcome.unanswered or seen.ran_on):
            return await self.rerun(seen.script)
        place = (seen.protocol, outcome.unanswered, outcome.receiving, place_in(outcome.stack))
        if place not in self._hung:
            self._hung[place] = await self.rerun(seen.script)
        return self._hung[place]

    async def _try_quirk(self, seen: Observation, one: Replayed) -> Replayed:
        """Send what was refused once more with the quirk of its rule, and say whether that helps."""
        name = quirk_of(one.refused.rule) if one.refused is not None else ""
        if not name or one.at_return or MISSPELT in str(one.refused):
            return one
        adapt = functools.partial(self.adapt, quirks=quirk(name, True).quirks)
        returned = seen.returned and seen.has_all_steps
        again = await replay(seen.script, seen.steps, adapt, doubled=self.doubled, returned=returned)
        return one if any(fails(each, one) for each in again) else one._replace(quirk=name)

    async def _vary(self, seen: Observation) -> None:
        """Hold the variations of one conversation that only matter where something goes wrong."""

        async def observe(script: Script) -> Observation:
            return await self._observe(self.native, script)

        taken = taken_for_the_end(seen)
        if taken is not None:
            self.findings.extend([taken])
        if can_vary(seen) and seen.protocol not in self._varied:
            self._varied.add(seen.protocol)
            bare, found = await needed(seen, observe, self.rerun)
            self.seen += [] if bare is None else [bare]
            self.findings.extend(found)
        if can_vary(seen) and sent_in_pieces(seen):
            cut = await cut_short(seen, observe, self.rerun)
            self.findings.extend([] if cut is None else [cut])

    async def rerun(self, script: Script) -> Rerun:
        """Hold a conversation that failed through `to_asgi3`, and look for the option that helps."""
        rerun = await self.rerun_adapted(script)
        if rerun.helps or self.options.quirks is not None:
            return rerun
        hangs = rerun.result == NO_END
        found = await search(lambda quirks: self.rerun_adapted(script, quirks), 4 if hangs else None)
        return rerun if found is None else found

    async def _observe(self, app: Any, script: Script) -> Observation:
        # Frameworks write into the scope, and into what is in it: each conversation gets a copy of all of it.
        scope = fresh_scope(script)
        if "state" in scope:
            scope["state"] = dict(self.state)
        client = client_of(script.conversation._replace(scope=scope))
        server = ScriptedServer(
            client, limits=LIMITS, pause=script.pause, patience=script.patience, raising=script.raising
        )
        self.monitor.reset()
        outcome = await hold(app, server, self.options.timeout)
        return observation(script, server, outcome, self.options.timeout)._replace(lag=self.monitor.lag)

    async def rerun_adapted(self, script: Script, quirks: Optional[Quirks] = None) -> Rerun:
        """Hold the same conversation through `to_asgi3`."""
        quirks = self.options.quirks if quirks is None else quirks
        style = None if self.options.style == "auto" else self.options.style
        app = to_asgi3(self.app, style=style, quirks=quirks)
        if script.protocol == "lifespan":
            lifespan = Lifespan(app, lifespan_script({}, doubled=self.doubled), self.options.timeout)
            await lifespan.startup()
            seen = await lifespan.shutdown(always=True)
            return Rerun(seen.described, seen.startup == seen.shutdown == "complete")
        seen = await self._observe(app, script)
        if isinstance(seen.error, Blocked):
            return Rerun("it blocks the event loop there, too", False)
        if seen.outcome.unanswered or seen.ran_on:
            return Rerun(NO_END, False)
        if seen.error is not None:
            return Rerun(describe(seen.error), False)
        if script.whole is not None:
            return Rerun(seen.described, answer_of(seen) == script.whole)
        if seen.status is not None and seen.status >= 500:
            return Rerun(seen.described, False)
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
