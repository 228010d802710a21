"""An application with its options, compiled."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from asgi_compat import AppMessageError, Quirks, Style
from asgi_compat._adapt import call_double
from asgi_compat._convert.adapters import as_single
from asgi_compat._convert.engine import (
    DEFAULT_OPTIONS,
    CompiledApplication,
    RepairReporter,
    call_in_thread,
)
from asgi_compat._messages.table import TABLE

START = {"type": "http.response.start", "status": "200"}


def double(scope):
    async def instance(receive, send):
        return scope["answer"]

    return instance


class Double:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        return self.scope["answer"]


async def single(scope, receive, send):
    return scope["answer"]


def compiled(app, style, direction="A", table=TABLE, **options):
    options = DEFAULT_OPTIONS._replace(**options)
    return CompiledApplication(direction, app, options, style, as_single(app, style), table)


def called(engine, app, scope):
    return asyncio.run(engine.invoke(app, scope, None, None))


@pytest.mark.parametrize(
    "app, style", [(single, Style.SINGLE), (double, Style.DOUBLE), (Double, Style.DOUBLE)]
)
def test_invoke_calls_the_application_of_either_style(app, style):
    assert called(compiled(app, style), app, {"answer": 42}) == 42


def test_invoke_of_an_application_that_is_known_skips_the_adapter():
    assert compiled(Double, Style.DOUBLE).invoke is call_double
    assert compiled(single, Style.SINGLE).invoke is not call_double


def test_compiled_application_discards_what_is_returned_by_its_rule():
    assert compiled(double, Style.DOUBLE).discards
    assert not compiled(double, Style.DOUBLE, table=TABLE.without({"A3"})).discards
    assert compiled(single, Style.SINGLE, "B").discards


@pytest.mark.parametrize("direction, rule", [("A", "A55"), ("B", "B35")])
def test_compiled_application_keeps_loops_for_a_lazy_start_up_only(direction, rule):
    quirks = Quirks(lazy_lifespan=True)
    style = Style.DOUBLE if direction == "A" else Style.SINGLE
    app = double if direction == "A" else single
    assert compiled(app, style, direction).loops is None
    assert compiled(app, style, direction, quirks=quirks).loops == {}
    assert compiled(app, style, direction, TABLE.without({rule}), quirks=quirks).loops is None


def test_constructor_in_thread_runs_there_and_its_instance_here():
    threads = []

    class Blocking:
        def __init__(self, scope):
            threads.append(threading.current_thread())

        async def __call__(self, receive, send):
            threads.append(threading.current_thread())
            return 42

    assert asyncio.run(call_in_thread(Blocking, {}, None, None)) == 42
    assert threads[0] is not threads[1] is threading.current_thread()
    engine = compiled(Blocking, Style.DOUBLE, quirks=Quirks(constructor_in_thread=True))
    assert called(engine, Blocking, {}) == 42 and threads[2] is not threads[3]


def test_reporter_logs_a_rule_once_and_calls_the_listener_each_time(caplog):
    told = []
    reporter = RepairReporter("app", False, lambda *repair: told.append(repair))
    with caplog.at_level(logging.DEBUG, "asgi_compat"):
        for _ in range(2):
            reporter(AppMessageError, "A23", START, {**START, "status": 200}, "status", None)
        reporter(AppMessageError, "A24", START, START, "headers", None)
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["(A23)", "(A24)"]
    assert [rule for rule, _, _ in told] == ["A23", "A23", "A24"]


def test_reporter_in_strict_mode_raises_and_lets_quiet_rows_pass():
    reporter = RepairReporter("app", True, None)
    with pytest.raises(AppMessageError) as caught:
        reporter(AppMessageError, "A23", START, {**START, "status": 200}, "status", None)
    assert caught.value.rule == "A23" and caught.value.field == "status"
    reporter(AppMessageError, "A23", START, START, "status", "quiet")


def test_note_error_says_nothing_about_an_error_without_a_remedy(caplog):
    engine = compiled(double, Style.DOUBLE)
    engine.note_error(KeyError("x"))
    assert not caplog.records and not engine.noted
