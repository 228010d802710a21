"""Channels 2.1.1, which asks for asgiref below 3, can be installed beside this library, and runs through it.

In an environment of its own (`tox -e channels21`, Python 3.8): Channels 2.1.1, Django 2.1, asgiref 2.3,
and granian 1.6, the newest whose wheels are for Python 3.8.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Iterator

import pytest
from channels_site import project
from requires import package

from asgi_compat import Quirks, Style, classify, profile_of, to_asgi3
from asgi_compat.testing import http, run, websocket

pytestmark = pytest.mark.filterwarnings("ignore")

HERE = Path(__file__).parent
#: Seconds; only what hangs takes as long.
TIMEOUT = 60.0


def test_asgiref_and_channels_are_of_the_generation_that_is_tested() -> None:
    package("channels")
    assert metadata.version("asgiref").startswith("2.")
    assert metadata.version("channels") == "2.1.1"


@pytest.mark.parametrize("in_thread", [False, True])
def test_channels_2_1_answers_as_it_did(in_thread: bool) -> None:
    package("channels")
    site = project()
    assert classify(site).style is Style.DOUBLE
    served = to_asgi3(site, quirks=Quirks(constructor_in_thread=in_thread))
    answer = run(served, http("GET", "/hello"), style="single", adapt="service")
    assert answer.error is None and (answer.status, answer.body) == (200, b"hello from 127.0.0.1"), answer
    echoed = run(served, websocket("/ws", send=["hi"]), style="single", adapt="service")
    assert echoed.error is None and "HI" in str(echoed), echoed


def test_channels_2_1_1_auth_middleware_gets_a_thread_by_itself() -> None:
    package("channels")
    site = project()
    row = profile_of(site)
    assert row is not None and row.name == "channels-2.1.1"
    on_loop = run(
        to_asgi3(site, quirks=Quirks()), websocket("/user", send=["hi"]), style="single", adapt="service"
    )
    assert "You cannot use AsyncToSync in the same thread as an async event loop" in str(on_loop.error)
    answer = run(to_asgi3(site), websocket("/user", send=["hi"]), style="single", adapt="service")
    assert answer.error is None and "AnonymousUser: hi" in str(answer), answer


@contextmanager
def granian() -> Iterator[str]:
    """Serve `served` by granian, with its own command, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    command.append("served:application")
    # A group of its own, which is ended with its workers.
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        try:
            deadline = time.monotonic() + TIMEOUT
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"127.0.0.1:{port}"
        finally:
            # How it ends is not the subject: its workers have ignored SIGTERM on Python 3.8.
            os.killpg(process.pid, signal.SIGKILL)


def get(address: str) -> str:
    with urllib.request.urlopen(f"http://{address}", timeout=TIMEOUT) as answer:
        return str(answer.read().decode())


def test_channels_2_1_1_on_granian_1_6_answers_as_it_did() -> None:
    package("channels")
    from websocket_client import connect

    with granian() as address:
        assert get(f"{address}/hello") == "hello from 127.0.0.1"
        for path, expected in (("ws", "HI"), ("user", "AnonymousUser: hi")):
            with connect(f"ws://{address}/{path}") as client:
                client.send("hi")
                assert client.recv(timeout=TIMEOUT) == expected


def test_granian_1_6_refused_client_is_told_to_have_gone() -> None:
    """It sends websocket.connect again after the application's close, for ever."""
    package("channels")
    from websocket_client import connect
    from websockets.exceptions import InvalidStatus

    with granian() as address:
        with pytest.raises(InvalidStatus, match="HTTP 403"):
            connect(f"ws://{address}/refusing")
        # The client has its answer before the application has its event.
        deadline = time.monotonic() + TIMEOUT
        while "disconnect" not in get(f"{address}/seen") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert get(f"{address}/seen") == "websocket.connect websocket.disconnect"
