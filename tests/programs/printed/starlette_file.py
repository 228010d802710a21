"""File responses and redirects, from the documentation of Starlette 0.8."""

from starlette.responses import FileResponse, RedirectResponse


class App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        if self.scope['path'] != '/':
            response = RedirectResponse(url='/')
        else:
            response = FileResponse(__file__)
        await response(receive, send)
