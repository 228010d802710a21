"""A dispatcher by path with applications of both generations."""


class DispatcherMiddleware:
    def __init__(self, mounts):
        self.mounts = mounts

    def __call__(self, scope):
        for prefix, app in self.mounts.items():
            if scope['path'].startswith(prefix):
                return app(scope)
        raise ValueError('no application for the path')


def old(scope):
    async def asgi(receive, send):
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body', 'body': b'old'})

    return asgi


async def new(scope, receive, send):
    await send({'type': 'http.response.start', 'status': 200, 'headers': []})
    await send({'type': 'http.response.body', 'body': b'new'})


app = DispatcherMiddleware({'/old': old, '/new': new})
