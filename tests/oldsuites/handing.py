"""A plugin for the pytest of the old project: hand its client every application through us.

It runs inside the old environment, on the pytest of the day, and changes no file of the suite. What it is
to do it reads from the environment variable OLDSUITE, the JSON of `suites.run`; what happened it writes, at
the end, to the file named there: for each test its outcome, and how often an application was called
through us while it ran.

All these clients speak ASGI2, `app(scope)(receive, send)`. The ways are

- ``without us``: nothing is touched;
- ``to_asgi3``: what `to_asgi3` gives, turned for the client by a line that changes no message;
- ``there and back``: `to_asgi2(to_asgi3(app))`, as a user writes it. The one takes the other off instead of
  putting itself around it, so that the rules of `to_asgi2` are what is tried.
- ``both at once``: the same with a function between the two that hides the one from the other, so that
  every message goes through the rules of both.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import sys
from typing import Any, Dict, List

from asgi_compat import to_asgi2, to_asgi3

TASK: Dict[str, Any] = json.loads(os.environ["OLDSUITE"])

outcomes: Dict[str, str] = {}  # test id -> "passed", "failed", "skipped", "xfailed", "xpassed", "error"
reached: Dict[str, int] = {}  # test id -> calls of applications through us
reasons: Dict[str, str] = {}  # test id -> the end of what pytest says of a failure
_running: List[str] = [""]


class Handed:
    """What the client gets: double-callable, and otherwise the application itself."""

    def __init__(self, app: Any) -> None:
        self._app = app
        modern: Any = to_asgi3(app)

        async def between(scope: Any, receive: Any, send: Any) -> None:
            await modern(scope, receive, send)

        if TASK["way"] == "to_asgi3":
            self._double: Any = lambda scope: functools.partial(modern, scope)
        elif TASK["way"] == "there and back":
            self._double = to_asgi2(modern)
        else:
            self._double = to_asgi2(between)

    def __call__(self, scope: Any) -> Any:
        reached[_running[0]] = reached.get(_running[0], 0) + 1
        return self._double(scope)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)


def _hand(app: Any) -> Handed:
    return app if isinstance(app, Handed) else Handed(app)


def _client(cls: Any) -> None:
    make = cls.__init__

    @functools.wraps(make)
    def __init__(self: Any, app: Any, *args: Any, **options: Any) -> None:
        make(self, _hand(app), *args, **options)

    cls.__init__ = __init__


def pytest_sessionstart(session: Any) -> None:
    # Not at import: the folder of the suite comes on the path after the plugins.
    for name in TASK["absent"]:
        sys.modules[name] = None  # type: ignore[assignment]
    if TASK["way"] == "without us":
        return
    sys.path.insert(0, os.getcwd())
    for kind, names in (("client", TASK["clients"]), ("application", TASK["applications"])):
        for name in names:
            module, _, attribute = name.partition(":")
            owner = importlib.import_module(module)
            thing = getattr(owner, attribute)
            if kind == "client":
                _client(thing)
            else:
                setattr(owner, attribute, _hand(thing))


def pytest_runtest_logstart(nodeid: str, location: Any) -> None:
    _running[0] = nodeid


def pytest_runtest_logreport(report: Any) -> None:
    outcome = report.outcome
    if hasattr(report, "wasxfail"):
        outcome = {"skipped": "xfailed", "passed": "xpassed"}.get(outcome, outcome)
    if report.when != "call":
        if outcome == "passed":
            return
        if outcome == "failed":
            outcome = "error"
    if report.failed:
        reasons[report.nodeid] = str(report.longrepr)[-3000:]
    # A test that passes and fails in its teardown has failed.
    if outcomes.get(report.nodeid) not in ("failed", "error"):
        outcomes[report.nodeid] = outcome


def pytest_collectreport(report: Any) -> None:
    if report.failed:
        outcomes[report.nodeid] = "error"
        reasons[report.nodeid] = str(report.longrepr)[-3000:]


def pytest_sessionfinish(session: Any) -> None:
    with open(TASK["seen"], "w") as file:
        json.dump({"outcomes": outcomes, "reached": reached, "reasons": reasons}, file)
