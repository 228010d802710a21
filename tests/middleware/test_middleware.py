"""A middleware of the one generation does in a stack of the other what it does in a stack of its own.

Each mix is one test; $ASGI_COMPAT_LEGACY_JOBS of them run at a time (two for each core), on the servers of
$ASGI_COMPAT_MIDDLEWARE_SERVERS (all of today's). docs/middleware-compatibility.md is written when all of
them were run.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set, Tuple

import pytest

from tests.legacy.environments import REPOSITORY, jobs
from tests.legacy.servers import TODAY

from .conftest import TABLES as PRINTED
from .reasons import REASONS, reason_for
from .report import differences, tables, write
from .run import (
    APPS,
    ENVIRONMENTS,
    Mix,
    Result,
    Runs,
    environment,
    hosted,
    mixes,
    more_headers,
    packages,
)

SERVERS = os.environ.get("ASGI_COMPAT_MIDDLEWARE_SERVERS", ",".join(TODAY)).split(",")
MIXES = [*mixes(SERVERS), *hosted()]
EVERYTHING = {*mixes(), *hosted()}

# What the native stack has to show, so that no two empty answers agree: a name, and a part of its JSON.
SHOWN: Dict[Tuple[str, str], List[Tuple[str, str]]] = {
    ("new", "sessions"): [
        ("session over three requests", '"body": "3"'),
        ("session over three requests", "session="),
    ],
    ("new", "gzip"): [
        ("gzip of a large answer", '"content-encoding": "gzip"'),
        ("gzip of a streamed answer", '"content-encoding": "gzip"'),
    ],
    ("new", "cors"): [
        ("cors preflight", '"access-control-allow-methods": "GET, PUT'),
        ("cors answer", '"access-control-allow-origin": "https://shop.example"'),
    ],
    ("new", "base"): [
        ("request", '"x-stamp": "seen /hello"'),
        ("streamed answer", '"x-stamp": "seen /stream"'),
    ],
    ("new", "sentry-sdk"): [
        ("records of /boom", '["RuntimeError", "meant to happen", "asgi"]'),
        ("records of /ws/boom", '["RuntimeError", "meant to happen in a socket", "asgi"]'),
        ("records of /hello", '"status_code": 200'),
    ],
    ("new", "opentelemetry"): [
        ("records of /hello", '"http.status_code": 200'),
        ("records of /nowhere", '"http.status_code": 404'),
        ("records of /boom", '"status": "ERROR"'),
        ("records of /ws/boom", '[["exception", "RuntimeError"]]'),
        ("records of /ws/echo", '"kind": "SERVER"'),
    ],
    ("new", "elastic-apm"): [
        ("records of /hello", '"status_code": 200'),
        ("records of /echo", '"body": "one body"'),
        ("records of /boom", '"exception": "RuntimeError"'),
    ],
    ("new", "elastic-apm for Starlette"): [
        ("records of /hello", '"status_code": 200'),
        ("records of /boom", '"exception": "RuntimeError"'),
    ],
    ("new", "three"): [
        ("records of /stream", '"http.status_code": 200'),
        ("session over three requests", '"body": "3"'),
        ("gzip of a large answer", '"content-encoding": "gzip"'),
    ],
    ("old", "channels.sessions"): [
        ("session over three requests", '"body": "3"'),
        ("session seen by a WebSocket", '\\"count\\": 2'),
    ],
    ("old", "channels.auth"): [
        ("log in, and be known", '"body": "ada"'),
        ("log in, and be known to a WebSocket", '\\"user\\": \\"ada\\"'),
        ("log out", '"body": "nobody"'),
    ],
    ("old", "channels, three apart"): [("log in, and be known to a WebSocket", '\\"user\\": \\"ada\\"')],
    ("old", "sentry-asgi"): [
        ("records of /boom", '["RuntimeError", "meant to happen", "generic"]'),
        ("records of /boom", '"transaction": "contract_starlette.boom"'),
    ],
    ("old", "timing-asgi"): [
        ("records of /hello", "http_status:200"),
        ("records of /boom", "http_status:500"),
    ],
    ("old", "starlette-prometheus"): [
        ("records of /hello", '"name": "requests_total", "value": 4.0'),
        ("records of /boom", '"name": "requests_total", "value": 2.0'),
        ("records of /nowhere", '"status_code": "404"'),
    ],
    ("old", "three"): [
        ("records of /boom", '"by": "prometheus"'),
        ("records of /boom", '"by": "sentry"'),
        ("records of /boom", '"by": "timing"'),
    ],
}


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Iterator[Dict[Mix, Future[Result]]]:
    """Every chosen mix, run once, some ahead of the test that asks. `-k` chooses."""
    parameters = [getattr(getattr(item, "callspec", None), "params", {}) for item in request.session.items]
    chosen: List[Mix] = [params["mix"] for params in parameters if "mix" in params]
    # One after the other: pip is the slowest part of it all when two run at a time.
    for name in ENVIRONMENTS:
        environment(name)
    runs = Runs()
    with more_headers(), ThreadPoolExecutor(jobs()) as pool:
        futures = {mix: pool.submit(runs.run, mix) for mix in chosen}
        try:
            yield futures
        finally:
            for future in futures.values():
                future.cancel()
    if not futures or not all(future.done() and not future.cancelled() for future in futures.values()):
        return
    seen = [future.result() for future in futures.values()]
    request.config.stash[PRINTED].append(f"{tables(seen)}\n{differences(seen)}")
    if set(futures) == EVERYTHING:
        write(seen)


@pytest.mark.parametrize("mix", MIXES, ids=str)
def test_does_what_it_does_natively(mix: Mix, results: Dict[Mix, Future[Result]]) -> None:
    result = results[mix].result()
    for name, text in SHOWN[mix.direction, mix.middleware]:
        assert text in json.dumps(result.native.get(name)), f"natively, {name}: {result.native.get(name)}"
    unexplained = [failure for failure in result.failures if reason_for(mix, failure) is None]
    assert not unexplained, "\n".join(
        [f"{result.passed}/{result.asked}", *map(str, unexplained), "the server printed:", result.log[-3000:]]
    )


def test_every_reason_is_needed(results: Dict[Mix, Future[Result]]) -> None:
    """A difference that is gone takes its reason with it."""
    if set(results) != EVERYTHING:
        pytest.skip("only a part of the mixes was run")
    seen = [future.result() for future in results.values()]
    needed = {reason_for(result.mix, failure) for result in seen for failure in result.failures}
    assert [reason.why for reason in REASONS if reason not in needed] == []


# -- what stands between them --------------------------------------------------------------------


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Dict[str, Any]:
    done = subprocess.run(
        [environment("mixed"), "-W", "ignore", str(APPS / "chain.py")],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "PYTHONPATH": os.pathsep.join([str(APPS), str(REPOSITORY)]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MIDDLEWARE_STARLETTE_THEN": str(packages("starlette-then")),
            "MIDDLEWARE_RECORDS": str(tmp_path_factory.mktemp("chain") / "records.jsonl"),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    loaded: Dict[str, Any] = json.loads(done.stdout)
    return loaded


GZIP = "GZipMiddleware"
SENTRY, TIMING = "SentryMiddleware", "TimingMiddleware"


@pytest.mark.parametrize(
    "stack, layers",
    [
        (
            "old around old around old around new",
            ["adapter", SENTRY, TIMING, "PrometheusMiddleware", "adapter", "Starlette"],
        ),
        (
            "new around new around new around old",
            ["adapter", "OpenTelemetryMiddleware", "SessionMiddleware", GZIP, "adapter", "Starlette"],
        ),
        (
            "old, new, old, new around new",
            ["adapter", SENTRY, "adapter", GZIP, "adapter", TIMING, "adapter", GZIP, "Starlette"],
        ),
        (
            "new, old, new, old around old",
            ["adapter", GZIP, "adapter", SENTRY, "adapter", GZIP, "adapter", TIMING, "Starlette"],
        ),
        ("to_asgi3 around old around to_asgi2", ["adapter", SENTRY, "adapter", "Starlette"]),
        ("to_asgi3 twice around to_asgi2 of it", ["adapter", "Starlette"]),
        ("40 deep", ["adapter", *[TIMING, SENTRY] * 20, "adapter", "Starlette"]),
        ("40 deep in the old", ["adapter", *[GZIP] * 40, "adapter", "Starlette"]),
        ("there and back is the same", [True, True, True]),
    ],
)
def test_one_adapter_where_the_generation_changes(
    stack: str, layers: List[Any], chains: Dict[str, Any]
) -> None:
    assert chains[stack] == layers


def test_one_adapter_in_the_stack_that_starlette_builds(chains: Dict[str, Any]) -> None:
    assert chains["in Starlette's stack"][:6] == [
        "ServerErrorMiddleware",
        "adapter",
        SENTRY,
        TIMING,
        "adapter",
        "ExceptionMiddleware",
    ]


# -- two releases of Starlette in one process ----------------------------------------------------


def late_imports(folder: Path) -> Set[str]:
    """`file:line` of every import of starlette that happens after the module was imported."""
    found = set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        names = [alias.name for alias in node.names]
                    elif isinstance(node, ast.ImportFrom):
                        names = ["starlette" if node.level else node.module or ""]
                    else:
                        continue
                    if any(name.split(".")[0] == "starlette" for name in names):
                        found.add(f"{path.name}:{node.lineno}")
    return found


def test_nothing_of_0_11_imports_starlette_late(tmp_path: Path) -> None:
    """apps/starlette_apart.py rests on it: a late import would find the other release."""
    assert late_imports(packages("starlette-then") / "starlette") == set()
    assert late_imports(packages("mixed") / "starlette_prometheus") == set()
    (tmp_path / "late.py").write_text("def f():\n    from starlette import status\n    import starlette.x\n")
    assert late_imports(tmp_path) == {"late.py:2", "late.py:3"}
