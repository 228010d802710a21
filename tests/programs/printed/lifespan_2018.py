"""Start-up and cleanup of October 2018."""

state = {}


class Lifespan:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        message = await receive()
        assert message['type'] == 'lifespan.startup'
        state['started'] = True
        await send({'type': 'lifespan.startup.complete'})
        message = await receive()
        assert message['type'] == 'lifespan.cleanup'
        await send({'type': 'lifespan.cleanup.complete'})


class Http:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body', 'body': b'started' if state.get('started') else b'not started'})


def app(scope):
    return {'lifespan': Lifespan, 'http': Http}[scope['type']](scope)
