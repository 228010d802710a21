"""One application for Quart 0.6.15 and Quart 0.8.1: only what both have."""

import asyncio
import json
import os

import hypercorn

# Quart 0.6 imports what its development server needs; hypercorn has not had it since 0.6.
if not hasattr(hypercorn, "run_single"):
    hypercorn.run_single = None

from quart import (
    Blueprint,
    Quart,
    Response,
    abort,
    copy_current_websocket_context,
    flash,
    get_flashed_messages,
    has_request_context,
    jsonify,
    make_response,
    redirect,
    render_template_string,
    request,
    session,
    stream_with_context,
    url_for,
    websocket,
)

HERE = os.path.dirname(os.path.abspath(__file__))
STATE = {"started": "no", "background": []}

app = Quart(__name__, static_folder=os.path.join(HERE, "static"))
app.secret_key = "not a secret"


@app.before_serving
async def startup():
    STATE["started"] = "yes"


@app.after_serving
async def shutdown():
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("quart shut down")


@app.after_request
async def stamp(response):
    response.headers["X-Stamp"] = "%s %s" % (request.method, request.path)
    return response


@app.route("/")
async def home():
    return "hello from quart"


@app.route("/started")
async def started():
    return jsonify(started=STATE["started"])


@app.route("/item/<name>/<int:number>/<path:rest>")
async def item(name, number, rest):
    return jsonify(name=name, number=number, rest=rest)


@app.route("/query")
async def query():
    return jsonify(
        one=request.args.get("one"), many=request.args.getlist("many"), raw=request.query_string.decode()
    )


@app.route("/scope")
async def scope():
    return jsonify(
        method=request.method,
        path=request.path,
        scheme=request.scheme,
        host_is_local=request.host.startswith("127.0.0.1:"),
        remote=request.remote_addr if hasattr(request, "remote_addr") else request.headers["Remote-Addr"],
        url=request.url,
    )


@app.route("/headers")
async def headers():
    return jsonify(one=request.headers.getall("X-One", []), agent=request.headers.get("User-Agent"))


@app.route("/echo", methods=["POST", "PUT"])
async def echo():
    data = await request.get_data()
    return Response(data, mimetype="application/octet-stream")


@app.route("/length", methods=["POST"])
async def length():
    total = 0
    async for part in request.body:
        total += len(part)
    return str(total)


@app.route("/json", methods=["POST"])
async def post_json():
    data = await request.get_json()
    return jsonify(got=data), 201, {"X-Count": str(len(data))}


@app.route("/form", methods=["POST"])
async def form():
    form = await request.form
    files = await request.files
    answer = {key: form.getlist(key) for key in sorted(form)}
    for key, file in sorted(files.items()):
        answer[key] = [file.filename, len(file.read())]
    return jsonify(answer)


@app.route("/stream")
async def stream():
    async def rows():
        for number in range(5):
            yield b"row %d\n" % number
            await asyncio.sleep(0.01)

    return rows(), 200, {"Content-Type": "text/plain"}


@app.route("/stream-with-context")
async def stream_context():
    @stream_with_context
    async def rows():
        yield request.method.encode()
        yield b" "
        yield b""
        yield request.path.encode()

    return rows(), 200


@app.route("/large")
async def large():
    return Response(b"0123456789" * 100000, mimetype="application/octet-stream")


@app.route("/empty")
async def empty():
    return "", 204


@app.route("/redirect")
async def redirecting():
    return redirect(url_for("query", one=1))


@app.route("/external")
async def external():
    return url_for("item", name="a", number=1, rest="b/c", _external=True)


@app.route("/set-cookie")
async def set_cookie():
    response = await make_response("cookies set")
    response.set_cookie("flavour", "oat", httponly=True)
    response.set_cookie("size", "large", max_age=60)
    response.delete_cookie("old")
    return response


@app.route("/cookies")
async def cookies():
    return jsonify({key: request.cookies[key] for key in sorted(request.cookies)})


@app.route("/session/<value>")
async def session_set(value):
    session["value"] = value
    return "kept"


@app.route("/session")
async def session_get():
    return jsonify(value=session.get("value"))


@app.route("/flash")
async def flashing():
    await flash("first")
    await flash("second")
    return redirect(url_for("flashed"))


@app.route("/flashed")
async def flashed():
    return jsonify(get_flashed_messages())


@app.route("/template")
async def template():
    return await render_template_string(
        "<p>{{ name }} {% if n %}{{ n + 1 }}{% endif %}</p>", name="<quart>", n=1
    )


@app.route("/error")
async def error():
    raise RuntimeError("this is meant to happen")


@app.route("/gone")
async def gone():
    abort(410)


@app.route("/forbidden")
async def forbidden():
    abort(403)


@app.errorhandler(404)
async def missing(error):
    where = request if has_request_context() else websocket
    return jsonify(missing=where.path), 404


class Sour(Exception):
    pass


@app.errorhandler(Sour)
async def on_sour(error):
    return "sour", 400


@app.route("/sour")
async def sour():
    raise Sour()


async def remember(value):
    await asyncio.sleep(0.05)
    STATE["background"].append(value)


@app.route("/background/<value>")
async def background(value):
    asyncio.ensure_future(remember(value))
    return "working on it", 202


@app.route("/background")
async def background_seen():
    return jsonify(STATE["background"])


branch = Blueprint("branch", __name__, url_prefix="/branch")


@branch.route("/leaf")
async def leaf():
    return request.path + " " + url_for("branch.leaf")


app.register_blueprint(branch)


@app.websocket("/ws/echo")
async def ws_echo():
    while True:
        await websocket.send(await websocket.receive())


@app.websocket("/ws/first")
async def ws_first():
    # Sends before anything was received: the first send accepts.
    await websocket.send("welcome")
    data = await websocket.receive()
    await websocket.send(data[::-1])


@app.websocket("/ws/accept")
async def ws_accept():
    await websocket.accept()
    await websocket.send(b"\x00\x01\xff")


@app.websocket("/ws/where/<name>")
async def ws_where(name):
    await websocket.send(
        json.dumps(
            {
                "name": name,
                "path": websocket.path,
                "query": websocket.args.get("q"),
                "header": websocket.headers.get("X-One"),
                "cookie": websocket.cookies.get("flavour"),
                "session": session.get("value"),
            }
        )
    )


@app.websocket("/ws/refused")
async def ws_refused():
    abort(401)


@app.websocket("/ws/error")
async def ws_error():
    await websocket.receive()
    raise RuntimeError("this is meant to happen on a websocket")


@app.websocket("/ws/both")
async def ws_both():
    @copy_current_websocket_context
    async def ticks():
        for number in range(3):
            await websocket.send("tick %d" % number)
            await asyncio.sleep(0.01)

    await websocket.accept()
    await asyncio.gather(ticks())
    await websocket.send(await websocket.receive())
