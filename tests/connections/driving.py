"""Run an application of either style behind an adapter, on a server that a test plays."""

from __future__ import annotations

import asyncio

from asgi_compat import to_asgi2, to_asgi3


def shaped(function, style):
    """Return ``function(receive, send)`` as an application of a style."""

    async def single(scope, receive, send):
        return await function(receive, send)

    def double(scope):
        async def instance(receive, send):
            return await function(receive, send)

        return instance

    return single if style == "single" else double


async def serve(function, scope, receive, send, *, style="double", direction="A", **options):
    """Serve one connection on a server of today ("A") or of 2018 ("B")."""
    app = shaped(function, style)
    if direction == "A":
        return await to_asgi3(app, **options)(scope, receive, send)
    return await to_asgi2(app, **options)(scope)(receive, send)


def run(function, scope, receive, send, **options):
    """Serve one connection in a loop of its own, for five seconds at most."""

    async def main():
        return await asyncio.wait_for(serve(function, scope, receive, send, **options), 5)

    return asyncio.run(main())


def never():
    """Return what waits until it is cancelled."""
    return asyncio.get_running_loop().create_future()
