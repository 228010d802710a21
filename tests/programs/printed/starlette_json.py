"""A body that Starlette reads and answers, called with two arguments."""

from starlette.requests import Request
from starlette.responses import HTMLResponse


class Form:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        request = Request(self.scope, receive=receive)
        text = await request.body()
        response = HTMLResponse("<b>%s</b>" % text.decode())
        await response(receive, send)


app = Form
