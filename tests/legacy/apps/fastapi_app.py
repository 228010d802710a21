"""A small catalogue service on FastAPI 0.27.2 with pydantic 0.26 and Starlette 0.11.4."""

import asyncio
import os
from typing import List, Optional

from fastapi import (
    BackgroundTasks,
    Body,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    HTTPException,
    Path,
    Query,
    UploadFile,
)
from fastapi.routing import APIRouter
from fastapi.security import HTTPBasic, HTTPBasicCredentials, OAuth2PasswordBearer
from pydantic import BaseModel, Schema
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

HERE = os.path.dirname(os.path.abspath(__file__))
STATE = {"started": "no", "background": [], "left": []}

app = FastAPI(title="Catalogue", version="1.2.3")


class Stamp(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["X-Stamp"] = request.method
        return response


class HttpSessions(SessionMiddleware):
    """SessionMiddleware of Starlette 0.11.4 asserts on a WebSocket; projects of the day kept it to HTTP."""

    def __call__(self, scope):
        if scope["type"] != "http":
            return self.app(scope)
        return super().__call__(scope)


app.add_middleware(HttpSessions, secret_key="not a secret")
app.add_middleware(Stamp)


class Item(BaseModel):
    name: str
    price: float = Schema(..., gt=0)
    tags: List[str] = []
    note: Optional[str] = None


@app.on_event("startup")
async def startup():
    STATE["started"] = "yes"


@app.on_event("shutdown")
async def shutdown():
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("fastapi shut down")


@app.get("/")
async def home():
    return {"hello": "fastapi"}


@app.get("/sync")
def sync():
    return {"run": "in a thread"}


@app.get("/started")
async def started():
    return {"started": STATE["started"]}


@app.get("/items/{number}")
async def read_item(number: int = Path(..., ge=1), q: str = None, many: List[str] = Query([])):
    return {"number": number, "q": q, "many": many}


@app.post("/items", response_model=Item, status_code=201)
async def create_item(item: Item):
    return item


@app.put("/items/{number}")
async def replace_item(number: int, item: Item, importance: int = Body(1)):
    return {"number": number, "item": item, "importance": importance}


@app.get("/header")
async def header(x_one: str = Header(None), flavour: str = Cookie(None)):
    return {"x_one": x_one, "flavour": flavour}


@app.post("/form")
async def form(name: str = Form(...), size: int = Form(3)):
    return {"name": name, "size": size}


@app.post("/upload")
async def upload(file: UploadFile = File(...), note: str = Form(None)):
    content = await file.read()
    return {"filename": file.filename, "type": file.content_type, "length": len(content), "note": note}


@app.post("/upload-bytes")
async def upload_bytes(file: bytes = File(...)):
    return {"length": len(file)}


@app.post("/raw")
async def raw(request: Request):
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
    return {"length": total}


@app.post("/echo")
async def echo(request: Request):
    return PlainTextResponse(await request.body())


async def pager(skip: int = 0, limit: int = 10):
    return {"skip": skip, "limit": limit}


@app.get("/page")
async def page(pager: dict = Depends(pager)):
    return pager


basic = HTTPBasic()
bearer = OAuth2PasswordBearer(tokenUrl="/token")


@app.get("/basic")
def read_basic(credentials: HTTPBasicCredentials = Depends(basic)):
    return {"user": credentials.username, "password": credentials.password}


@app.get("/bearer")
async def read_bearer(token: str = Depends(bearer)):
    return {"token": token}


@app.get("/stream")
async def stream():
    async def rows():
        for number in range(4):
            yield "row %d\n" % number
            await asyncio.sleep(0.01)

    return StreamingResponse(rows(), media_type="text/plain")


@app.get("/large")
async def large():
    return PlainTextResponse("0123456789" * 50000)


@app.get("/html")
async def html():
    return HTMLResponse("<p>html</p>")


@app.get("/redirect")
async def redirect():
    return RedirectResponse("/page?skip=1")


@app.get("/set-cookie")
async def set_cookie():
    response = JSONResponse({"set": True})
    response.set_cookie("flavour", "oat")
    return response


@app.get("/session/{value}")
async def session_set(value: str, request: Request):
    request.session["value"] = value
    return {"kept": value}


@app.get("/session")
async def session_get(request: Request):
    return {"value": request.session.get("value")}


@app.get("/missing")
async def missing():
    raise HTTPException(status_code=404, detail={"what": "nothing here"})


@app.get("/error")
async def error():
    raise RuntimeError("this is meant to happen")


class Sour(Exception):
    pass


@app.exception_handler(Sour)
async def on_sour(request: Request, exc: Sour):
    return JSONResponse({"error": "sour"}, status_code=418)


@app.get("/sour")
async def sour():
    raise Sour()


def remember(value: str):
    STATE["background"].append(value)


@app.post("/background/{value}")
async def background(value: str, tasks: BackgroundTasks):
    tasks.add_task(remember, value)
    return {"later": value}


@app.get("/background")
async def background_seen():
    return STATE["background"]


@app.get("/url-for")
async def url_for(request: Request):
    return {
        "url": request.url_for("read_item", number="7"),
        "path": request["path"],
        "self": str(request.url),
    }


router = APIRouter()


@router.get("/leaf/{name}", tags=["leaf"])
async def leaf(name: str):
    return {"leaf": name}


@router.websocket_route("/ws")
async def router_ws(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text("from the router")
    await websocket.close()


app.include_router(router, prefix="/branch")
app.mount("/static", StaticFiles(directory=os.path.join(HERE, "static")), name="static")


@app.websocket("/ws/echo")
async def ws_echo(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text("echo " + await websocket.receive_text())
    except WebSocketDisconnect as left:
        STATE["left"].append(left.code)


@app.get("/left")
async def left():
    return STATE["left"][-1:]


@app.websocket("/ws/bytes")
async def ws_bytes(websocket: WebSocket):
    await websocket.accept()
    while True:
        data = await websocket.receive_bytes()
        if data == b"end":
            break
        await websocket.send_bytes(data)
    await websocket.close(code=4002)


async def token(websocket: WebSocket, token: str = Query(None)):
    if token != "right":
        await websocket.close(code=1008)
        return None
    return token


@app.websocket("/ws/token/{name}")
async def ws_token(websocket: WebSocket, name: str, token: str = Depends(token), flavour: str = Cookie(None)):
    if token is None:
        return
    await websocket.accept()
    await websocket.send_json({"name": name, "token": token, "flavour": flavour})
    await websocket.close()


@app.websocket("/ws/validated/{number}")
async def ws_validated(websocket: WebSocket, number: int):
    await websocket.accept()
    await websocket.send_json({"number": number})
    await websocket.close()


@app.websocket("/ws/protocol")
async def ws_protocol(websocket: WebSocket):
    await websocket.accept(subprotocol="second")
    await websocket.send_json(websocket["subprotocols"])
    await websocket.close()


@app.websocket("/ws/error")
async def ws_error(websocket: WebSocket):
    await websocket.accept()
    await websocket.receive_text()
    raise RuntimeError("this is meant to happen on a websocket")
