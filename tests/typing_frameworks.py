"""Applications with the types of other packages, in and out. Read by mypy and pyright, never run."""

from __future__ import annotations

from asgiref import typing as asgiref_types
from hypercorn import typing as hypercorn_types
from litestar import Litestar
from litestar import types as litestar_types
from quart import Quart
from starlette import types as starlette_types
from starlette.applications import Starlette
from uvicorn import _types as uvicorn_types

import asgi_compat
from asgi_compat import guarantee_double_callable, guarantee_single_callable, to_asgi2, to_asgi3


async def of_asgiref(
    scope: asgiref_types.Scope,
    receive: asgiref_types.ASGIReceiveCallable,
    send: asgiref_types.ASGISendCallable,
) -> None: ...


class DoubleOfAsgiref:
    def __init__(self, scope: asgiref_types.Scope) -> None: ...

    async def __call__(
        self, receive: asgiref_types.ASGIReceiveCallable, send: asgiref_types.ASGISendCallable
    ) -> None: ...


async def of_uvicorn(
    scope: uvicorn_types.Scope,
    receive: uvicorn_types.ASGIReceiveCallable,
    send: uvicorn_types.ASGISendCallable,
) -> None: ...


async def of_hypercorn(
    scope: hypercorn_types.Scope,
    receive: hypercorn_types.ASGIReceiveCallable,
    send: hypercorn_types.ASGISendCallable,
) -> None: ...


async def of_litestar(
    scope: litestar_types.Scope, receive: litestar_types.Receive, send: litestar_types.Send
) -> None: ...


async def of_starlette(
    scope: starlette_types.Scope, receive: starlette_types.Receive, send: starlette_types.Send
) -> None: ...


# Arguments.
to_asgi3(of_asgiref)
to_asgi3(of_uvicorn)
to_asgi3(of_hypercorn)
to_asgi3(of_litestar)
to_asgi3(of_starlette)
to_asgi3(DoubleOfAsgiref)
to_asgi2(of_asgiref)
guarantee_single_callable(of_uvicorn)
guarantee_double_callable(of_hypercorn)
guarantee_single_callable(DoubleOfAsgiref)
asgi_compat.single_to_double_callable(of_litestar)
asgi_compat.double_to_single_callable(DoubleOfAsgiref)
to_asgi3(Quart("x"))
to_asgi3(Litestar())
to_asgi3(Starlette())
guarantee_single_callable(Quart("x"))
guarantee_single_callable(Litestar())


# Results.
def serve_asgiref(app: asgiref_types.ASGI3Application) -> None: ...
def serve_uvicorn(app: uvicorn_types.ASGI3Application) -> None: ...
def serve_hypercorn(app: hypercorn_types.ASGIFramework) -> None: ...
def serve_litestar(app: litestar_types.ASGIApp) -> None: ...
def serve_starlette(app: starlette_types.ASGIApp) -> None: ...


adapted = guarantee_single_callable(of_asgiref)
serve_asgiref(adapted)
serve_uvicorn(adapted)
serve_hypercorn(adapted)
serve_litestar(adapted)
serve_starlette(adapted)
serve_asgiref(to_asgi3(Quart("x")))
serve_uvicorn(to_asgi3(Litestar()))
