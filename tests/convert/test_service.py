"""The whole service as an object: who it is for others, options, profiles, middleware."""

from __future__ import annotations

import asyncio
import copy
import functools
import logging
import pickle
import subprocess
import sys
import threading
import types
import weakref

import pytest
from messages.cases import BODY, REQUEST, START, http

import asgi_compat
from asgi_compat import (
    AppMessageError,
    DetectionError,
    Style,
    classify,
    double_to_single_callable,
    single_to_double_callable,
    to_asgi2,
    to_asgi3,
)
from asgi_compat._convert import PROFILES, Quirks, middleware_to_asgi2, middleware_to_asgi3, profile_of


def old(scope):
    async def instance(receive, send):
        await send(START)
        await send(BODY)

    return instance


async def new(scope, receive, send):
    await send(START)
    await send(BODY)


class OldMiddleware:
    def __init__(self, inner, option=None):
        self.inner, self.option = inner, option

    def __call__(self, scope):
        return self.inner({**scope, "seen": [*scope.get("seen", ()), ("old", self.option)]})


class NewMiddleware:
    def __init__(self, app, option=None):
        self.app, self.option = app, option

    async def __call__(self, scope, receive, send):
        await self.app({**scope, "seen": [*scope.get("seen", ()), ("new", self.option)]}, receive, send)


def repaired(rule, before, after):
    """An on_repair that can be pickled."""


def talk(app, scope=None, events=(REQUEST,)):
    sent, left = [], list(events)

    async def receive():
        return left.pop(0) if len(left) > 1 else left[0]

    async def send(event):
        sent.append(event)

    asyncio.run(app(scope or http(), receive, send))
    return sent


def talk2(app, scope=None, events=(REQUEST,)):
    return talk(lambda scope, receive, send: app(scope)(receive, send), scope, events)


@pytest.mark.parametrize("app", [old, new])
def test_both_directions_run_both_styles(app):
    assert talk(to_asgi3(app)) == [START, BODY]
    assert talk2(to_asgi2(app)) == [START, BODY]


@pytest.mark.parametrize("app", [old, new])
@pytest.mark.parametrize("convert", [to_asgi3, to_asgi2])
def test_never_two_adapters(app, convert):
    one = convert(app)
    assert one.app is app
    assert convert(one) is one
    other = to_asgi2 if convert is to_asgi3 else to_asgi3
    assert other(one).app is app
    assert convert(other(one)) == one
    assert convert(one, strict=True).app is app and convert(one, strict=True) != one
    assert convert(double_to_single_callable(app)).app is app
    assert convert(single_to_double_callable(app)).app is app


def test_ordinary_objects():
    for one in (to_asgi3(old, quirks="articles-2018", on_repair=repaired), to_asgi2(new)):
        again = pickle.loads(pickle.dumps(one))
        assert again == one and hash(again) == hash(one) and again.app is one.app
        assert copy.deepcopy(one) == one and copy.copy(one) == one
        assert weakref.ref(one)() is one
        assert one != object() and one.app.__name__ in repr(one)
    assert talk(pickle.loads(pickle.dumps(to_asgi3(old)))) == [START, BODY]
    assert "quirks='articles-2018'" in repr(to_asgi3(old, quirks="articles-2018"))
    assert to_asgi3(old) == to_asgi3(old) and to_asgi3(old) != to_asgi2(old)


def test_by_keyword():
    one, two = to_asgi3(old), to_asgi2(new)
    assert talk(lambda scope, r, s: one(scope=scope, receive=r, send=s)) == [START, BODY]
    assert talk(lambda scope, r, s: two(scope=scope)(receive=r, send=s)) == [START, BODY]


def test_other_detectors_see_what_it_is():
    import inspect

    one, two = to_asgi3(old), to_asgi2(new)
    assert classify(one).style is Style.SINGLE and classify(two).style is Style.DOUBLE
    from asgiref.compatibility import is_double_callable

    assert not is_double_callable(one) and is_double_callable(two)
    # uvicorn, hypercorn and sentry-sdk; starlette, which strips partials
    assert inspect.iscoroutinefunction(one.__call__) and not inspect.iscoroutinefunction(two.__call__)
    assert inspect.iscoroutinefunction(one.func)
    coroutine = one(http(), None, None)
    assert inspect.iscoroutine(coroutine)
    coroutine.close()


def test_uvicorn_and_hypercorn_take_it_for_asgi3():
    uvicorn = pytest.importorskip("uvicorn")
    # Without WebSockets: the old websockets that an old uvicorn imports warns of itself.
    config = uvicorn.Config(to_asgi3(old), lifespan="off", ws="none")
    config.load()
    assert config.interface == "asgi3"
    utils = pytest.importorskip("hypercorn.utils")
    assert utils.is_asgi(to_asgi3(old))


def test_refusals():
    with pytest.raises(DetectionError):
        to_asgi3(lambda environ, start_response: [b""])
    with pytest.raises(DetectionError):
        to_asgi2(None)
    for wrong in ({"style": "triple"}, {"lifespan": "maybe"}, {"quirks": "unknown"}):
        with pytest.raises(ValueError):
            to_asgi3(old, **wrong)
    for wrong in ({"quirks": 5}, {"on_repair": 5}):
        with pytest.raises(TypeError):
            to_asgi3(old, **wrong)
    with pytest.raises(ValueError, match="receive_keys"):
        Quirks(receive_keys="none")
    with pytest.raises(AttributeError):
        Quirks().join_body = True


def test_style_is_the_callers_word():
    def either(scope, receive=None, send=None):
        return new(scope, receive, send) if receive else old(scope)

    assert to_asgi3(either, style="double").compiled.plan.rules >= {"A5"}
    assert "A5" not in to_asgi3(either, style="single").compiled.plan.rules
    assert (
        talk(to_asgi3(either, style="double")) == talk(to_asgi3(either, style=Style.SINGLE)) == [START, BODY]
    )


def test_a_single_application_keeps_its_version_and_path():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)
        await new(scope, receive, send)

    scope = http(root_path="/p", path="/p/x", extensions={})
    talk(to_asgi3(app), scope)
    assert seen[0] is scope


def test_the_scope_of_an_inner_application_stays_visible():
    seen = []

    async def app(scope, receive, send):
        scope["found"] = 1
        await new(scope, receive, send)

    scope = http()
    talk(to_asgi3(app), scope)
    seen.append(scope["found"])
    assert seen == [1]


def test_a_repair_is_logged_once_and_told_each_time(caplog):
    def app(scope):
        async def instance(receive, send):
            await send({**START, "status": "200"})
            await send(BODY)

        return instance

    told = []
    caplog.set_level(logging.INFO, "asgi_compat")
    adapted = to_asgi3(
        app, on_repair=lambda rule, before, after: told.append((rule, before["status"], after["status"]))
    )
    talk(adapted), talk(adapted)
    assert told == [("A23", "200", 200)] * 2
    assert [record.levelname for record in caplog.records if "A23" in record.getMessage()] == ["INFO"]


def test_strict_names_everything():
    def app(scope):
        async def instance(receive, send):
            await send({**START, "status": "200"})

        return instance

    with pytest.raises(AppMessageError) as caught:
        talk(to_asgi3(app, strict=True))
    error = caught.value
    assert (error.rule, error.message_type, error.field, error.got) == (
        "A23",
        "http.response.start",
        "status",
        "200",
    )
    assert error.expected
    assert pickle.loads(pickle.dumps(error)).rule == "A23"


# Profiles.


@pytest.fixture
def framework(monkeypatch):
    def make(module, version):
        package = types.ModuleType(module)
        package.__version__ = version
        monkeypatch.setitem(sys.modules, module, package)
        monkeypatch.setattr("importlib.metadata.version", lambda name: version)
        base = type("App", (), {"__module__": f"{module}.app", "__call__": lambda self, scope: old(scope)})
        return type("Mine", (base,), {"__module__": "mine"})()

    return make


@pytest.mark.parametrize(
    "module, version, name",
    [
        ("channels", "2.4.0", "channels-2"),
        ("channels", "3.0.0", None),
        ("starlette", "0.5.4", "starlette-cleanup"),
        ("starlette", "0.5.5", "starlette-2"),
        ("starlette", "0.12.0b3", None),
        ("quart", "0.8.1", "quart-0.6"),
        ("quart", "0.9.1", None),
        ("bareasgi", "1.0.0", "bareasgi-1"),
        ("asgiref.wsgi", "2.3.2", "wsgi-to-asgi"),
        ("asgiref.wsgi", "3.2.2", None),
        ("other", "1.0", None),
    ],
)
def test_profiles_by_class_and_version(framework, module, version, name):
    app = framework(module, version)
    row = profile_of(app)
    assert (row and row.name) == name
    assert to_asgi3(app, style="double").compiled.plan.quirks == (row.quirks if row else Quirks())
    assert to_asgi3(app, style="double", quirks=Quirks()).compiled.plan.quirks == Quirks()


@pytest.mark.parametrize("style", ["single", "double"])
def test_the_body_is_joined_for_whoever_asks_for_it(style):
    """WsgiToAsgi takes the first event for all of it, also that of asgiref 3.0, which is single-callable."""
    seen = []

    async def single(scope, receive, send):
        seen.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def double(scope):
        return functools.partial(single, scope)

    parts = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "body": b"b", "more_body": False},
    ]
    talk(to_asgi3(single if style == "single" else double, quirks=Quirks(join_body=True)), http(), parts)
    assert seen == [{"type": "http.request", "body": b"ab", "more_body": False}]


@pytest.mark.parametrize(
    "known, version, other",
    [("asgiref.wsgi", "2.3.2", "asgiref.compatibility"), ("channels", "2.4.0", "channels_of_mine")],
)
def test_a_profile_is_of_whole_modules(framework, known, version, other):
    assert profile_of(framework(known, version)) is not None
    assert profile_of(type("App", (), {"__module__": other})()) is None


def test_profiles_of_classes_methods_and_partials(framework):
    app = framework("starlette", "0.5.0")
    for one in (type(app), functools.partial(app), functools.partial(type(app), 1), app.__call__):
        assert profile_of(one).name == "starlette-cleanup"


def test_profiles_by_name():
    assert to_asgi3(old, quirks="articles-2018").compiled.plan.quirks.request_type == "http.request.body"
    row = PROFILES["articles-2018"]
    assert to_asgi3(old, quirks=row).compiled.plan.quirks == row.quirks


def test_a_package_is_not_imported_to_be_asked():
    code = (
        "import sys, asgi_compat; asgi_compat.to_asgi3(lambda scope: None, style='double');"
        "print('starlette' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_the_face_stays_cheap():
    code = (
        "import sys, asgi_compat; "
        "unwanted = ('asgi_compat._convert', 'asgi_compat._messages', 'asyncio', 'dataclasses');"
        "print([name for name in unwanted if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
    assert asgi_compat.to_asgi3 is to_asgi3 and asgi_compat.Quirks is Quirks


class Blocks:
    """The usual class of the day: what it does before it awaits blocks."""

    def __init__(self, scope):
        scope["threads"].append(threading.current_thread())

    async def __call__(self, receive, send):
        await old({})(receive, send)


def blocks(scope):
    return Blocks(scope)


class Framework:
    def __call__(self, scope):
        return Blocks(scope)


@pytest.mark.parametrize("app", [Blocks, blocks, Framework(), functools.partial(blocks)])
def test_a_constructor_in_a_thread(app):
    pytest.importorskip("asgiref.sync")
    threads = []
    assert talk(to_asgi3(app, quirks=Quirks(constructor_in_thread=True)), http(threads=threads)) == [
        START,
        BODY,
    ]
    assert talk(to_asgi3(app), http(threads=threads)) == [START, BODY]
    assert threads[0] is not threading.main_thread() and threads[1] is threading.main_thread()


def test_an_old_application_on_an_old_server_gets_both_keys_as_the_server_gives_them():
    """hypercorn 0.5.4's own tests index both."""
    event = {"type": "websocket.receive", "text": "x", "bytes": None}
    seen = []

    def both(scope):
        async def instance(receive, send):
            await receive()
            await send({"type": "websocket.accept"})
            event = await receive()
            seen.append((event["text"], event["bytes"]))

        return instance

    scope = {**http(), "type": "websocket", "subprotocols": []}
    for app in (to_asgi2(both), to_asgi2(to_asgi3(both))):
        talk2(app, scope, [{"type": "websocket.connect"}, event, event])
    assert seen == [("x", None)] * 2


@pytest.mark.parametrize("raises", [True, False])
def test_a_client_that_has_gone_from_a_server_that_drops(raises):
    """uvicorn 0.5 takes what comes after http.disconnect, and says nothing."""

    async def app(scope, receive, send):
        await receive()
        await send(START)
        await send(BODY)

    app = to_asgi2(app, quirks=Quirks(raise_after_disconnect=raises))
    if raises:
        with pytest.raises(OSError, match="the client has gone"):
            talk2(app, http(), [{"type": "http.disconnect"}])
    else:
        assert talk2(app, http(), [{"type": "http.disconnect"}]) == [START, BODY]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("kind", ["http", "websocket", "lifespan"])
@pytest.mark.parametrize(
    "event", [{"type": "http.response.boddy"}, {}, {"type": None}, [("type", "x")], None, 5]
)
def test_the_first_traceback_is_the_one_that_helps(event, kind, strict):
    async def app(scope, receive, send):
        await send(event)

    with pytest.raises(AppMessageError) as caught:
        talk(to_asgi3(app, strict=strict, lifespan="on"), {**http(), "type": kind, "subprotocols": []})
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_second_start_names_its_rule():
    def app(scope):
        async def instance(receive, send):
            await send(START)
            await send(START)

        return instance

    with pytest.raises(AppMessageError, match=r"second time.*\(explain A28\)") as caught:
        talk(to_asgi3(app, quirks=Quirks(defer_start=False)))
    assert caught.value.rule == "A28"


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("convert", [to_asgi3, to_asgi2])
def test_what_the_application_writes_into_its_scope_is_seen_outside(convert, kind, fails):
    async def app(scope, receive, send):
        if convert is to_asgi3:
            assert scope["asgi"]["version"] == "2.0", "nothing had to be changed: this tests nothing"
        scope["endpoint"] = app
        scope["path"] = "/of/its/own"
        if fails:
            raise LookupError("its own")
        await send(START if kind == "http" else {"type": "websocket.close"})
        if kind == "http":
            await send(BODY)

    def twice(scope):
        async def instance(receive, send):
            await app(scope, receive, send)

        return instance

    scope = {**http(), "type": kind, "root_path": "", "asgi": {"version": "3.0", "spec_version": "2.1"}}
    given = dict(scope)
    converted = convert(twice if convert is to_asgi3 else app)
    try:
        (talk if convert is to_asgi3 else talk2)(converted, scope, [{"type": "websocket.connect"}])
    except LookupError:
        assert fails
    assert scope == {**given, "endpoint": app}


def test_head_on_an_old_server_promises_a_body_and_has_none():
    """As every FileResponse answers it."""
    start = {**START, "headers": [(b"content-length", b"50")]}
    empty = {"type": "http.response.body", "body": b"", "more_body": False}

    async def files(scope, receive, send):
        await send(start)
        await send(scope["last"])

    for last in (empty, {**BODY, "body": b"x" * 50}):
        assert talk2(to_asgi2(files), http(method="HEAD", last=last)) == [start, empty]
    with pytest.raises(AppMessageError, match="50 bytes fewer"):
        talk2(to_asgi2(files), http(last=empty))


@pytest.mark.parametrize(
    "convert, run, client",
    [
        (to_asgi3, talk, {"client": ("127.0.0.1", 5000)}),
        (to_asgi3, talk, {"client": ("testclient", 50000)}),
        (to_asgi3, talk, {}),
        (to_asgi2, talk2, {"client": ("127.0.0.1", 5000)}),
    ],
    ids=["server", "TestClient", "communicator", "old server"],
)
@pytest.mark.parametrize(
    "code, sent", [(403, 403), (4003, 4003), (0, 0), ("403", 1000), (None, 1000), (70000, 1000)]
)
def test_a_close_before_accept_has_a_code_that_its_reader_takes(convert, run, client, code, sent):
    """No frame goes out before accept, and 2018 wrote 403: test clients show it, some servers check it."""

    def rejects(scope):
        async def instance(receive, send):
            await receive()
            await send({"type": "websocket.close", "code": code})

        return instance

    scope = {**http(), "type": "websocket", "subprotocols": [], **client}
    if convert is to_asgi3 and client == {"client": ("127.0.0.1", 5000)} and sent in (0, 403):
        sent = 1000
    for name in ("client", "server") if not client else ():
        scope.pop(name, None)
    assert run(convert(rejects), scope, [{"type": "websocket.connect"}]) == [
        {"type": "websocket.close", "code": sent}
    ]


@pytest.mark.parametrize(
    "about, code",
    [
        ({"asgi": {"version": "3.0"}}, 1000),
        ({}, 1011),
        ({"asgi": {"version": "3.0", "spec_version": "2.3"}}, 1011),
    ],
)
def test_daphne_is_told_by_what_it_says_of_itself(about, code):
    """It cannot send 1011. Starlette's TestClient of 2019 has a list for the client, too, and can."""

    def fails(scope):
        async def instance(receive, send):
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 1011})

        return instance

    scope = {**http(), "type": "websocket", "subprotocols": [], "client": ["127.0.0.1", 5000]}
    del scope["asgi"]
    sent = talk(to_asgi3(fails), {**scope, **about}, [{"type": "websocket.connect"}])
    assert sent[-1] == {"type": "websocket.close", "code": code}


@pytest.mark.parametrize(
    "wrong",
    [
        {"join_body": "false"},
        {"defer_start": None},
        {"finish_on_error": "yes"},
        {"receive_keys": "none"},
        {"placeholder_client": "x"},
        {"placeholder_client": ("x", "80")},
        {"placeholder_client": ["x", 80]},
    ],
)
def test_a_quirk_takes_what_it_knows(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"Quirks.{name}: got .*, expected "):
        Quirks(**wrong)


def test_quirks_show_what_differs():
    assert repr(Quirks()) == "Quirks()"
    assert repr(Quirks(join_body=True, receive_keys="one")) == "Quirks(join_body=True, receive_keys='one')"
    assert eval(repr(Quirks(finish_on_error=True))) == Quirks(finish_on_error=True)


# Middleware.


def seeing(seen):
    async def app(scope, receive, send):
        seen.append(scope["seen"])
        await new(scope, receive, send)

    return app


def test_old_middleware_around_new_applications():
    seen = []
    Old = middleware_to_asgi3(OldMiddleware)
    stack = Old(app=NewMiddleware(Old(Old(seeing(seen), option=3), option=2)), option=1)
    assert classify(stack).style is Style.SINGLE
    assert talk(stack) == [START, BODY]
    assert seen == [[("old", 1), ("new", None), ("old", 2), ("old", 3)]]


def test_new_middleware_around_old_applications():
    seen = []

    def app(scope):
        seen.append(scope["seen"])
        return old(scope)

    New = middleware_to_asgi2(NewMiddleware)
    stack = New(OldMiddleware(New(New(app, option=3), 2)), option=1)
    assert classify(stack).style is Style.DOUBLE
    assert talk2(stack) == [START, BODY]
    assert seen == [[("new", 1), ("old", None), ("new", 2), ("new", 3)]]


def test_nested_middleware_leaves_no_adapters_between():
    Old = middleware_to_asgi3(OldMiddleware)
    stack = Old(Old(Old(new)))
    depth, layer = 0, stack.app
    while isinstance(layer, OldMiddleware):
        depth, layer = depth + 1, layer.inner
    assert depth == 3 and layer.app is new


@pytest.mark.parametrize(
    "middleware",
    [
        OldMiddleware,
        functools.partial(OldMiddleware, option=7),
        lambda app, **options: OldMiddleware(app, **options),
    ],
)
def test_classes_partials_and_factories(middleware):
    seen = []
    assert talk(middleware_to_asgi3(middleware)(seeing(seen))) == [START, BODY]
    assert len(seen[0]) == 1


def test_middleware_objects():
    Old = middleware_to_asgi3(OldMiddleware)
    assert middleware_to_asgi3(Old) is Old and middleware_to_asgi2(Old) is OldMiddleware
    assert Old.__name__ == "OldMiddleware" and pickle.loads(pickle.dumps(Old)) == Old and hash(Old)
    assert "OldMiddleware" in repr(Old)
    with pytest.raises(TypeError):
        middleware_to_asgi3(None)


class NeedsHeaders(OldMiddleware):
    """As CookieMiddleware of Channels 2: nobody showed it a lifespan scope in its day."""

    def __call__(self, scope):
        if "headers" not in scope:
            raise ValueError("needs headers")
        return super().__call__(scope)


def for_http_only(app):
    def made(scope):
        return app(scope) if scope["type"] == "http" else None

    return made


class Reads(OldMiddleware):
    """One that takes lifespan.startup for itself and fails then."""

    def __call__(self, scope):
        async def instance(receive, send):
            raise ValueError((await receive())["type"])

        return instance


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("middleware", [OldMiddleware, NeedsHeaders, for_http_only])
def test_start_up_reaches_the_application_past_a_middleware_that_does_not_know_lifespan(
    middleware, depth, caplog
):
    calls = []

    async def app(scope, receive, send):
        calls.append((scope["type"], (await receive())["type"]))
        await send({"type": "lifespan.startup.complete"})

    for _ in range(depth):
        app = middleware_to_asgi3(middleware)(app)
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    with caplog.at_level("INFO", logger="asgi_compat"):
        sent = talk(app, scope, [{"type": "lifespan.startup"}])
    assert sent == [{"type": "lifespan.startup.complete"}]
    assert calls == [("lifespan", "lifespan.startup")]
    told = [row.getMessage() for row in caplog.records]
    assert bool(told) is (middleware is not OldMiddleware)
    assert all("has no lifespan support" in line for line in told)


def test_a_middleware_that_has_taken_start_up_has_failed():
    reached = []

    async def app(scope, receive, send):
        reached.append(scope)

    with pytest.raises(ValueError, match=r"lifespan\.startup"):
        talk(middleware_to_asgi3(Reads)(app), {"type": "lifespan"}, [{"type": "lifespan.startup"}])
    assert reached == []


class SetsCookie:
    """As SessionMiddleware of Channels 2, with its space in front of the value and its spelling."""

    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        inner = self.inner(scope)

        async def instance(receive, send):
            async def with_cookie(event):
                if event["type"] == "http.response.start":
                    event = {**event, "headers": [*event["headers"], [b"Set-Cookie", b" a=b"]]}
                await send(event)

            await inner(receive, with_cookie)

        return instance


def test_what_an_old_middleware_sends_is_repaired_and_the_scope_of_the_application_is_not_touched():
    scopes, scope = [], {**http(), "root_path": "/pre", "path": "/pre/x"}

    async def app(scope, receive, send):
        scopes.append(scope)
        await new(scope, receive, send)

    Old = middleware_to_asgi3(SetsCookie)
    for stack in (Old(app), Old(Old(app)), pickle.loads(pickle.dumps(Old(new)))):
        headers = talk(stack, scope)[0]["headers"]
        assert headers[-1] == (b"set-cookie", b"a=b")
    assert scopes[0] is scope and scopes[1] is scope
    assert Old(new) != Old(app) and repr(Old(new)).startswith("<AdaptedMiddlewareStack of <")
    stack = Old(new)
    assert to_asgi3(stack).app is stack and to_asgi2(stack).app is stack


def test_a_stack_does_not_hold_the_start_of_a_response_back():
    sent = []

    async def app(scope, receive, send):
        await send(START)
        sent.append("waits for its first event")
        await send(BODY)

    async def send(event):
        sent.append(event["type"])

    asyncio.run(middleware_to_asgi3(OldMiddleware)(app)(http(), None, send))
    assert sent == ["http.response.start", "waits for its first event", "http.response.body"]


@pytest.mark.parametrize("factory", [NewMiddleware, lambda app, **options: NewMiddleware(app, **options)])
def test_a_middleware_of_today_needs_no_adapter(factory):
    seen = []
    stack = middleware_to_asgi3(factory)(seeing(seen), option=1)
    assert type(stack) is NewMiddleware
    assert talk(stack) == [START, BODY] and seen == [[("new", 1)]]


def test_a_middleware_of_2018_needs_no_adapter():
    stack = middleware_to_asgi2(OldMiddleware)(old, option=1)
    assert type(stack) is OldMiddleware and stack.inner is old
    assert talk2(stack) == [START, BODY]


@pytest.mark.parametrize("convert", [middleware_to_asgi3, middleware_to_asgi2])
def test_an_applied_middleware_is_not_a_middleware(convert):
    with pytest.raises(TypeError, match=r"application already.*class or factory"):
        convert(NewMiddleware(new))


def test_in_a_starlette_stack():
    pytest.importorskip("starlette")
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    seen = []

    async def home(request):
        seen.append(request.scope["seen"])
        return PlainTextResponse("hello")

    Old = middleware_to_asgi3(OldMiddleware)
    app = Starlette(
        routes=[Route("/", home)], middleware=[Middleware(Old, option=1), Middleware(Old, option=2)]
    )
    sent = talk(app)
    assert sent[0]["status"] == 200 and sent[1]["body"] == b"hello"
    assert seen == [[("old", 1), ("old", 2)]]
