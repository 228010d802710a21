"""The README of uvicorn 0.0, August 2017."""


async def hello_world(message, channels):
    content = b"<html><h1>Hello, world</h1></html>"
    response = {
        "status": 200,
        "headers": [
            [b"content-type", b"text/html"],
        ],
        "content": content,
    }
    await channels["reply"].send(response)


class Streaming:
    async def __call__(self, message, channels):
        await channels["reply"].send({"status": 200, "more_content": True})
        for number in range(3):
            await channels["reply"].send({"content": b"%d" % number, "more_content": number < 2})


app = hello_world
streaming = Streaming()
