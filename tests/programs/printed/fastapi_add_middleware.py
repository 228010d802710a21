"""A middleware of 2019 that hands the scope on, added to a current FastAPI."""

from fastapi import FastAPI
from starlette.requests import Request


class DatabaseMiddleware:
    def __init__(self, app):
        self.app = app

    def __call__(self, scope):
        if scope["type"] == "http":
            scope["database"] = "connected"
        return self.app(scope)


app = FastAPI()
app.add_middleware(DatabaseMiddleware)


@app.get("/")
async def root(request: Request):
    return {"database": request.scope["database"]}
