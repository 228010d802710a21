"""What a server is given: `app`, as $MIDDLEWARE_MIX says, `direction/middleware/application/form`.

With $MIDDLEWARE_NATIVE the same middleware stands around the same application of its own generation, and
nothing here imports asgi_compat.
"""

from __future__ import annotations

import os

import records
from starlette_apart import starlette_then

DIRECTION, NAME, APPLICATION, FORM = os.environ["MIDDLEWARE_MIX"].split("/")
NATIVE = bool(os.environ.get("MIDDLEWARE_NATIVE"))

if not NATIVE:
    from asgi_compat import middleware_to_asgi2, middleware_to_asgi3, to_asgi2, to_asgi3


# -- middlewares of today ------------------------------------------------------------------------


def sessions():
    from starlette.middleware.sessions import SessionMiddleware

    return SessionMiddleware, {"secret_key": "not a secret", "max_age": 3600}


def gzip():
    from starlette.middleware.gzip import GZipMiddleware

    return GZipMiddleware, {"minimum_size": 500}


def cors():
    from starlette.middleware.cors import CORSMiddleware

    return CORSMiddleware, {
        "allow_origins": ["https://shop.example"],
        "allow_methods": ["GET", "PUT"],
        "allow_headers": ["X-One"],
        "allow_credentials": True,
        "expose_headers": ["X-App"],
    }


def base():
    from starlette.middleware.base import BaseHTTPMiddleware

    async def stamp(request, call_next):
        response = await call_next(request)
        response.headers["X-Stamp"] = "seen " + request.url.path
        return response

    return BaseHTTPMiddleware, {"dispatch": stamp}


def sentry_sdk():
    from sentry_sdk.integrations.asgi import SentryAsgiMiddleware

    records.start_sentry()
    return SentryAsgiMiddleware, {}


def opentelemetry():
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware

    # Without the spans of receive(): when an application asks for more is its own affair, and changed between
    # the generations (Starlette's streams listen for the disconnect since 0.13).
    return OpenTelemetryMiddleware, {
        "tracer_provider": records.tracer_provider(),
        "exclude_spans": ["receive"],
    }


def elastic_apm():
    from elasticapm.contrib.asgi import ASGITracingMiddleware

    return ASGITracingMiddleware, records.elastic_options()


def elastic_apm_for_starlette():
    from elasticapm.contrib.starlette import ElasticAPM, make_apm_client

    # With the instrumentation, because it is today's ServerErrorMiddleware that ends a transaction.
    return ElasticAPM, {"client": make_apm_client(**dict(records.elastic_options(), instrument=True))}


NEW = {
    "sessions": [sessions],
    "gzip": [gzip],
    "cors": [cors],
    "base": [base],
    "sentry-sdk": [sentry_sdk],
    "opentelemetry": [opentelemetry],
    "elastic-apm": [elastic_apm],
    "elastic-apm for Starlette": [elastic_apm_for_starlette],
    "three": [opentelemetry, sessions, gzip],
}


def application():
    if APPLICATION == "channels":
        import contract_channels

        return contract_channels.make()
    if NATIVE:
        import contract_starlette

        return contract_starlette.make()
    with starlette_then():
        import contract_starlette

        return contract_starlette.make()


def new_around_old():
    layers = [layer() for layer in NEW[NAME]]
    adapt = (lambda middleware: middleware) if NATIVE else middleware_to_asgi2

    def around(app):
        for middleware, options in reversed(layers):
            app = middleware(app, **options)
        return app

    if FORM == "mounted":
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette.routing import Mount

        inner = application()
        return Starlette(
            routes=[Mount("", app=inner if NATIVE else to_asgi3(inner))],
            middleware=[Middleware(middleware, **options) for middleware, options in layers],
        )
    if APPLICATION == "channels":
        import contract_channels

        assert contract_channels.OLD != NATIVE
        if FORM == "outside":
            app = contract_channels.make()
            return around(app if NATIVE else to_asgi3(app))

        def wrap(router):
            for middleware, options in reversed(layers):
                router = adapt(middleware)(router, **options)
            return router

        app = contract_channels.make(wrap)
        return app if NATIVE or FORM == "asgi2" else to_asgi3(app)

    if NATIVE:
        import contract_starlette
        from starlette.middleware import Middleware

        if FORM == "outside":
            return around(contract_starlette.make())
        return contract_starlette.make(
            middleware=[Middleware(middleware, **options) for middleware, options in layers]
        )
    with starlette_then():
        import contract_starlette

        app = contract_starlette.make()
    if FORM == "outside":
        return around(to_asgi3(app))
    for middleware, options in reversed(layers):
        app.add_middleware(adapt(middleware), **options)
    return app if FORM == "asgi2" else to_asgi3(app)


# -- middlewares of 2019 -------------------------------------------------------------------------


def channels_sessions(app):
    import django_project  # noqa: F401
    from channels.sessions import SessionMiddlewareStack

    return SessionMiddlewareStack, {}


def channels_auth(app):
    import django_project  # noqa: F401
    from channels.auth import AuthMiddlewareStack

    return AuthMiddlewareStack, {}


def channels_cookies(app):
    import django_project  # noqa: F401
    from channels.sessions import CookieMiddleware

    return CookieMiddleware, {}


def channels_session_only(app):
    from channels.sessions import SessionMiddleware

    return SessionMiddleware, {}


def channels_auth_only(app):
    from channels.auth import AuthMiddleware

    return AuthMiddleware, {}


def sentry_asgi(app):
    from sentry_asgi import SentryMiddleware

    records.start_sentry()
    return SentryMiddleware, {}


def timing_asgi(app):
    from timing_asgi import TimingMiddleware

    options = {"client": records.Timings()}
    if app is not None:
        from timing_asgi.integrations import StarletteScopeToName

        options["metric_namer"] = StarletteScopeToName("shop", app)
    return TimingMiddleware, options


def prometheus(app):
    with starlette_then():
        from starlette_prometheus import PrometheusMiddleware

    return PrometheusMiddleware, {}


OLD = {
    "channels.sessions": [channels_sessions],
    "channels.auth": [channels_auth],
    "channels, three apart": [channels_cookies, channels_session_only, channels_auth_only],
    "sentry-asgi": [sentry_asgi],
    "timing-asgi": [timing_asgi],
    "starlette-prometheus": [prometheus],
    "three": [sentry_asgi, timing_asgi, prometheus],
}


def metrics():
    """The page of starlette-prometheus: a view of 0.11.4, that makes a response of 0.11.4."""
    if "prometheus" not in NAME and NAME != "three":
        return []
    with starlette_then():
        from starlette.routing import request_response
        from starlette_prometheus import metrics as view
    from starlette.routing import Mount

    page = request_response(view)
    return [Mount("/metrics", page if NATIVE else to_asgi3(page))]


def old_around_new():
    adapt = (lambda middleware: middleware) if NATIVE else middleware_to_asgi3
    import contract_starlette

    if FORM == "list" and not NATIVE:
        from starlette.middleware import Middleware

        layers = [layer(None) for layer in OLD[NAME]]
        return contract_starlette.make(
            metrics(), middleware=[Middleware(adapt(middleware), **options) for middleware, options in layers]
        )
    app = contract_starlette.make(metrics())
    layers = [layer(None if FORM == "list" else app) for layer in OLD[NAME]]
    if FORM in ("list", "add"):
        for middleware, options in reversed(layers):
            app.add_middleware(adapt(middleware), **options)
        return app
    if not NATIVE:
        app = to_asgi2(app)
    for middleware, options in reversed(layers):
        app = middleware(app, **options)
    return app if NATIVE else to_asgi3(app)


app = new_around_old() if DIRECTION == "new" else old_around_new()
