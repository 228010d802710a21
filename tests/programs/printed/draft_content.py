"""An echo by the names of 2017, a piece of the body for a piece of the answer."""


def app(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        more = True
        while more:
            message = await receive()
            more = message["more_content"]
            await send({"type": "http.response.content", "content": message["content"], "more_content": more})

    return instance
