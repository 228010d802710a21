"""The TokenAuthMiddleware of a hundred answers: it queries the database when it is called with the scope."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.db import close_old_connections
from django.utils.asyncio import async_unsafe


@async_unsafe
def get_user_of(token):
    """Stand in for Token.objects.get(key=token).user, which Django protects in the same way."""
    return {'abc': 'Ada'}.get(token, 'nobody')


class TokenAuthMiddleware:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        headers = dict(scope['headers'])
        token = headers.get(b'authorization', b'').decode()
        scope['user'] = get_user_of(token)
        close_old_connections()
        return self.inner(scope)


TokenAuthMiddlewareStack = lambda inner: TokenAuthMiddleware(inner)  # noqa: E731


class Consumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.accept()
        await self.send_json({'user': self.scope['user']})


application = ProtocolTypeRouter({'websocket': TokenAuthMiddlewareStack(Consumer)})
