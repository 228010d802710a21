"""The draft of ASGI2 of August 2017: an application is made with a type and a function for its replies."""


class Application:
    def __init__(self, type, reply, path=None, **kwargs):
        self.type, self.reply, self.path = type, reply, path

    async def __call__(self, message):
        if message["type"] == "http.request":
            await self.reply({"type": "http.response", "status": 200, "content": b"Hello"})


def closure(type, reply, **kwargs):
    async def instance(message):
        await reply({"type": "http.response", "status": 200, "content": b"Hello"})

    return instance


app = Application
