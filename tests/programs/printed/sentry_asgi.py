"""sentry-asgi 0.1 around a current application, reduced."""

import functools

from fastapi import FastAPI

captured = []


class SentryMiddleware:
    def __init__(self, app):
        self.app = app

    def __call__(self, scope):
        return functools.partial(self.asgi, scope=scope)

    async def asgi(self, receive, send, scope):
        try:
            inner = self.app(scope)
            await inner(receive, send)
        except Exception as exc:
            captured.append(type(exc).__name__)
            raise exc from None


app = FastAPI()


@app.get("/")
def home():
    return captured


@app.get("/fail")
def fail():
    raise KeyError("secret")


app = SentryMiddleware(app)
