"""Where a module or name of another package has gone, and which release had it last.

A row is found by what the error of an import names: a module that is missing, a name of a module, or an
attribute of a class. The releases were looked up in the packages themselves.

``docs/moved.md`` is generated from these rows. Regenerate the page with
``python -m asgi_compat explain moved --markdown > docs/moved.md``.
"""

from __future__ import annotations

import importlib.util
import platform
import re
import sys
from typing import Any, Dict, List, NamedTuple, Optional, Tuple


class Moved(NamedTuple):
    """One row: what is gone."""

    #: A module, or a class for its attributes.
    where: str
    #: Names in it, separated by blanks; none for the module itself.
    names: str
    #: The last release that had it.
    last: str
    #: The new place, or what to do.
    now: str


_STARLETTE_1 = "0.52.1"
_ROUTES = "pass routes=[Route(path, function)] to Starlette, or call add_route"
_CHANNELS_1 = "1.1.8"
_CONSUMERS = "write a consumer class (channels.generic) and a URLRouter"

MOVED: Tuple[Moved, ...] = (
    Moved(
        "starlette",
        "Response PlainTextResponse HTMLResponse JSONResponse FileResponse RedirectResponse"
        " StreamingResponse",
        "0.2.3",
        "from starlette.responses import {name}",
    ),
    Moved("starlette", "Request", "0.2.3", "from starlette.requests import Request"),
    Moved("starlette", "TestClient", "0.2.3", "from starlette.testclient import TestClient"),
    Moved("starlette", "App", "0.2.3", "from starlette.applications import Starlette"),
    Moved(
        "starlette",
        "asgi_application",
        "0.1.17",
        "request_response of starlette.routing, in a Route or alone",
    ),
    Moved("starlette.app", "", "0.2.3", "starlette.applications"),
    Moved("starlette.request", "", "0.2.3", "starlette.requests"),
    Moved("starlette.response", "", "0.2.3", "starlette.responses"),
    Moved("starlette.views", "", "0.2.3", "starlette.endpoints"),
    Moved("starlette.decorators", "", "0.1.17", "request_response of starlette.routing"),
    Moved(
        "starlette.debug",
        "",
        "0.7.4",
        "Starlette(debug=True), or ServerErrorMiddleware(app, debug=True) of starlette.middleware.errors",
    ),
    Moved("starlette.lifespan", "", "0.8.8", "Starlette(lifespan=...)"),
    Moved("starlette.middleware.lifespan", "", "0.11.4", "Starlette(lifespan=...)"),
    Moved("starlette.database", "", "0.9.11", "the package databases"),
    Moved("starlette.middleware.database", "", "0.9.11", "the package databases"),
    Moved("starlette.types", "ASGIInstance", "0.11.4", "starlette.types.ASGIApp: one call takes all three"),
    Moved("starlette.graphql", "", "0.16.0", "ariadne or strawberry"),
    Moved("starlette.responses", "TemplateResponse", "0.8.8", "starlette.templating.Jinja2Templates(...)"),
    Moved("starlette.responses", "UJSONResponse", "0.19.1", "JSONResponse, or a subclass that calls ujson"),
    Moved("starlette.exceptions", "ExceptionMiddleware", "0.41.3", "starlette.middleware.exceptions"),
    Moved("Starlette", "route", _STARLETTE_1, _ROUTES),
    Moved(
        "Starlette",
        "websocket_route",
        _STARLETTE_1,
        "pass routes=[WebSocketRoute(path, function)] to Starlette, or call add_websocket_route",
    ),
    Moved(
        "Starlette",
        "exception_handler",
        _STARLETTE_1,
        "pass exception_handlers={...} to Starlette, or call add_exception_handler",
    ),
    Moved(
        "Starlette", "middleware", _STARLETTE_1, "pass middleware=[Middleware(...)], or call add_middleware"
    ),
    Moved("Starlette", "on_startup on_shutdown", _STARLETTE_1, "pass lifespan=... to Starlette"),
    Moved("Starlette", "on_event add_event_handler", _STARLETTE_1, "pass lifespan=... to Starlette"),
    Moved("Router", "route websocket_route", _STARLETTE_1, "pass routes=[...] to Router, or call add_route"),
    Moved("Router", "on_event add_event_handler", _STARLETTE_1, "pass lifespan=... to Router"),
    Moved("channels.http", "", "3.0.5", "get_asgi_application() of django.core.asgi in place of AsgiHandler"),
    Moved(
        "channels.staticfiles",
        "",
        "3.0.5",
        "django.contrib.staticfiles.handlers.ASGIStaticFilesHandler",
    ),
    Moved("channels.management.commands.runserver", "", "3.0.5", "the command of daphne"),
    Moved(
        "channels.asgi", "", _CHANNELS_1, "channels.layers.get_channel_layer; the project is for Channels 1"
    ),
    Moved("channels.handler", "", _CHANNELS_1, "get_asgi_application() of django.core.asgi"),
    Moved("channels.generic.websockets", "", _CHANNELS_1, "channels.generic.websocket"),
    Moved("channels.binding", "", _CHANNELS_1, "signals of Django that send to a group"),
    Moved("channels.message", "", _CHANNELS_1, _CONSUMERS),
    Moved("channels.channel", "", _CHANNELS_1, "channels.layers.get_channel_layer()"),
    Moved("channels.tests", "", _CHANNELS_1, "channels.testing"),
    Moved("channels", "Group", _CHANNELS_1, "get_channel_layer().group_add and group_send"),
    Moved("channels", "Channel", _CHANNELS_1, "get_channel_layer().send"),
    Moved("channels.routing", "route route_class include", _CHANNELS_1, "ProtocolTypeRouter and URLRouter"),
    Moved(
        "channels.auth",
        "channel_session_user channel_session_user_from_http http_session_user",
        _CHANNELS_1,
        "AuthMiddlewareStack, and scope['user']",
    ),
    Moved(
        "channels.sessions",
        "channel_session http_session enforce_ordering",
        _CHANNELS_1,
        "SessionMiddlewareStack, and scope['session']",
    ),
    Moved("django.conf.urls", "url", "3.2", "from django.urls import re_path, or path"),
    Moved("django.conf.urls", "patterns", "1.9", "a list"),
    Moved("django.core.urlresolvers", "", "1.11", "django.urls"),
    Moved("django.utils.six", "", "2.2", "the package six, or nothing"),
    Moved("django.utils.encoding", "force_text smart_text", "3.2", "force_str and smart_str"),
    Moved("django.utils.encoding", "python_2_unicode_compatible", "2.2", "nothing: leave it out"),
    Moved("django.utils.translation", "ugettext ugettext_noop ungettext", "3.2", "gettext and ngettext"),
    Moved("django.utils.translation", "ugettext_lazy ungettext_lazy", "3.2", "gettext_lazy, ngettext_lazy"),
    Moved("django.utils.http", "is_safe_url", "3.2", "url_has_allowed_host_and_scheme"),
    Moved("django.utils.http", "urlquote urlunquote urlquote_plus", "3.2", "quote of urllib.parse"),
    Moved("django.utils.timezone", "utc", "4.2", "datetime.timezone.utc"),
    Moved("django.contrib.staticfiles.templatetags", "", "2.2", "django.templatetags.static"),
    Moved("django.shortcuts", "render_to_response", "2.2", "render, which takes the request first"),
    Moved("django.utils.lru_cache", "", "2.2", "functools.lru_cache"),
    Moved("django.utils.decorators", "available_attrs", "2.2", "nothing: functools.wraps needs it no longer"),
    Moved("django.utils.text", "unescape_entities", "3.2", "html.unescape"),
    Moved("Signal", "providing_args", "3.2", "Signal() of django.dispatch, and a comment"),
    Moved("django.utils.datetime_safe django.utils.baseconv", "", "4.2", "a package of the index"),
    Moved("hypercorn", "run_single", "0.5.4", "asyncio.run(hypercorn.asyncio.serve(app, config))"),
    Moved("hypercorn.run", "run_single", "0.5.4", "asyncio.run(hypercorn.asyncio.serve(app, config))"),
    Moved("hypercorn.base hypercorn.h11 hypercorn.h2", "", "0.3.2", "hypercorn.asyncio.serve(app, config)"),
    Moved("mangum.connections mangum.lifespan", "", "0.8.0", "from mangum import Mangum"),
    Moved("mangum.backends mangum.websocket", "", "0.11.0", "nothing: Mangum no longer serves WebSockets"),
    Moved(
        "bareasgi",
        "Info RouteMatches Content Header Headers Message PushResponses",
        "3.7.1",
        "HttpRequest, which has them as attributes: a handler takes one request and returns HttpResponse",
    ),
    Moved("bareasgi", "text_response json_response bytes_response", "3.7.1", "HttpResponse, or bareutils"),
    Moved(
        "bareasgi",
        "encode_set_cookie decode_set_cookie encode_cookies decode_cookies",
        "3.7.1",
        "from bareutils.cookies import {name}",
    ),
    Moved("bareasgi.instance bareasgi.middleware", "", "3.7.1", "from bareasgi import Application"),
    Moved("uvicorn.middleware.debug", "", "0.17.6", "the debug option of the framework"),
    Moved("asyncio", "coroutine", "3.10", "async def and await"),
    Moved("asyncio", "async", "3.6", "asyncio.ensure_future"),
    Moved("Task", "all_tasks current_task", "3.8", "asyncio.all_tasks and asyncio.current_task"),
    Moved(
        "collections",
        "Awaitable Coroutine AsyncIterable AsyncIterator AsyncGenerator Hashable Iterable Iterator Generator"
        " Reversible Sized Container Callable Collection Set MutableSet Mapping MutableMapping MappingView"
        " KeysView ItemsView ValuesView Sequence MutableSequence",
        "3.9",
        "from collections.abc import {name}",
    ),
    Moved("base64", "encodestring decodestring", "3.8", "encodebytes and decodebytes"),
    Moved("fractions", "gcd", "3.8", "math.gcd"),
    Moved("inspect", "getargspec", "3.10", "inspect.getfullargspec"),
    Moved("inspect", "formatargspec", "3.10", "str(inspect.signature(function))"),
    Moved("pkgutil", "ImpImporter", "3.11", "a setuptools of 2023 or later, which does not ask for it"),
    Moved("configparser", "SafeConfigParser", "3.11", "configparser.ConfigParser"),
    Moved("importlib", "find_loader", "3.11", "importlib.util.find_spec"),
    Moved("distutils imp asynchat asyncore smtpd", "", "3.11", "setuptools, importlib, asyncio or aiosmtpd"),
    Moved(
        "cgi cgitb crypt imghdr mailcap nntplib pipes sndhdr telnetlib uu xdrlib lib2to3",
        "",
        "3.12",
        "a package of the index",
    ),
)

_INDEX: Dict[Tuple[str, str], Moved] = {
    (where, name): row for row in MOVED for where in row.where.split() for name in row.names.split() or [""]
}

#: What the errors of imports say.
_PATTERNS = (
    re.compile(
        r"cannot import name '(?P<name>\w+)' from (?:partially initialized module )?'(?P<where>[\w.]+)'"
    ),
    re.compile(r"(?:partially initialized )?module '(?P<where>[\w.]+)' has no attribute '(?P<name>\w+)'"),
    # Python names the class since 3.10.
    re.compile(r"(?:(?P<where>\w+)\.)?__init__\(\) got an unexpected keyword argument '(?P<name>\w+)'"),
    re.compile(
        r"(?:type object )?'(?:_asyncio\.)?(?P<where>\w+)'(?: object)? has no attribute '(?P<name>\w+)'"
    ),
)
#: Classes of the table -> the package.
_CLASSES = {"Starlette": "starlette", "Router": "starlette", "Task": "asyncio", "Signal": "django"}
#: Packages of the index; the others of the table are of Python.
_PROJECTS = ("starlette", "channels", "django", "hypercorn", "mangum", "bareasgi", "uvicorn")


def advice(error: BaseException) -> str:
    """Return where what an import error names has gone, or "" where nothing is known."""
    missing = missing_of(error)
    if missing is None:
        return ""
    where, name = missing
    package = _package_of(where)
    if package not in sys.modules and _spec(package) is None:
        return _of_python(where) if (where, "") in _INDEX else ""
    row = _INDEX.get((where, name))
    gone = f"{where}.{name}" if name else where
    if row is not None:
        now = row.now.replace("{name}", name)
        return (
            f"{_installed(package)} is installed and has no {gone} (the last with it: {row.last}); now: {now}"
        )
    if not isinstance(error, ImportError) and not _is_of_installed(error, where, gone):
        return ""
    return _unknown(error, package, gone)


def _is_of_installed(error: BaseException, where: str, gone: str) -> bool:
    """Return whether it is a module of an installed package that lacks an attribute, and no import of it."""
    lacks = isinstance(error, AttributeError) and str(error)[:500].startswith("module '")
    return lacks and where in sys.modules and bool(_released_as(_package_of(where))) and _spec(gone) is None


def missing_of(error: BaseException) -> Optional[Tuple[str, str]]:
    """Return the module, and the name in it or "", that an error says is missing."""
    missing = getattr(error, "name", None)
    if isinstance(error, SyntaxError):  # `async` is a word of the language since Python 3.7
        return ("asyncio", "async") if "asyncio.async(" in str(error.text)[:500] else None
    if isinstance(error, ModuleNotFoundError):
        return (missing, "") if isinstance(missing, str) and missing else None
    if not isinstance(error, (ImportError, AttributeError, TypeError)):
        return None
    try:
        text = str(error)[:500]
    except Exception:
        return None
    return _missing_in(text)


def _missing_in(text: str) -> Optional[Tuple[str, str]]:
    found = next(filter(None, (pattern.search(text) for pattern in _PATTERNS)), None)
    if found is None:
        return None
    name = found.group("name")
    where = found.group("where") or next((one for one in _CLASSES if (one, name) in _INDEX), None)
    return (where, name) if where else None


def as_text() -> str:
    """Return the table for a terminal."""
    return "\n".join(f"{what}\n    until {last}; now: {now}" for what, last, now in _cells())


_PAGE = """\
# What moved

Made of the rows of a table by `python -m asgi_compat explain moved --markdown`. Where an import fails at one
of these, [`serve`, `check` and `inspect`](cli.md) print its row beside the version that is installed. The
release is the last one that had it.

| gone | last release | now |
| --- | --- | --- |
"""


def as_markdown() -> str:
    """Return the page ``docs/moved.md``."""
    return _PAGE + "".join(f"| `{what}` | {last} | {now} |\n" for what, last, now in _cells())


def _cells() -> List[Tuple[str, str, str]]:
    cells = []
    for row in MOVED:
        package = _package_of(row.where.split()[0])
        last = f"{package if package in _PROJECTS else 'Python'} {row.last}"
        what = f"{row.where}: {row.names.replace(' ', ', ')}" if row.names else row.where.replace(" ", ", ")
        cells.append((what, last, row.now.replace("{name}", "...")))
    return cells


def _unknown(error: BaseException, package: str, gone: str) -> str:
    spec = _spec(package)
    origin = getattr(spec, "origin", None)
    if "is not a package" in str(error)[:500]:
        return f"{package!r} is the file {origin}, which hides a package of that name; rename it"
    if version_of(package):
        return (
            f"{_installed(package)} is installed and has no {gone}: correct the name, or install the release"
            " that the code was written for"
        )
    return f"{package!r} is there and has no {gone}: correct the name"


def _of_python(where: str) -> str:
    row = _INDEX[(where, "")]
    return f"Python {platform.python_version()} has no {where} (the last with it: {row.last}); now: {row.now}"


def _package_of(where: str) -> str:
    return _CLASSES.get(where, where).partition(".")[0]


def _spec(package: str) -> Any:
    try:
        return importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None


def _is_python(package: str) -> bool:
    names: Any = getattr(sys, "stdlib_module_names", None)  # since Python 3.10
    if names is None:
        names = {_package_of(where) for where, _ in _INDEX} - set(_PROJECTS)
    return package in names


def _installed(package: str) -> str:
    if _is_python(package):
        return f"Python {platform.python_version()}"
    return f"{package} {version_of(package)}".rstrip()


def version_of(package: str) -> str:
    """Return the version of an installed package by its import name, or ""."""
    return _released_as(package) or str(getattr(sys.modules.get(package), "__version__", ""))


def _released_as(package: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(package)
    except Exception:  # it has no metadata, or broken ones
        return ""
