"""Decision tables: the first row that applies decides."""

from __future__ import annotations

from typing import Any, List

import pytest

from asgi_compat._detect import calls, classes, functions, objects
from asgi_compat._detect.decision import always, decide, decide_if_any

ROWS: Any = ((lambda n: n < 0, lambda n: "negative"), (lambda n: n < 10, lambda n: f"small {n}"))


def test_decide_takes_first_row_that_applies() -> None:
    assert decide(ROWS, -1) == "negative" and decide(ROWS, 5) == "small 5"


def test_decide_asks_no_predicate_after_the_first_match() -> None:
    asked: List[int] = []

    def ask(number: int, answer: bool) -> Any:
        return lambda evidence: (asked.append(number), answer)[1]

    decide(((ask(1, False), str), (ask(2, True), str), (ask(3, True), str)), None)
    assert asked == [1, 2]


def test_decide_without_a_match_raises() -> None:
    with pytest.raises(LookupError, match="last row"):
        decide(ROWS, 10)


def test_decide_if_any_without_a_match_returns_none() -> None:
    assert decide_if_any(ROWS, 10) is None and decide_if_any(ROWS, -1) == "negative"


@pytest.mark.parametrize(
    "table",
    [
        *functions.ASYNC.values(),
        *functions.PLAIN.values(),
        functions.PLAIN_ONE_AND_THREE,
        functions.GENERATORS,
        calls.INCOMPLETE,
        calls.FACTORY,
        classes.CONSTRUCTED,
        objects.NOT_CALLABLE,
        objects.OPAQUE,
    ],
)
def test_last_row_of_every_table_applies_always(table: Any) -> None:
    assert table[-1][0] is always
