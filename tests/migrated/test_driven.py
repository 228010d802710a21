"""Rewritten releases do what the originals do: requests and WebSockets, alone and several at once."""

from __future__ import annotations

import asyncio
import gzip
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, Tuple

import pytest

from asgi_compat import Style, classify
from asgi_compat.testing import assert_migrated, http, lifespan, run, websocket

from .sources import both, imported_from

pytestmark = [
    pytest.mark.skipif("ASGI_COMPAT_MIGRATED" not in os.environ, reason="needs tox -e migrated"),
    pytest.mark.filterwarnings("ignore"),  # the releases are of 2019
]


def two(requirement: str, package: str, folder: Path, make: Callable[[Any, bool], Any]) -> Tuple[Any, Any]:
    """Return what a function makes of a release and of the rewritten release."""
    old, new, rewritten = both(requirement, package, folder)
    assert rewritten
    made = []
    for source, is_new in ((old, False), (new, True)):
        with imported_from(source, package) as load:
            made.append(make(load, is_new))
    return made[0], made[1]


def answer(scope: Any) -> Any:
    """Show the parts of a scope that middleware changes; an application of ASGI2."""

    async def instance(receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            event = await receive()
            await send({"type": "websocket.send", "text": f"{shown(scope)} {event.get('text')}"})
            await send({"type": "websocket.close", "code": 1000})
            return
        event = await receive()
        if scope["path"] == "/fails":
            raise LookupError(scope["query_string"])
        if "session" in scope and "name" in scope["session"]:
            scope["session"]["last"] = scope["path"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        body = event.get("body", b"") + shown(scope).encode()
        await send({"type": "http.response.body", "body": body})

    return instance


def shown(scope: Any) -> str:
    """Return what middleware has put into a scope."""
    session = scope.get("session")
    names = dict(session.items()) if session is not None else None
    return f"{scope['path']} {scope.get('cookies')} {names and names.get('name')} {scope.get('user')}"


async def answer3(scope: Any, receive: Any, send: Any) -> None:
    """Do the same as an application of ASGI3."""
    await answer(scope)(receive, send)


CONVERSATIONS = [
    http("GET", "/one", query="q=one", headers={"cookie": "sessionid=session-one; a=1"}),
    http("GET", "/two", query="q=two", headers={"cookie": "sessionid=session-two"}),
    http("POST", "/three", body=[b"three-a", b"three-b"], headers={"cookie": "b=3"}),
    http("GET", "/fails", query="q=four", headers={"cookie": "sessionid=session-one"}),
    websocket(
        "/ws/one", send=["five"], headers={"cookie": "sessionid=session-one", "origin": "http://friend"}
    ),
    websocket("/ws/two", send=["six"], headers={"cookie": "sessionid=session-two", "origin": "http://foe"}),
]


def starlette(load: Any, _: bool) -> Any:
    """Return a stack of the middleware, routes and responses of Starlette."""
    names = "applications exceptions responses routing middleware.gzip middleware.cors middleware.trustedhost"
    parts = {name: load(name) for name in names.split()}
    text, json = parts["responses"].PlainTextResponse, parts["responses"].JSONResponse
    app = parts["applications"].Starlette()

    @app.route("/one")  # type: ignore[untyped-decorator,unused-ignore]
    async def one(request: Any) -> Any:
        return json({"path": request.url.path, "name": request.query_params.get("name")})

    @app.route("/two", methods=["POST"])  # type: ignore[untyped-decorator,unused-ignore]
    async def two(request: Any) -> Any:
        return text((await request.body()).decode() * 200)

    @app.route("/error")  # type: ignore[untyped-decorator,unused-ignore]
    def error(request: Any) -> Any:
        raise parts["exceptions"].HTTPException(418)

    @app.websocket_route("/ws/{name}")  # type: ignore[untyped-decorator,unused-ignore]
    async def ws(session: Any) -> None:
        await session.accept()
        received = await session.receive_text()
        await session.send_text(f"{session.path_params['name']} {received}")
        await session.close()

    app.mount("/below", parts["routing"].Router([parts["routing"].Route("/page", one)]))
    app.add_middleware(parts["middleware.gzip"].GZipMiddleware, minimum_size=100)
    app.add_middleware(parts["middleware.cors"].CORSMiddleware, allow_origins=["http://friend"])
    app.add_middleware(parts["middleware.trustedhost"].TrustedHostMiddleware, allowed_hosts=["*"])
    return app


def test_starlette_rewritten_answers_as_the_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Routes, mounts, errors, gzip, CORS and WebSockets: the same conversations, alone and at once."""
    # gzip writes the time into its header, and the two are not compressed in the same second.
    monkeypatch.setattr(gzip, "time", SimpleNamespace(time=lambda: 0.0))
    before, after = two("starlette==0.11.4", "starlette", tmp_path, starlette)
    assert (classify(before).style, classify(after).style) == (Style.DOUBLE, Style.SINGLE)
    assert_migrated(before, after, [
        http("GET", "/one", query="name=one", headers={"origin": "http://friend"}),
        http("OPTIONS", "/one", headers={
            "origin": "http://friend", "access-control-request-method": "GET",
        }),
        http("POST", "/two", body=[b"two-a", b"two-b"], headers={"accept-encoding": "gzip"}),
        http("POST", "/two", body=[b"three"]),
        http("GET", "/below/page", query="name=below"),
        http("GET", "/below/missing"),
        http("GET", "/error"),
        http("DELETE", "/one"),
        websocket("/ws/four", send=["four"]),
        websocket("/ws/five", send=["five"]),
        websocket("/missing", send=["six"]),
    ])  # fmt: skip


def configure_django() -> None:
    """Set Django up with sessions in memory, and two visitors who have one."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(
            SECRET_KEY="key",
            INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
            CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            SESSION_ENGINE="django.contrib.sessions.backends.cache",
            SESSION_EXPIRE_AT_BROWSER_CLOSE=True,
            ALLOWED_HOSTS=["friend"],
        )
        django.setup()
    from django.contrib.sessions.backends.cache import SessionStore

    for key in ("session-one", "session-two"):
        session = SessionStore(key)
        session._cache.set(session.cache_key, {"name": key})


def channels(load: Any, is_new: bool) -> Any:
    """Return the middleware of Channels around an application that shows the scope."""
    inner = answer3 if is_new else answer
    stack = load("auth").AuthMiddlewareStack(inner)
    security = load("security.websocket")
    if is_new:  # what users subclass was refused: Channels 3 gave its consumers as_asgi
        security.WebsocketDenier.as_asgi = classmethod(single_of_consumer)
    guarded = security.AllowedHostsOriginValidator(stack)

    def double(scope: Any) -> Any:
        return (guarded if scope["type"] == "websocket" else stack)(scope)

    async def single(scope: Any, receive: Any, send: Any) -> None:
        await (guarded if scope["type"] == "websocket" else stack)(scope, receive, send)

    return single if is_new else double


def single_of_consumer(consumer: Any) -> Any:
    """Return an application that makes a consumer for each connection."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await consumer(scope)(receive, send)

    return app


def test_channels_rewritten_middleware_answers_as_the_original(tmp_path: Path) -> None:
    """Cookies, sessions that are saved, users and the origins of WebSockets."""
    configure_django()
    before, after = two("channels==2.4.0", "channels", tmp_path, channels)
    assert_migrated(before, after, CONVERSATIONS)
    shows = run(after, CONVERSATIONS[0], style=Style.SINGLE)
    assert shows.body and b"session-one AnonymousUser" in shows.body


def quart(load: Any, is_new: bool) -> Any:
    """Return one application of Quart for each event loop: its lock belongs to one before Python 3.10."""
    module = load("")
    apps: Dict[Any, Any] = {}

    def of_this_loop() -> Any:
        loop = asyncio.get_event_loop()
        return apps.get(loop) or apps.setdefault(loop, quart_application(module))

    async def single(scope: Any, receive: Any, send: Any) -> None:
        await of_this_loop()(scope, receive, send)

    return single if is_new else lambda scope: of_this_loop()(scope)


def quart_application(module: Any) -> Any:
    """Return an application of Quart with routes, an error and a WebSocket."""
    app = module.Quart("shop", root_path=os.getcwd())
    app.logger.disabled = True

    @app.before_serving  # type: ignore[untyped-decorator,unused-ignore]
    async def start() -> None:
        app.config["STARTED"] = "yes"

    @app.route("/one")  # type: ignore[untyped-decorator,unused-ignore]
    async def one() -> Any:
        return f"{module.request.path} {module.request.args.get('name')} {app.config.get('STARTED')}"

    @app.route("/two", methods=["POST"])  # type: ignore[untyped-decorator,unused-ignore]
    async def two() -> Any:
        return (await module.request.get_data()) * 200, 201, {"x-two": "2"}

    @app.route("/error")  # type: ignore[untyped-decorator,unused-ignore]
    async def error() -> Any:
        module.abort(418)

    @app.websocket("/ws/<name>")  # type: ignore[untyped-decorator,unused-ignore]
    async def ws(name: str) -> None:
        while True:
            await module.websocket.send(f"{name} {await module.websocket.receive()}")

    return app


def test_quart_rewritten_answers_as_the_original(tmp_path: Path) -> None:
    """Its three connection classes are made for one connection each."""
    before, after = two("quart==0.8.1", "quart", tmp_path, quart)
    assert_migrated(before, after, [
        lifespan(),
        http("GET", "/one", query="name=one"),
        http("GET", "/one", query="name=two"),
        http("POST", "/two", body=[b"two-a", b"two-b"]),
        http("GET", "/error"),
        http("GET", "/missing"),
        websocket("/ws/four", send=["four"]),
        websocket("/ws/five", send=["five"]),
    ])  # fmt: skip
    assert run(after, http("POST", "/two", body=[b"two"]), style=Style.SINGLE).body == b"two" * 200
    shows = run(after, websocket("/ws/six", send=["6"]), style=Style.SINGLE)
    assert [event.get("text") for event in shows.sent] == [None, "six 6"]


def bareasgi(load: Any, _: bool) -> Any:
    """Return an application of bareASGI with routes, middleware and a WebSocket."""
    module = load("")
    writer = load("application").text_writer

    async def one(scope: Any, info: Any, matches: Any, content: Any) -> Any:
        body = b"".join([part async for part in content])
        text = f"{scope['path']} {sorted(matches.items())} {body.decode()} {info.get('started')}"
        return 200, [(b"x-one", b"1")], writer(text), None

    async def marks(scope: Any, info: Any, matches: Any, content: Any, handler: Any) -> Any:
        status, headers, body, pushes = await handler(scope, info, matches, content)
        return status, [*headers, (b"x-marked", scope["path"].encode())], body, pushes

    async def ws(scope: Any, info: Any, matches: Any, socket: Any) -> None:
        await socket.accept()
        while True:
            received = await socket.receive()
            if received is None:
                break
            await socket.send(f"{matches['name']} {received}")

    async def start(scope: Any, info: Any, request: Any) -> None:
        info["started"] = True

    app = module.Application(middlewares=[marks], startup_handlers=[start])
    app.http_router.add({"GET", "POST"}, "/one/{name}", one)
    app.ws_router.add("/ws/{name}", ws)
    return app


def test_bareasgi_rewritten_answers_as_the_original(tmp_path: Path) -> None:
    """The object of one connection is made for it, and called."""
    before, after = two("bareasgi==3.1.0", "bareasgi", tmp_path, bareasgi)
    assert_migrated(before, after, [
        lifespan(),
        http("GET", "/one/a"),
        http("POST", "/one/b", body=[b"b-1", b"b-2"]),
        http("GET", "/missing"),
        websocket("/ws/four", send=["four"]),
        websocket("/ws/five", send=["five"]),
    ])  # fmt: skip
    shows = run(after, http("POST", "/one/b", body=[b"b"]), style=Style.SINGLE)
    assert shows.body == b"/one/b [('name', 'b')] b True"


def test_sentry_asgi_rewritten_reports_as_the_original(tmp_path: Path) -> None:
    """Errors are raised on, and reported with the request they belong to."""
    import sentry_sdk

    reported: Dict[bool, List[str]] = {False: [], True: []}
    new = [False]

    def keep(event: Any, hint: Any) -> None:
        error = event["exception"]["values"][-1]
        reported[new[0]].append(f"{event['request']['query_string']} {error['type']} {error['value']}")

    def make(load: Any, is_new: bool) -> Any:
        app = load("").SentryMiddleware(answer3 if is_new else answer)

        async def single(scope: Any, receive: Any, send: Any) -> None:
            new[0] = True
            await app(scope, receive, send)

        def double(scope: Any) -> Any:
            new[0] = False
            return app(scope)

        return single if is_new else double

    sentry_sdk.init("http://key@localhost/1", before_send=keep, default_integrations=False)
    try:
        before, after = two("sentry-asgi==0.1.5", "sentry_asgi", tmp_path, make)
        assert_migrated(before, after, CONVERSATIONS)
    finally:
        sentry_sdk.init()
    assert reported[True] == reported[False]
    assert reported[True] == ["q=four LookupError b'q=four'"] * 3


def test_timing_asgi_refused_because_a_rewrite_would_count_other_errors(tmp_path: Path) -> None:
    """The reason is true: with one call inside its try, what the constructor raises is counted, too."""
    old, _, rewritten = both("timing-asgi==0.1.2", "timing_asgi", tmp_path)
    assert rewritten == []
    path = old / "timing_asgi" / "middleware.py"
    counted: List[Any] = []

    def fails(scope: Any, *rest: Any) -> Any:
        raise LookupError("made in the constructor")

    class Client:
        def timing(self, name: str, value: float, tags: Any = None) -> None:
            counted.append(tags[0])

    def make(load: Any) -> Any:
        return load("middleware").TimingMiddleware(fails, Client())

    conversation = http("GET", "/one")
    with imported_from(old, "timing_asgi") as load:
        before = make(load)
    text = path.read_text(encoding="utf-8")
    naive = (
        text.replace("def __call__(self, scope):", "async def __call__(self, scope, receive, send):")
        .replace(
            "return functools.partial(self.asgi, asgi_scope=scope)", "await self.asgi(receive, send, scope)"
        )
        .replace("app = self.app(asgi_scope)", "app = functools.partial(self.app, asgi_scope)")
    )
    path.write_text(naive, encoding="utf-8")
    with imported_from(old, "timing_asgi") as load:
        after = make(load)
    run(before, conversation, style=Style.DOUBLE)
    assert counted == []
    run(after, conversation, style=Style.SINGLE)
    assert counted == ["http_status:500", "http_status:500"]
