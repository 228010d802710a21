"""The agents' and servers' own detectors, run for real, on what our adapters return.

asgiref's, uvicorn's, hypercorn's and starlette's are in ``../test_detectors.py``, on every Python.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Iterator

import pytest
from adapted import ADAPTED, CALLS, DOUBLE, SINGLE, Adapted
from driving import answers, call_double, call_single, serve
from requires import package
from specimens_frameworks import ELASTIC, ddtrace_quiet

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ImportWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

every_adapted = pytest.mark.parametrize("row", ADAPTED, ids=[row.name for row in ADAPTED])


@pytest.fixture(autouse=True)
def uncalled() -> Iterator[None]:
    """Count from nothing."""
    del CALLS[:]
    yield
    del CALLS[:]


def check(row: Adapted, reads_single: Callable[[Any], bool], wrap: Callable[[Any], Any], result: str) -> None:
    """The detector is right, does not call, and what the agent makes of the application works.

    `result` is the style of the wrapped application: "single", or "same" for an agent that keeps the style.
    """
    app = row.make()
    assert reads_single(app) is (row.style == SINGLE)
    wrapped = wrap(app)
    assert not CALLS
    style = row.style if result == "same" else result
    assert serve(call_single if style == SINGLE else call_double, wrapped)[0]["type"] == "http.response.start"
    assert len(CALLS) == 1
    assert not answers(call_double if style == SINGLE else call_single, wrap(row.make()))


@every_adapted
def test_sentry(row: Adapted) -> None:
    """sentry-sdk keeps the style, through a __call__ that it sets on the object."""
    package("sentry_sdk")
    from sentry_sdk.integrations import asgi

    check(row, asgi._looks_like_asgi3, asgi.SentryAsgiMiddleware, "same")


@every_adapted
def test_honeybadger(row: Adapted) -> None:
    """honeybadger copies sentry's way."""
    package("honeybadger")
    from honeybadger.contrib import asgi

    check(row, asgi._looks_like_asgi3, lambda app: asgi.ASGIHoneybadger(app, api_key=""), "same")


@every_adapted
def test_newrelic(row: Adapted) -> None:
    """newrelic has a copy of asgiref's detector and keeps the style, in its own fork of wrapt."""
    package("newrelic")
    from newrelic.api import asgi_application as agent
    from newrelic.packages import asgiref_compatibility as copy

    check(row, lambda app: not copy.is_double_callable(app), agent.ASGIApplicationWrapper, "same")
    app = row.make()
    assert (copy.guarantee_single_callable(app) is app) is (row.style == SINGLE)


@every_adapted
def test_ddtrace(row: Adapted) -> None:
    """ddtrace has another copy, and makes everything single."""
    package("ddtrace")
    ddtrace_quiet()
    from ddtrace.contrib import asgi as agent
    from ddtrace.contrib.internal.asgi import utils as copy

    check(row, lambda app: not copy.is_double_callable(app), agent.TraceMiddleware, SINGLE)
    app = row.make()
    assert (agent.TraceMiddleware(app).app is app) is (row.style == SINGLE)


@every_adapted
def test_opentelemetry(row: Adapted) -> None:
    """OpenTelemetry calls asgiref's guarantee_single_callable."""
    package("opentelemetry")
    from opentelemetry.instrumentation import asgi as agent

    def reads_single(app: Any) -> bool:
        return agent.OpenTelemetryMiddleware(app).app is app

    check(row, reads_single, agent.OpenTelemetryMiddleware, SINGLE)


@every_adapted
def test_elastic(row: Adapted) -> None:
    """elastic-apm has no detector: it can take what is single, and nothing else."""
    package("elasticapm")
    from elasticapm.contrib import asgi as agent

    works = answers(call_single, agent.ASGITracingMiddleware(row.make(), **ELASTIC))
    assert works is (row.style == SINGLE)


@every_adapted
def test_daphne(row: Adapted, monkeypatch: Any) -> None:
    """daphne's command line turns the application round with asgiref before it builds its server."""
    package("daphne")
    from daphne import cli

    served = []

    class Server:
        # The real one installs a reactor and listens; what it is handed is the question here.
        def __init__(self, application: Any, **options: Any) -> None:
            served.append(application)
            self.abort_start = False

        def run(self) -> None:
            pass

    app = row.make()
    module = type(sys)("an_application_to_serve")
    module.application = app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(cli.CommandLineInterface, "server_class", Server)
    cli.CommandLineInterface().run([f"{module.__name__}:application"])
    (handed,) = served
    assert (handed is app) is (row.style == SINGLE)
    assert not CALLS
    # daphne calls by keyword.
    assert serve(lambda a, scope, receive, send: a(scope=scope, receive=receive, send=send), handed)


def test_both_styles_are_asked_of_everybody() -> None:
    """A list with one style only would make every test above half a test."""
    assert {row.style for row in ADAPTED} == {SINGLE, DOUBLE}
