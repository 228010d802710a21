"""The other side of an application: server and client of one conversation, who take whatever comes.

A `Script` says what the client does, and `scripts` gives all that ``check`` asks. A `Peer` gives what the
script says, writes down what was sent, and judges nothing of it. `converse` sees to it that a conversation
ends, whatever the application does.

Why not asgiref's ApplicationCommunicator: its send is the put of a queue without a limit, which never
lets the loop go on. An application that streams for ever holds it, and the memory, for ever.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Coroutine, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import unquote

from asgi_compat import TABLE

#: How many events of a conversation are kept to be judged, and how many bytes of bodies in them.
KEPT_EVENTS = 512
KEPT_BYTES = 4 * 1024 * 1024
#: After so many the client has seen enough of a response, or of a WebSocket, and leaves.
SEEN_EVENTS = 5_000
SEEN_BYTES = 64 * 1024 * 1024
#: Seconds that an application is given to notice that the client has left, at most.
GRACE = 2.0
#: Seconds after a conversation in which what it left to the loop may still come to its end.
SETTLE = 0.05
#: Seconds a slow client takes for one event.
SLOW = 0.005

#: The path of the WebSocket that is meant to be refused.
NOWHERE = "/asgi-compat-check/there-is-nothing-here"

# --- what is asked -------------------------------------------------------------------------------


class Script(NamedTuple):
    """What the client of one conversation does."""

    name: str
    scope: Dict[str, Any]
    #: What the application receives, one each time it asks.
    events: Tuple[Dict[str, Any], ...]
    #: When an HTTP client leaves early: "" never, "request" in its body, "response" in the answer's.
    leaves: str = ""
    #: The close code of a WebSocket client.
    code: int = 1000
    #: Seconds for each event of the application.
    slow: float = 0.0
    #: A variation: left out when the plain conversation says that there is no point in it.
    varies: bool = False
    #: An application may well expect no such messages.
    surprises: bool = False

    @property
    def protocol(self) -> str:
        """Of the scope: ``http``, ``websocket`` or ``lifespan``."""
        return str(self.scope["type"])


_HEADERS = ((b"host", b"localhost"), (b"user-agent", b"asgi_compat check"), (b"accept", b"*/*"))
_CHUNKS = (b'{"hello": ', b"", b'"world"}')
_BODY_METHODS = ("POST", "PUT", "PATCH")
_CONNECT = {"type": "websocket.connect"}


def _about(protocol: str, target: str, doubled: bool) -> Dict[str, Any]:
    """The fields that HTTP and WebSocket have in common, as a server of today gives them."""
    path, _, query = target.partition("?")
    return {
        "type": protocol,
        # 2.3 is what uvicorn, hypercorn and granian say. From 2.4 on send() would have to raise OSError
        # when the client has gone, which no server does for HTTP.
        "asgi": {"version": "2.0" if doubled else "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("utf-8"),
        "query_string": query.encode("utf-8"),
        "root_path": "",
        "headers": list(_HEADERS),
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "extensions": {},
    }


def _http(path: str, method: str, doubled: bool, *, body: bool) -> Dict[str, Any]:
    scope = {**_about("http", path, doubled), "method": method}
    if body:
        scope["headers"] = [
            *_HEADERS,
            (b"content-type", b"application/json"),
            (b"content-length", str(len(b"".join(_CHUNKS))).encode()),
        ]
    return scope


def _websocket(path: str, subprotocols: Sequence[str], doubled: bool) -> Dict[str, Any]:
    offered = [(b"sec-websocket-protocol", ", ".join(subprotocols).encode("latin-1"))] if subprotocols else []
    return {
        **_about("websocket", path, doubled),
        "scheme": "ws",
        "headers": [
            *_HEADERS[:2],
            (b"origin", b"http://localhost"),
            (b"connection", b"Upgrade"),
            (b"upgrade", b"websocket"),
            (b"sec-websocket-version", b"13"),
            (b"sec-websocket-key", b"MDEyMzQ1Njc4OWFiY2RlZg=="),
            *offered,
        ],
        "subprotocols": list(subprotocols),
        # What uvicorn and hypercorn announce.
        "extensions": {"websocket.http.response": {}},
    }


def scripts(
    paths: Sequence[str], methods: Sequence[str], subprotocols: Sequence[str], doubled: bool
) -> Iterator[Script]:
    """Every HTTP and WebSocket conversation, in order."""
    for path in paths:
        for number, method in enumerate(methods):
            yield from _requests(path, method, doubled, vary=number == 0)
    for path in paths:
        yield from _sockets(path, subprotocols, doubled)
    rejected = _websocket(NOWHERE, subprotocols, doubled)
    yield Script("WebSocket (path that is not there)", rejected, (_CONNECT,), varies=True)


def _requests(path: str, method: str, doubled: bool, *, vary: bool) -> Iterator[Script]:
    whole = ({"type": "http.request", "body": b"", "more_body": False},)
    plain = f"{method} {path}"
    events: Tuple[Dict[str, Any], ...] = whole
    if method in _BODY_METHODS:
        chunks: List[Dict[str, Any]] = [
            {"type": "http.request", "body": chunk, "more_body": True} for chunk in _CHUNKS
        ]
        chunks[-1]["more_body"] = False
        events = tuple(chunks)
        plain = f"{plain} (in chunks)"
    body = method in _BODY_METHODS
    yield Script(plain, _http(path, method, doubled, body=body), events)
    if body:
        scope = _http(path, method, doubled, body=True)
        yield Script(
            f"{method} {path} (client leaves before its end)", scope, events[:1], "request", varies=True
        )
    if vary:
        scope = _http(path, method, doubled, body=body)
        yield Script(f"{method} {path} (read slowly)", scope, events, slow=SLOW, varies=True)
        scope = _http(path, method, doubled, body=body)
        yield Script(
            f"{method} {path} (client leaves in the response)", scope, events, "response", varies=True
        )


def _sockets(path: str, subprotocols: Sequence[str], doubled: bool) -> Iterator[Script]:
    def script(what: str, *messages: Dict[str, Any], code: int = 1000) -> Script:
        events = (_CONNECT, *({"type": "websocket.receive", **message} for message in messages))
        scope = _websocket(path, subprotocols, doubled)
        first = what == "text"
        return Script(
            f"WebSocket {path} ({what})", scope, events,
            code=code, varies=not first, surprises=bool(messages) and not first,
        )  # fmt: skip

    # One key or both, the other None: each is right, and some servers do the one and some the other.
    yield script("text", {"text": "hello"}, {"bytes": None, "text": "hello again"})
    yield script("binary", {"bytes": b"\x00\xff"}, {"bytes": b"hello", "text": None})
    yield script("empty messages", {"text": ""}, {"bytes": b""})
    yield script("closed at once", code=1001)


# --- how an event is read --------------------------------------------------------------------------

EVENTS = {row.type: row for row in TABLE.events}
FIELDS = {(row.type, row.name): row for row in TABLE.fields}


def type_of(event: Any) -> str:
    """The type of whatever was sent, or "" for what has none."""
    try:
        kind = event["type"]
    except Exception:
        return ""
    return str(kind) if isinstance(kind, str) else ""


def modern_type(kind: str, protocol: str) -> str:
    """The type of today for what an application sent, or the type as it is."""
    row = EVENTS.get(kind)
    if row is not None and row.sender == "application" and row.scope == protocol:
        return kind
    for rename in TABLE.renames:
        if rename.was == kind and rename.rule[0] == "A" and EVENTS[rename.type].scope == protocol:
            return str(rename.type)
    for split in TABLE.splits:
        if split.was == kind and EVENTS[split.becomes[-1]].scope == protocol:
            return str(split.becomes[-1])
    return kind


def field_of(event: Any, kind: str, name: str) -> Any:
    """The value of a field, under whichever of its names it came."""
    row = FIELDS.get((kind, name))
    for key in (name, *(row.was if row is not None else ())):
        if isinstance(event, dict) and key in event:
            return event[key]
    return None


def shown(value: Any, most: int = 100) -> str:
    """An ASCII repr that fits a line and cannot fail."""
    try:
        if isinstance(value, (str, bytes, bytearray)) and len(value) > most:
            return f"{type(value).__name__} of length {len(value)}"
        if hasattr(type(value), "__next__"):
            return f"a {type(value).__name__}"
        text = ascii(value)
    except Exception:
        return f"a {type(value).__name__}"
    return text if len(text) <= most else f"{text[: most - 3]}..."


def counted(number: int, what: str) -> str:
    """A number of things, in words: "1 event", "2 events"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# --- the server's side -----------------------------------------------------------------------------


class Peer:
    """Server and client of one conversation: gives what the script says, takes whatever comes."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.incoming = list(script.events)
        #: ("receive" or "send", event), as far as they are kept.
        self.steps: List[Tuple[str, Any]] = []
        self.kept = 0
        #: Whether `steps` has everything.
        self.whole = True
        self.received = 0
        self.sent = 0
        self.bytes = 0
        #: What the application received last.
        self.last: Any = None
        #: The connection is over: the client has left, or all has been said.
        self.gone = asyncio.Event()
        #: The client has seen more than enough.
        self.flooded = asyncio.Event()
        #: The client left before the application was done.
        self.left = False
        self.sent_since = 0
        #: The application knows that it is over.
        self.told = False
        #: The application has come to its end; what it sends now is late.
        self.ended = False
        self.late: List[Any] = []
        #: Calls of send and receive that nobody has awaited yet.
        self.unawaited: Dict[object, Tuple[str, Any, Coroutine[Any, Any, Any]]] = {}

    # A plain function that gives a coroutine: so that a call which nobody awaits is seen.
    def receive(self) -> Coroutine[Any, Any, Any]:
        """Give the next event, when it is awaited."""
        token = object()
        return self._watched("receive", None, token, self._receive(token))

    def send(self, event: Any) -> Coroutine[Any, Any, None]:
        """Take an event, when it is awaited."""
        token = object()
        return self._watched("send", event, token, self._send(token, event))

    def _watched(
        self, what: str, event: Any, token: object, coroutine: Coroutine[Any, Any, Any]
    ) -> Coroutine[Any, Any, Any]:
        if len(self.unawaited) >= KEPT_EVENTS:
            coroutine.close()
            raise RuntimeError(f"{what}() was called {KEPT_EVENTS} times and not awaited")
        self.unawaited[token] = (what, event, coroutine)
        return coroutine

    async def _receive(self, token: object) -> Any:
        del self.unawaited[token]
        await asyncio.sleep(0)
        event = await self.next()
        self.received += 1
        self.last = event
        self._keep("receive", event)
        return event

    async def _send(self, token: object, event: Any) -> None:
        del self.unawaited[token]
        self.sent += 1
        if self.ended:
            self.late.append(event) if len(self.late) < 8 else None
        if self.left:
            self.sent_since += 1
        # What is changed afterwards was right when it was sent.
        copy = event
        if type(event) is dict:
            copy = {key: list(item) if type(item) is list else item for key, item in event.items()}
        self._keep("send", copy)
        self.take(modern_type(type_of(event), self.script.protocol), event)
        enough = self.sent > SEEN_EVENTS or self.bytes > SEEN_BYTES
        if self.sent_since > SEEN_EVENTS if self.left else enough:
            self.flooded.set()
        # Never without giving the loop a turn, or an endless stream would stop it.
        await asyncio.sleep(self.script.slow)

    def _keep(self, what: str, event: Any) -> None:
        values = event.values() if isinstance(event, dict) else ()
        size = sum(len(value) for value in values if isinstance(value, (str, bytes, bytearray)))
        if what == "send":
            self.bytes += size
        if self.whole and len(self.steps) < KEPT_EVENTS and self.kept + size <= KEPT_BYTES:
            self.kept += size
            self.steps.append((what, event))
        else:
            self.whole = False

    def discard(self) -> List[Tuple[str, Any]]:
        """Give what was called and never awaited, and close it, so that Python does not warn of it."""
        forgotten = []
        for what, event, coroutine in self.unawaited.values():
            if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
                coroutine.close()
                forgotten.append((what, event))
        self.unawaited.clear()
        return forgotten

    def leave(self) -> None:
        """Let the client leave."""
        if not self.gone.is_set():
            self.left = True
            self.gone.set()

    async def next(self) -> Any:
        """Wait for what the application receives next."""
        raise NotImplementedError

    def take(self, kind: str, event: Any) -> None:
        """Draw the conclusions of an event, by its type of today."""
        raise NotImplementedError

    @property
    def answered(self) -> bool:
        """Whether the client has anything to look at."""
        return self.sent > 0

    @property
    def complete(self) -> bool:
        """Whether the application has said all that it had to."""
        raise NotImplementedError

    @property
    def status(self) -> Optional[int]:
        """The status of the response, None without one."""
        return None

    def result(self) -> str:
        """How it went, in a few words."""
        raise NotImplementedError


class HttpPeer(Peer):
    """Sends one request, and reads the response."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.started: Any = None
        self.done = False
        self.parts = 0
        self.length = 0

    async def next(self) -> Any:
        """Give the request, then http.disconnect once the client has left."""
        if self.incoming:
            return self.incoming.pop(0)
        if self.script.leaves == "request":
            self.leave()
        elif self.script.leaves == "response" and not self.sent:
            # It may wait for the end of us before it answers.
            try:
                await asyncio.wait_for(self.gone.wait(), 0.2)
            except asyncio.TimeoutError:
                self.leave()
        await self.gone.wait()
        self.told = True
        return {"type": "http.disconnect"}

    def take(self, kind: str, event: Any) -> None:
        """Count the body, and see its end."""
        status = field_of(event, "http.response.start", "status")
        if self.started is None and status is not None:
            self.started = status
        if self.script.leaves == "response":
            self.leave()
        if kind == "http.response.body" and not self.done:
            body = field_of(event, kind, "body")
            if isinstance(body, (str, bytes, bytearray)) and body:
                self.length += len(body)
                self.parts += 1
            if not field_of(event, kind, "more_body"):
                self.done = True
                self.gone.set()

    @property
    def complete(self) -> bool:
        """Whether the response has its end."""
        return self.done

    @property
    def status(self) -> Optional[int]:
        """The status of the response."""
        try:
            return int(self.started)
        except (TypeError, ValueError):
            return None

    def result(self) -> str:
        """The status, and how much of a body, in words."""
        if not self.sent:
            return "no response"
        text = shown(self.started) if self.status is None else str(self.status)
        text += f", {counted(self.length, 'byte')}"
        if self.parts > 1:
            text += f" in {self.parts} parts"
        return text if self.done else f"{text}, unfinished"


class WebSocketPeer(Peer):
    """Opens one WebSocket, says what it has to say, and closes it."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.open = False
        self.refused = False
        self.denied: Any = None
        self.closed: Any = None
        self.messages = 0
        self.answer = asyncio.Event()

    async def next(self) -> Any:
        """Give connect, the messages once it is open, and the disconnect."""
        if self.incoming and self.received == 0:
            return self.incoming.pop(0)
        await self.answer.wait()
        if not self.gone.is_set():
            if self.incoming:
                return self.incoming.pop(0)
            self.leave()
        if self.told:
            await asyncio.get_running_loop().create_future()
        self.told = True
        code = 1006 if self.refused else self.script.code
        return {"type": "websocket.disconnect", "code": code, "reason": ""}

    def leave(self) -> None:
        """Let the client leave, answered or not."""
        super().leave()
        self.answer.set()

    def take(self, kind: str, event: Any) -> None:
        """See whether it is open, refused or closed."""
        if kind == "websocket.close":
            if self.closed is None:
                self.closed = field_of(event, kind, "code") or 1000
            self.refused = not self.open
        elif kind == "websocket.http.response.start":
            self.denied = field_of(event, kind, "status")
            return
        elif kind == "websocket.http.response.body":
            if field_of(event, kind, "more_body"):
                return
            self.refused = True
        elif kind in ("websocket.accept", "websocket.send"):
            self.open = True
            self.messages += kind == "websocket.send"
        if kind in ("websocket.close", "websocket.http.response.body"):
            self.gone.set()
        self.answer.set()

    @property
    def complete(self) -> bool:
        """Whether the application has refused or closed it."""
        return self.refused or self.closed is not None

    @property
    def status(self) -> Optional[int]:
        """The status of a denial response."""
        return self.denied if isinstance(self.denied, int) else None

    def result(self) -> str:
        """Whether it was accepted, refused or not answered, in words."""
        if self.denied is not None:
            return f"refused with a response, {shown(self.denied)}"
        if self.refused:
            return "refused"
        if not self.open:
            return "not answered"
        text = f"accepted, sent {counted(self.messages, 'message') if self.messages else 'nothing'}"
        return f"{text}, closed it with {shown(self.closed)}" if self.closed is not None else text


class LifespanPeer(Peer):
    """Starts the application up, and shuts it down when `down` is set."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        #: "complete", "failed" or "", and what was said.
        self.startup = self.shutdown = ""
        self.message = ""
        self.changed = asyncio.Event()
        self.down = asyncio.Event()

    async def next(self) -> Any:
        """Give start-up, then shutdown when it is time."""
        if self.incoming:
            return self.incoming.pop(0)
        await self.down.wait()
        if self.told:
            await asyncio.get_running_loop().create_future()
        self.told = True
        return {"type": "lifespan.shutdown"}

    def take(self, kind: str, event: Any) -> None:
        """Write down the answer to either."""
        about, _, how = kind.rpartition(".")
        if about == "lifespan.startup" and not self.startup:
            self.startup = how
        elif about == "lifespan.shutdown" and not self.shutdown:
            self.shutdown = how
        if how == "failed":
            self.message = str(field_of(event, kind, "message") or "")
        self.changed.set()

    @property
    def complete(self) -> bool:
        """Whether shutdown was answered."""
        return bool(self.shutdown)

    def result(self) -> str:
        """How start-up and shutdown went, in words."""
        if not self.startup:
            return "not answered"
        if self.startup == "failed":
            return f"start-up failed: {self.message or 'without a message'}"
        if not self.shutdown:
            return "started, shutdown not answered"
        return "started and shut down" if self.shutdown == "complete" else f"shutdown failed: {self.message}"


#: By the type of the scope.
PEERS = {"http": HttpPeer, "websocket": WebSocketPeer, "lifespan": LifespanPeer}


# --- calling, and bringing to an end ---------------------------------------------------------------


class Blocked(BaseException):
    """Raised into an application that holds up the loop. No ``except Exception`` stops it."""

    def __str__(self) -> str:
        return "it held up the event loop"


class Ending:
    """How a call of the application came to its end."""

    def __init__(self) -> None:
        self.error: Optional[BaseException] = None
        self.value: Any = None
        #: It did not end within its time, and neither after the client had left.
        self.hung = False
        self.stayed = False
        #: What it had received last when its time was up.
        self.heard: Any = None
        #: It had not ended within its time, but it had answered; and whether it had said all.
        self.overtime = False
        self.said_all = False
        #: It could not even be cancelled.
        self.immortal = False


#: Tasks that swallow every cancellation.
IMMORTAL: List[Any] = []


def _keep_for_ever(task: Any) -> None:
    """See to it that not even the end of the interpreter collects a task.

    To be collected is one more exception inside it, which it swallows as well: and then, where no loop
    is left to wait on, it would go round for ever, and the process with it.
    """
    try:
        import ctypes

        ctypes.pythonapi.Py_IncRef(ctypes.py_object(task))
    except Exception:  # an interpreter without it: nothing else can be done
        pass


async def end_task(task: asyncio.Future[Any], seconds: float = 0.6) -> bool:
    """Cancel until it has ended; say whether it has."""
    for _ in range(0 if task in IMMORTAL else 3):
        if task.done():
            break
        task.cancel()
        await asyncio.wait({task}, timeout=seconds / 3)
    if not task.done():
        if task not in IMMORTAL:
            IMMORTAL.append(task)
            _keep_for_ever(task)
        return False
    if not task.cancelled():
        task.exception()  # retrieved: nobody else is going to
    return True


async def call(app: Any, peer: Peer, ending: Ending) -> None:
    """Call the application with one side of a conversation, and write down how that ended."""
    try:
        ending.value = await app(peer.script.scope, peer.receive, peer.send)
    except asyncio.CancelledError as error:
        ending.error = error
        raise
    except (Exception, SystemExit, Blocked) as error:
        ending.error = error
    finally:
        peer.ended = True


async def converse(app: Any, peer: Peer, seconds: float) -> Ending:
    """Hold one conversation, and see to it that it ends."""
    ending = Ending()
    task = asyncio.ensure_future(call(app, peer, ending))
    flooded = asyncio.ensure_future(peer.flooded.wait())
    try:
        await asyncio.wait({task, flooded}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            ending.hung = not peer.answered and not peer.left
            ending.overtime = not ending.hung
            ending.said_all = peer.complete
            ending.heard = peer.last
            if not peer.left:
                # It has not been told yet that nobody listens any more.
                peer.leave()
                peer.flooded.clear()
                flooded.cancel()
                flooded = asyncio.ensure_future(peer.flooded.wait())
                grace = min(GRACE, seconds)
                await asyncio.wait({task, flooded}, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
            ending.stayed = not task.done()
            ending.immortal = not await end_task(task)
        elif task.cancelled() and ending.error is None:
            ending.error = asyncio.CancelledError()
    finally:
        flooded.cancel()
        if not task.done():
            await end_task(task)
    if ending.stayed:
        ending.error = None
    await asyncio.sleep(SETTLE)
    return ending
