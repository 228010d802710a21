"""Objects that real frameworks, servers, agents, proxies and compilers make, and what each of them is.

A row's truth is not an opinion: ``test_frameworks.py`` drives every object both ways, and as WSGI, and
as a factory, and only the labelled way may answer. Nothing is imported before a row is made, so a row
whose library is not installed says so by itself.

``needs`` are requirements as pip writes them. Two of them cannot be installed together (Cython 3 and
0.29, say), so there are two files: ``requirements.txt`` and ``requirements-previous.txt``. Every row
is satisfied by one of them; a test holds that.
"""

from __future__ import annotations

import functools
import itertools
import os
from pathlib import Path
from typing import Any, Callable, List, NamedTuple, Optional, Tuple, Type

from asgi_compat import DetectionError

SINGLE, DOUBLE, EITHER, FACTORY = "SINGLE", "DOUBLE", "EITHER", "FACTORY"
WSGI, NOT_AN_APP, UNKNOWN = "WSGI", "NOT_AN_APP", "UNKNOWN"

START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"specimen"}

HERE = Path(__file__).parent


class Row(NamedTuple):
    #: The library first, then what of it.
    name: str
    #: Makes the object; every call makes a new one where the library allows it.
    make: Callable[[], Any]
    #: The name of a `Style`: what driving the object proves.
    truth: str
    #: What must be installed, as pip writes it.
    needs: Tuple[str, ...]
    #: Why nothing static tells the truth: the verdict is then UNKNOWN. Empty where something does.
    unknown: str = ""
    #: Words that the remedy must contain.
    remedy: str = ""
    #: The type of scope to drive it with.
    scope: str = "http"
    #: Must lifespan start before the first request?
    lifespan: bool = False
    #: Where the verdict is UNKNOWN and the truth no application: what the first connection meets when
    #: it comes. None: it is served all the same.
    meets: Optional[Type[Exception]] = DetectionError


ROWS: List[Row] = []


def row(name: str, truth: str, *needs: str, **more: Any) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Add the decorated maker as a row."""

    def add(make: Callable[[], Any]) -> Callable[[], Any]:
        ROWS.append(Row(name, make, truth, needs or (name.split()[0],), **more))
        return make

    return add


# The applications that go into wrappers ----------------------------------------------------------


async def single(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    await send(BODY)


def plain_single(scope: Any, receive: Any, send: Any) -> Any:
    return single(scope, receive, send)


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)

    return instance


class SingleApp:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)

    async def method(self, scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)


class DoubleClass:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)


class DoubleApp:
    def __call__(self, scope: Any) -> Any:
        return double(scope)

    def method(self, scope: Any) -> Any:
        return double(scope)


def wsgi(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [])
    return [b"specimen"]


async def single_websocket(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})


# Starlette ---------------------------------------------------------------------------------------


def starlette_application() -> Any:
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def home(request: Any) -> Any:
        return PlainTextResponse("home")

    return Starlette(routes=[Route("/", home)])


@row("starlette Starlette", SINGLE)
def _() -> Any:
    return starlette_application()


@row("starlette Starlette.router", SINGLE)
def _() -> Any:
    return starlette_application().router


@row("starlette Starlette.router.app bound method", SINGLE)
def _() -> Any:
    return starlette_application().router.app


@row("starlette Starlette.build_middleware_stack()", SINGLE)
def _() -> Any:
    return starlette_application().build_middleware_stack()


@row("starlette Starlette.__call__ bound method", SINGLE)
def _() -> Any:
    return starlette_application().__call__


@row("starlette Starlette.build_middleware_stack bound method, uncalled", FACTORY)
def _() -> Any:
    return starlette_application().build_middleware_stack


@row("starlette Starlette class", FACTORY)
def _() -> Any:
    from starlette.applications import Starlette

    return Starlette


@row("starlette Router class", FACTORY)
def _() -> Any:
    from starlette.routing import Router

    return Router


@row("starlette Response class", FACTORY)
def _() -> Any:
    from starlette.responses import Response

    return Response


@row("starlette JSONResponse class", NOT_AN_APP)
def _() -> Any:
    from starlette.responses import JSONResponse

    return JSONResponse


@row("starlette Starlette.__call__ unbound", NOT_AN_APP)
def _() -> Any:
    from starlette.applications import Starlette

    return Starlette.__call__


@row("starlette Router", SINGLE)
def _() -> Any:
    from starlette.routing import Router

    return Router()


@row("starlette Route", SINGLE)
def _() -> Any:
    return starlette_application().routes[0]


@row("starlette Route.app", SINGLE)
def _() -> Any:
    return starlette_application().routes[0].app


@row("starlette Route.handle bound method", SINGLE)
def _() -> Any:
    return starlette_application().routes[0].handle


@row("starlette Route class", NOT_AN_APP)
def _() -> Any:
    from starlette.routing import Route

    return Route


@row("starlette Mount", SINGLE)
def _() -> Any:
    from starlette.routing import Mount

    return Mount("/", app=starlette_application())


@row("starlette Starlette with a Mount of Starlette", SINGLE)
def _() -> Any:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    return Starlette(routes=[Mount("/", app=starlette_application())])


@row("starlette Host", SINGLE)
def _() -> Any:
    from starlette.routing import Host

    return Host("testserver", app=starlette_application())


@row("starlette WebSocketRoute", SINGLE, scope="websocket")
def _() -> Any:
    from starlette.routing import WebSocketRoute

    async def talk(websocket: Any) -> None:
        await websocket.accept()
        await websocket.close()

    return WebSocketRoute("/", talk)


@row("starlette HTTPEndpoint subclass", SINGLE)
def _() -> Any:
    from starlette.endpoints import HTTPEndpoint
    from starlette.responses import PlainTextResponse

    class Home(HTTPEndpoint):
        async def get(self, request: Any) -> Any:
            return PlainTextResponse("home")

    return Home


@row("starlette HTTPEndpoint class itself", SINGLE)
def _() -> Any:
    from starlette.endpoints import HTTPEndpoint

    return HTTPEndpoint


@row("starlette WebSocketEndpoint subclass", SINGLE, scope="websocket")
def _() -> Any:
    from starlette.endpoints import WebSocketEndpoint

    class Talk(WebSocketEndpoint):
        encoding = "text"

    return Talk


@row("starlette request_response()", SINGLE)
def _() -> Any:
    from starlette.responses import PlainTextResponse
    from starlette.routing import request_response

    def home(request: Any) -> Any:
        return PlainTextResponse("home")

    return request_response(home)


@row("starlette websocket_session()", SINGLE, scope="websocket")
def _() -> Any:
    from starlette.routing import websocket_session

    async def talk(websocket: Any) -> None:
        await websocket.accept()

    return websocket_session(talk)


@row("starlette endpoint async def (request)", NOT_AN_APP)
def _() -> Any:
    return starlette_application().routes[0].endpoint


@row("starlette Response", SINGLE)
def _() -> Any:
    from starlette.responses import Response

    return Response(b"hello")


@row("starlette JSONResponse", SINGLE)
def _() -> Any:
    from starlette.responses import JSONResponse

    return JSONResponse({})


@row("starlette StreamingResponse", SINGLE)
def _() -> Any:
    from starlette.responses import StreamingResponse

    return StreamingResponse(iter([b"a", b"b"]))


@row("starlette FileResponse", SINGLE)
def _() -> Any:
    from starlette.responses import FileResponse

    return FileResponse(__file__)


@row("starlette function of (scope) returning a Response", DOUBLE)
def _() -> Any:
    from starlette.responses import PlainTextResponse

    def application(scope: Any) -> Any:
        # What the ASGI2 tutorials say, on today's Starlette: the second half takes three arguments.
        response = PlainTextResponse("old")

        async def instance(receive: Any, send: Any) -> None:
            await response(scope, receive, send)

        return instance

    return application


def static_files() -> Any:
    from starlette.staticfiles import StaticFiles

    # With html=True a missing page is 404.html, and "/" is index.html, when they are there.
    return StaticFiles(directory=str(HERE / "static"), html=True)


@row("starlette StaticFiles", SINGLE)
def _() -> Any:
    return static_files()


@row("starlette Mount of StaticFiles", SINGLE)
def _() -> Any:
    from starlette.routing import Mount

    return Mount("/", static_files(), name="static")


@row("starlette GZipMiddleware", SINGLE)
def _() -> Any:
    from starlette.middleware.gzip import GZipMiddleware

    return GZipMiddleware(single)


@row("starlette CORSMiddleware", SINGLE)
def _() -> Any:
    from starlette.middleware.cors import CORSMiddleware

    return CORSMiddleware(single, allow_origins=["*"])


@row("starlette SessionMiddleware", SINGLE, "starlette", "itsdangerous")
def _() -> Any:
    from starlette.middleware.sessions import SessionMiddleware

    return SessionMiddleware(single, secret_key="secret")


@row("starlette ServerErrorMiddleware", SINGLE)
def _() -> Any:
    from starlette.middleware.errors import ServerErrorMiddleware

    return ServerErrorMiddleware(single)


@row("starlette ExceptionMiddleware", SINGLE)
def _() -> Any:
    from starlette.middleware.exceptions import ExceptionMiddleware

    return ExceptionMiddleware(single)


@row("starlette TrustedHostMiddleware", SINGLE)
def _() -> Any:
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    return TrustedHostMiddleware(single)


@row("starlette BaseHTTPMiddleware subclass over an application", SINGLE)
def _() -> Any:
    from starlette.middleware.base import BaseHTTPMiddleware

    class Pass(BaseHTTPMiddleware):
        async def dispatch(self, request: Any, call_next: Any) -> Any:
            return await call_next(request)

    return Pass(single)


@row("starlette BaseHTTPMiddleware class", NOT_AN_APP)
def _() -> Any:
    from starlette.middleware.base import BaseHTTPMiddleware

    return BaseHTTPMiddleware


@row("starlette GZipMiddleware class", NOT_AN_APP)
def _() -> Any:
    from starlette.middleware.gzip import GZipMiddleware

    return GZipMiddleware


@row("starlette CORSMiddleware class", NOT_AN_APP)
def _() -> Any:
    from starlette.middleware.cors import CORSMiddleware

    return CORSMiddleware


@row("starlette Middleware entry", NOT_AN_APP)
def _() -> Any:
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware

    return Middleware(GZipMiddleware)


@row("starlette TestClient around an application", NOT_AN_APP, "starlette", "httpx")
def _() -> Any:
    from starlette.testclient import TestClient

    return TestClient(single)


@row("starlette partial of request_response's function", SINGLE)
def _() -> Any:
    from starlette.responses import PlainTextResponse
    from starlette.routing import request_response

    return functools.partial(request_response(lambda request: PlainTextResponse("home")))


# FastAPI -----------------------------------------------------------------------------------------


def fastapi_application() -> Any:
    from fastapi import FastAPI

    application = FastAPI()

    @application.get("/")
    async def home() -> Any:
        return {}

    return application


@row("fastapi FastAPI", SINGLE)
def _() -> Any:
    return fastapi_application()


@row("fastapi FastAPI with a sub-application", SINGLE)
def _() -> Any:
    from fastapi import FastAPI

    application = FastAPI()
    application.mount("/", fastapi_application())
    return application


@row("fastapi FastAPI with add_middleware and @middleware", SINGLE)
def _() -> Any:
    from starlette.middleware.gzip import GZipMiddleware

    application = fastapi_application()
    application.add_middleware(GZipMiddleware)

    @application.middleware("http")
    async def through(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    return application


@row("fastapi FastAPI.router", SINGLE)
def _() -> Any:
    from fastapi import FastAPI

    return FastAPI().router


@row("fastapi APIRouter", SINGLE)
def _() -> Any:
    from fastapi import APIRouter

    return APIRouter()


@row("fastapi FastAPI class", FACTORY)
def _() -> Any:
    from fastapi import FastAPI

    return FastAPI


@row("fastapi FastAPI subclass", FACTORY)
def _() -> Any:
    from fastapi import FastAPI

    class Service(FastAPI):
        def __init__(self, **options: Any) -> None:
            super().__init__(title="service", **options)

    return Service


@row("fastapi partial of the class", FACTORY)
def _() -> Any:
    from fastapi import FastAPI

    return functools.partial(FastAPI, title="service")


@row("fastapi create_app function", FACTORY)
def _() -> Any:
    def create_app() -> Any:
        return fastapi_application()

    return create_app


@row("fastapi the module", NOT_AN_APP, remedy="app")
def _() -> Any:
    import types

    module = types.ModuleType("main")
    module.app = fastapi_application()  # type: ignore[attr-defined]
    return module


@row("fastapi a tuple from a trailing comma", NOT_AN_APP)
def _() -> Any:
    return (fastapi_application(),)


# Quart -------------------------------------------------------------------------------------------


def quart_application() -> Any:
    from quart import Quart

    application = Quart("specimen", static_folder=None, root_path=str(HERE))

    @application.get("/")
    async def home() -> Any:
        return "home"

    return application


@row("quart Quart", SINGLE)
def _() -> Any:
    return quart_application()


@row("quart Quart.asgi_app bound method", SINGLE)
def _() -> Any:
    return quart_application().asgi_app


@row("quart Quart with asgi_app replaced by a middleware", SINGLE)
def _() -> Any:
    application = quart_application()
    inner = application.asgi_app

    class Through:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await self.app(scope, receive, send)

    application.asgi_app = Through(inner)
    return application


@row("quart Quart class", NOT_AN_APP)
def _() -> Any:
    from quart import Quart

    return Quart


# Django and Channels -----------------------------------------------------------------------------


@functools.lru_cache(maxsize=None)
def django_setup() -> None:
    import django
    from django.conf import settings

    settings.configure(
        DEBUG=True,
        SECRET_KEY="secret",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={},
        INSTALLED_APPS=["django.contrib.staticfiles", "django.contrib.contenttypes", "django.contrib.auth"],
        STATIC_URL="/static/",
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        ASGI_APPLICATION=__name__ + ".single",
        USE_TZ=True,
    )
    django.setup()


#: This module is also Django's table of URLs: everything is a 404, which is an answer.
urlpatterns: List[Any] = []


@row("django get_asgi_application()", SINGLE)
def _() -> Any:
    django_setup()
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


@row("django urls.path", NOT_AN_APP, remedy="handler")
def _():
    from django.urls import path

    return path


@row("django urls.re_path", NOT_AN_APP, remedy="handler")
def _():
    from django.urls import re_path

    return re_path


@row("django get_asgi_application uncalled", FACTORY)
def _() -> Any:
    django_setup()
    from django.core.asgi import get_asgi_application

    return get_asgi_application


@row("django ASGIHandler class", FACTORY)
def _() -> Any:
    django_setup()
    from django.core.handlers.asgi import ASGIHandler

    return ASGIHandler


@row("django ASGIStaticFilesHandler", SINGLE)
def _() -> Any:
    django_setup()
    from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
    from django.core.asgi import get_asgi_application

    return ASGIStaticFilesHandler(get_asgi_application())


@row("django ASGIStaticFilesHandler class", NOT_AN_APP)
def _() -> Any:
    from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

    return ASGIStaticFilesHandler


@row("django get_wsgi_application()", WSGI)
def _() -> Any:
    django_setup()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


@row("django StaticFilesHandler", WSGI)
def _() -> Any:
    django_setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    return StaticFilesHandler(get_wsgi_application())


@row("django view async def (request)", NOT_AN_APP)
def _() -> Any:
    from django.http import HttpResponse

    async def view(request: Any) -> Any:
        return HttpResponse("home")

    return view


@row("django View.as_view()", NOT_AN_APP)
def _() -> Any:
    django_setup()
    from django.http import HttpResponse
    from django.views import View

    class Home(View):
        def get(self, request: Any) -> Any:
            return HttpResponse("home")

    return Home.as_view()


def consumer_class() -> Any:
    django_setup()
    from channels.generic.http import AsyncHttpConsumer

    class Hello(AsyncHttpConsumer):
        async def handle(self, body: bytes) -> None:
            await self.send_response(200, b"hello")

    return Hello


def websocket_consumer_class() -> Any:
    django_setup()
    from channels.generic.websocket import AsyncWebsocketConsumer

    class Talk(AsyncWebsocketConsumer):
        pass

    return Talk


CHANNELS = ("channels", "django")


@row("channels AsyncHttpConsumer class without .as_asgi()", FACTORY, *CHANNELS, remedy=".as_asgi()")
def _() -> Any:
    return consumer_class()


@row(
    "channels AsyncWebsocketConsumer class without .as_asgi()",
    FACTORY,
    *CHANNELS,
    remedy=".as_asgi()",
    scope="websocket",
)
def _() -> Any:
    return websocket_consumer_class()


@row(
    "channels WebsocketConsumer (sync) class without .as_asgi()",
    FACTORY,
    *CHANNELS,
    remedy=".as_asgi()",
    scope="websocket",
)
def _() -> Any:
    django_setup()
    from channels.generic.websocket import WebsocketConsumer

    class Talk(WebsocketConsumer):
        pass

    return Talk


@row("channels AsyncHttpConsumer.as_asgi()", SINGLE, *CHANNELS)
def _() -> Any:
    return consumer_class().as_asgi()


@row("channels AsyncWebsocketConsumer.as_asgi()", SINGLE, *CHANNELS, scope="websocket")
def _() -> Any:
    return websocket_consumer_class().as_asgi()


@row("channels AsyncHttpConsumer.as_asgi bound method, uncalled", FACTORY, *CHANNELS)
def _() -> Any:
    return consumer_class().as_asgi


@row("channels AsyncHttpConsumer instance", SINGLE, *CHANNELS)
def _() -> Any:
    return consumer_class()()


@row("channels ProtocolTypeRouter", SINGLE, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.routing import ProtocolTypeRouter

    return ProtocolTypeRouter({"http": consumer_class().as_asgi()})


@row("channels ProtocolTypeRouter class", NOT_AN_APP, *CHANNELS)
def _() -> Any:
    from channels.routing import ProtocolTypeRouter

    return ProtocolTypeRouter


@row("channels URLRouter", SINGLE, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.routing import URLRouter
    from django.urls import path

    return URLRouter([path("", consumer_class().as_asgi())])


@row("channels CookieMiddleware", SINGLE, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.sessions import CookieMiddleware

    return CookieMiddleware(single)


@row("channels SessionMiddleware", SINGLE, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.sessions import CookieMiddleware, SessionMiddleware

    return CookieMiddleware(SessionMiddleware(single))


@row("channels SessionMiddlewareStack()", SINGLE, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.sessions import SessionMiddlewareStack

    return SessionMiddlewareStack(single)


@row("channels AuthMiddlewareStack()", SINGLE, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.auth import AuthMiddlewareStack

    return AuthMiddlewareStack(single)


@row("channels AuthMiddlewareStack uncalled", NOT_AN_APP, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.auth import AuthMiddlewareStack

    return AuthMiddlewareStack


@row("channels AllowedHostsOriginValidator()", SINGLE, *CHANNELS, scope="websocket")
def _() -> Any:
    django_setup()
    from channels.security.websocket import AllowedHostsOriginValidator

    return AllowedHostsOriginValidator(single_websocket)


@row("channels AllowedHostsOriginValidator uncalled", NOT_AN_APP, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.security.websocket import AllowedHostsOriginValidator

    return AllowedHostsOriginValidator


@row("channels OriginValidator class", NOT_AN_APP, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.security.websocket import OriginValidator

    return OriginValidator


@row("channels BaseMiddleware subclass, not applied", NOT_AN_APP, *CHANNELS)
def _() -> Any:
    from channels.middleware import BaseMiddleware

    class Through(BaseMiddleware):
        pass

    return Through


@row("channels BaseMiddleware subclass over an application", SINGLE, *CHANNELS)
def _() -> Any:
    from channels.middleware import BaseMiddleware

    class Through(BaseMiddleware):
        pass

    return Through(single)


@row("channels get_default_application uncalled", FACTORY, *CHANNELS)
def _() -> Any:
    django_setup()
    from channels.routing import get_default_application

    return get_default_application


# Litestar ----------------------------------------------------------------------------------------


def litestar_application() -> Any:
    from litestar import Litestar, get

    @get("/", sync_to_thread=False)
    def home() -> str:
        return "home"

    return Litestar([home])


@row("litestar Litestar", SINGLE)
def _() -> Any:
    return litestar_application()


@row("litestar Litestar.__call__ bound method", SINGLE)
def _() -> Any:
    return litestar_application().__call__


@row("litestar Litestar class", FACTORY)
def _() -> Any:
    from litestar import Litestar

    return Litestar


@row("msgspec Struct of the scope", DOUBLE, "msgspec>=0.18")
def _() -> Any:
    import msgspec

    class App(msgspec.Struct):
        scope: dict
        debug: bool = False

        async def __call__(self, receive: Any, send: Any) -> None:
            await send(START)
            await send(BODY)

    return App


@row("msgspec Struct whose instances are applications", FACTORY, "msgspec>=0.18")
def _() -> Any:
    import msgspec

    class App(msgspec.Struct):
        debug: bool = False

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await send(START)
            await send(BODY)

    return App


@row("msgspec Struct with fields by keyword only", NOT_AN_APP, "msgspec>=0.18")
def _() -> Any:
    import msgspec

    class App(msgspec.Struct, kw_only=True):
        scope: dict

        async def __call__(self, receive: Any, send: Any) -> None:
            await send(START)
            await send(BODY)

    return App


@row("litestar route handler", NOT_AN_APP)
def _() -> Any:
    from litestar import get

    @get("/", sync_to_thread=False)
    def home() -> str:
        return "home"

    return home


@row("litestar Litestar with a mounted ASGI application", SINGLE)
def _() -> Any:
    from litestar import Litestar, asgi

    return Litestar([asgi("/", is_mount=True)(single)])


@row("litestar AbstractMiddleware subclass, not applied", NOT_AN_APP)
def _() -> Any:
    from litestar.middleware.compression import CompressionMiddleware

    return CompressionMiddleware


# Sanic -------------------------------------------------------------------------------------------

_names = itertools.count()


def sanic_application() -> Any:
    os.environ.setdefault("SANIC_MOTD", "false")
    from sanic import Sanic
    from sanic.response import text

    Sanic.test_mode = True
    application: Any = Sanic(f"specimen{next(_names)}", configure_logging=False)
    application.config.MOTD = False

    @application.get("/")
    async def home(request: Any) -> Any:
        return text("home")

    return application


@row("sanic Sanic", SINGLE, lifespan=True)
def _() -> Any:
    return sanic_application()


@row("sanic Sanic class, whose instances carry the mark", NOT_AN_APP)
def _() -> Any:
    from sanic import Sanic

    return Sanic


@row("sanic ASGIApp class, one for each request", NOT_AN_APP)
def _() -> Any:
    from sanic.asgi import ASGIApp

    return ASGIApp


@row("sanic create_app function", FACTORY, lifespan=True)
def _() -> Any:
    def create_app() -> Any:
        return sanic_application()

    return create_app


# Falcon, BlackSheep, bareASGI and the smaller ones --------------------------------------------------


@row("falcon asgi.App", SINGLE)
def _() -> Any:
    import falcon.asgi

    return falcon.asgi.App()


@row("falcon asgi.App class", FACTORY)
def _() -> Any:
    import falcon.asgi

    return falcon.asgi.App


@row("falcon App", WSGI)
def _() -> Any:
    import falcon

    return falcon.App()


@row("blacksheep Application", SINGLE, lifespan=True)
def _() -> Any:
    from blacksheep import Application, Router

    # The router that it takes by default is one for the process and belongs to the first application.
    return Application(router=Router())


@row("blacksheep Application class", FACTORY, lifespan=True)
def _() -> Any:
    from blacksheep import Application

    return Application


@row("bareASGI Application", SINGLE)
def _() -> Any:
    from bareasgi import Application

    return Application()


@row("bareASGI Application class", FACTORY)
def _() -> Any:
    from bareasgi import Application

    return Application


@row("lilya Lilya", SINGLE)
def _() -> Any:
    from lilya.apps import Lilya

    return Lilya()


@row("lilya Lilya class", FACTORY)
def _() -> Any:
    from lilya.apps import Lilya

    return Lilya


@row("asgi-tools App", SINGLE)
def _() -> Any:
    from asgi_tools import App

    return App()


@row("asgi-tools Response", SINGLE)
def _() -> Any:
    from asgi_tools import ResponseText

    return ResponseText("home")


@row("asgi-tools RequestMiddleware over an application", SINGLE)
def _() -> Any:
    from asgi_tools import RequestMiddleware

    return RequestMiddleware(single)


@row("baize Router", SINGLE)
def _() -> Any:
    from baize.asgi import PlainTextResponse, Router

    return Router(("/", PlainTextResponse("home")))


@row("baize request_response()", SINGLE)
def _() -> Any:
    from baize.asgi import PlainTextResponse, request_response

    @request_response
    async def home(request: Any) -> Any:
        return PlainTextResponse("home")

    return home


@row("baize middleware over request_response()", SINGLE)
def _() -> Any:
    from baize.asgi import PlainTextResponse, middleware, request_response

    @middleware
    async def through(request: Any, next_call: Any) -> Any:
        return await next_call(request)

    @through
    @request_response
    async def home(request: Any) -> Any:
        return PlainTextResponse("home")

    return home


@row("baize Response", SINGLE)
def _() -> Any:
    from baize.asgi import PlainTextResponse

    return PlainTextResponse("home")


@row("baize wsgi Response", WSGI)
def _() -> Any:
    from baize.wsgi import PlainTextResponse

    return PlainTextResponse("home")


@row("microdot asgi.Microdot", SINGLE)
def _() -> Any:
    from microdot.asgi import Microdot

    return Microdot()


@row("microdot asgi.Microdot.asgi_app bound method", SINGLE)
def _() -> Any:
    from microdot.asgi import Microdot

    return Microdot().asgi_app


@row("microdot wsgi.Microdot", WSGI)
def _() -> Any:
    from microdot.wsgi import Microdot

    return Microdot()


@row("connexion AsyncApp", SINGLE, lifespan=True)
def _() -> Any:
    from connexion import AsyncApp

    return AsyncApp("specimen", specification_dir=str(HERE))


@row("connexion FlaskApp, which is ASGI", SINGLE, lifespan=True)
def _() -> Any:
    from connexion import FlaskApp

    return FlaskApp("specimen", specification_dir=str(HERE))


@row("python-socketio ASGIApp", SINGLE)
def _() -> Any:
    import socketio

    return socketio.ASGIApp(socketio.AsyncServer(async_mode="asgi"))


@row("python-socketio ASGIApp class", NOT_AN_APP)
def _() -> Any:
    import socketio

    return socketio.ASGIApp


@row("python-socketio AsyncServer", NOT_AN_APP)
def _() -> Any:
    import socketio

    return socketio.AsyncServer(async_mode="asgi")


@row("python-socketio WSGIApp", WSGI)
def _() -> Any:
    import socketio

    return socketio.WSGIApp(socketio.Server(async_mode="threading"))


@row("ariadne GraphQL", SINGLE)
def _() -> Any:
    from ariadne import QueryType, make_executable_schema
    from ariadne.asgi import GraphQL

    return GraphQL(make_executable_schema("type Query { hello: String }", QueryType()))


@row("strawberry-graphql GraphQL", SINGLE)
def _() -> Any:
    import strawberry
    from strawberry.asgi import GraphQL

    namespace = {"hello": strawberry.field(lambda: "hello"), "__annotations__": {"hello": str}}
    return GraphQL(strawberry.Schema(query=strawberry.type(type("Query", (), namespace))))


@row("prometheus-client make_asgi_app()", SINGLE)
def _() -> Any:
    from prometheus_client import make_asgi_app

    return make_asgi_app()


@row("prometheus-client make_asgi_app uncalled", FACTORY)
def _() -> Any:
    from prometheus_client import make_asgi_app

    return make_asgi_app


@row("prometheus-client make_wsgi_app()", WSGI)
def _() -> Any:
    from prometheus_client import make_wsgi_app

    return make_wsgi_app()


@row("aiohttp Application, whose call without arguments returns itself", NOT_AN_APP)
def _() -> Any:
    from aiohttp import web

    return web.Application()


@row("tornado Application, which takes one request", NOT_AN_APP)
def _() -> Any:
    from tornado.web import Application

    return Application([])


@row("mangum handler of (event, context)", NOT_AN_APP)
def _() -> Any:
    from mangum import Mangum

    return Mangum(single)


# Middlewares of their own ------------------------------------------------------------------------


@row("asgi-correlation-id CorrelationIdMiddleware, a dataclass", SINGLE)
def _() -> Any:
    from asgi_correlation_id import CorrelationIdMiddleware

    return CorrelationIdMiddleware(single)


@row("asgi-correlation-id CorrelationIdMiddleware class", NOT_AN_APP)
def _() -> Any:
    from asgi_correlation_id import CorrelationIdMiddleware

    return CorrelationIdMiddleware


@row("timing-asgi TimingMiddleware", SINGLE)
def _() -> Any:
    from timing_asgi import TimingClient, TimingMiddleware

    class Client(TimingClient):
        def timing(self, metric_name: Any, timing: Any, tags: Any = None) -> None:
            pass

    return TimingMiddleware(single, client=Client())


@row("asgi-logger AccessLoggerMiddleware", SINGLE)
def _() -> Any:
    from asgi_logger import AccessLoggerMiddleware

    return AccessLoggerMiddleware(single)


@row("asgi-cors asgi_cors()", SINGLE)
def _() -> Any:
    from asgi_cors import asgi_cors

    return asgi_cors(single, allow_all=True)


@row("asgi-cors asgi_cors uncalled", NOT_AN_APP)
def _() -> Any:
    from asgi_cors import asgi_cors

    return asgi_cors


@row("asgi-csrf asgi_csrf()", SINGLE)
def _() -> Any:
    from asgi_csrf import asgi_csrf

    return asgi_csrf(single, signing_secret="secret")


@row("asgi-gzip GZipMiddleware", SINGLE)
def _() -> Any:
    from asgi_gzip import GZipMiddleware

    return GZipMiddleware(single)


@row("starlette-context RawContextMiddleware", SINGLE)
def _() -> Any:
    from starlette_context.middleware import RawContextMiddleware

    return RawContextMiddleware(single)


def lifespan_manager() -> Any:
    import asyncio

    from asgi_lifespan import LifespanManager

    async def inside() -> Any:
        return LifespanManager(single)

    return asyncio.run(inside())


@row("asgi-lifespan LifespanManager", NOT_AN_APP)
def _() -> Any:
    return lifespan_manager()


@row("asgi-lifespan LifespanManager.app", SINGLE)
def _() -> Any:
    return lifespan_manager().app


# Servers' own ------------------------------------------------------------------------------------


@row("uvicorn ProxyHeadersMiddleware", SINGLE)
def _() -> Any:
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    return ProxyHeadersMiddleware(single)


@row("uvicorn ProxyHeadersMiddleware class", NOT_AN_APP)
def _() -> Any:
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    return ProxyHeadersMiddleware


@row("uvicorn ASGI2Middleware over a double", SINGLE)
def _() -> Any:
    from uvicorn.middleware.asgi2 import ASGI2Middleware

    return ASGI2Middleware(double)


@row("uvicorn MessageLoggerMiddleware", SINGLE)
def _() -> Any:
    from uvicorn.middleware.message_logger import MessageLoggerMiddleware

    return MessageLoggerMiddleware(single)


@row("uvicorn WSGIMiddleware over a WSGI application", SINGLE)
def _() -> Any:
    from uvicorn.middleware.wsgi import WSGIMiddleware

    return WSGIMiddleware(wsgi)


@row("uvicorn Config around an application", NOT_AN_APP)
def _() -> Any:
    import uvicorn

    return uvicorn.Config(single)


@row("hypercorn ProxyFixMiddleware", SINGLE)
def _() -> Any:
    from hypercorn.middleware import ProxyFixMiddleware

    return ProxyFixMiddleware(single)


@row("hypercorn DispatcherMiddleware", SINGLE)
def _() -> Any:
    from hypercorn.middleware import DispatcherMiddleware

    return DispatcherMiddleware({"/": single})


@row("hypercorn HTTPToHTTPSRedirectMiddleware", SINGLE)
def _() -> Any:
    from hypercorn.middleware import HTTPToHTTPSRedirectMiddleware

    return HTTPToHTTPSRedirectMiddleware(single, "testserver")


@row("hypercorn AsyncioWSGIMiddleware", SINGLE)
def _() -> Any:
    from hypercorn.middleware import AsyncioWSGIMiddleware

    return AsyncioWSGIMiddleware(wsgi)


@row("hypercorn ASGIWrapper, which takes five", NOT_AN_APP)
def _() -> Any:
    from hypercorn.app_wrappers import ASGIWrapper

    return ASGIWrapper(single)


@row("daphne guarantee_single_callable of a double", SINGLE, "daphne")
def _() -> Any:
    from daphne.cli import guarantee_single_callable

    return guarantee_single_callable(double)


# Agents ------------------------------------------------------------------------------------------

SENTRY = "sentry-sdk SentryAsgiMiddleware over "


def sentry(application: Any) -> Any:
    from sentry_sdk.integrations.asgi import SentryAsgiMiddleware

    return SentryAsgiMiddleware(application)


@row(SENTRY + "a single", SINGLE)
def _() -> Any:
    return sentry(single)


@row(SENTRY + "a single instance", SINGLE)
def _() -> Any:
    return sentry(SingleApp())


@row(SENTRY + "a double", DOUBLE)
def _() -> Any:
    return sentry(double)


@row(SENTRY + "a double class", DOUBLE)
def _() -> Any:
    return sentry(DoubleClass)


@row(SENTRY + "a double, made single by asgiref's adapter", SINGLE, "sentry-sdk", "asgiref")
def _() -> Any:
    from asgiref.compatibility import double_to_single_callable

    return sentry(double_to_single_callable(double))


@row(SENTRY + "itself over a double", DOUBLE)
def _() -> Any:
    return sentry(sentry(double))


@row("sentry-sdk SentryAsgiMiddleware class", NOT_AN_APP)
def _() -> Any:
    from sentry_sdk.integrations.asgi import SentryAsgiMiddleware

    return SentryAsgiMiddleware


@row("sentry-sdk SentryAsgiMiddleware._run_asgi3 bound method", SINGLE)
def _() -> Any:
    return sentry(single)._run_asgi3


OTEL = "opentelemetry-instrumentation-asgi"


def opentelemetry(application: Any) -> Any:
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware

    return OpenTelemetryMiddleware(application)


@row(OTEL + " over a single", SINGLE)
def _() -> Any:
    return opentelemetry(single)


@row(OTEL + " over a double", SINGLE)
def _() -> Any:
    return opentelemetry(double)


@row(OTEL + " class", NOT_AN_APP)
def _() -> Any:
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware

    return OpenTelemetryMiddleware


ELASTIC = dict(
    disable_send=True,
    central_config=False,
    cloud_provider=False,
    instrument=False,
    metrics_interval="0s",
    service_name="x",
)


@row("elastic-apm ASGITracingMiddleware", SINGLE)
def _() -> Any:
    from elasticapm.contrib.asgi import ASGITracingMiddleware

    return ASGITracingMiddleware(single, **ELASTIC)


@row("elastic-apm ASGITracingMiddleware class", NOT_AN_APP)
def _() -> Any:
    from elasticapm.contrib.asgi import ASGITracingMiddleware

    return ASGITracingMiddleware


def newrelic(application: Any) -> Any:
    from newrelic.api.asgi_application import ASGIApplicationWrapper

    return ASGIApplicationWrapper(application)


@row("newrelic ASGIApplicationWrapper over a single", SINGLE)
def _() -> Any:
    return newrelic(single)


@row("newrelic ASGIApplicationWrapper over a single instance", SINGLE)
def _() -> Any:
    return newrelic(SingleApp())


@row("newrelic ASGIApplicationWrapper over a double", DOUBLE)
def _() -> Any:
    return newrelic(double)


@row("newrelic ASGIApplicationWrapper over a double class", DOUBLE)
def _() -> Any:
    return newrelic(DoubleClass)


@row("newrelic @asgi_application() on a single", SINGLE)
def _() -> Any:
    from newrelic.api.asgi_application import asgi_application

    return asgi_application()(single)


@row("newrelic WSGIApplicationWrapper", WSGI)
def _() -> Any:
    from newrelic.api.wsgi_application import WSGIApplicationWrapper

    return WSGIApplicationWrapper(wsgi)


def ddtrace_quiet() -> None:
    # Its pytest plugin imports it before any environment variable of ours could be set.
    from ddtrace.trace import tracer

    tracer.enabled = False


def ddtrace(application: Any) -> Any:
    ddtrace_quiet()
    from ddtrace.contrib.asgi import TraceMiddleware

    return TraceMiddleware(application)


@row("ddtrace TraceMiddleware over a single", SINGLE)
def _() -> Any:
    return ddtrace(single)


@row("ddtrace TraceMiddleware over a double", SINGLE)
def _() -> Any:
    return ddtrace(double)


@row("ddtrace TraceMiddleware class", NOT_AN_APP)
def _() -> Any:
    ddtrace_quiet()
    from ddtrace.contrib.asgi import TraceMiddleware

    return TraceMiddleware


def honeybadger(application: Any) -> Any:
    from honeybadger.contrib.asgi import ASGIHoneybadger

    return ASGIHoneybadger(application, api_key="")


@row("honeybadger ASGIHoneybadger over a single", SINGLE)
def _() -> Any:
    return honeybadger(single)


@row("honeybadger ASGIHoneybadger over a double", DOUBLE)
def _() -> Any:
    return honeybadger(double)


@row("honeybadger ASGIHoneybadger class", NOT_AN_APP)
def _() -> Any:
    from honeybadger.contrib.asgi import ASGIHoneybadger

    return ASGIHoneybadger


@row("scout-apm ScoutMiddleware", SINGLE, "scout-apm", "starlette")
def _() -> Any:
    from scout_apm.async_.starlette import ScoutMiddleware

    return ScoutMiddleware(single)


# WSGI and its bridges ----------------------------------------------------------------------------


def flask_application() -> Any:
    from flask import Flask

    return Flask("specimen", root_path=str(HERE), static_folder=None)


@row("flask Flask", WSGI, remedy="WSGI")
def _() -> Any:
    return flask_application()


@row("flask Flask.wsgi_app bound method", WSGI, remedy="WSGI")
def _() -> Any:
    return flask_application().wsgi_app


@row("flask Flask class", NOT_AN_APP)
def _() -> Any:
    from flask import Flask

    return Flask


@row("bottle Bottle", WSGI)
def _() -> Any:
    import bottle

    return bottle.Bottle()


@row("pyramid router", WSGI)
def _() -> Any:
    from pyramid.config import Configurator

    return Configurator().make_wsgi_app()


@row("whitenoise WhiteNoise", WSGI)
def _() -> Any:
    from whitenoise import WhiteNoise

    return WhiteNoise(wsgi)


@row("a2wsgi ASGIMiddleware over a single, which is WSGI", WSGI)
def _() -> Any:
    from a2wsgi import ASGIMiddleware

    return ASGIMiddleware(single)


@row("a2wsgi WSGIMiddleware over WSGI, which is single", SINGLE)
def _() -> Any:
    from a2wsgi import WSGIMiddleware

    return WSGIMiddleware(wsgi)


@row("asgiref WsgiToAsgi", SINGLE)
def _() -> Any:
    from asgiref.wsgi import WsgiToAsgi

    return WsgiToAsgi(wsgi)


@row("asgiref WsgiToAsgi class", NOT_AN_APP)
def _() -> Any:
    from asgiref.wsgi import WsgiToAsgi

    return WsgiToAsgi


@row("werkzeug DispatcherMiddleware", WSGI)
def _() -> Any:
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    return DispatcherMiddleware(wsgi)


@row("werkzeug ProxyFix", WSGI)
def _() -> Any:
    from werkzeug.middleware.proxy_fix import ProxyFix

    return ProxyFix(wsgi)


@row("werkzeug DebuggedApplication", WSGI)
def _() -> Any:
    from werkzeug.debug import DebuggedApplication

    return DebuggedApplication(wsgi)


@row("werkzeug Response, which is WSGI", WSGI)
def _() -> Any:
    from werkzeug.wrappers import Response

    return Response("home")


@row(
    "werkzeug @Request.application",
    WSGI,
    unknown="it takes *args, and what it makes of them is in its body",
    meets=AttributeError,
)
def _() -> Any:
    from werkzeug.wrappers import Request, Response

    @Request.application
    def home(request: Any) -> Any:
        return Response("home")

    return home


# Proxies -----------------------------------------------------------------------------------------


def local_proxy(application: Any) -> Any:
    from werkzeug.local import LocalProxy

    return LocalProxy(lambda: application)


@row("werkzeug LocalProxy over a single", SINGLE)
def _() -> Any:
    return local_proxy(single)


@row("werkzeug LocalProxy over a single instance", SINGLE)
def _() -> Any:
    return local_proxy(SingleApp())


@row("werkzeug LocalProxy over a plain function returning a coroutine", SINGLE)
def _() -> Any:
    return local_proxy(plain_single)


@row("werkzeug LocalProxy over a double", DOUBLE)
def _() -> Any:
    return local_proxy(double)


@row("werkzeug LocalProxy over a double class", DOUBLE)
def _() -> Any:
    return local_proxy(DoubleClass)


@row("werkzeug LocalProxy over a WSGI application", WSGI)
def _() -> Any:
    return local_proxy(wsgi)


@row("werkzeug LocalProxy over None", NOT_AN_APP)
def _() -> Any:
    return local_proxy(None)


@row("werkzeug LocalProxy of a ContextVar, bound to a single", SINGLE)
def _() -> Any:
    from contextvars import ContextVar

    from werkzeug.local import LocalProxy

    variable: Any = ContextVar("bound")
    variable.set(single)
    return LocalProxy(variable)


UNBOUND = "nothing is bound now; something may be when a connection comes"


@row("werkzeug LocalProxy of a ContextVar, unbound", UNKNOWN, unknown=UNBOUND)
def _() -> Any:
    from contextvars import ContextVar

    from werkzeug.local import LocalProxy

    variable: Any = ContextVar("unbound")
    return LocalProxy(variable)


@row("werkzeug LocalProxy whose function raises", UNKNOWN, unknown=UNBOUND)
def _() -> Any:
    from werkzeug.local import LocalProxy

    def nothing() -> Any:
        raise RuntimeError("outside of a context")

    return LocalProxy(nothing)


@row("wrapt FunctionWrapper over a single", SINGLE)
def _() -> Any:
    import wrapt

    return wrapt.FunctionWrapper(single, wrapt_through)


@row("wrapt FunctionWrapper over a single instance", SINGLE)
def _() -> Any:
    import wrapt

    return wrapt.FunctionWrapper(SingleApp(), wrapt_through)


@row("wrapt FunctionWrapper over a plain function returning a coroutine", SINGLE)
def _() -> Any:
    import wrapt

    return wrapt.FunctionWrapper(plain_single, wrapt_through)


@row("wrapt FunctionWrapper over a double", DOUBLE)
def _() -> Any:
    import wrapt

    return wrapt.FunctionWrapper(double, wrapt_through)


@row("wrapt FunctionWrapper over a double class", DOUBLE)
def _() -> Any:
    import wrapt

    return wrapt.FunctionWrapper(DoubleClass, wrapt_through)


@row("wrapt FunctionWrapper over a double instance", DOUBLE)
def _() -> Any:
    import wrapt

    return wrapt.FunctionWrapper(DoubleApp(), wrapt_through)


@row("wrapt FunctionWrapper over a WSGI application", WSGI)
def _() -> Any:
    import wrapt

    return wrapt.FunctionWrapper(wsgi, wrapt_through)


def wrapt_through(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    return wrapped(*args, **kwargs)


@row("wrapt decorator on a single", SINGLE)
def _() -> Any:
    import wrapt

    return wrapt.decorator(wrapt_through)(single)


@row("wrapt decorator on a double", DOUBLE)
def _() -> Any:
    import wrapt

    return wrapt.decorator(wrapt_through)(double)


@row("wrapt decorator on a method of a single, bound", SINGLE)
def _() -> Any:
    import wrapt

    class Framework:
        @wrapt.decorator(wrapt_through)
        async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
            await single(scope, receive, send)

    return Framework().asgi


@row("wrapt decorator on a method of a double, bound", DOUBLE)
def _() -> Any:
    import wrapt

    class Framework:
        @wrapt.decorator(wrapt_through)
        def asgi(self, scope: Any) -> Any:
            return double(scope)

    return Framework().asgi


@row("wrapt decorator on __call__ of a single", SINGLE)
def _() -> Any:
    import wrapt

    class Framework:
        @wrapt.decorator(wrapt_through)
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await single(scope, receive, send)

    return Framework()


@row("wrapt wrap_function_wrapper on __call__, as agents do", SINGLE)
def _() -> Any:
    import wrapt

    class Framework:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await single(scope, receive, send)

    setattr(Framework, "__call__", wrapt.FunctionWrapper(Framework.__call__, wrapt_through))
    return Framework()


@row("wrapt CallableObjectProxy over a single", SINGLE)
def _() -> Any:
    import wrapt

    return wrapt.CallableObjectProxy(single)


@row("wrapt CallableObjectProxy over a single instance", SINGLE)
def _() -> Any:
    import wrapt

    return wrapt.CallableObjectProxy(SingleApp())


@row("wrapt CallableObjectProxy over a double", DOUBLE)
def _() -> Any:
    import wrapt

    return wrapt.CallableObjectProxy(double)


@row("wrapt CallableObjectProxy over a double class", DOUBLE)
def _() -> Any:
    import wrapt

    return wrapt.CallableObjectProxy(DoubleClass)


@row("wrapt CallableObjectProxy subclass that counts calls", SINGLE)
def _() -> Any:
    import wrapt

    class Counting(wrapt.CallableObjectProxy):  # type: ignore[misc]
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            return self.__wrapped__(*args, **kwargs)

    return Counting(single)


@row("wrapt CallableObjectProxy over a CallableObjectProxy over a double", DOUBLE)
def _() -> Any:
    import wrapt

    return wrapt.CallableObjectProxy(wrapt.CallableObjectProxy(double))


@row("wrapt ObjectProxy over a single, which Python refuses to call", NOT_AN_APP)
def _() -> Any:
    import wrapt

    return wrapt.ObjectProxy(single)


@row("wrapt ObjectProxy over a double, which Python refuses to call", NOT_AN_APP)
def _() -> Any:
    import wrapt

    return wrapt.ObjectProxy(double)


@row("wrapt ObjectProxy subclass with a __call__ of its own", SINGLE)
def _() -> Any:
    import wrapt

    class Traced(wrapt.ObjectProxy):  # type: ignore[misc]
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await self.__wrapped__(scope)(receive, send)

    return Traced(double)


def wrapt_partial(of_single: bool) -> Any:
    import wrapt

    async def option_and_single(option: Any, scope: Any, receive: Any, send: Any) -> None:
        await single(scope, receive, send)

    def option_and_double(option: Any, scope: Any) -> Any:
        return double(scope)

    return wrapt.PartialCallableObjectProxy(option_and_single if of_single else option_and_double, 1)


HIDDEN = "wrapt 1 keeps the bound arguments where no attribute shows them"

ROWS += [
    Row(
        "wrapt 1 PartialCallableObjectProxy over a single",
        lambda: wrapt_partial(True),
        SINGLE,
        ("wrapt<2",),
        HIDDEN,
    ),
    Row(
        "wrapt 1 PartialCallableObjectProxy over a double",
        lambda: wrapt_partial(False),
        DOUBLE,
        ("wrapt<2",),
        HIDDEN,
    ),
    Row(
        "wrapt 2 PartialCallableObjectProxy over a single", lambda: wrapt_partial(True), SINGLE, ("wrapt>=2",)
    ),
    Row(
        "wrapt 2 PartialCallableObjectProxy over a double",
        lambda: wrapt_partial(False),
        DOUBLE,
        ("wrapt>=2",),
    ),
]


@row("wrapt decorator with an adapter that says (scope)", DOUBLE)
def _() -> Any:
    import wrapt

    def prototype(scope: Any) -> Any: ...

    @wrapt.decorator(adapter=prototype)
    def to_double(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        (scope,) = args

        async def second(receive: Any, send: Any) -> None:
            await wrapped(scope, receive, send)

        return second

    return to_double(single)


@row("wrapt BaseObjectProxy over a single, which Python refuses to call", NOT_AN_APP, "wrapt>=2")
def _() -> Any:
    import wrapt

    return wrapt.BaseObjectProxy(single)


@row("wrapt AutoObjectProxy over a single", SINGLE, "wrapt>=2")
def _() -> Any:
    import wrapt

    return wrapt.AutoObjectProxy(single)


@row("wrapt AutoObjectProxy over a double instance", DOUBLE, "wrapt>=2")
def _() -> Any:
    import wrapt

    return wrapt.AutoObjectProxy(DoubleApp())


@row("wrapt LazyObjectProxy over a double", DOUBLE, "wrapt>=2")
def _() -> Any:
    import wrapt

    return wrapt.LazyObjectProxy(lambda: double, interface=type(double))


# asgiref's own -----------------------------------------------------------------------------------


@row("asgiref double_to_single_callable of a double", SINGLE)
def _() -> Any:
    from asgiref.compatibility import double_to_single_callable

    return double_to_single_callable(double)


@row("asgiref guarantee_single_callable of a double class", SINGLE)
def _() -> Any:
    from asgiref.compatibility import guarantee_single_callable

    return guarantee_single_callable(DoubleClass)


@row("asgiref guarantee_single_callable of a single", SINGLE)
def _() -> Any:
    from asgiref.compatibility import guarantee_single_callable

    return guarantee_single_callable(single)


@row("asgiref async_to_sync of a single", NOT_AN_APP)
def _() -> Any:
    from asgiref.sync import async_to_sync

    return async_to_sync(single)


@row("asgiref sync_to_async of a plain function of (request)", NOT_AN_APP)
def _() -> Any:
    from asgiref.sync import sync_to_async

    def view(request: Any) -> Any:
        return None

    return sync_to_async(view)


@row("asgiref ApplicationCommunicator", NOT_AN_APP)
def _() -> Any:
    import asyncio

    from asgiref.testing import ApplicationCommunicator

    async def inside() -> Any:
        communicator = ApplicationCommunicator(single, {"type": "http"})
        communicator.future.cancel() if hasattr(communicator.future, "cancel") else None
        return communicator

    return asyncio.run(inside())


# Compiled code -----------------------------------------------------------------------------------

NO_SIGNATURE = "a builtin function: no signature, no docstring, no flag"
ANY_NUMBER = "it takes *args and is not marked as a coroutine function"
SLOT = "a C slot takes (*args, **kwargs), whatever is behind it"


def compiled(
    name: str,
    truth: str,
    build: Callable[[], Any],
    get: Callable[[Any], Any],
    *needs: str,
    unknown: str = "",
    **more: Any,
) -> None:
    ROWS.append(Row(name, lambda: get(build()), truth, (*needs, "setuptools"), unknown, **more))


def cython_build(source: str, name: str, **directives: Any) -> Callable[[], Any]:
    def build() -> Any:
        from compiling import cython_module

        return cython_module(source, name, **directives)

    return build


def mypyc_build(source: str, name: str) -> Callable[[], Any]:
    def build() -> Any:
        from compiling import mypyc_module

        return mypyc_module(source, name)

    return build


#: What is taken of a compiled module: name, truth, how. The first column of the table is also the
#: name under which the lists below speak of it.
PLAIN_PYTHON: List[Tuple[str, str, Callable[[Any], Any]]] = [
    ("async def", SINGLE, lambda m: m.single),
    ("async def with an option", SINGLE, lambda m: m.single_with_option),
    ("async def of *args", SINGLE, lambda m: m.single_star),
    ("def returning a coroutine", SINGLE, lambda m: m.single_returning_coroutine),
    ("double", DOUBLE, lambda m: m.double),
    ("double with an option", DOUBLE, lambda m: m.double_with_option),
    ("closure, single", SINGLE, lambda m: m.make_single()),
    ("closure, double", DOUBLE, lambda m: m.make_double()),
    ("partial of async def", SINGLE, lambda m: functools.partial(m.single)),
    ("partial of double", DOUBLE, lambda m: functools.partial(m.double_with_option, greeting=b"")),
    ("factory", FACTORY, lambda m: m.make_single),
    ("factory of a double", FACTORY, lambda m: m.make_double),
    ("WSGI function", WSGI, lambda m: m.wsgi),
    ("function of four", NOT_AN_APP, lambda m: m.not_an_app),
    ("instance with async __call__", SINGLE, lambda m: m.SingleInstance()),
    ("instance with plain __call__", SINGLE, lambda m: m.PlainSingleInstance()),
    ("bound async method", SINGLE, lambda m: m.SingleInstance().method),
    ("static method", SINGLE, lambda m: m.SingleInstance.static),
    ("class method", SINGLE, lambda m: m.SingleInstance.of_class),
    ("class whose instances are single", FACTORY, lambda m: m.SingleInstance),
    ("double instance", DOUBLE, lambda m: m.DoubleInstance()),
    ("bound double method", DOUBLE, lambda m: m.DoubleInstance().method),
    ("double class", DOUBLE, lambda m: m.DoubleClass),
    ("awaitable class", SINGLE, lambda m: m.AwaitableClass),
    ("middleware class", NOT_AN_APP, lambda m: m.Middleware),
]

#: Functions that are builtins when Cython is told binding=False, which was its default before 3.
BUILTINS = {
    "async def",
    "async def with an option",
    "async def of *args",
    "def returning a coroutine",
    "double",
    "double with an option",
    "partial of async def",
    "partial of double",
    "factory",
    "factory of a double",
    "WSGI function",
    "function of four",
}

#: Cython 3 makes builtins of closures, too; 0.29 did not.
CLOSURES = {"closure, single", "closure, double"}

for _generation, _label in (("cython>=3", "Cython 3"), ("cython<3", "Cython 0.29")):
    for _name, _truth, _get in PLAIN_PYTHON:
        compiled(
            f"{_label} binding=True, {_name}",
            _truth,
            cython_build("plain_python.py", "cython_binding", binding=True),
            _get,
            _generation,
            unknown=ANY_NUMBER if _name == "async def of *args" and _generation == "cython<3" else "",
        )
        compiled(
            f"{_label} binding=False, {_name}",
            _truth,
            cython_build("plain_python.py", "cython_builtin", binding=False),
            _get,
            _generation,
            unknown=(
                NO_SIGNATURE
                if _name in BUILTINS or (_name in CLOSURES and _generation == "cython>=3")
                else ""
            ),
        )
        if _name in BUILTINS:
            compiled(
                f"{_label} binding=False embedsignature=True, {_name}",
                _truth,
                cython_build("plain_python.py", "cython_builtin_signed", binding=False, embedsignature=True),
                _get,
                _generation,
                unknown=ANY_NUMBER if _name == "async def of *args" else "",
            )
    for _name, _truth, _get, _unknown in [
        ("instance, plain __call__", SINGLE, lambda m: m.SingleInstance(), SLOT),
        ("instance, async __call__", SINGLE, lambda m: m.AsyncSingleInstance(), SLOT),
        ("instance of a Python subclass", SINGLE, lambda m: m.PythonSubclass(), SLOT),
        ("double instance", DOUBLE, lambda m: m.DoubleInstance(), SLOT),
        ("double class", DOUBLE, lambda m: m.DoubleClass, SLOT),
        ("awaitable class", SINGLE, lambda m: m.AwaitableClass, SLOT),
        (
            "cpdef single",
            SINGLE,
            lambda m: m.single_cpdef,
            "" if _generation == "cython>=3" else NO_SIGNATURE,
        ),
        (
            "cpdef double",
            DOUBLE,
            lambda m: m.double_cpdef,
            "" if _generation == "cython>=3" else NO_SIGNATURE,
        ),
        (
            "bound async method",
            SINGLE,
            lambda m: m.SingleInstance().method,
            "" if _generation == "cython>=3" else NO_SIGNATURE,
        ),
        (
            "bound double method",
            DOUBLE,
            lambda m: m.DoubleInstance().method,
            "" if _generation == "cython>=3" else NO_SIGNATURE,
        ),
    ]:
        compiled(
            f"{_label} cdef class, {_name}",
            _truth,
            cython_build("extension_types.pyx", "cython_extension_types"),
            _get,
            _generation,
            unknown=_unknown,
        )

#: mypyc 1.7's classes ignore what their constructor is not made for, so these two can be called with a
#: scope, and then their instances with three arguments, which the adapter tolerates of a double.
MEETS = {"class whose instances are single": None, "middleware class": TypeError}

TYPED_PYTHON: List[Tuple[str, str, Callable[[Any], Any], str, str]] = [
    # name, truth, how, why today's mypyc leaves it unknown, why 1.7 does
    ("async def", SINGLE, lambda m: m.single, "", NO_SIGNATURE),
    ("def returning a coroutine", SINGLE, lambda m: m.single_returning_coroutine, "", NO_SIGNATURE),
    ("double", DOUBLE, lambda m: m.double, "", NO_SIGNATURE),
    ("double returning a function", DOUBLE, lambda m: m.double_returning_function, "", NO_SIGNATURE),
    ("closure, single", SINGLE, lambda m: m.make_single(), "", SLOT),
    ("closure, double", DOUBLE, lambda m: m.make_double(), SLOT, SLOT),
    ("partial of async def", SINGLE, lambda m: functools.partial(m.single), "", NO_SIGNATURE),
    ("factory", FACTORY, lambda m: m.make_single, "", NO_SIGNATURE),
    ("WSGI function", WSGI, lambda m: m.wsgi, "", NO_SIGNATURE),
    ("instance with async __call__", SINGLE, lambda m: m.SingleInstance(), "", SLOT),
    ("instance with plain __call__", SINGLE, lambda m: m.PlainSingleInstance(), SLOT, SLOT),
    ("bound async method", SINGLE, lambda m: m.SingleInstance().method, "", NO_SIGNATURE),
    ("static method", SINGLE, lambda m: m.SingleInstance.static, "", NO_SIGNATURE),
    ("class method", SINGLE, lambda m: m.SingleInstance.of_class, "", NO_SIGNATURE),
    ("class whose instances are single", FACTORY, lambda m: m.SingleInstance, "", SLOT),
    ("double instance", DOUBLE, lambda m: m.DoubleInstance(), SLOT, SLOT),
    ("bound double method", DOUBLE, lambda m: m.DoubleInstance().method, "", NO_SIGNATURE),
    ("double class", DOUBLE, lambda m: m.DoubleClass, "", SLOT),
    ("awaitable class", SINGLE, lambda m: m.AwaitableClass, "", SLOT),
    ("middleware class", NOT_AN_APP, lambda m: m.Middleware, "", SLOT),
]

for _name, _truth, _get, _unknown, _unknown_before in TYPED_PYTHON:
    _build_typed = mypyc_build("typed_python.py", "mypyc_typed")
    compiled(f"mypyc 2, {_name}", _truth, _build_typed, _get, "mypy>=2", unknown=_unknown)
    _meets = MEETS.get(_name, DetectionError)
    compiled(
        f"mypyc 1.7, {_name}", _truth, _build_typed, _get, "mypy<2", unknown=_unknown_before, meets=_meets
    )
