"""Applications whose second half is today's Starlette ``Response``.

Before Starlette 0.12 a response was the instance of an ASGI2 application: ``app(scope)`` returned it and
the server awaited ``response(receive, send)``. Today's takes ``(scope, receive, send)``. The old spelling
works all the same, and so do the others that people used::

    python -m asgi_compat serve examples.starlette_response:asgi2_returned
    python -m asgi_compat serve examples.starlette_response:asgi2_closure
    python -m asgi_compat serve examples.starlette_response:asgi2_partial
    python -m asgi_compat serve examples.starlette_response:asgi2_class
    python -m asgi_compat serve examples.starlette_response:asgi3

Needs ``pip install starlette``.
"""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asgi_compat import ASGI2Instance, Receive, Scope, Send


def respond(form: str, scope: Scope) -> JSONResponse:
    # A response of Starlette sends whatever the scope is. What is not HTTP has to be refused here.
    if scope["type"] != "http":
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
    request = Request(scope)
    return JSONResponse({"form": form, "method": request.method, "name": request.query_params.get("name")})


def asgi2_returned(scope: Scope) -> JSONResponse:
    """The response itself is the instance, as in Starlette's own examples of 2018."""
    return respond("returned", scope)


def asgi2_closure(scope: Scope) -> ASGI2Instance:
    """An inner function is the instance."""
    response = respond("closure", scope)

    async def instance(receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    return instance


def asgi2_partial(scope: Scope) -> ASGI2Instance:
    """A partial is the instance: the response, with its scope already given."""
    return partial(respond("partial", scope), scope)


class asgi2_class:
    """The instance is an instance."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.response = respond("class", scope)

    async def __call__(self, receive: Receive, send: Send) -> None:
        await self.response(self.scope, receive, send)


async def asgi3(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI3 form."""
    await respond("asgi3", scope)(scope, receive, send)
