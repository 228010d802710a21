"""Print what stands between the middlewares of both generations when they are put around each other.

A JSON object: the name of a stack, and the types of its layers from outside to inside.
"""

from __future__ import annotations

import json

from starlette_apart import starlette_then

with starlette_then():
    import contract_starlette as then_contract
    from starlette_prometheus import PrometheusMiddleware

    then = then_contract.make()

import records
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from sentry_asgi import SentryMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from timing_asgi import TimingMiddleware

from asgi_compat import middleware_to_asgi2, middleware_to_asgi3, to_asgi2, to_asgi3

today = Starlette()
Timing = middleware_to_asgi3(TimingMiddleware)
Sentry = middleware_to_asgi3(SentryMiddleware)
timing = {"client": records.Timings()}


def layers(app):
    found = []
    while app is not None:
        kind = type(app)
        ours = kind.__module__.split(".")[0] == "asgi_compat"
        found.append("adapter" if ours else kind.__name__)
        if kind.__name__ == "Starlette":
            break
        app = getattr(app, "app", None) or getattr(app, "_app", None)
    return found


def deep(count):
    app = today
    for _ in range(count):
        app = Timing(Sentry(app), **timing)
    return app


def deep_in_old(count):
    app = then
    for _ in range(count):
        app = middleware_to_asgi2(GZipMiddleware)(app)
    return app


in_stack = Starlette(middleware=[Middleware(Sentry), Middleware(Timing, **timing)])
built = in_stack.build_middleware_stack()

print(
    json.dumps(
        {
            "old around old around old around new": layers(
                Sentry(Timing(middleware_to_asgi3(PrometheusMiddleware)(today), **timing))
            ),
            "new around new around new around old": layers(
                middleware_to_asgi2(OpenTelemetryMiddleware)(
                    middleware_to_asgi2(SessionMiddleware)(
                        middleware_to_asgi2(GZipMiddleware)(then), secret_key="k"
                    )
                )
            ),
            "old, new, old, new around new": layers(
                Sentry(GZipMiddleware(Timing(GZipMiddleware(today), **timing)))
            ),
            "new, old, new, old around old": layers(
                middleware_to_asgi2(GZipMiddleware)(
                    SentryMiddleware(middleware_to_asgi2(GZipMiddleware)(TimingMiddleware(then, **timing)))
                )
            ),
            "to_asgi3 around old around to_asgi2": layers(to_asgi3(SentryMiddleware(to_asgi2(today)))),
            "to_asgi3 twice around to_asgi2 of it": layers(to_asgi3(to_asgi2(to_asgi3(then)))),
            "in Starlette's stack": layers(built),
            "40 deep": layers(deep(20)),
            "40 deep in the old": layers(deep_in_old(40)),
            "there and back is the same": [
                middleware_to_asgi3(middleware_to_asgi2(GZipMiddleware)) is GZipMiddleware,
                middleware_to_asgi2(middleware_to_asgi3(SentryMiddleware)) is SentryMiddleware,
                middleware_to_asgi3(Sentry) is Sentry,
            ],
        }
    )
)
