"""Start-up that nobody sends: before the first connection of a loop, in both directions."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any, Dict, List

import pytest

from asgi_compat import Quirks, middleware_to_asgi3, to_asgi2, to_asgi3

# The task of the application's lifespan is for the end of the loop to end.
pytestmark = pytest.mark.leaves_tasks

LAZY = Quirks(lazy_lifespan=True)
SCOPE: Dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/",
    "raw_path": b"/",
    "query_string": b"",
    "root_path": "",
    "headers": [],
    "client": ("127.0.0.1", 5000),
    "server": ("127.0.0.1", 8000),
    "extensions": {},
}


class Site:
    """An application of either style with a start-up, and what happened in it, in order."""

    def __init__(self) -> None:
        self.seen: List[str] = []

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await asyncio.sleep(0)
            self.seen.append("started")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await asyncio.sleep(0)
            self.seen.append("stopped")
            await send({"type": "lifespan.shutdown.complete"})
            return
        self.seen.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

    def double(self, scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await self.serve(scope, receive, send)

        return instance

    async def single(self, scope: Any, receive: Any, send: Any) -> None:
        await self.serve(scope, receive, send)


async def get(app: Any, path: str = "/") -> List[Any]:
    sent: List[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    await app({**SCOPE, "path": path, "raw_path": path.encode()}, receive, send)
    return sent


@pytest.mark.parametrize("style", ["single", "double"])
@pytest.mark.parametrize("direction", ["A", "B"])
def test_lazy_startup_runs_before_the_first_connection_and_ends_with_the_loop(
    style: str, direction: str
) -> None:
    site = Site()
    app: Any = to_asgi3(getattr(site, style), quirks=LAZY)
    if direction == "B":
        old: Any = to_asgi2(getattr(site, style), quirks=LAZY)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await old(scope)(receive, send)

    async def main() -> None:
        await asyncio.gather(get(app, "/1"), get(app, "/2"))
        await get(app, "/3")

    asyncio.run(main())
    assert site.seen == ["started", "/1", "/2", "/3", "stopped"]
    asyncio.run(get(app, "/4"))
    assert site.seen[5:] == ["started", "/4", "stopped"]


def test_lazy_startup_leaves_a_server_with_lifespan_alone() -> None:
    site = Site()
    app = to_asgi3(site.double, quirks=LAZY)

    async def main() -> None:
        events: asyncio.Queue[Any] = asyncio.Queue()
        started = asyncio.Event()

        async def send(event: Any) -> None:
            started.set()

        running = asyncio.ensure_future(app({"type": "lifespan"}, events.get, send))
        await events.put({"type": "lifespan.startup"})
        await started.wait()
        await get(app)
        await events.put({"type": "lifespan.shutdown"})
        await running

    asyncio.run(main())
    assert site.seen == ["started", "/", "stopped"]


def test_lazy_startup_that_fails_is_the_error_of_each_connection() -> None:
    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await receive()
            raise KeyError("dsn")

        return instance

    adapted = to_asgi3(app, quirks=LAZY)

    async def main() -> None:
        errors = []
        for _ in range(2):
            with pytest.raises(
                RuntimeError, match="the application failed to start: KeyError: 'dsn'"
            ) as caught:
                await get(adapted)
            errors.append(caught.value)
        assert errors[0] is not errors[1] and type(errors[0].__cause__) is KeyError

    asyncio.run(main())


@pytest.mark.parametrize(
    "adapt, stays",
    [
        ("to_asgi3", False),
        ("to_asgi3", True),
        ("to_asgi3 of a double", False),
        ("to_asgi3 of a double", True),
        # B31: an old server is told by an exception, once the application has ended.
        ("to_asgi2", False),
    ],
)
def test_lazy_startup_that_is_said_to_have_failed_is_the_error_of_each_connection(
    adapt: str, stays: bool
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})
        if stays:
            await asyncio.sleep(3600)

    def double(scope: Any) -> Any:
        return lambda receive, send: app(scope, receive, send)

    adapted = to_asgi3(double if "double" in adapt else app, quirks=LAZY)
    if adapt == "to_asgi2":
        old = to_asgi2(app, quirks=LAZY)

        async def adapted(scope: Any, receive: Any, send: Any) -> None:
            await old(scope)(receive, send)

    async def main() -> None:
        for _ in range(2):
            with pytest.raises(RuntimeError, match=r"^the application failed to start: .*no database$"):
                await asyncio.wait_for(get(adapted), 30)

    asyncio.run(main())


def test_lazy_shutdown_that_is_said_to_have_failed_is_on_the_log(caplog: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await Site().serve(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "cannot flush\n"})

    asyncio.run(get(to_asgi3(app, quirks=LAZY)))
    assert "shutdown failed: cannot flush\\n" in caplog.text


def test_lazy_startup_of_an_application_without_lifespan_serves() -> None:
    def app(scope: Any) -> Any:
        assert scope["type"] == "http"
        return Site().double(scope)

    assert len(asyncio.run(get(to_asgi3(app, quirks=LAZY)))) == 2


def test_lazy_startup_under_old_middleware_starts_the_application_inside() -> None:
    class Old:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __call__(self, scope: Any) -> Any:
            return self.inner(scope)

    site = Site()
    asyncio.run(get(to_asgi3(middleware_to_asgi3(Old)(site.single), quirks=LAZY)))
    assert site.seen == ["started", "/", "stopped"]


LEFT = """
import asyncio
from typing import Any
from asgi_compat import Quirks, to_asgi3
def app(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            print("started")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await asyncio.sleep(0)
            print("stopped")
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello"})
    return instance
async def receive() -> Any:
    return {"type": "http.request"}
async def send(event: Any) -> None: ...
adapted = to_asgi3(app, quirks=Quirks(lazy_lifespan=True))
scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
loop = asyncio.new_event_loop()
for _ in range(2):  # as Mangum does for each invocation
    loop.run_until_complete(adapted(scope, receive, send))
"""


def test_lazy_startup_of_a_loop_that_only_stops_ends_with_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", LEFT], stdout=-1, stderr=-1, timeout=60
    )
    assert (done.stdout.split(), done.stderr) == ([b"started", b"stopped"], b"")


STARTING = """
import asyncio
from typing import Any
from asgi_compat import Quirks, to_asgi3
async def app(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    print("starts")
    await asyncio.Event().wait()
async def receive() -> Any: ...
async def send(event: Any) -> None: ...
adapted = to_asgi3(app, quirks=Quirks(lazy_lifespan=True))
loop = asyncio.new_event_loop()
task = loop.create_task(adapted({"type": "http", "path": "/", "headers": []}, receive, send))
loop.run_until_complete(asyncio.wait({task}, timeout=0.2))
task.cancel()  # daphne cancels the connections, and stops
loop.run_until_complete(asyncio.wait({task}))
"""


def test_lazy_startup_that_waits_at_the_end_of_the_process_is_cancelled_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", STARTING], stdout=-1, stderr=-1, timeout=60
    )
    assert (done.stdout.split(), done.stderr) == ([b"starts"], b"")


# The hosts that send no lifespan.


def test_lazy_startup_under_a_mount_of_starlette() -> None:
    applications = pytest.importorskip("starlette.applications")
    routing = pytest.importorskip("starlette.routing")
    site = Site()
    app = applications.Starlette(routes=[routing.Mount("/old", app=to_asgi3(site.double, quirks=LAZY))])
    asyncio.run(get(app, "/old/x"))
    assert site.seen == ["started", "/x", "stopped"]


def test_lazy_startup_in_httpx() -> None:
    httpx = pytest.importorskip("httpx")
    site = Site()

    async def main() -> None:
        transport = httpx.ASGITransport(app=to_asgi3(site.double, quirks=LAZY))
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            assert [(await client.get(path)).text for path in ("/1", "/2")] == ["hello", "hello"]

    asyncio.run(main())
    assert site.seen == ["started", "/1", "/2", "stopped"]


@pytest.mark.parametrize("entered", [False, True])
def test_lazy_startup_in_the_test_client(entered: bool) -> None:
    pytest.importorskip("httpx")
    testclient = pytest.importorskip("starlette.testclient")
    site = Site()
    client = testclient.TestClient(to_asgi3(site.double, quirks=LAZY))
    if entered:
        with client:
            assert client.get("/1").text == client.get("/2").text == "hello"
        assert site.seen == ["started", "/1", "/2", "stopped"]
        return
    assert client.get("/1").text == client.get("/2").text == "hello"
    # Without `with` each request has a loop of its own.
    assert site.seen == ["started", "/1", "stopped", "started", "/2", "stopped"]


def test_lazy_startup_in_mangum() -> None:
    mangum = pytest.importorskip("mangum")
    site = Site()
    event = {
        "version": "2.0",
        "rawPath": "/1",
        "rawQueryString": "",
        "headers": {"host": "site"},
        "requestContext": {"http": {"method": "GET", "path": "/1", "sourceIp": "127.0.0.1"}},
        "isBase64Encoded": False,
    }
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        handler = mangum.Mangum(to_asgi3(site.double, quirks=LAZY), lifespan="off")
        assert handler(event, {})["body"] == handler(event, {})["body"] == "hello"
    finally:
        asyncio.set_event_loop(None)
        for task in asyncio.all_tasks(loop):
            task.cancel()
            loop.run_until_complete(task)
        loop.close()
    assert site.seen == ["started", "/1", "/1", "stopped"]
