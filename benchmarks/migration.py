"""How long `migrate` takes: 100,000 lines of ASGI2, and one file of 2,000 lines."""

from __future__ import annotations

import gc
import time
import tracemalloc
from typing import List

from asgi_compat.migrate import REWRITES, migrate_bytes

from .rounds import Row

LINES = 100_000
FILE = 2_000


def source(lines: int) -> bytes:
    """Return a file with every idiom in it, over and over; each line of it is ASGI."""
    parts = [
        row.before
        for row in REWRITES.values()
        if row.name in ("closures", "partials", "helper-classes", "hands-on")
    ]
    text = "\n".join(parts)
    return (text * (lines // text.count("\n") + 1)).encode()


def seconds(data: bytes, times: int = 1) -> float:
    """Return the processor time of one migration, the best of some."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        assert migrate_bytes(data).status == "rewritten"
        best = min(best, time.process_time() - start)
    return best


def measure() -> List[Row]:
    """Return the rows."""
    one = source(FILE)
    files = LINES // one.count(b"\n") + 1
    start = time.process_time()
    for _ in range(files):
        migrate_bytes(one)
    many = time.process_time() - start
    single = seconds(one, 3)
    tracemalloc.start()
    migrate_bytes(one)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(3):
        migrate_bytes(one)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return [
        Row(
            f"migrate, {LINES:,} lines, seconds of one processor",
            f"{many:.1f}",
            "below 30",
            many < 30,
            f"{files} files of {one.count(chr(10).encode()):,} lines, every one ASGI2",
        ),
        Row(
            f"migrate, one file of {FILE:,} lines, seconds",
            f"{single:.2f}",
            "below 0.5",
            single < 0.5,
            "",
        ),
        Row(
            "migrate, bytes more after three more files",
            f"{grown:,}",
            "below 100,000",
            grown < 100_000,
            "",
        ),
    ]
