"""Every old application on every server of today, in every way: the runs, and the table of them.

    python -m tests.legacy.matrix [--adapter asgiref] [--only starlette] [--server uvicorn]
                                  [--way module] [--jobs 2] [--write docs/compatibility.md]

A cell is one server process that is asked a framework's whole table of observations. It passes an
observation when what is seen is one of the answers captured on the servers of 2019 (answers.py).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from . import environments
from .answers import accepted, agrees, load
from .client import Observation, Stop, observe
from .frameworks import FRAMEWORKS, Framework
from .observations import TABLES
from .servers import APPS, TODAY, DidNotStart, Running, Server, free_port

# "module": three lines of the reader's own, served by the server's own command line.
# "serve": python -m asgi_compat serve, which starts the server in its default configuration.
WAYS = ("module", "serve")
ROOT_PATHS = ("", "/pre")

MODULES = {
    "asgi_compat": "from asgi_compat import to_asgi3\nfrom {module} import app as old\napp = to_asgi3(old)\n",
    # What one gets with the adapter that Django's own ecosystem used, for comparison.
    "asgiref": (
        "from asgiref.compatibility import guarantee_single_callable\n"
        "from {module} import app as old\n"
        "app = guarantee_single_callable(old)\n"
    ),
}


@dataclass(frozen=True)
class Cell:
    framework: str
    server: str
    way: str
    root_path: str

    def __str__(self) -> str:
        return "-".join([self.framework, self.server, self.way] + ["rooted"] * bool(self.root_path))


@dataclass(frozen=True)
class Failure:
    observation: str
    seen: List[Any]
    allowed: List[Any]

    def __str__(self) -> str:
        wanted = "\n    or  ".join(json.dumps(one, ensure_ascii=False) for one in self.allowed)
        return f"{self.observation}\n    saw {json.dumps(self.seen, ensure_ascii=False)}\n    not {wanted}"


@dataclass(frozen=True)
class Result:
    cell: Cell
    asked: int
    failures: Tuple[Failure, ...]
    log: str
    started: bool = True

    @property
    def passed(self) -> int:
        return self.asked - len(self.failures)


def cells(
    frameworks: Optional[Sequence[str]] = None,
    servers: Optional[Sequence[str]] = None,
    ways: Sequence[str] = WAYS,
    root_paths: Sequence[str] = ROOT_PATHS,
) -> Iterator[Cell]:
    """All cells, or those of the names given. `serve` starts each server in one configuration only."""
    for framework in frameworks or FRAMEWORKS:
        for way in ways:
            for server in servers or TODAY:
                if (way == "serve" and "-" in server) or server in FRAMEWORKS[framework].without:
                    continue
                for root_path in root_paths:
                    yield Cell(framework, server, way, root_path)


def walk(
    table: Sequence[Observation], running: Running, names: Optional[Sequence[str]] = None
) -> Dict[str, List[Any]]:
    """What was seen, by the observation's name. A server that died is said so in every later answer."""
    seen: Dict[str, List[Any]] = {}
    for observation in table:
        if names is not None and observation.name not in names:
            continue
        if any(isinstance(step, Stop) for step in observation.steps):
            wrote = running.stop()
            seen[observation.name] = [{"shutdown wrote": wrote, "ended in time": running.ended_in_time}]
        elif not running.alive:
            seen[observation.name] = [{"nothing": "the server has ended"}]
        else:
            seen[observation.name] = observe(observation, running.port)
    return seen


def command(cell: Cell, python: str, port: int) -> List[str]:
    """The command line a person would type for this cell."""
    server = TODAY[cell.server]
    if cell.way == "module":
        return server.command(python, "served:app", port, cell.root_path)
    line = [python, "-W", "ignore", "-m", "asgi_compat", "serve", FRAMEWORKS[cell.framework].app]
    line += ["--server", cell.server, "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    line += ["--app-dir", str(APPS)]
    return line + (["--root-path", cell.root_path] if cell.root_path else [])


def run(cell: Cell, adapter: str = "asgi_compat", names: Optional[Sequence[str]] = None) -> Result:
    """Start the server of one cell, ask it everything, compare with the truth."""
    framework: Framework = FRAMEWORKS[cell.framework]
    server: Server = TODAY[cell.server]
    table = [row for row in TABLES[cell.framework] if names is None or row.name in names]
    truth = load(cell.framework)["under " + cell.root_path if cell.root_path else "plain"]
    python = environments.today(framework)
    port = free_port()
    started = True
    with tempfile.TemporaryDirectory(prefix="legacy_served_") as folder:
        module = framework.app.partition(":")[0]
        Path(folder, "served.py").write_text(MODULES[adapter].format(module=module))
        running = Running(
            command(cell, python, port), port, [folder, str(APPS), str(environments.REPOSITORY)]
        )
        try:
            with running:
                seen = walk(table, running)
                log = running.log
        except DidNotStart as problem:
            seen = {row.name: [{"nothing": "the server did not start"}] for row in table}
            log, started = str(problem), False
    failures = []
    for row in table:
        allowed = accepted(row, truth[row.name], cell.server, server.lifespan)
        if not agrees(row, seen[row.name], allowed):
            failures.append(Failure(row.name, seen[row.name], allowed))
    return Result(cell, len(table), tuple(failures), log, started)


def run_all(
    chosen: Sequence[Cell],
    jobs: int,
    adapter: str = "asgi_compat",
    tell: Callable[[Result], None] = lambda _: None,
) -> List[Result]:
    """Run cells, `jobs` at a time. The environments are made first."""
    names = {cell.framework: None for cell in chosen}
    environments.make_all([(environments.today, FRAMEWORKS[name]) for name in names])

    def one(cell: Cell) -> Result:
        result = run(cell, adapter)
        tell(result)
        return result

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, chosen))


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table for each way: application x server, passed/total."""
    lines: List[str] = []
    for way in WAYS:
        for root_path in ROOT_PATHS:
            part = {
                (r.cell.framework, r.cell.server): r
                for r in results
                if (r.cell.way, r.cell.root_path) == (way, root_path)
            }
            if not part:
                continue
            servers = [name for name in TODAY if any(key[1] == name for key in part)]
            how = (
                "`to_asgi3` in a module of three lines"
                if way == "module"
                else "`python -m asgi_compat serve`"
            )
            lines += [f"### {how}" + (f", `--root-path {root_path}`" if root_path else ""), ""]
            lines += ["| application | " + " | ".join(servers) + " |", "|---|" + "---|" * len(servers)]
            totals = {name: [0, 0] for name in servers}
            for framework in FRAMEWORKS.values():
                row = []
                for name in servers:
                    result = part.get((framework.name, name))
                    row.append(f"{result.passed}/{result.asked}" if result else "")
                    if result:
                        totals[name][0] += result.passed
                        totals[name][1] += result.asked
                if any(row):
                    lines.append(f"| {framework.title} | " + " | ".join(row) + " |")
            lines.append(
                "| **together** | " + " | ".join("{}/{}".format(*totals[name]) for name in servers) + " |"
            )
            lines.append("")
    return "\n".join(lines)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.legacy.matrix", description=__doc__.split("\n")[0])
    parser.add_argument("--adapter", choices=MODULES, default="asgi_compat")
    parser.add_argument("--only", action="append", choices=FRAMEWORKS, help="this framework; may be repeated")
    parser.add_argument("--server", action="append", choices=TODAY)
    parser.add_argument("--way", action="append", choices=WAYS)
    parser.add_argument("--root-path", choices=ROOT_PATHS, action="append")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="do not print every failure")
    asked = parser.parse_args(arguments)
    ways = asked.way or (WAYS if asked.adapter == "asgi_compat" else ("module",))
    chosen = list(cells(asked.only, asked.server, ways, asked.root_path or ROOT_PATHS))

    def tell(result: Result) -> None:
        print(f"{result.cell!s:55} {result.passed}/{result.asked}", flush=True)
        if not result.started:
            print(result.log[-2000:], flush=True)
        elif not asked.quiet:
            for failure in result.failures:
                print("  " + str(failure), flush=True)

    results = run_all(chosen, asked.jobs, asked.adapter, tell)
    print(table(results))
    return 1 if any(result.failures for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
