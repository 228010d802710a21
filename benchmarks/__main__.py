"""``python -m benchmarks [room ...]``: print every promise with a number, ratios first.

Exit status 0 whatever the figures are: they are for reading, and a busy machine is no defect. A figure
that does not reach what is promised is marked.

``python -m benchmarks load --help`` is another: minutes of load on real servers, asked for by name only.
"""

from __future__ import annotations

import importlib
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import List

ROOMS = ("shape", "whole_service", "served", "import_time", "detection", "migration")


def _versions() -> str:
    found = []
    for name in ("asgiref", "uvicorn"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def main(rooms: List[str]) -> int:
    if rooms[:1] == ["load"]:
        return int(importlib.import_module("benchmarks.load").main(rooms[1:]))
    unknown = [room for room in rooms if room not in ROOMS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(ROOMS)}, load", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {_versions()}")
    for room in rooms or ROOMS:
        for row in importlib.import_module(f"benchmarks.{room}").measure():
            print(f"{row.figure:>8}  {row.what}")
            print(f"{'':>8}  {row.reach}{'' if row.holds else ' - NOT REACHED'}; {row.details}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
