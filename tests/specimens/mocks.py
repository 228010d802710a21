# mypy: ignore-errors
"""Mocks."""

from __future__ import annotations

from functools import partial
from unittest import mock

from .plain_forms import (
    awaitable_class,
    double,
    double_class,
    double_instance,
    plain_single,
    single,
    single_instance,
)
from .specimen import _STAR, DOUBLE, NOT_AN_APP, SINGLE, SPECIMENS, UNKNOWN, add, respond, row

add("AsyncMock(side_effect=single)", SINGLE, lambda: mock.AsyncMock(side_effect=single()))
add("AsyncMock(wraps=single)", SINGLE, lambda: mock.AsyncMock(wraps=single()))
add("Mock(side_effect=single)", SINGLE, lambda: mock.Mock(side_effect=single()))
add("Mock(side_effect=plain single)", SINGLE, lambda: mock.Mock(side_effect=plain_single()))
add("MagicMock(side_effect=single)", SINGLE, lambda: mock.MagicMock(side_effect=single()))
add("Mock(side_effect=closure)", DOUBLE, lambda: mock.Mock(side_effect=double()))
add("MagicMock(side_effect=closure)", DOUBLE, lambda: mock.MagicMock(side_effect=double()))
add("Mock(side_effect=double class)", DOUBLE, lambda: mock.Mock(side_effect=double_class()))
add("Mock(side_effect=double instance)", DOUBLE, lambda: mock.Mock(side_effect=double_instance()))
add("Mock(side_effect=awaitable class)", SINGLE, lambda: mock.Mock(side_effect=awaitable_class()))
add("Mock(side_effect=partial)", SINGLE, lambda: mock.Mock(side_effect=partial(single())))
add("Mock(wraps=closure)", DOUBLE, lambda: mock.Mock(wraps=double()))
add("Mock(wraps=single)", SINGLE, lambda: mock.Mock(wraps=single()))
add("MagicMock(wraps=single instance)", SINGLE, lambda: mock.MagicMock(wraps=single_instance()))
add("Mock(spec=closure, side_effect=closure)", DOUBLE, lambda: mock.Mock(spec=double(), side_effect=double()))
add(
    "Mock(side_effect=single, wraps=closure): the side effect is what runs",
    SINGLE,
    lambda: mock.Mock(side_effect=single(), wraps=double()),
)
add(
    "autospec of a double with side_effect",
    DOUBLE,
    lambda: mock.create_autospec(double(), side_effect=double()),
)


@row("autospec of a single with side_effect", SINGLE)
def _():
    return mock.create_autospec(single(), side_effect=single())


@row("autospec of an instance with side_effect", SINGLE)
def _():
    spec = mock.create_autospec(single_instance(), instance=True)
    spec.side_effect = single()
    return spec


@row("Mock(return_value=instance)", DOUBLE)
def _():
    async def instance(receive, send):
        await respond(send)

    return mock.Mock(return_value=instance)


SPECIMENS[-1] = SPECIMENS[-1]._replace(
    style=UNKNOWN,
    why="a mock that returns takes any arguments, and its return value may be meant for one or three",
)

_MOCK = "a mock takes every call and says nothing of which is meant"
add("bare MagicMock", UNKNOWN, lambda: mock.MagicMock(), _MOCK)
add("bare Mock", UNKNOWN, lambda: mock.Mock(), _MOCK)
add("bare AsyncMock", UNKNOWN, lambda: mock.AsyncMock(), _MOCK)
add("NonCallableMock", NOT_AN_APP, lambda: mock.NonCallableMock())
add("mock.sentinel", NOT_AN_APP, lambda: mock.sentinel.app)
add("mock.call", UNKNOWN, lambda: mock.call, _STAR)
add("mock.ANY", NOT_AN_APP, lambda: mock.ANY)
