"""The lifespan middleware of early Starlette, written by hand, around a site."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
class Database:
    async def connect(self): self.state = "connected"
    async def disconnect(self): self.state = "gone"
database = Database()
class LifespanMiddleware:
    def __init__(self, app, startup, shutdown):
        self.app, self.startup, self.shutdown = app, startup, shutdown
    def __call__(self, scope):
        if scope["type"] == "lifespan":
            return self.lifespan
        return self.app(scope)
    async def lifespan(self, receive, send):
        message = await receive()
        assert message["type"] == "lifespan.startup"
        await self.startup()
        await send({"type": "lifespan.startup.complete"})
        message = await receive()
        await self.shutdown()
        await send({"type": "lifespan.shutdown.complete"})
async def home(request):
    return PlainTextResponse(database.state)
app = LifespanMiddleware(Starlette(routes=[Route("/", home)]), database.connect, database.disconnect)
