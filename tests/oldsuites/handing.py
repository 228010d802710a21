"""A plugin for the pytest of the project: hand its client every application through us.

It runs inside the project's environment, on the pytest of the day, and changes no file of the suite.
What it is to do it reads from the environment variable OLDSUITE, the JSON of `suites.run`; what happened
it writes, at the end, to the file named there: for each test its outcome, and how often an application
was called through us while it ran.

The old clients speak ASGI2, `app(scope)(receive, send)`. The ways are

- ``without us``: nothing is touched;
- ``to_asgi3``: what `to_asgi3` gives, turned for the client by a line that changes no message;
- ``there and back``: `to_asgi2(to_asgi3(app))`, as a user writes it. The one takes the other off instead of
  putting itself around it, so that the rules of `to_asgi2` are what is tried.
- ``both at once``: the same with a function between the two that hides the one from the other, so that
  every message goes through the rules of both.

The current clients speak ASGI3. For them ``to_asgi3`` is what a user writes, and ``guarantee`` is
`guarantee_single_callable`.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import sys
from typing import Any, Dict

from asgi_compat import guarantee_single_callable, to_asgi2, to_asgi3

TASK: Dict[str, Any] = json.loads(os.environ["OLDSUITE"])

outcomes: Dict[str, str] = {}  # test id -> "passed", "failed", "skipped", "xfailed", "xpassed", "error"
reasons: Dict[str, str] = {}  # test id -> the end of what pytest says of a failure


def _note() -> None:
    """Write down that the running test has reached an application: some suites serve in a child process."""
    with open(TASK["seen"] + ".reached", "a") as file:
        # pytest's variable: a child that was spawned has no other memory of the test.
        file.write(os.environ.get("PYTEST_CURRENT_TEST", "").rsplit(" (", 1)[0] + "\n")


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
        _note()
        return self._double(scope)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)


class HandedSingle:
    """What a current client gets: single-callable, and otherwise the application itself."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._single: Any = (guarantee_single_callable if TASK["way"] == "guarantee" else to_asgi3)(app)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        _note()
        return await self._single(scope, receive, send)

    def __reduce__(self) -> Any:
        return HandedSingle, (self._app,)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)


def _hand(app: Any) -> Any:
    if isinstance(app, (Handed, HandedSingle)):
        return app
    return HandedSingle(app) if TASK["single"] else Handed(app)


def _client(cls: Any) -> None:
    make = cls.__init__

    @functools.wraps(make)
    def __init__(self: Any, *args: Any, **options: Any) -> None:
        if args:
            args = (_hand(args[0]), *args[1:])
        else:
            name = "app" if "app" in options else "application"
            options[name] = _hand(options[name])
        make(self, *args, **options)

    cls.__init__ = __init__


def _loader(cls: Any, method: str, attribute: str) -> None:
    load = getattr(cls, method)

    @functools.wraps(load)
    def loading(self: Any, *args: Any, **options: Any) -> Any:
        result = load(self, *args, **options)
        setattr(self, attribute, _hand(getattr(self, attribute)))
        return result

    setattr(cls, method, loading)


def _patch(kind: str, module: str, path: str) -> None:
    owner = importlib.import_module(module)
    if kind == "loaders":
        name, method, attribute = path.split(".")
        _loader(getattr(owner, name), method, attribute)
    elif kind == "clients":
        _client(getattr(owner, path))
    else:
        setattr(owner, path, _hand(getattr(owner, path)))


def _shrink_nothing() -> None:
    """Have hypothesis report the first example that fails: each one may start a server."""
    try:
        from hypothesis import Phase, settings
    except ImportError:
        return
    settings.register_profile("unshrunk", phases=(Phase.explicit, Phase.generate))
    settings.load_profile("unshrunk")


def pytest_sessionstart(session: Any) -> None:
    # Not at import: the folder of the suite comes on the path after the plugins.
    for name in TASK["absent"]:
        sys.modules[name] = None  # type: ignore[assignment]
    _shrink_nothing()
    if TASK["way"] == "without us":
        return
    sys.path.insert(0, os.getcwd())
    for kind in ("clients", "applications", "loaders"):
        for name in TASK[kind]:
            _patch(kind, *name.split(":"))


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
    reached: Dict[str, int] = {}  # test id -> calls of applications through us
    if os.path.exists(TASK["seen"] + ".reached"):
        with open(TASK["seen"] + ".reached") as noted:
            for line in noted.read().splitlines():
                reached[line] = reached.get(line, 0) + 1
    with open(TASK["seen"], "w") as file:
        json.dump({"outcomes": outcomes, "reached": reached, "reasons": reasons}, file)
