"""Each middleware of the one generation in a stack of the other, beside the same in a stack of its own.

    python -m tests.middleware.run [--only opentelemetry] [--app channels] [--server uvicorn] [--jobs 2]

A mix is one process of a real server. What its client sees and what its middleware records is compared with
what is seen and recorded where the middleware stands around the same application in its own generation:
today's on the same server of today, those of 2019 on uvicorn 0.5.2 and Starlette 0.11.4 with Python 3.8.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple
from unittest import mock

import httpx

from tests.legacy import client
from tests.legacy.answers import agrees
from tests.legacy.client import Stop
from tests.legacy.environments import REPOSITORY, make
from tests.legacy.matrix import walk
from tests.legacy.servers import THEN, TODAY, DidNotStart, Running, free_port

from .observations import table

FOLDER = Path(__file__).resolve().parent
APPS = FOLDER / "apps"

# Python of the mixes: the newest with which Channels 2.4 and Django 3.0 can be imported.
PYTHON = "3.12"
THEN_PYTHON = "3.8"
# With httptools, because h11 refuses the cookie of channels.sessions, which begins with a space, and with
# websockets, because with wsproto it drops the connection that an application refuses.
THEN_SERVER = replace(
    THEN["uvicorn-0.5.2-h11-websockets"],
    name="uvicorn-0.5.2-httptools-websockets",
    arguments=[
        "httptools" if word == "h11" else word for word in THEN["uvicorn-0.5.2-h11-websockets"].arguments
    ],
)

# What serves a stack of 2019 that nothing turns round. Channels 2.4 has daphne; with uvicorn 0.5.2 it fails
# at every binary message.
HOSTS = {"starlette": THEN_SERVER, "channels": THEN["daphne-2.3.0"]}

# Of the headers, what these middlewares decide, beside what tests/legacy asks about.
MORE_HEADERS = {
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
    "vary",
}

NEW = (
    "sessions",
    "gzip",
    "cors",
    "base",
    "sentry-sdk",
    "opentelemetry",
    "elastic-apm",
    "elastic-apm for Starlette",
    "three",
)
OLD = (
    "channels.sessions",
    "channels.auth",
    "channels, three apart",
    "sentry-asgi",
    "timing-asgi",
    "starlette-prometheus",
    "three",
)
TITLES = {
    "sessions": "Starlette 1.10 SessionMiddleware",
    "gzip": "Starlette 1.10 GZipMiddleware",
    "cors": "Starlette 1.10 CORSMiddleware",
    "base": "Starlette 1.10 BaseHTTPMiddleware",
    "sentry-sdk": "sentry-sdk 2.75 SentryAsgiMiddleware",
    "opentelemetry": "OpenTelemetry 0.66 OpenTelemetryMiddleware",
    "elastic-apm": "elastic-apm 6.26 ASGITracingMiddleware",
    "elastic-apm for Starlette": "elastic-apm 6.26 ElasticAPM for Starlette",
    "channels.sessions": "Channels 2.4 SessionMiddlewareStack",
    "channels.auth": "Channels 2.4 AuthMiddlewareStack",
    "channels, three apart": "Channels 2.4 cookies, sessions and auth one by one",
    "sentry-asgi": "sentry-asgi 0.1.5",
    "timing-asgi": "timing-asgi 0.1.2",
    "starlette-prometheus": "starlette-prometheus 0.1.1",
}
APPLICATIONS = {
    ("new", "starlette"): "Starlette 0.11.4",
    ("new", "channels"): "Channels 2.4.0",
    ("old", "starlette"): "Starlette 1.10.0",
}


@dataclass(frozen=True)
class Mix:
    """`middleware` around `application` on `server`, put there in the manner of `form`.

    Direction "new": a middleware of today around an application of 2019; "old": the reverse. Forms:
    "outside": around an application made fit with `to_asgi3` or `to_asgi2`; "inside" and "add": by the
    framework's own way to add one; "list": `Starlette(middleware=[Middleware(...)])`; "mounted": in the
    stack of a Starlette of today that the application is mounted in; "asgi2": inside, and nothing turned
    round for a server of today.
    """

    direction: str
    middleware: str
    application: str
    form: str
    server: str

    def __str__(self) -> str:
        return f"{self.direction}-{self.middleware}-{self.application}-{self.form}-{self.server}"

    @property
    def title(self) -> str:
        if self.middleware == "three":
            three = (
                "OpenTelemetry, sessions, GZip" if self.direction == "new" else "sentry, timing, prometheus"
            )
            return f"three deep: {three}"
        title = TITLES[self.middleware]
        if self.form == "asgi2":
            # The newest for Python 3.8.
            title = title.replace("Starlette 1.10", "Starlette 0.44").replace(
                "OpenTelemetry 0.66", "OpenTelemetry 0.54"
            )
        return title


@dataclass(frozen=True)
class Failure:
    name: str
    native: Any
    mixed: Any

    def __str__(self) -> str:
        native, mixed = (json.dumps(one, ensure_ascii=False) for one in (self.native, self.mixed))
        return f"{self.name}\n    native {native}\n    mixed  {mixed}"


@dataclass(frozen=True)
class Result:
    mix: Mix
    native: Dict[str, Any]
    mixed: Dict[str, Any]
    failures: Tuple[Failure, ...]
    log: str

    @property
    def asked(self) -> int:
        return len(set(self.native) | set(self.mixed))

    @property
    def passed(self) -> int:
        return self.asked - len(self.failures)


def mixes(servers: Optional[Sequence[str]] = None) -> Iterator[Mix]:
    """All mixes, those of one native run next to each other."""
    for server in TODAY if servers is None else servers:
        for middleware in NEW:
            for application in ("starlette", "channels"):
                # The one that rests on today's ServerErrorMiddleware stands in a stack that has it.
                mounted = middleware == "elastic-apm for Starlette"
                for form in ("mounted",) if mounted else ("outside", "inside"):
                    yield Mix("new", middleware, application, form, server)
        for middleware in OLD:
            for form in ("list", "add", "outside"):
                yield Mix("old", middleware, "starlette", form, server)


def hosted() -> Iterator[Mix]:
    """Middlewares of today in whole stacks of 2019, on servers of 2019."""
    for middleware in NEW:
        # Those of elastic-apm cannot be imported by Python 3.8: they say `dict[str, str]`.
        if not middleware.startswith("elastic-apm"):
            for application, server in HOSTS.items():
                yield Mix("new", middleware, application, "asgi2", server.name)


_OURS = FOLDER / "requirements"

# The Python and the installations of each environment; two where Channels 2.4 asks for daphne 2 and gets the
# one of today, as in tests/legacy.
ENVIRONMENTS: Dict[str, Tuple[str, List[List[str]]]] = {
    "then": (THEN_PYTHON, [[str(_OURS / "then.txt"), "servers-then.txt"]]),
    "mixed": (PYTHON, [[str(_OURS / "mixed.txt")], ["servers-today.txt"]]),
    "starlette-then": (PYTHON, [[str(_OURS / "starlette-then.txt")]]),
    "channels-today": (PYTHON, [[str(_OURS / "channels-today.txt")], ["servers-today.txt"]]),
    "hosts-then": (THEN_PYTHON, [[str(_OURS / "hosts-then.txt")]]),
    "hosts-today": (THEN_PYTHON, [[str(_OURS / "hosts-today.txt")], ["servers-today.txt"]]),
}


def environment(name: str) -> str:
    """Make the environment of that name, or find it made; its interpreter."""
    with _MAKING:
        return make(f"middleware-{name}", *ENVIRONMENTS[name])


_MAKING = threading.Lock()


def packages(name: str) -> Path:
    """The folder of an environment that its packages are in."""
    version = ENVIRONMENTS[name][0]
    return Path(environment(name)).parents[1] / "lib" / f"python{version}" / "site-packages"


def see(mix: Mix, native: bool) -> Tuple[Dict[str, Any], str]:
    """What is seen of one process, by name, and what its server printed."""
    if native and mix.direction == "old":
        server, environ = THEN_SERVER, "then"
    elif mix.form == "asgi2":
        server = TODAY["uvicorn"] if native else HOSTS[mix.application]
        environ = "hosts-today" if native else "then"
    else:
        server = TODAY[mix.server]
        environ = "channels-today" if native and mix.application == "channels" else "mixed"
    python = environment(environ)
    port = free_port()
    rows = table(mix.direction, mix.middleware, mix.application)
    last = [row for row in rows if any(isinstance(step, Stop) for step in row.steps)]
    with tempfile.TemporaryDirectory(prefix="middleware_run_") as folder:
        records = Path(folder, "records.jsonl")
        records.touch()
        variables = {
            "MIDDLEWARE_MIX": f"{mix.direction}/{mix.middleware}/{mix.application}/{mix.form}",
            "MIDDLEWARE_RECORDS": str(records),
        }
        path = [str(APPS)]
        if native:
            variables["MIDDLEWARE_NATIVE"] = "1"
        else:
            variables["MIDDLEWARE_STARLETTE_THEN"] = str(packages("starlette-then"))
            path.append(str(REPOSITORY))
            if mix.form == "asgi2":
                # Today's middlewares go in front of the stack of 2019, whose servers take minutes to build.
                path.append(str(packages("hosts-then")))
        running = Running(server.command(python, "served:app", port, ""), port, path, variables)
        try:
            with running:
                seen: Dict[str, Any] = walk([row for row in rows if row not in last], running)
                counters = _counters(port) if _counts(mix) else []
                time.sleep(0.3)
                seen.update(walk(last, running))
                running.stop()
                log = running.log
        except DidNotStart as problem:
            return {row.name: [{"nothing": "the server did not start"}] for row in rows}, str(problem)
        told: Dict[str, List[Any]] = {}
        for line in records.read_text("utf-8").splitlines() + counters:
            one = json.loads(line)
            told.setdefault(f"records of {one.pop('path') or 'no path'}", []).append(one)
        for records_of_path in told.values():
            records_of_path.sort(key=_kind_of_span)
    return {**seen, **told}, log


def _kind_of_span(record: Dict[str, Any]) -> Tuple[str, ...]:
    """Sort the spans of OpenTelemetry by kind; others stay as they came.

    The span of a WebSocket ends when its application does, which may be after the client has opened the next.
    """
    if record.get("by") != "opentelemetry":
        return ("",)
    event = record.get("attributes", {}).get("asgi.event.type", "")
    return record["by"], record["kind"], record["name"], event


def _counts(mix: Mix) -> bool:
    return mix.direction == "old" and mix.middleware in ("starlette-prometheus", "three")


def _counters(port: int) -> List[str]:
    """The counters of starlette-prometheus, as records: everything that is no time."""
    found = []
    page = httpx.get(
        f"http://127.0.0.1:{port}/metrics/",
        timeout=client.PATIENCE,
        trust_env=False,
        verify=client.WITHOUT_CERTIFICATES,
    )
    if page.status_code != 200:
        return [json.dumps({"by": "prometheus", "path": "/metrics", "status": page.status_code})]
    for name, labels, value in re.findall(r"(?m)^starlette_(\w+)\{(.*)\} (\S+)$", page.text):
        if not re.search(r"_(bucket|sum|created)$", name):
            known = dict(re.findall(r'(\w+)="([^"]*)"', labels))
            found.append(
                json.dumps(
                    {
                        "by": "prometheus",
                        "path": known.pop("path").rstrip("/"),
                        "name": name,
                        "labels": known,
                        "value": float(value),
                    },
                    sort_keys=True,
                )
            )
    return sorted(found)


class Runs:
    """Runs mixes, and each native stack only once however many ask for it. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._natives: Dict[Mix, threading.Event] = {}
        self._seen: Dict[Mix, Tuple[Dict[str, Any], str]] = {}

    def native(self, mix: Mix) -> Tuple[Dict[str, Any], str]:
        if mix.direction == "old" or mix.form == "asgi2":
            mix = replace(mix, server="")
        with self._lock:
            mine = mix not in self._natives
            done = self._natives.setdefault(mix, threading.Event())
        if mine:
            try:
                self._seen[mix] = see(mix, native=True)
            finally:
                done.set()
        done.wait()
        return self._seen[mix]

    def run(self, mix: Mix) -> Result:
        native, _ = self.native(mix)
        mixed, log = see(mix, native=False)
        rows = {row.name: row for row in table(mix.direction, mix.middleware, mix.application)}
        failures = tuple(
            Failure(name, native.get(name), mixed.get(name))
            for name in {**native, **mixed}
            if native.get(name) != mixed.get(name)
            # How a WebSocket ends whose application raises is the server's choice, as in tests/legacy.
            and not (name in rows and agrees(rows[name], mixed[name], [native[name]]))
        )
        return Result(mix, native, mixed, failures, log)


def run_all(
    chosen: Sequence[Mix], jobs: int, tell: Callable[[Result], None] = lambda _: None
) -> List[Result]:
    """Run mixes, `jobs` at a time."""
    runs = Runs()

    def one(mix: Mix) -> Result:
        result = runs.run(mix)
        tell(result)
        return result

    with more_headers(), ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, chosen))


def more_headers() -> Any:
    """A context in which the client writes down the headers of these middlewares as well."""
    return mock.patch.object(client, "SELECTED", client.SELECTED | MORE_HEADERS)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.middleware.run")
    parser.add_argument("--only", action="append", choices=sorted({*NEW, *OLD}))
    parser.add_argument("--app", action="append", choices=("starlette", "channels"))
    parser.add_argument("--direction", choices=("new", "old"))
    parser.add_argument("--form", action="append")
    parser.add_argument(
        "--server", action="append", choices=[*TODAY, *(server.name for server in HOSTS.values())]
    )
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print everything that was seen")
    asked = parser.parse_args(arguments)
    chosen = [
        mix
        for mix in [*mixes(), *hosted()]
        if (not asked.server or mix.server in asked.server)
        and (not asked.only or mix.middleware in asked.only)
        and (not asked.app or mix.application in asked.app)
        and (not asked.direction or mix.direction == asked.direction)
        and (not asked.form or mix.form in asked.form)
    ]

    def tell(result: Result) -> None:
        print(f"{result.mix!s:60} {result.passed}/{result.asked}", flush=True)
        for failure in result.failures:
            print("  " + str(failure), flush=True)
        if asked.show:
            for name, seen in result.mixed.items():
                print(f"  {name}: {json.dumps(seen, ensure_ascii=False)}")
            print(result.log)

    began = time.monotonic()
    results = run_all(chosen, asked.jobs, tell)
    passed, total = sum(r.passed for r in results), sum(r.asked for r in results)
    print(f"{len(results)} mixes, {passed}/{total}, {time.monotonic() - began:.0f} s")
    return 1 if passed < total else 0


if __name__ == "__main__":
    sys.exit(main())
