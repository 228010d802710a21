"""Everybody else's detector, run for real, on what our adapters return: it reads what the object now is.

Here are those that install on every Python: asgiref's, uvicorn's, hypercorn's and starlette's. The agents'
are in ``frameworks/test_agents.py``.
"""

from __future__ import annotations

import inspect
import warnings
from typing import Any, Iterator

import pytest
from adapted import ADAPTED, CALLS, DOUBLE, SINGLE, Adapted
from drive import drive_double, drive_single
from requires import package

from asgi_compat import Style, classify, is_double_callable, is_single_callable

every_adapted = pytest.mark.parametrize("row", ADAPTED, ids=[row.name for row in ADAPTED])


def served(sent: Any) -> bool:
    """Was the whole answer of the application in `adapted` sent?"""
    return [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


@pytest.fixture(autouse=True)
def uncalled() -> Iterator[None]:
    """Count from nothing."""
    del CALLS[:]
    yield
    del CALLS[:]


@every_adapted
def test_it_is_what_the_row_says(row: Adapted) -> None:
    """The labelled call works, which is the truth that every test below starts from, and so do we."""
    app = row.make()
    assert served((drive_single if row.style == SINGLE else drive_double)(app))
    assert classify(app).style is {SINGLE: Style.SINGLE, DOUBLE: Style.DOUBLE}[row.style]
    assert is_single_callable(app) is (row.style == SINGLE)
    assert is_double_callable(app) is (row.style == DOUBLE)


@every_adapted
def test_asgiref(row: Adapted) -> None:
    """asgiref reads it right, leaves a single alone and turns a double round once more."""
    from asgiref import compatibility

    app = row.make()
    assert compatibility.is_double_callable(app) is (row.style == DOUBLE)
    guaranteed = compatibility.guarantee_single_callable(app)
    assert (guaranteed is app) is (row.style == SINGLE)
    assert not CALLS
    assert served(drive_single(guaranteed))


@every_adapted
def test_asgiref_adapter_stacks_on_ours(row: Adapted) -> None:
    """Somebody else's adapter around ours is still an application of the other style."""
    from asgiref import compatibility

    if row.style == SINGLE:
        # asgiref has no adapter for this direction: ours of its own is the application itself.
        assert compatibility.guarantee_single_callable(row.make()).app is not None
    else:
        assert served(drive_single(compatibility.double_to_single_callable(row.make())))


def uvicorn_config(app: Any) -> Any:
    package("uvicorn")
    from uvicorn import config

    # At no level at all uvicorn before 0.13 logs every message, with a middleware around the application.
    options = {"proxy_headers": False, "log_config": None, "log_level": "info"}
    options.update(lifespan="off", ws="none")
    known = inspect.signature(config.Config).parameters
    return config.Config(app, interface="auto", **{name: options[name] for name in options if name in known})


@every_adapted
def test_uvicorn(row: Adapted) -> None:
    """uvicorn's interface=auto calls the application first, to see whether it is a factory."""
    app = row.make()
    config = uvicorn_config(app)
    config.load()
    assert config.interface == {SINGLE: "asgi3", DOUBLE: "asgi2"}[row.style]
    assert (config.loaded_app is app) is (row.style == SINGLE)
    assert (type(config.loaded_app).__name__ == "ASGI2Middleware") is (row.style == DOUBLE)
    assert not CALLS
    assert served(drive_single(config.loaded_app))


@every_adapted
def test_hypercorn(row: Adapted) -> None:
    """hypercorn knows ASGI3 and WSGI only: a single is the first, and a double must not be taken for it."""
    package("hypercorn")
    from hypercorn import utils

    app = row.make()
    assert utils.is_asgi(app) is (row.style == SINGLE)
    kind = type(utils.wrap_app(app, 2**16, None)).__name__
    assert kind == {SINGLE: "ASGIWrapper", DOUBLE: "WSGIWrapper"}[row.style]
    assert not CALLS


def starlette_testclient() -> Any:
    package("httpx")
    package("starlette")
    with warnings.catch_warnings():
        # From 1.0 on it asks for httpx2 while it is imported; httpx still does.
        warnings.simplefilter("ignore")
        from starlette import testclient
    return testclient


@every_adapted
def test_starlette(row: Adapted) -> None:
    """starlette's TestClient puts its own adapter around a double and none around a single."""
    testclient = starlette_testclient()
    app = row.make()
    assert testclient._is_asgi3(app) is (row.style == SINGLE)
    client = testclient.TestClient(app)
    assert (client.app is app) is (row.style == SINGLE)
    assert not CALLS


@pytest.mark.parametrize("style", [SINGLE, DOUBLE])
def test_starlette_speaks_to_it(style: str) -> None:
    """One request of TestClient to each style; it runs a thread, so not for every row."""
    testclient = starlette_testclient()
    row = next(row for row in ADAPTED if row.style == style)
    answer = testclient.TestClient(row.make()).get("/")
    assert (answer.status_code, answer.text) == (200, "ok")
