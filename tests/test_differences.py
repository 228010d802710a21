"""The table of differences from asgiref in docs/framework-or-agent.md, row by row: both answers are asked."""

from __future__ import annotations

import asyncio
import functools
import pickle
import re
from pathlib import Path
from typing import Any, Callable, Dict, List
from unittest import mock

import pytest
from asgiref import compatibility as theirs

import asgi_compat as ours
from tests.drive import attempt, drive_single

PAGE = Path(__file__).resolve().parent.parent / "docs" / "framework-or-agent.md"


async def single(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b""})


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await single(scope, receive, send)

    return instance


class SingleInstance:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await single(scope, receive, send)


class Awaitable:
    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self.call = single(scope, receive, send)

    def __await__(self) -> Any:
        return self.call.__await__()


class Opaque:
    """Tells nothing, as a compiled object does: a property's getter is somebody's code."""

    @property
    def __call__(self) -> Any:
        return single


class Answers:
    def __getattr__(self, name: str) -> Any:
        return True

    def __call__(self, *args: Any) -> Any:
        (scope,) = args
        return double(scope)


def _they(app: Any, answer: bool) -> None:
    assert theirs.is_double_callable(app) is answer


def _we(app: Any, answer: bool) -> None:
    assert ours.is_double_callable(app) is answer


def _refused(app: Any) -> None:
    _they(app, True)
    _we(app, False)
    for guarantee in (ours.guarantee_single_callable, ours.guarantee_double_callable):
        with pytest.raises(ours.DetectionError) as caught:
            guarantee(app)
        assert caught.value.remedy


def not_applications() -> None:
    for app in (None, 5, asyncio):
        _refused(app)


def other_kinds() -> None:
    def wsgi(environ: Any, start_response: Any) -> Any:
        return [b""]

    def create_app() -> Any:
        return single

    def view(request: Any) -> Any:
        return "text"

    for app in (wsgi, create_app, view):
        _refused(app)


def without_async() -> None:
    def plain(scope: Any, receive: Any, send: Any) -> Any:
        return single(scope, receive, send)

    for app in (lambda s, r, w: single(s, r, w), plain):
        _they(app, True)
        _we(app, False)
        assert drive_single(ours.guarantee_single_callable(app))


def pass_through() -> None:
    @functools.wraps(single)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return single(*args, **kwargs)

    _they(wrapper, True)
    _we(wrapper, False)
    assert drive_single(ours.guarantee_single_callable(wrapper))


def partial_of_an_instance() -> None:
    app = functools.partial(SingleInstance())
    _they(app, True)
    _we(app, False)
    assert drive_single(ours.guarantee_single_callable(app))


def awaitable_class() -> None:
    _they(Awaitable, True)
    _we(Awaitable, False)
    assert drive_single(ours.guarantee_single_callable(Awaitable))


def coroutine_function_constructor() -> None:
    async def app(scope: Any) -> Any:
        return double(scope)

    _they(app, False)
    _we(app, True)
    assert drive_single(ours.guarantee_single_callable(app))


def copied_mark() -> None:
    marked = theirs.double_to_single_callable(double)
    marked._asgi_single_callable = True

    @functools.wraps(marked)
    def other_style(scope: Any) -> Any:
        return double(scope)

    _they(other_style, False)
    _we(other_style, True)


def answered_mark() -> None:
    for app in (Answers(), mock.Mock(side_effect=double)):
        _they(app, False)
    _we(mock.Mock(side_effect=double), True)
    assert ours.classify(Answers()).style is not ours.Style.SINGLE


def single_said_to_be_double() -> None:
    assert isinstance(attempt(drive_single, theirs.double_to_single_callable(single)).error, TypeError)
    assert ours.double_to_single_callable(single) is single


def unknown() -> None:
    _they(Opaque(), False)  # a property's value is looked at there; see the next line for one that is not
    _we(Opaque(), False)

    def opaque(*args: Any) -> Any:
        return {1: double, 3: single}[len(args)](*args)

    _they(opaque, True)
    _we(opaque, False)
    assert drive_single(ours.guarantee_single_callable(opaque))


def nothing_said() -> None:
    routes = {"http": double}

    def f(x: Any) -> Any:
        return routes[x["type"]](x)

    _they(f, True)
    _we(f, False)
    assert drive_single(ours.guarantee_single_callable(f))


def the_adapter() -> None:
    adapter = ours.double_to_single_callable(double)
    again = pickle.loads(pickle.dumps(adapter))
    assert again == adapter and hash(again) == hash(adapter) and again.app is double
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(theirs.double_to_single_callable(double))


def response_as_instance() -> None:
    def app(scope: Any) -> Any:
        return SingleInstance()

    assert isinstance(attempt(drive_single, theirs.guarantee_single_callable(app)).error, TypeError)
    assert drive_single(ours.guarantee_single_callable(app))


#: The beginning of the first cell of each row, and what proves the row.
ROWS: Dict[str, Callable[[], None]] = {
    "`None`, a number, a module": not_applications,
    "a WSGI application, a factory, a view": other_kinds,
    "`lambda s, r, w: app(s, r, w)`": without_async,
    "a wrapper `def w(*args, **kwargs)`": pass_through,
    "`functools.partial` of an instance": partial_of_an_instance,
    "a class with `__init__(self, scope, receive, send)`": awaitable_class,
    "`async def app(scope)`": coroutine_function_constructor,
    "a mark that `functools.wraps` copied": copied_mark,
    "a mark that a mock": answered_mark,
    "a single-callable, to `double_to_single_callable`": single_said_to_be_double,
    "an object without any evidence": unknown,
    "a `def f(x)` whose name and body": nothing_said,
    "the adapter": the_adapter,
    "an instance that takes (scope, receive, send)": response_as_instance,
}


def _table() -> List[str]:
    section = PAGE.read_text(encoding="utf-8").split("## Where we differ from asgiref")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
    return [row for row in rows if row != "given"]


@pytest.mark.parametrize("row", list(ROWS))
def test_difference(row: str) -> None:
    """asgiref's answer and ours are what the page says."""
    ROWS[row]()


def test_every_row_of_the_readme_is_proved() -> None:
    """The table and the proofs have the same rows, in the same order."""
    table = _table()
    assert len(table) == len(ROWS)
    for cell, row in zip(table, ROWS):
        assert cell.startswith(row)
