"""What an exception out of a lifespan says, and how much of it a message shows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asgi_compat import AdapterError, DetectionError, to_asgi3
from asgi_compat._connections.lifespan_errors import failure_text, is_about_the_call


def raised(function: Any) -> BaseException:
    try:
        function()
    except Exception as error:
        return error
    raise AssertionError


def opens() -> None:
    {}["dsn"]


def test_failure_text_names_file_line_and_error() -> None:
    lines = failure_text(raised(opens)).splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-3:] == [
        f'  File "{__file__}", line {opens.__code__.co_firstlineno + 1}, in opens',
        '    {}["dsn"]',
        "KeyError: 'dsn'",
    ]


def test_failure_text_shows_causes_and_members_of_groups() -> None:
    def fails() -> None:
        try:
            opens()
        except KeyError as error:
            raise OSError("no database") from error

    class Group(Exception):
        exceptions = (ValueError("worker 1"), ValueError("worker 2"))

    text = failure_text(raised(fails))
    assert text.index("KeyError: 'dsn'") < text.index("and then:") < text.index("OSError: no database")
    text = failure_text(Group("two"))
    assert text.index("Group: two") < text.index("worker 1") < text.index("worker 2")


def test_failure_text_is_bounded_and_escaped() -> None:
    def deep(number: int) -> None:
        if number:
            deep(number - 1)
        raise ValueError("x\x1b[31m\n" + "y" * 100_000)

    error = raised(lambda: deep(500))
    for _ in range(50):
        error, cause = ValueError("z" * 5000), error
        error.__cause__ = cause
    text = failure_text(error)
    assert len(text) < 80_000 and "\x1b" not in text
    assert all(len(line) <= 1100 for line in text.splitlines())


class Old:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, receive: Any, send: Any) -> None: ...


async def single(scope: Any, receive: Any, send: Any) -> None: ...


def raises_type_error(scope: Any) -> Any:
    return len(5)  # type: ignore[arg-type]


def of_http(scope: Any) -> Any:
    return Old(scope) if scope["type"] == "http" else None


@pytest.mark.parametrize(
    "app, style, error",
    [
        (Old, "single", TypeError),
        (single, "double", AdapterError),
        (lambda scope, a: None, "single", TypeError),
    ],
)
def test_lifespan_call_that_does_not_fit_fails_the_start(app: Any, style: str, error: Any) -> None:
    """Answered for, it would look started, and every request would be a 500."""
    sent = []

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(event: Any) -> None:
        sent.append(event)

    with pytest.raises(error):
        asyncio.run(to_asgi3(app, style=style)({"type": "lifespan"}, receive, send))
    assert [event["type"] for event in sent] == ["lifespan.startup.failed"]
    assert error.__name__ in sent[0]["message"]


@pytest.mark.parametrize("app", [raises_type_error, of_http])
def test_lifespan_error_inside_the_application_is_no_support(app: Any) -> None:
    sent, events = [], [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Any:
        return events.pop(0)

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(to_asgi3(app, style="double")({"type": "lifespan"}, receive, send))
    assert [event["type"] for event in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_is_about_the_call_of_a_detection_error_is_true() -> None:
    assert is_about_the_call(DetectionError("no application"))
    assert not is_about_the_call(raised(lambda: raises_type_error({})))
    assert not is_about_the_call(AdapterError("the instance cannot be called"))
