"""One adapter, and detection, used by several threads at once: each with an event loop of its own."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any, Callable, Dict, Iterator, List

import pytest
from adapt.applications import Opaque

from asgi_compat import ASGI2App, ASGI3App, Style, classify, to_asgi2, to_asgi3

THREADS = 8
CONNECTIONS = 25


@pytest.fixture(autouse=True)
def switching() -> Iterator[None]:
    """Let threads change places after nearly every instruction."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work: Callable[[int], Any]) -> List[Any]:
    """Call `work` with the number of the thread in each; all start at once. Return what it returns."""
    barrier = threading.Barrier(THREADS)
    results: Dict[int, Any] = {}

    def run(number: int) -> None:
        barrier.wait(60)
        results[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results.get(number) for number in range(THREADS)]


def double() -> ASGI2App:
    """Make an ASGI2 application that sends its path back in the headers and shape of its day."""

    def application(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await receive()
            await asyncio.sleep(0)
            headers = {"x-path": scope["path"]}
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": scope["path"].encode()})

        return instance

    return application


async def exchange(application: ASGI3App, path: str) -> List[Any]:
    """Return the events of one request."""
    sent: List[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }
    await application(scope, receive, send)
    return sent


def requests(application: ASGI3App, number: int) -> List[List[Any]]:
    """Hold the connections of one thread, several at a time, in its event loop."""

    async def main() -> List[List[Any]]:
        paths = [f"/{number}/{connection}" for connection in range(CONNECTIONS)]
        return list(await asyncio.gather(*(exchange(application, path) for path in paths)))

    return asyncio.run(main())


def answers(number: int) -> List[List[Any]]:
    """Return what the connections of a thread must get: their own path, and no other's."""
    expected = []
    for connection in range(CONNECTIONS):
        path = f"/{number}/{connection}".encode()
        start = {"type": "http.response.start", "status": 200, "headers": [(b"x-path", path)]}
        expected.append([start, {"type": "http.response.body", "body": path}])
    return expected


@pytest.mark.parametrize("direction", ["to_asgi3", "to_asgi3 of to_asgi2"])
def test_one_adapter_in_several_threads_gives_each_connection_its_own_answer(direction: str) -> None:
    adapter = to_asgi3(double())
    if direction != "to_asgi3":
        adapter = to_asgi3(to_asgi2(adapter))
    found = in_threads(lambda number: requests(adapter, number))
    for number, got in enumerate(found):
        plain = [[dict(event) for event in events] for events in got]
        for events in plain:
            events[1].pop("more_body", None)
        assert plain == answers(number)


def test_classify_of_one_new_function_in_several_threads_is_one_verdict() -> None:
    """The first call, which fills the caches, comes from all threads at once."""
    for _ in range(20):
        application = double()
        verdicts = in_threads(lambda number, application=application: classify(application))  # type: ignore[misc]
        assert {verdict.style for verdict in verdicts} == {Style.DOUBLE}
        assert len({(verdict.reason, verdict.remedy) for verdict in verdicts}) == 1


def test_unknown_application_in_several_threads_is_decided_once() -> None:
    """Its first connections come from all threads at once, and each is answered."""

    opaque = Opaque(double())
    assert classify(opaque).style is Style.UNKNOWN
    adapter = to_asgi3(opaque)
    found = in_threads(lambda number: requests(adapter, number))
    assert [len(got) for got in found] == [CONNECTIONS] * THREADS
    for number, got in enumerate(found):
        bodies = [events[1]["body"] for events in got]
        assert bodies == [f"/{number}/{connection}".encode() for connection in range(CONNECTIONS)]
