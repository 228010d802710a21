"""A sub-application of 2018 in FastAPI, as its documentation mounts others."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/app")
def read_main():
    return {"message": "Hello World from main app"}


def subapi(scope):
    async def asgi(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"Hello World from sub API"})

    return asgi


app.mount("/subapi", subapi)
