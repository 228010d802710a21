"""The contract of hosts.py on today's Quart."""

import asyncio
import os

from quart import Quart, Response, jsonify, make_response, redirect, request, websocket

DONE = []
app = Quart(__name__)
app.started = None


@app.before_serving
async def startup():
    app.started = "by lifespan"


@app.after_serving
async def shutdown():
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("quart shut down")


@app.route("/")
async def home():
    return Response("hello", mimetype="text/plain")


@app.route("/started")
async def started():
    return jsonify(state=app.started)


@app.route("/scope")
async def scope():
    names = ("type", "method", "scheme", "path", "root_path", "http_version")
    return jsonify({name: request.scope[name] for name in names}, request.query_string.decode())


@app.route("/headers")
async def headers():
    return jsonify(one=request.headers.getlist("x-one"), client=request.remote_addr)


@app.route("/echo", methods=["POST", "PUT"])
async def echo():
    return Response(await request.get_data(), mimetype="application/octet-stream")


@app.route("/length", methods=["POST"])
async def length():
    total = 0
    async for part in request.body:
        total += len(part)
    return Response(str(total), mimetype="text/plain")


@app.route("/json", methods=["POST"])
async def post_json():
    return jsonify(got=await request.get_json()), 201


@app.route("/stream")
async def stream():
    async def rows():
        for number in range(5):
            yield f"row {number}\n"
            await asyncio.sleep(0.01)

    return Response(rows(), mimetype="text/plain")


@app.route("/large")
async def large():
    return Response(b"0123456789" * 100000, mimetype="application/octet-stream")


@app.route("/empty")
async def empty():
    return "", 204


@app.route("/redirect")
async def redirecting():
    return redirect("/scope?from=redirect")


@app.route("/set-cookie")
async def set_cookie():
    response = await make_response("cookies set")
    response.set_cookie("flavour", "oat", httponly=True)
    response.set_cookie("size", "large")
    return response


@app.route("/cookies")
async def cookies():
    return jsonify(request.cookies)


@app.route("/error")
async def error():
    raise RuntimeError("this is meant to happen")


async def remember(value):
    await asyncio.sleep(0.05)
    DONE.append(value)


@app.route("/background/<value>")
async def background(value):
    app.add_background_task(remember, value)
    return Response("working", mimetype="text/plain")


@app.route("/done")
async def done():
    return jsonify(DONE[-1:])


@app.websocket("/ws/echo")
async def ws_echo():
    try:
        while True:
            await websocket.send(await websocket.receive())
    except asyncio.CancelledError:
        DONE.append("left")
        raise


@app.websocket("/ws/close/<int:code>")
async def ws_close(code):
    await websocket.accept()
    await websocket.send_json({"closing": True})
    await websocket.close(code, "because")


@app.websocket("/ws/reject")
async def ws_reject():
    return "no entry", 403


@app.websocket("/ws/protocol")
async def ws_protocol():
    await websocket.accept(subprotocol=websocket.requested_subprotocols[-1], headers={"x-extra": "1"})
    await websocket.send_json(websocket.requested_subprotocols)


@app.websocket("/ws/where")
async def ws_where():
    await websocket.accept()
    seen = {"path": websocket.path, "q": websocket.args.get("q"), "one": websocket.headers.get("x-one")}
    await websocket.send_json({**seen, "state": app.started})


@app.websocket("/ws/error")
async def ws_error():
    await websocket.accept()
    await websocket.receive()
    raise RuntimeError("this is meant to happen on a websocket")
