"""Every specimen is driven, and the detector is held to what the drive shows.

The specimens are data (the package `specimens`), the calls are in `drive.py`. Three things are asked of each:
is its label true, does the detector know it without touching anything, and do the guarantees make of it what
they promise.
"""

from __future__ import annotations

from typing import Any, Callable

import pytest
from drive import attempt, dispose, drive_double, drive_factory, drive_single, drive_wsgi
from specimens import SPECIMENS, Specimen, double

from asgi_compat import (
    AdapterError,
    DetectionError,
    Style,
    classify,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    is_double_callable,
    is_single_callable,
    mark_double,
)
from detect.observing import (
    APPLICATIONS,
    REFUSED,
    each,
    made,
    no_warning,
    trap,
)


def test_trap_records_a_call() -> None:
    """Were the trap blind, the tests below would prove nothing."""
    app = double()
    with trap() as entered:
        app({"type": "http"})
    assert len(entered) == 1 and entered[0].endswith(" app")


def test_trap_records_getattr() -> None:
    """A `__getattr__` that answers is code of the user that ran."""
    from unittest import mock

    asked = mock.Mock()
    with trap() as entered:
        asked._asgi_single_callable
    assert any("__getattr__" in call for call in entered)


def test_specimens_are_unique_and_of_every_style() -> None:
    """Names are unique, every style is there, and a reason is given exactly where no answer is."""
    names = [specimen.name for specimen in SPECIMENS]
    assert len(names) == len(set(names)) > 300
    assert {specimen.style for specimen in SPECIMENS} == set(Style)
    assert [s.name for s in SPECIMENS if bool(s.why) is not (s.style is Style.UNKNOWN)] == []


@each()
def test_label_is_what_driving_shows(specimen: Specimen) -> None:
    """The labelled call sends http.response.start, and the other call does not."""
    with no_warning():
        with made(specimen) as app:
            as_single = attempt(drive_single, app)
        with made(specimen) as app:
            as_double = attempt(drive_double, app)
        with made(specimen) as app:
            as_wsgi = drive_wsgi(app)
        style = specimen.style
        if style is Style.UNKNOWN:
            return
        if specimen.tolerated:
            assert not as_single.started and not as_double.started
            with made(specimen) as app:
                assert attempt(drive_single, double_to_single_callable(app)).completed
            return
        assert as_single.completed is (style in (Style.SINGLE, Style.EITHER)), as_single
        assert as_double.completed is (style in (Style.DOUBLE, Style.EITHER)), as_double
        assert as_single.started is as_single.completed and as_double.started is as_double.completed
        assert as_wsgi.completed is (style is Style.WSGI), as_wsgi
        assert bool(as_wsgi.statuses) is as_wsgi.completed


@each(Style.FACTORY)
def test_factory_returns_application(specimen: Specimen) -> None:
    """Called without arguments it returns, or its coroutine returns, something that serves."""
    with no_warning(), made(specimen) as factory:
        app = drive_factory(factory)
        assert classify(app).style in APPLICATIONS
        assert attempt(drive_single, guarantee_single_callable(app)).completed


@each(Style.NOT_AN_APP)
def test_not_an_app_returns_no_application(specimen: Specimen) -> None:
    """Called without arguments it raises, or what it returns serves nothing."""
    with no_warning(), made(specimen) as value:
        try:
            app = drive_factory(value)
        except Exception:
            return
        try:
            assert not attempt(drive_single, app).started and not attempt(drive_double, app).started
        finally:
            dispose(app)


@each()
def test_verdict_is_the_label_and_runs_nothing(specimen: Specimen) -> None:
    """The style is the label, in words a person can use, and nothing of the user's ran meanwhile.

    The two questions are views on the verdict, and a second look sees the same.
    """
    with no_warning(), made(specimen) as app:
        with trap() as entered:
            verdict = classify(app)
        assert verdict.style is specimen.style, verdict.reason
        assert isinstance(verdict.reason, str) and verdict.reason.strip()
        assert isinstance(verdict.remedy, str) and verdict.remedy.strip()
        assert specimen.remedy in verdict.remedy
        assert verdict.app is app
        assert entered == []
        style = verdict.style
        assert is_single_callable(app) is (style in (Style.SINGLE, Style.EITHER))
        assert is_double_callable(app) is (style in (Style.DOUBLE, Style.EITHER))
        assert style.is_application is (style in APPLICATIONS)
        assert classify(app).style is style


@each(*APPLICATIONS)
def test_guarantee_single_serves(specimen: Specimen) -> None:
    """Whatever came in, `await app(scope, receive, send)` serves; what was right is the same object."""
    with no_warning(), made(specimen) as app:
        guaranteed = guarantee_single_callable(app)
        if specimen.style is not Style.DOUBLE:
            # What only an adapter can call by position is given in one.
            assert (guaranteed is app) is not specimen.tolerated
        outcome = attempt(drive_single, guaranteed)
        assert outcome.completed, outcome
        assert classify(guaranteed).style in (Style.SINGLE, Style.EITHER)


@each(*APPLICATIONS)
def test_guarantee_double_serves(specimen: Specimen) -> None:
    """Whatever came in, `await app(scope)(receive, send)` serves; what was right is the same object."""
    with no_warning(), made(specimen) as app:
        guaranteed = guarantee_double_callable(app)
        if specimen.style is not Style.SINGLE:
            # What only an adapter can call twice is given in one.
            assert (guaranteed is app) is not specimen.tolerated
        outcome = attempt(drive_double, guaranteed)
        assert outcome.completed, outcome
        assert classify(guaranteed).style in (Style.DOUBLE, Style.EITHER)


@each(*REFUSED)
def test_guarantees_refuse_at_once(specimen: Specimen) -> None:
    """A factory, a WSGI application and what is none are refused at once, with what to do about it."""
    with made(specimen) as app:
        for guarantee in (guarantee_single_callable, guarantee_double_callable):
            with pytest.raises(DetectionError) as caught:
                guarantee(app)
            verdict = classify(app)
            assert caught.value.application is app
            assert caught.value.reason == verdict.reason != ""
            assert caught.value.remedy == verdict.remedy != ""
            assert verdict.remedy in str(caught.value)


@each(Style.UNKNOWN)
@pytest.mark.parametrize(
    "guarantee, drive", [(guarantee_single_callable, drive_single), (guarantee_double_callable, drive_double)]
)
def test_guarantee_of_unknown_decides_at_first_connection(
    specimen: Specimen, guarantee: Callable[[Any], Any], drive: Callable[..., Any]
) -> None:
    """An unknown that is an application in truth serves; one that is none ends in an error that says so."""
    with no_warning():
        with made(specimen) as app:
            as_single = attempt(drive_single, app)
        with made(specimen) as app:
            as_double = attempt(drive_double, app)
        with made(specimen) as app:
            guaranteed = guarantee(app)
            first = attempt(drive, guaranteed)
            if specimen.forwards:
                # A body never runs twice, so what it raised is what comes out; a mark makes it serve.
                assert type(first.error) is TypeError and not first.started
                assert attempt(drive, guarantee(mark_double(app))).completed
            elif as_single.completed or as_double.completed:
                assert first.completed, first
                # What was decided is remembered, and stays right.
                assert attempt(drive, guaranteed).completed
            elif first.completed:
                pass  # as a factory that takes anything: what it returns is a tolerated instance
            elif as_single.error is None:
                assert first.error is None and not first.started  # a bare AsyncMock says yes to everything
            else:
                own = {type(as_single.error), type(as_double.error)} - {TypeError}
                assert isinstance(first.error, (DetectionError, AdapterError)) or type(first.error) in own, (
                    first
                )
                if isinstance(first.error, DetectionError):
                    assert first.error.reason and first.error.remedy
