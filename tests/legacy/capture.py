"""Make truth/<framework>.json again, on the servers of the framework's own day.

    python -m tests.legacy.capture [--twice] [framework ...]

Every application is asked everything on each server of servers-then.txt, without and with a root
path. With --twice all of it is asked two times over, and an answer that is not the same both times
is named and makes the exit code 1.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Dict, List

from . import environments
from .answers import file_of
from .frameworks import FRAMEWORKS, THEN_PYTHON, Framework
from .matrix import walk
from .observations import TABLES
from .servers import APPS, THEN, Running, Server, free_port

ROOT_PATHS = ("", "/pre")


def see(framework: Framework, server: Server, python: str, root_path: str) -> Dict[str, List[Any]]:
    port = free_port()
    with Running(server.command(python, framework.app, port, root_path), port, [str(APPS)]) as running:
        return walk(TABLES[framework.name], running)


def capture(framework: Framework, twice: bool) -> List[str]:
    """Write the truth of one framework; the names of observations that did not repeat."""
    python = environments.then(framework)
    unsteady = []
    captured: Dict[str, Any] = {
        "framework": framework.title,
        "captured on": {"python": THEN_PYTHON, "packages": environments.installed(python)},
    }
    for root_path in ROOT_PATHS:
        answers: Dict[str, List[Dict[str, Any]]] = {row.name: [] for row in TABLES[framework.name]}
        for server in THEN.values():
            first = see(framework, server, python, root_path)
            again = see(framework, server, python, root_path) if twice else first
            for name, seen in first.items():
                if again[name] != seen:
                    unsteady.append(
                        f"{framework.name} {server.name} {root_path!r} {name}:\n  {seen}\n  {again[name]}"
                    )
                for answer in answers[name]:
                    if answer["seen"] == seen:
                        answer["on"].append(server.name)
                        break
                else:
                    answers[name].append({"on": [server.name], "seen": seen})
            print(
                f"{framework.name:18} {server.name:32} {root_path or '/':5} {len(first)} answers", flush=True
            )
        captured["under " + root_path if root_path else "plain"] = answers
    file_of(framework.name).write_text(json.dumps(captured, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return unsteady


def main() -> int:
    unsteady = []
    wanted = [argument for argument in sys.argv[1:] if argument != "--twice"]
    for name in wanted or list(FRAMEWORKS):
        unsteady += capture(FRAMEWORKS[name], "--twice" in sys.argv)
    for line in unsteady:
        print("NOT STEADY", line, file=sys.stderr)
    return 1 if unsteady else 0


if __name__ == "__main__":
    sys.exit(main())
