# mypy: ignore-errors
"""What is nearly an application: keywords only, another order, a function of a router, older than ASGI2."""

from __future__ import annotations

from functools import partial

from .plain_forms import single
from .specimen import FACTORY, NOT_AN_APP, SINGLE, respond, row

# -- by keyword only: daphne calls so ---------------------------------------------------------------


@row("all three keyword-only", SINGLE, tolerated=True, remedy="guarantee_single_callable")
def _():
    async def app(*, scope, receive, send):
        await respond(send)

    return app


@row("async function with * between", SINGLE, tolerated=True)
def _():
    async def app(scope, *, receive, send):
        await respond(send)

    return app


@row("keyword-only, in another order and with an option", SINGLE, tolerated=True)
def _():
    async def app(*, send, scope, debug=False, receive):
        await respond(send)

    return app


@row("keyword-only, a plain function", SINGLE, tolerated=True)
def _():
    async def answer(send):
        await respond(send)

    def app(*, scope, receive, send):
        return answer(send)

    return app


@row("keyword-only __call__", SINGLE, tolerated=True)
def _():
    class App:
        async def __call__(self, *, scope, receive, send):
            await respond(send)

    return App()


@row("keyword-only method, with an option bound", SINGLE, tolerated=True)
def _():
    class App:
        async def asgi(self, *, scope, receive, send, prefix):
            await respond(send)

    return partial(App().asgi, prefix="/")


@row("class whose instances take keywords only", FACTORY, remedy="App()")
def _():
    class App:
        async def __call__(self, *, scope, receive, send):
            await respond(send)

    return App


@row("keyword-only, of other names", NOT_AN_APP)
def _():
    async def app(*, scope, receiver, sender):
        await respond(sender)

    return app


@row("keyword-only, with a required option", NOT_AN_APP, remedy="debug=...")
def _():
    async def app(*, scope, receive, send, debug):
        await respond(send)

    return app


@row("keyword-only, without the scope", NOT_AN_APP)
def _():
    async def instance(*, receive, send):
        await respond(send)

    return instance


# -- the arguments in another order -------------------------------------------------------------------


@row("async function of (receive, send, scope)", NOT_AN_APP, remedy="another order")
def _():
    async def app(receive, send, scope):
        await send({"type": "http.response.start", "status": 200, "headers": scope["headers"]})

    return app


@row("bound method of (receive, send, scope)", NOT_AN_APP, remedy="another order")
def _():
    class Server:
        async def asgi(self, receive, send, scope):
            await send({"type": "http.response.start", "status": 200, "headers": scope["headers"]})

    return Server().asgi


@row("async function of (scope, send, receive)", NOT_AN_APP, remedy="another order")
def _():
    async def app(scope, send, receive):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    return app


@row("plain function of (send, receive, scope)", NOT_AN_APP, remedy="another order")
def _():
    async def answer(receive):
        await receive.__self__.start()

    def app(send, receive, scope):
        return answer(receive)

    return app


@row("double class whose __call__ takes (send, receive)", NOT_AN_APP, remedy="in this order")
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, send, receive):
            await send({"type": "http.response.start", "status": 200, "headers": []})

    return App


@row("class whose instances take (receive, send, scope)", NOT_AN_APP)
def _():
    class App:
        async def __call__(self, receive, send, scope):
            await send({"type": "http.response.start", "status": 200, "headers": scope["headers"]})

    return App


# -- functions that a router is told a route with -------------------------------------------------------


@row("django.urls.path: a partial with Pattern", NOT_AN_APP, remedy="handler")
def _():
    def _path(route, view, kwargs=None, name=None, Pattern=None):
        if kwargs is not None and not isinstance(kwargs, dict):
            raise TypeError("kwargs argument must be a dict")
        return Pattern(route, view, name)

    return partial(_path, Pattern=lambda *given: given)


@row("django.conf.urls.url", NOT_AN_APP, remedy="handler")
def _():
    def url(regex, view, kwargs=None, name=None):
        return (regex, view, kwargs, name)

    return url


@row("route of (method, path, handler)", NOT_AN_APP, remedy="handler")
def _():
    def route(method, path, handler):
        return (method, path, handler)

    return route


@row("add_route of an instance", NOT_AN_APP)
def _():
    class Router:
        def __init__(self):
            self.routes = []

        def add_route(self, path, endpoint, methods=None, name=None):
            self.routes.append((path, endpoint))
            return self

    return Router().add_route


@row("plain function of two arguments and options", NOT_AN_APP)
def _():
    def join(left, right, between=" ", limit=None):
        return f"{left}{between}{right}"

    return join


@row("plain function of odd names, one an option", SINGLE)
def _():
    app = single()

    def call(s, r, send=None):
        return app(s, r, send)

    return call


# -- older than ASGI2 -----------------------------------------------------------------------------------


@row("uvicorn 0.0: async function of (message, channels)", NOT_AN_APP, remedy="uvicorn 0.0")
def _():
    async def hello_world(message, channels):
        await channels["reply"].send({"status": 200, "headers": [], "content": b"hello"})

    return hello_world


@row("uvicorn 0.0: class of a router", NOT_AN_APP, remedy="uvicorn 0.0")
def _():
    class Router:
        def __init__(self, routes=()):
            self.routes = routes

        async def __call__(self, message, channels):
            await channels["reply"].send({"status": 404})

    return Router


@row("uvicorn 0.0: instance of a middleware", NOT_AN_APP, remedy="uvicorn 0.0")
def _():
    class Debug:
        def __init__(self, app):
            self.app = app

        async def __call__(self, message, channels):
            await self.app(message, channels)

    return Debug(None)


@row("draft of 2017: class of (type, reply, ...)", NOT_AN_APP, remedy="draft of August 2017")
def _():
    class Application:
        def __init__(self, type, reply, channel_layer=None, application_channel=None):
            self.reply = reply

        def __call__(self, message):
            self.reply({"type": "http.response", "status": 200, "content": b""})

    return Application


@row("draft of 2017: function of (type, reply, ...)", NOT_AN_APP, remedy="draft of August 2017")
def _():
    def application(type, reply, channel_layer, application_channel):
        def instance(message):
            reply({"type": "http.response", "status": 200, "content": b""})

        return instance

    return application


@row("draft of 2017: function of (type, reply)", NOT_AN_APP, remedy="draft of August 2017")
def _():
    def application(type, reply, **more):
        return lambda message: reply({"type": "http.response", "status": 200})

    return application


@row("Channels 1: consumer", NOT_AN_APP, remedy="consumer of Channels 1")
def _():
    def ws_connect(message):
        message.reply_channel.send({"accept": True})

    return ws_connect


@row("Channels 1: consumer with arguments of its route", NOT_AN_APP, remedy="consumer of Channels 1")
def _():
    def ws_receive(message, room="", **kwargs):
        message.reply_channel.send({"text": room})

    return ws_receive


class Layer:
    extensions = ("groups",)

    def send(self, channel, message): ...

    def receive(self, channels, block=False): ...

    def new_channel(self, pattern): ...


@row("Channels 1: channel layer", NOT_AN_APP, remedy="channel layer of Channels 1")
def _():
    return Layer()


@row("Channels 1: class of a channel layer", NOT_AN_APP, remedy="channel layer of Channels 1")
def _():
    return Layer


@row("Channels 1: layer in its wrapper", NOT_AN_APP, remedy="channel layer of Channels 1")
def _():
    class ChannelLayerWrapper:
        def __init__(self, channel_layer, alias, routing):
            self.channel_layer = channel_layer

        def __getattr__(self, name):
            return getattr(self.channel_layer, name)

    return ChannelLayerWrapper(Layer(), "default", "routing.routes")


@row("Channels 2 and later: channel layer", NOT_AN_APP, remedy="is a channel layer, over which")
def _():
    class InMemoryChannelLayer:
        async def send(self, channel, message): ...

        async def receive(self, channel): ...

        async def new_channel(self, prefix="specific."): ...

    return InMemoryChannelLayer()


@row("Channels 1: class-based consumer", NOT_AN_APP, remedy="consumer of Channels 1")
def _():
    class Consumer:
        def __init__(self, message, **kwargs):
            self.message = message

        @classmethod
        def channel_names(cls):
            return set()

        @classmethod
        def as_route(cls, attrs=None, **kwargs):
            return cls

        def dispatch(self, message, **kwargs): ...

    return Consumer


# -- classes for each connection -----------------------------------------------------------------------


@row("as_asgi of a consumer class", FACTORY)
def _():
    class Chat:
        async def __call__(self, scope, receive, send):
            await respond(send)

        @classmethod
        def as_asgi(cls, **initkwargs):
            async def app(scope, receive, send):
                await cls(**initkwargs)(scope, receive, send)

            return app

    return Chat.as_asgi
