"""The table that a run prints: a line a shape, a column a server."""

from __future__ import annotations

from importlib import metadata
from textwrap import wrap
from typing import Dict, Iterator, List, Sequence, Tuple

import hostile_shapes
import shapes
from deviations import REASONS
from shapes import Shape
from starting import COLUMNS, SERVED

SHAPES = {
    "http": (*shapes.HTTP, *hostile_shapes.HTTP),
    "websocket": (*shapes.WEBSOCKET, *hostile_shapes.WEBSOCKET),
}
DISTRIBUTIONS = ("uvicorn", "h11", "httptools", "websockets", "wsproto", "hypercorn", "daphne", "granian")

#: What a cell shows: "=" as everywhere, a key of `REASONS`, "WRONG", "." not run.
EQUAL, WRONG, NOT_RUN = "=", "WRONG", "."
#: Of the column with what is seen.
WIDTH = 60


class Table:
    """The cells of one run, by column, protocol and shape."""

    def __init__(self) -> None:
        self.cells: Dict[Tuple[str, str, str], str] = {}
        #: What else was measured, a line each.
        self.notes: List[str] = []

    def lines(self, columns: Sequence[str] = tuple(COLUMNS)) -> Iterator[str]:
        """Yield the table, then what its words mean, then how many lines are the same everywhere."""
        versions = [f"{name} {metadata.version(name)}" for name in DISTRIBUTIONS]
        yield ", ".join(versions)
        for number, column in enumerate(columns, 1):
            yield f"  {number} {column}"
        used: List[str] = []
        equal = run = 0
        for protocol, rows in SHAPES.items():
            yield ""
            numbers = "".join(f"{number:<7}" for number in range(1, len(columns) + 1))
            yield f"{protocol:30}{'what is seen':{WIDTH}}{numbers}".rstrip()
            for shape in rows:
                row = [self.cells.get((column, protocol, shape.id), NOT_RUN) for column in columns]
                if set(row) == {NOT_RUN}:
                    continue
                used += row
                run += NOT_RUN not in row
                equal += set(row) == {EQUAL}
                seen = shorten(shape)
                yield f"{shape.id:30}{seen:{WIDTH}}{''.join(f'{cell:<7}' for cell in row)}".rstrip()
        yield ""
        for reason, sentence in REASONS.items():
            if reason in used:
                yield from wrap(sentence, initial_indent=f"{reason:7}", subsequent_indent=7 * " ", width=110)
        yield f"{equal} of {run} shapes are the same in every column"
        for column in SERVED:
            cells = [cell for (name, _, _), cell in self.cells.items() if name == column]
            if cells:
                yield f"{column}: {len(cells)} shapes, {cells.count(WRONG)} of them not as in the table"
        yield from self.notes


def shorten(shape: Shape) -> str:
    """What is seen of a shape, on the wire and by the application, so that it fits a column."""
    seen = shape.wire if shape.app == "returned" else f"{shape.wire} | {shape.app}"
    return seen if len(seen) < WIDTH else seen[: WIDTH - 5] + "..."
