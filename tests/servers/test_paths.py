"""A long path full of escapes costs the adapter less than the server: no request stops the event loop.

Each server gets the longest path that it takes, in which the prefix is spelled with another escape than
the servers' own, so that the adapter has to look for its end in raw_path (A8). What is compared are two
requests of one run on one connection, answered with and without the adapter; no time is asserted.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

import pytest
from starting import COLUMNS, Server
from table_of_cells import Table
from wire import Line, request

#: Times the time of the application without an adapter.
REACH = 2.0
#: Requests of each kind; the fastest counts. A machine that is busy gets another try.
REQUESTS = 15
ATTEMPTS = 4
PREFIX = b"/shop%2F"
#: Bytes of a path, and of one in which Twisted's 16,384 bytes for a request line have a place.
LONG, SHORT = 60_000, 16_000


class Serving(NamedTuple):
    """How a column is told about the prefix and about lines that long."""

    arguments: Tuple[str, ...]
    application: str = "application"
    size: int = LONG
    headers: Tuple[str, ...] = ()


UVICORN = ("--h11-max-incomplete-event-size", "131072", "--no-access-log", "--log-level", "warning")
#: uvicorn puts its root path in front of the path, so that the client asks for what follows it.
CASES: Dict[str, Tuple[str, Serving]] = {
    "uvicorn-h11": ("uvicorn-h11-websockets", Serving(UVICORN, "mounted")),
    "uvicorn-httptools": ("uvicorn-httptools-sansio", Serving(UVICORN, "mounted")),
    "hypercorn": ("hypercorn", Serving(("--root-path", "/shop", "-c", "{folder}/hypercorn.toml"))),
    "hypercorn-mount": ("hypercorn", Serving(("-c", "{folder}/hypercorn.toml"), "mounted")),
    "granian": ("granian", Serving(("--url-path-prefix", "/shop"))),
    "granian-mount": ("granian", Serving((), "mounted")),
    "daphne": ("daphne", Serving(("--root-path", "/shop"), size=SHORT)),
    "daphne-header": ("daphne", Serving((), size=SHORT, headers=("Daphne-Root-Path: /shop",))),
    "daphne-mount": ("daphne", Serving((), "mounted", size=SHORT)),
}


def fastest(line: Line, target: str, headers: Tuple[str, ...]) -> Tuple[List[float], List[str]]:
    """Ask in turns without and with the adapter; give the best time of each and the last answers."""
    best, answers = [float("inf")] * 2, ["", ""]
    for number in range(2 * REQUESTS):
        kind = number % 2
        data = request(f"{target}?{('bare', 'adapted')[kind]}", headers=headers)
        begun = time.perf_counter()
        line.socket.sendall(data)
        answer = line.read()
        best[kind] = min(best[kind], time.perf_counter() - begun)
        assert answer.status == 200 and not answer.end, answer.described()
        answers[kind] = answer.body.decode()
    return best, answers


@pytest.mark.parametrize("case", CASES)
def test_a_long_path_costs_less_than_the_server(case: str, tmp_path: Path, table: Table) -> None:
    """The adapter answers in less than twice the time of the same application without it."""
    column, serving = CASES[case]
    (tmp_path / "hypercorn.toml").write_text("h11_max_incomplete_size = 131072\n", encoding="utf-8")
    arguments = [word.format(folder=tmp_path) for word in serving.arguments]
    target = (PREFIX + b"/%41" * ((serving.size - len(PREFIX)) // 4)).decode()
    ratios: List[float] = []
    with Server(COLUMNS[column], f"paths_application:{serving.application}", arguments) as server:
        for _ in range(ATTEMPTS):
            with Line(server.port) as line:
                line.socket.settimeout(60)
                (without, adapted), answers = fastest(line, target, serving.headers)
            ratios.append(adapted / without)
            if ratios[-1] < REACH:
                break
    table.notes.append(
        f"{case}: a path of {len(target)} bytes, {1000 * without:.2f} ms without the adapter,"
        f" {1000 * adapted:.2f} ms with it: {ratios[-1]:.2f} times; {answers[0]!r}, {answers[1]!r}"
    )
    assert min(ratios) < REACH, f"{case}: {ratios}"
