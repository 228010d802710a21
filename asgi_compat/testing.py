"""Run one application in both styles, or two applications, and compare what they did.

A conversation is what a client does: `http`, `websocket` or `lifespan` makes one. `run` holds it with an
application, called single or double or as it is, and gives the `Transcript`: what was received, what was
sent, and how it ended. `assert_both_styles` and `assert_same` compare two of them.

Laws

1. An application is never called to find out what it is, and nothing here judges its events: what is
   recorded is what it did.
2. Nothing depends on time or chance. Each side's next step follows from the other's last; the clock only
   ends what does not end by itself.
3. What was begun is ended: no task, no coroutine and no generator of ours outlives the call.

Theory of operation. `asgiref.testing.ApplicationCommunicator` runs the application in a task and holds the
two queues. What it runs is a recorder, a coroutine function, so that the detection of asgiref has nothing to
guess, and that calls the application in the style that is asked for. The client is a generator: it gives
the events to be received and is sent each event of the application, at the moment at which that is sent.
Of the communicator only the task and the queues are used: ``wait`` and ``receive_output`` of asgiref 3.0
expect the CancelledError of Python 3.7 and hide the timeout on every later one.

>>> from asgi_compat.testing import assert_both_styles, http
>>> def application(scope):
...     async def instance(receive, send):
...         await send({"type": "http.response.start", "status": 200, "headers": []})
...         await send({"type": "http.response.body", "body": b"hello"})
...     return instance
>>> transcript = assert_both_styles(application, http("GET", "/"))
>>> transcript.status, transcript.body
(200, b'hello')
"""

from __future__ import annotations

import asyncio
import contextvars
import difflib
import enum
import functools
import re
from typing import (
    Any,
    Awaitable,
    Callable,
    Dict,
    Generator,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    NoReturn,
    Optional,
    Sequence,
    Set,
    Tuple,
    Union,
)
from urllib.parse import quote

from asgi_compat import (
    TABLE,
    ASGI2App,
    ASGI3App,
    ASGIApp,
    Message,
    Receive,
    Scope,
    Send,
    Style,
    classify,
    guarantee_double_callable,
    guarantee_single_callable,
    to_asgi2,
    to_asgi3,
)

__all__ = [
    "REPLY",
    "Comparison",
    "Conversation",
    "Event",
    "StillRunning",
    "Transcript",
    "Wait",
    "assert_both_styles",
    "assert_same",
    "compare",
    "converse",
    "http",
    "in_style",
    "lifespan",
    "run",
    "websocket",
]

#: How long a conversation may last, in seconds. It costs nothing where applications end.
TIMEOUT = 5.0
#: How long an application may take to end after it has been cancelled, in seconds.
GRACE = 1.0
#: How often a disconnect is given. Servers repeat it for as long as they are asked; an application that
#: asks this often will never stop, and blocks from then on, so that the timeout finds it.
DISCONNECTS = 100
#: How many turns of the loop the tasks of an application have to end by themselves after it has ended.
TURNS = 10

#: What a client gives and is sent, as a generator.
_Client = Generator[List[Message], Message, None]
#: Calls the application in one style.
_Call = Callable[[Scope, Receive, Send], Awaitable[Any]]
#: Takes an application of one style and gives one of the same.
_Middleware = Callable[[Any], Any]
_Headers = Union[Mapping[Any, Any], Iterable[Tuple[Any, Any]]]


class Wait(enum.Enum):
    """What a WebSocket client may do besides sending."""

    #: Wait for one more message of the application before going on.
    REPLY = "reply"


REPLY = Wait.REPLY


# --- conversations -------------------------------------------------------------------------------


class Conversation(NamedTuple):
    """What a client does. Made by `http`, `websocket` and `lifespan`; it can be held any number of times."""

    #: For people: ``GET /tasks``.
    name: str
    #: The scope that the application is given a copy of.
    scope: Mapping[str, Any]
    #: What can be received at once.
    events: Tuple[Mapping[str, Any], ...] = ()
    #: What a WebSocket client does once it is accepted: str, bytes, `REPLY`.
    then: Tuple[Union[str, bytes, Wait], ...] = ()
    #: The code with which a WebSocket client leaves, None for one that waits until it is closed.
    close: Optional[int] = None
    #: After how many events of the response an HTTP client leaves, None for one that stays to the end.
    disconnect: Optional[int] = None

    def __repr__(self) -> str:
        return f"<Conversation {self.name}>"


def http(
    method: str = "GET",
    path: str = "/",
    *,
    query: Union[str, bytes] = b"",
    headers: _Headers = (),
    body: Union[bytes, Iterable[bytes]] = b"",
    disconnect: Optional[int] = None,
    scope: Optional[Mapping[str, Any]] = None,
) -> Conversation:
    """Make the conversation of one HTTP request.

    ``path`` is decoded, as in the scope, and has no query in it. ``headers`` is a mapping or pairs, of str
    or bytes; ``host`` and the length of the body are added where they are missing. ``body`` is bytes, or
    the chunks in which it arrives. The client leaves after ``disconnect`` events of the response (0: as
    soon as its request is sent), or stays until the response is complete; then the application receives
    ``http.disconnect``. ``scope`` has what shall stand in the scope besides, or instead.

    Raises ValueError or TypeError for arguments that no client can send.

    >>> http("POST", "/tasks", body=[b"a", b"b"]).events[0]
    {'type': 'http.request', 'body': b'a', 'more_body': True}
    """
    if method.startswith("/"):
        raise ValueError(f"the method comes first: http('GET', {method!r})")
    given: object = body
    if isinstance(given, str):
        raise TypeError("a body is bytes, or chunks of bytes: encode it, body=text.encode()")
    chunks = [bytes(body)] if isinstance(body, (bytes, bytearray, memoryview)) else list(body)
    if not all(isinstance(chunk, bytes) for chunk in chunks):
        raise TypeError(f"the chunks of a body are bytes, not {[type(chunk).__name__ for chunk in chunks]}")
    chunks = chunks or [b""]
    if disconnect is not None and disconnect < 0:
        raise ValueError(
            f"disconnect={disconnect} is after how many events of the response the client leaves"
        )
    pairs = _pairs(headers)
    names = {name for name, _ in pairs}
    if not names & {b"content-length", b"transfer-encoding"}:
        if len(chunks) > 1:
            pairs.append((b"transfer-encoding", b"chunked"))
        elif chunks[0]:
            pairs.append((b"content-length", b"%d" % len(chunks[0])))
    events = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    events[-1]["more_body"] = False
    full = _connection_scope("http", "http", path, query, pairs)
    full.update({"method": method.upper(), **(scope or {})})
    return Conversation(f"{method.upper()} {path}", full, tuple(events), disconnect=disconnect)


def websocket(
    path: str = "/",
    *,
    send: Iterable[Union[str, bytes, Wait]] = (),
    query: Union[str, bytes] = b"",
    headers: _Headers = (),
    subprotocols: Iterable[str] = (),
    close: Optional[int] = 1000,
    scope: Optional[Mapping[str, Any]] = None,
) -> Conversation:
    """Make the conversation of one WebSocket.

    Once it is accepted the client does what ``send`` says: a str is a text message, bytes a binary one, and
    `REPLY` waits for one message of the application that was not waited for yet. Then it leaves with
    ``close``; with None it stays until the application closes. The rest is as in `http`.

    >>> websocket("/chat", send=["hello", REPLY, b"bye"])
    <Conversation websocket /chat>
    """
    if isinstance(send, (str, bytes)):
        raise TypeError(f"send is a list of messages: send=[{send!r}]")
    then = tuple(send)
    for step in then:
        if not isinstance(step, (str, bytes, Wait)):
            raise TypeError(f"a WebSocket client sends str or bytes or waits for a REPLY, not {step!r}")
    if isinstance(subprotocols, str):
        raise TypeError(f"subprotocols is a list: subprotocols=[{subprotocols!r}]")
    offered = list(subprotocols)
    pairs = _pairs(headers)
    if offered:
        pairs.append((b"sec-websocket-protocol", ", ".join(offered).encode("ascii")))
    full = _connection_scope("websocket", "ws", path, query, pairs)
    full.update({"subprotocols": offered, **(scope or {})})
    return Conversation(f"websocket {path}", full, ({"type": "websocket.connect"},), then=then, close=close)


def lifespan(*, scope: Optional[Mapping[str, Any]] = None) -> Conversation:
    """Make the conversation of one lifespan: start-up and, if that is complete, shutdown.

    An application that does not speak lifespan raises, which its `Transcript` says.

    >>> lifespan()
    <Conversation lifespan>
    """
    full: Dict[str, Any] = {
        "type": "lifespan",
        "asgi": {"version": "3.0", "spec_version": "2.0"},
        "state": {},
    }
    full.update(scope or {})
    return Conversation("lifespan", full, ({"type": "lifespan.startup"},))


def _connection_scope(
    kind: str, scheme: str, path: str, query: Union[str, bytes], pairs: List[Tuple[bytes, bytes]]
) -> Dict[str, Any]:
    if not path.startswith("/"):
        raise ValueError(f"a path begins with '/': {path!r}")
    if "?" in path:
        before, _, after = path.partition("?")
        raise ValueError(f"the query is an argument of its own: {before!r}, query={after!r}")
    if b"host" not in {name for name, _ in pairs}:
        pairs = [(b"host", b"testserver"), *pairs]
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": scheme,
        "path": path,
        "raw_path": quote(path, safe="/:@!$&'()*+,;=~").encode("ascii"),
        "query_string": query.encode("ascii") if isinstance(query, str) else query,
        "root_path": "",
        "headers": pairs,
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
    }


def _pairs(headers: _Headers) -> List[Tuple[bytes, bytes]]:
    items: Iterable[Any] = headers.items() if isinstance(headers, Mapping) else headers
    return [(_latin(name).lower(), _latin(value)) for name, value in items]


def _latin(text: Any) -> bytes:
    if isinstance(text, str):
        return text.encode("latin-1")
    if isinstance(text, bytes):
        return text
    raise TypeError(f"a header is made of str or bytes, not {text!r}")


# Clients. Each yields what is to be received next and is sent what the application has sent, under the
# names of today.


def _http_client(conversation: Conversation) -> _Client:
    give: List[Message] = [dict(event) for event in conversation.events]
    here, count, trailers = True, 0, False
    while True:
        if here and conversation.disconnect == count:
            here = False
            give.append({"type": "http.disconnect"})
        event = yield give
        count += 1
        give = []
        trailers = trailers or bool(event.get("trailers"))
        ends = not event.get("more_trailers", trailers) and not event.get("more_body", True)
        if event["type"] == "http.response.trailers":
            ends = not event.get("more_trailers")
        if here and (ends or event["type"] == "http.response.pathsend"):
            here = False
            give.append({"type": "http.disconnect"})


def _websocket_client(conversation: Conversation) -> _Client:
    give: List[Message] = [dict(event) for event in conversation.events]
    steps = list(conversation.then)
    state, replies = "connecting", 0
    while True:
        event = yield give
        give = []
        kind = event["type"]
        if kind == "websocket.accept" and state == "connecting":
            state = "open"
        elif kind == "websocket.send":
            replies += 1
        elif kind == "websocket.close" and state != "closed":
            # 1006 is what a client has that was refused: it has seen no close frame.
            code = event.get("code", 1000) if state == "open" else 1006
            give.append({"type": "websocket.disconnect", "code": code, "reason": event.get("reason") or ""})
            state = "closed"
        elif kind == "websocket.http.response.body" and not event.get("more_body") and state != "closed":
            give.append({"type": "websocket.disconnect", "code": 1006, "reason": ""})
            state = "closed"
        while state == "open":
            if not steps:
                if conversation.close is not None:
                    give.append({"type": "websocket.disconnect", "code": conversation.close, "reason": ""})
                    state = "closed"
                break
            step = steps[0]
            if isinstance(step, Wait):
                if not replies:
                    break
                replies -= 1
            else:
                key = "text" if isinstance(step, str) else "bytes"
                give.append({"type": "websocket.receive", key: step})
            del steps[0]


def _lifespan_client(conversation: Conversation) -> _Client:
    event = yield [dict(event) for event in conversation.events]
    while True:
        give: List[Message] = []
        if event["type"] == "lifespan.startup.complete":
            give.append({"type": "lifespan.shutdown"})
        event = yield give


_CLIENTS: Dict[str, Callable[[Conversation], _Client]] = {
    "http": _http_client,
    "websocket": _websocket_client,
    "lifespan": _lifespan_client,
}


# --- events under their names of today -----------------------------------------------------------


@functools.lru_cache(maxsize=None)
def _names() -> Tuple[Dict[str, str], Dict[str, List[Any]]]:
    """Read off the table how events were called earlier, and the fields of each that is sent."""
    sent = {row.type for row in TABLE.events if row.sender == "application"}
    renames = {row.was: row.type for row in TABLE.renames if row.type in sent}
    fields: Dict[str, List[Any]] = {}
    for row in TABLE.fields:
        if row.type in sent:
            fields.setdefault(row.type, []).append(row)
    return renames, fields


def _as_of_today(event: Any) -> Dict[str, Any]:
    """Give an event as a client has it: today's names, what is missing at its default, one case of names.

    What is no event comes back as one of the type ``""``.
    """
    if not isinstance(event, Mapping):
        return {"type": "", "value": event}
    renames, fields = _names()
    out = dict(event)
    kind = out.get("type")
    kind = out["type"] = renames.get(kind, kind) if isinstance(kind, str) else ""
    for row in fields.get(kind, ()):
        for was in row.was:
            if was in out and row.name not in out:
                out[row.name] = out.pop(was)
        if row.name not in out or (row.none and out[row.name] is None):
            if row.default is None:
                out.pop(row.name, None)
            elif repr(row.default) != "REQUIRED":
                out[row.name] = list(row.default) if isinstance(row.default, tuple) else row.default
        elif row.name == "headers" and isinstance(out[row.name], (list, tuple)):
            out[row.name] = _sorted_headers(out[row.name])
    return out


def _sorted_headers(headers: Sequence[Any]) -> List[Any]:
    """Order headers by name: between names the order says nothing, within one it does (RFC 9110, 5.3)."""
    try:
        pairs = [(name.lower(), value) for name, value in headers]
        return sorted(pairs, key=lambda pair: pair[0])
    except (AttributeError, TypeError, ValueError):
        return list(headers)  # a shape that servers refuse: it is shown as it is


def _answer(sent: Iterable[Any]) -> List[Dict[str, Any]]:
    """What a client has of the events: the chunks of a body are one body."""
    out: List[Dict[str, Any]] = []
    for event in map(_as_of_today, sent):
        before = out[-1] if out else None
        if (
            before is not None
            and before["type"] == event["type"]
            and isinstance(before.get("body"), bytes)
            and isinstance(event.get("body"), bytes)
            and before.get("more_body")
        ):
            out[-1] = {**event, "body": before["body"] + event["body"]}
        else:
            out.append(event)
    return out


# --- transcripts ---------------------------------------------------------------------------------


class Event(NamedTuple):
    """One line of a transcript: who said it, ``"client"`` or ``"application"``, and the message."""

    by: str
    message: Any


class Transcript:
    """What an application did in one conversation. Immutable; equal to another in which the same happened.

    Where it came from (`style`, `conversation`) is no part of the equality, and neither is the traceback
    of `error`, of which the type and the text are compared.

    >>> async def app(scope, receive, send):
    ...     raise ValueError("no")
    >>> print(run(app, http("GET", "/")))
    GET /, called single:
      raised       ValueError: no
    """

    __slots__ = ("_conversation", "_style", "_events", "_error", "_left", "_running")

    def __init__(
        self,
        conversation: Conversation,
        style: Style,
        events: Iterable[Event],
        error: Optional[BaseException] = None,
        left: Iterable[str] = (),
        running: bool = False,
    ) -> None:
        set_ = object.__setattr__
        set_(self, "_conversation", conversation)
        set_(self, "_style", style)
        set_(self, "_events", tuple(Event(by, _kept(message)) for by, message in events))
        set_(self, "_error", error)
        set_(self, "_left", tuple(left))
        set_(self, "_running", running)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"a Transcript is what happened: {name} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Transcript is what happened: {name} cannot be taken away")

    _conversation: Conversation
    _style: Style
    _events: Tuple[Event, ...]
    _error: Optional[BaseException]
    _left: Tuple[str, ...]
    _running: bool

    @property
    def conversation(self) -> Conversation:
        """The conversation that was held."""
        return self._conversation

    @property
    def style(self) -> Style:
        """How the application was called: `Style.SINGLE` or `Style.DOUBLE`."""
        return self._style

    @property
    def events(self) -> Tuple[Event, ...]:
        """Everything in order, as copies: what the application received, when it did, and what it sent."""
        return tuple(Event(by, _kept(message)) for by, message in self._events)

    @property
    def received(self) -> List[Any]:
        """The events that the application received, in order."""
        return [event.message for event in self.events if event.by == "client"]

    @property
    def sent(self) -> List[Any]:
        """The events that the application sent, in order and as it sent them."""
        return [event.message for event in self.events if event.by == "application"]

    @property
    def answer(self) -> List[Dict[str, Any]]:
        """The events that the application sent as a client has them.

        Events and fields have their names of today, what is missing is at its default, headers are
        ordered by name in lower case, and the chunks of a body are one.
        """
        return _answer(self.sent)

    @property
    def error(self) -> Optional[BaseException]:
        """What the application raised, None where it did not."""
        return self._error

    @property
    def returned(self) -> bool:
        """Whether the application came to its end without raising."""
        return self._error is None and not self._running

    @property
    def running(self) -> bool:
        """Whether it had not come to its end: this is a transcript of `StillRunning`."""
        return self._running

    @property
    def left(self) -> Tuple[str, ...]:
        """The tasks that the application left running, by the names of their coroutines. `run` ended them."""
        return self._left

    @property
    def status(self) -> Optional[int]:
        """The status of the response, None where there was none."""
        status: Optional[int] = self._first("http.response.start", "status")
        return status

    @property
    def headers(self) -> List[Tuple[bytes, bytes]]:
        """The headers of the response or of the accepted WebSocket, ordered by name."""
        found = self._first("http.response.start", "headers") or self._first("websocket.accept", "headers")
        return list(found or ())

    @property
    def body(self) -> bytes:
        """The body of the response, all chunks together."""
        return b"".join(e["body"] for e in self.answer if e["type"] == "http.response.body")

    @property
    def messages(self) -> List[Union[str, bytes]]:
        """The messages that the application sent over the WebSocket."""
        sent = [event for event in self.answer if event["type"] == "websocket.send"]
        return [event["text"] if "text" in event else event.get("bytes", b"") for event in sent]

    @property
    def close_code(self) -> Optional[int]:
        """The code with which the application closed the WebSocket, None where it did not."""
        code: Optional[int] = self._first("websocket.close", "code")
        return code

    def _first(self, kind: str, field: str) -> Any:
        for event in self.answer:
            if event["type"] == kind:
                return event.get(field)
        return None

    def difference(
        self,
        other: Transcript,
        *,
        view: str = "events",
        ignore_headers: Iterable[str] = (),
        names: Tuple[str, str] = ("this", "the other"),
    ) -> str:
        """Say in what another transcript differs, or return ``""``.

        ``view="events"`` looks at everything that was received and sent, in order; ``view="answer"`` at
        what a client has of it (`answer`). How it ended is part of both, the tasks left running of the
        first only. ``ignore_headers`` are names of headers that do not count, such as ``"date"``; ``names``
        stand for the two in the text. Raises ValueError for a view that there is not.
        """
        ours, theirs = (_lines(each, view, ignore_headers) for each in (self, other))
        return _difference(ours, theirs, names)

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (
            self._conversation,
            self._style,
            self._events,
            self._error,
            self._left,
            self._running,
        )

    def __eq__(self, other: object) -> bool:
        if type(other) is not Transcript:
            return NotImplemented
        return _compared(self) == _compared(other)

    def __hash__(self) -> int:
        return hash(_compared(self))

    def __str__(self) -> str:
        lines = [f"  {line.text}" for line in _lines(self, "events", ())]
        return "\n".join([f"{self._conversation.name}, called {self._style.value}:", *lines])

    def __repr__(self) -> str:
        return f"<Transcript of {self}>"


class _Line(NamedTuple):
    """One line as people read it, and as it is compared."""

    text: str
    key: Any
    message: Any


def _compared(transcript: Transcript) -> Tuple[Any, ...]:
    return tuple(line.key for line in _lines(transcript, "events", ()))


def _lines(transcript: Transcript, view: str, ignore_headers: Iterable[str]) -> List[_Line]:
    if view == "events":
        events: Iterable[Event] = transcript.events
    elif view == "answer":
        events = [Event("application", message) for message in transcript.answer]
    else:
        raise ValueError(f"view={view!r} is none of 'events', 'answer'")
    if isinstance(ignore_headers, str):
        raise TypeError(f"ignore_headers is a list of names: ignore_headers=[{ignore_headers!r}]")
    ignored = {name.lower().encode("latin-1") for name in ignore_headers}
    out = []
    for by, message in events:
        if ignored and isinstance(message, dict) and isinstance(message.get("headers"), (list, tuple)):
            message = {**message, "headers": [p for p in message["headers"] if not _is_named(p, ignored)]}
        text = _shown_event(message if view == "events" else _without_defaults(message))
        out.append(_Line(f"{by:<12} {text}", (by, _key(message)), message))
    if transcript.running:
        out.append(_Line("still running", "running", None))
    elif transcript.error is None:
        out.append(_Line("returned", "returned", None))
    else:
        kind, text = _name(type(transcript.error)), _ADDRESS.sub("", str(transcript.error))
        out.append(_Line(f"{'raised':<12} {kind}: {text}", ("raised", kind, text), None))
    if view == "events" and transcript.left:
        names = ", ".join(transcript.left)
        out.append(_Line(f"{'left running':<12} {names}", ("left", transcript.left), None))
    return out


def _is_named(pair: Any, names: Set[bytes]) -> bool:
    try:
        name = pair[0]
        return (name.encode("latin-1") if isinstance(name, str) else bytes(name)).lower() in names
    except (IndexError, KeyError, TypeError, ValueError):
        return False


def _difference(ours: List[_Line], theirs: List[_Line], names: Tuple[str, str]) -> str:
    keys = [line.key for line in ours], [line.key for line in theirs]
    if keys[0] == keys[1]:
        return ""
    out: List[str] = []
    details: List[str] = []
    matcher = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            out += [f"  {line.text}" for line in ours[a:b]]
            continue
        out += [f"- {line.text}" for line in ours[a:b]]
        out += [f"+ {line.text}" for line in theirs[c:d]]
        counterparts = [line.message for line in theirs[c:d]]
        for line in ours[a:b]:
            details += _fields_that_differ(line.message, counterparts)
    # The fields first: pytest shows no more than some lines unless it is asked to.
    return "\n".join([f"- {names[0]}", f"+ {names[1]}", "", *details, *([""] if details else []), *out])


def _fields_that_differ(ours: Any, counterparts: List[Any]) -> List[str]:
    """Compare an event with the first of the same type, which is taken out."""
    for at, theirs in enumerate(counterparts):
        if isinstance(ours, dict) and isinstance(theirs, dict) and ours.get("type") == theirs.get("type"):
            del counterparts[at]
            break
    else:
        return []
    out = []
    for name in sorted({*ours, *theirs}, key=str):
        one, two = ours.get(name, _MISSING), theirs.get(name, _MISSING)
        if _key(one) != _key(two):
            out.append(f"{ours.get('type')}, {name}: {_apart(one, two)}")
    return out


def _apart(one: Any, two: Any) -> str:
    """Say how two values differ; of long ones the first place where they do."""
    if type(one) is type(two) and isinstance(one, (str, bytes)) and max(len(one), len(two)) > 40:
        at = next((i for i, (x, y) in enumerate(zip(one, two)) if x != y), min(len(one), len(two)))
        begin = max(at - 8, 0)
        unit = "byte" if isinstance(one, bytes) else "character"
        return (
            f"differs from {unit} {at} on: ...{one[begin : at + 24]!r} of {len(one)}"
            f" / ...{two[begin : at + 24]!r} of {len(two)}"
        )
    if isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)):
        first, second = [_key(item) for item in one], [_key(item) for item in two]
        only = [item for item in one if _key(item) not in second]
        other = [item for item in two if _key(item) not in first]
        if only or other:
            return f"only {_shown(only)} / only {_shown(other)}"
    return f"{_shown(one)} / {_shown(two)}"


class _Missing:
    def __repr__(self) -> str:
        return "missing"


_MISSING = _Missing()
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def _name(cls: type) -> str:
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def _kept(value: Any) -> Any:
    """Copy what can change later. An iterator is read: a second reader would find it empty."""
    if isinstance(value, Mapping):
        return {key: _kept(item) for key, item in value.items()}
    if type(value) is list or type(value) is tuple:
        return type(value)(_kept(item) for item in value)
    if isinstance(value, bytearray):
        return bytearray(value)
    if isinstance(value, memoryview):
        return memoryview(bytes(value))
    if hasattr(type(value), "__next__"):
        return [_kept(item) for item in value]
    return value


def _key(value: Any) -> Any:
    """Give what two values are compared by. A list equals a tuple; bytes do not equal a bytearray."""
    if isinstance(value, Mapping):
        return "mapping", tuple(sorted((repr(key), _key(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return "sequence", tuple(_key(item) for item in value)
    if isinstance(value, memoryview):
        return "memoryview", repr(bytes(value))
    # As text, so that 1 is not True, and keys have an order and a hash whatever is in them.
    return _name(type(value)), _ADDRESS.sub("", repr(value))


def _without_defaults(message: Dict[str, Any]) -> Dict[str, Any]:
    """Leave out what says nothing: a flag that is not set."""
    return {name: value for name, value in message.items() if value is not False}


def _shown_event(message: Any) -> str:
    if not isinstance(message, dict):
        return _shown(message)
    fields = "".join(f" {name}={_shown(value)}" for name, value in message.items() if name != "type")
    kind = message.get("type", "(no type)")
    return (kind if isinstance(kind, str) else _shown(kind)) + fields


def _shown(value: Any) -> str:
    if isinstance(value, (str, bytes)) and len(value) > 80:
        return f"{value[:60]!r}... ({len(value)} {'bytes' if isinstance(value, bytes) else 'characters'})"
    text = _ADDRESS.sub("", repr(value))
    return text if len(text) <= 1000 else f"{text[:1000]}... ({len(text)} characters)"


# --- holding a conversation ----------------------------------------------------------------------


class StillRunning(AssertionError):
    """The application did not come to its end in time. It was cancelled."""

    def __init__(self, message: str, *, transcript: Optional[Transcript] = None) -> None:
        super().__init__(message)
        #: What it did until then.
        self.transcript = transcript


class _Connection:
    """One application in one conversation: the recorder around it and the client that it speaks with."""

    def __init__(
        self, call: _Call, style: Style, conversation: Conversation, client: Optional[_Client] = None
    ) -> None:
        # Imported here: whoever only makes conversations or compares transcripts does not need it.
        from asgiref.testing import ApplicationCommunicator

        kind = conversation.scope.get("type")
        if client is None and kind not in _CLIENTS:
            raise ValueError(f"a conversation is of one of the types {', '.join(_CLIENTS)}, not {kind!r}")
        self.call = call
        self.style = style
        self.conversation = conversation
        self.client = _CLIENTS[kind](conversation) if client is None else client  # type: ignore[index]
        self.record: List[Event] = []
        self.waiting = 0
        self.gone: Optional[Message] = None
        self.disconnects = 0
        self.scope: Dict[str, Any] = {
            # A shallow copy of the state, as servers give: what start-up left there is shared.
            name: dict(value) if name == "state" else _kept(value)
            for name, value in conversation.scope.items()
        }
        # An empty context, as a server's: releases of asgiref before 3.5 hand on the caller's.
        self.communicator = contextvars.Context().run(ApplicationCommunicator, self.recorded, self.scope)
        self.task: asyncio.Future[Any] = self.communicator.future
        self.give(next(self.client))

    def give(self, events: Iterable[Message]) -> None:
        for event in events:
            self.communicator.input_queue.put_nowait(event)

    async def recorded(self, scope: Scope, take: Receive, hand_out: Send) -> None:
        """Call the application; this is what the communicator takes for the application."""

        async def receive() -> Message:
            self.waiting += 1
            try:
                # Servers may switch to other tasks here. Without it, a loop that never waits would keep
                # the timeout from being seen.
                await asyncio.sleep(0)
                if self.gone is None or self.disconnects >= DISCONNECTS:
                    event = await take()
                else:
                    event = dict(self.gone)
            finally:
                self.waiting -= 1
            if event["type"].endswith(".disconnect"):
                self.gone = dict(event)
                self.disconnects += 1
                if self.waiting:  # in another task: on servers a disconnect wakes everybody
                    self.give([dict(event)])
            self.record.append(Event("client", _kept(event)))
            return event

        async def send(event: Message) -> None:
            event = _kept(event)
            self.record.append(Event("application", event))
            self.give(self.client.send(_as_of_today(event)))
            await hand_out(event)
            await asyncio.sleep(0)

        await self.call(scope, receive, send)

    async def end(self, timeout: float) -> Transcript:
        """Wait until the application has ended. Raises `StillRunning` when it has not after ``timeout``."""
        await asyncio.wait({self.task}, timeout=timeout)
        if not self.task.done():
            raise self.still_running(f"after {timeout:g} seconds it has not ended", self.transcript())
        return self.transcript()

    def still_running(self, what: str, transcript: Transcript) -> StillRunning:
        """Make the error of an application that does not do what is waited for."""
        lines = str(transcript).splitlines()
        if len(lines) > 24:
            lines[12:-12] = [f"  ... {len(lines) - 24} lines ..."]
        lines[-1] += ", waiting in receive()" if self.waiting else ", and not waiting in receive()"
        return StillRunning("\n".join([what, *lines]), transcript=transcript)

    def transcript(self, left: Iterable[str] = ()) -> Transcript:
        """Write down what has happened until now."""
        error, running = _error_of(self.task), not self.task.done()
        return Transcript(self.conversation, self.style, self.record, error, left, running)

    async def close(self) -> None:
        """Leave nothing behind, whatever has happened."""
        self.client.close()
        await _end({self.task})


def _error_of(task: asyncio.Future[Any]) -> Optional[BaseException]:
    if not task.done():
        return None
    return asyncio.CancelledError() if task.cancelled() else task.exception()


async def _end(tasks: Set[Any]) -> None:
    """End tasks: by cancelling them, and those that swallow it by closing what they run."""
    pending = {task for task in tasks if not task.done()}
    for attempt in range(3):
        if not pending:
            break
        for task in pending:
            if attempt == 2:
                try:
                    # Raises GeneratorExit in it, which `except Exception` and `except CancelledError` let
                    # pass. The task then ends when it is woken: it has nothing to run any more.
                    task.get_coro().close()
                except (RuntimeError, ValueError):
                    pass  # it swallows even that
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=GRACE)
    for task in tasks - pending:
        _error_of(task)  # asked for, so that nobody reports that it was not


def _starting_client(answered: asyncio.Future[Message]) -> _Client:
    """The client of a start-up: it says what came of it and gives nothing more."""
    event = yield [{"type": "lifespan.startup"}]
    while True:
        if not answered.done() and event["type"].startswith("lifespan.startup."):
            answered.set_result(event)
        event = yield []


class _Lifespan:
    """An application that has been started and will be shut down."""

    def __init__(self, call: _Call, style: Style) -> None:
        self.answered: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self.connection = _Connection(call, style, lifespan(), _starting_client(self.answered))

    async def start(self, timeout: float) -> None:
        """Wait for the end of the start-up. One that fails before it has received is none, as on servers."""
        connection = self.connection
        await asyncio.wait(
            {self.answered, connection.task}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
        )
        if self.answered.done():
            event = self.answered.result()
            if event["type"] != "lifespan.startup.complete":
                raise AssertionError(f"the application failed to start: {event.get('message') or event}")
        elif not connection.task.done():
            raise connection.still_running(
                f"after {timeout:g} seconds it has not started", connection.transcript()
            )
        elif connection.record and _error_of(connection.task) is not None:
            raise AssertionError(f"the application failed to start:\n{connection.transcript()}") from (
                _error_of(connection.task)
            )

    async def stop(self, timeout: float) -> None:
        """Shut it down, and say so if that fails."""
        connection = self.connection
        if connection.task.done():
            return
        connection.give([{"type": "lifespan.shutdown"}])
        transcript = await connection.end(timeout)
        failed = [event for event in transcript.answer if event["type"] == "lifespan.shutdown.failed"]
        if failed or transcript.error is not None:
            raise AssertionError(f"the application failed to shut down:\n{transcript}") from transcript.error


def _style(style: Union[str, Style]) -> Style:
    try:
        found = Style(style)
    except ValueError:
        found = Style.UNKNOWN
    if found not in (Style.SINGLE, Style.DOUBLE):
        raise ValueError(f"style={style!r} is neither 'single' nor 'double'")
    return found


def in_style(
    app: ASGIApp, style: Union[str, Style], *, adapt: str = "shape", **options: Any
) -> Union[ASGI2App, ASGI3App]:
    """Give an application as one of the style, ``"single"`` or ``"double"``.

    ``adapt="shape"`` turns only the call round, by `guarantee_single_callable` or
    `guarantee_double_callable`, and gives back what is of that style already. ``adapt="service"`` is
    `to_asgi3` or `to_asgi2`, which repair the messages too; ``options`` are their arguments. Raises
    ValueError for other words, TypeError for options that have no place, and what the adapters raise.

    >>> async def app(scope, receive, send): ...
    >>> in_style(app, "single") is app
    True
    >>> classify(in_style(app, "double")).style
    <Style.DOUBLE: 'double'>
    """
    single = _style(style) is Style.SINGLE
    if adapt == "service":
        return to_asgi3(app, **options) if single else to_asgi2(app, **options)
    if adapt != "shape":
        raise ValueError(f"adapt={adapt!r} is neither 'shape' nor 'service'")
    if options:
        raise TypeError(f"{', '.join(options)}: options are for adapt='service', the shape has none")
    return guarantee_single_callable(app) if single else guarantee_double_callable(app)


def _prepared(
    app: Any,
    style: Union[str, Style, None],
    adapt: str,
    factory: bool,
    middleware: Optional[_Middleware],
) -> Tuple[_Call, Style]:
    """Find the way in which an application is to be called."""
    if factory:
        app = app()
    if style is None:
        known = classify(app).style
        style = Style.DOUBLE if known is Style.DOUBLE else Style.SINGLE
        if adapt != "shape":
            style = Style.SINGLE
    ready: Any = in_style(app, style, adapt=adapt)
    if middleware is not None:
        ready = middleware(ready)
    if _style(style) is Style.SINGLE:
        return ready, Style.SINGLE

    def call(scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
        return ready(scope)(receive, send)  # type: ignore[no-any-return]

    return call, Style.DOUBLE


async def _converse(
    app: Any,
    conversation: Conversation,
    style: Union[str, Style, None],
    adapt: str,
    started: bool,
    factory: bool,
    middleware: Optional[_Middleware],
    timeout: float,
    own_loop: bool,
) -> Transcript:
    if not isinstance(conversation, Conversation):
        raise TypeError(f"a conversation is made by http(), websocket() or lifespan(), not {conversation!r}")
    before = asyncio.all_tasks()
    call, style = _prepared(app, style, adapt, factory, middleware)
    life = _Lifespan(call, style) if started else None
    try:
        if life is not None:
            await life.start(timeout)
            state = life.connection.scope.get("state")
            if state is not None and "state" not in conversation.scope:
                conversation = conversation._replace(scope={**conversation.scope, "state": state})
        transcript = await _hold(_Connection(call, style, conversation), timeout, own_loop)
        if life is not None:
            await life.stop(timeout)
        return transcript
    finally:
        if life is not None:
            await life.connection.close()
        if own_loop:
            # What start-up began. asyncio.run() would wait for ever for one that swallows its cancellation.
            await _end(asyncio.all_tasks() - before)


async def _hold(connection: _Connection, timeout: float, own_loop: bool) -> Transcript:
    before = asyncio.all_tasks()
    try:
        transcript = await connection.end(timeout)
        if not own_loop:
            return transcript
        for _ in range(TURNS):
            left = asyncio.all_tasks() - before
            if not left:
                return transcript
            await asyncio.sleep(0)
        names = sorted(_coroutine_name(task) for task in asyncio.all_tasks() - before)
        return connection.transcript(names)
    finally:
        await connection.close()
        if own_loop:
            await _end(asyncio.all_tasks() - before)


def _coroutine_name(task: asyncio.Task[Any]) -> str:
    coroutine = task.get_coro()
    return str(getattr(coroutine, "__qualname__", type(coroutine).__qualname__))


async def converse(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    style: Union[str, Style, None] = None,
    adapt: str = "shape",
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[_Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Hold a conversation with an application, on the event loop that runs.

    The arguments and errors are those of `run`. Tasks that the application leaves running are left alone
    and not told of: on a loop that others use as well they may be anybody's.

    >>> async def app(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 204})
    ...     await send({"type": "http.response.body"})
    >>> asyncio.run(converse(app, http("GET", "/"))).status
    204
    """
    return await _converse(app, conversation, style, adapt, lifespan, factory, middleware, timeout, False)


def run(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    style: Union[str, Style, None] = None,
    adapt: str = "shape",
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[_Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Hold a conversation with an application, on an event loop of its own.

    ``style`` is ``"single"`` or ``"double"``, and ``adapt`` how the application becomes that (`in_style`).
    Without a style it is called as what it is (`classify`; unknown counts as single), and through
    `to_asgi3` with ``adapt="service"``. ``lifespan=True`` starts it first and shuts it down afterwards, on
    the same loop; an application that raises before it has received anything speaks no lifespan. With
    ``factory=True``, ``app`` is called without arguments and returns the application. ``middleware`` is
    called with the application as it is in that style, and what it returns is called in the same.

    What the application raises is in the transcript; it is not raised. Raises `StillRunning` when it has
    not ended ``timeout`` seconds after it began, or after each of start-up and shutdown (cancelling it may
    take 3 seconds more; what blocks the event loop itself cannot be ended); AssertionError when start-up or
    shutdown fails; `DetectionError` for what is no application; RuntimeError where an event loop runs
    already; ValueError or TypeError for arguments that are none of these.

    >>> def app(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "websocket.accept"})
    ...         event = await receive()
    ...         event = await receive()
    ...         await send({"type": "websocket.send", "text": event["text"].upper()})
    ...     return instance
    >>> print(run(app, websocket("/", send=["hello"])))
    websocket /, called double:
      application  websocket.accept
      client       websocket.connect
      client       websocket.receive text='hello'
      application  websocket.send text='HELLO'
      returned
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise RuntimeError(
            "run() and what is built on it start an event loop of their own, and here one is running:"
            " use `await converse(app, conversation)`"
        )
    return asyncio.run(
        _converse(app, conversation, style, adapt, lifespan, factory, middleware, timeout, True)
    )


# --- comparing -----------------------------------------------------------------------------------


class Comparison(NamedTuple):
    """The transcripts of one application in both styles."""

    single: Transcript
    double: Transcript

    @property
    def same(self) -> bool:
        """Whether the same happened."""
        return self.single == self.double

    def difference(self, *, view: str = "events", ignore_headers: Iterable[str] = ()) -> str:
        """Say in what they differ (`Transcript.difference`), or return ``""``."""
        return self.single.difference(
            self.double, view=view, ignore_headers=ignore_headers, names=("called single", "called double")
        )


def compare(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    adapt: str = "shape",
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[_Middleware] = None,
    timeout: float = TIMEOUT,
) -> Comparison:
    """Hold a conversation with an application twice, called single and called double.

    The arguments and errors are those of `run`. It is the same application both times: one that counts its
    requests differs by that, and is to be given as a factory.

    >>> async def app(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200})
    >>> compare(app, http("GET", "/")).same
    True
    """
    single, double = (
        run(
            app,
            conversation,
            style=style,
            adapt=adapt,
            lifespan=lifespan,
            factory=factory,
            middleware=middleware,
            timeout=timeout,
        )
        for style in (Style.SINGLE, Style.DOUBLE)
    )
    return Comparison(single, double)


def assert_both_styles(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    adapt: str = "shape",
    view: Optional[str] = None,
    ignore_headers: Iterable[str] = (),
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[_Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Hold that an application does the same called single and called double; return what it did.

    ``view`` and ``ignore_headers`` are those of `Transcript.difference`; None looks at the events for
    ``adapt="shape"``, which changes none, and at the answer for ``adapt="service"``, which speaks to
    servers of two generations. The rest is as in `compare`. Raises AssertionError with the difference; where
    one of the two raised, that is its cause.

    >>> def app(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": 200})
    ...         await send({"type": "http.response.body", "body": b"hello"})
    ...     return instance
    >>> assert_both_styles(app, http("GET", "/"), adapt="service").body
    b'hello'
    """
    __tracebackhide__ = True
    ignore_headers = _listed(ignore_headers)
    both = compare(
        app,
        conversation,
        adapt=adapt,
        lifespan=lifespan,
        factory=factory,
        middleware=middleware,
        timeout=timeout,
    )
    if view is None:
        view = "events" if adapt == "shape" else "answer"
    difference = both.difference(view=view, ignore_headers=ignore_headers)
    if difference:
        raise AssertionError(
            f"{conversation.name}: called single and called double, the application does not do the same\n\n"
            f"{difference}"
        ) from (both.single.error or both.double.error)
    return both.double


def assert_same(
    old: Union[ASGIApp, Callable[[], ASGIApp]],
    new: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    style: Union[str, Style, None] = None,
    adapt: str = "shape",
    view: str = "answer",
    ignore_headers: Iterable[str] = (),
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[_Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Hold that two applications answer the same; return what the new one did.

    Each is called as it is, whichever style that is, unless ``style`` says otherwise. With
    ``adapt="service"`` both are repaired first (`to_asgi3`), so that what counts is what a client of
    today's servers has. The rest is as in `assert_both_styles`.

    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": 200, "headers": []})
    ...         await send({"type": "http.response.body", "body": b"hello"})
    ...     return instance
    >>> async def new(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200})
    ...     await send({"type": "http.response.body", "body": b"hel", "more_body": True})
    ...     await send({"type": "http.response.body", "body": b"lo!"})
    >>> try:
    ...     assert_same(old, new, http("GET", "/"))
    ... except AssertionError as error:
    ...     print(error)
    GET /: the two applications do not answer the same
    <BLANKLINE>
    - the old one (called double)
    + the new one (called single)
    <BLANKLINE>
    http.response.body, body: b'hello' / b'hello!'
    <BLANKLINE>
      application  http.response.start status=200 headers=[]
    - application  http.response.body body=b'hello'
    + application  http.response.body body=b'hello!'
      returned
    """
    __tracebackhide__ = True
    ignore_headers = _listed(ignore_headers)
    first, second = (
        run(
            app,
            conversation,
            style=style,
            adapt=adapt,
            lifespan=lifespan,
            factory=factory,
            middleware=middleware,
            timeout=timeout,
        )
        for app in (old, new)
    )
    names = f"the old one (called {first.style.value})", f"the new one (called {second.style.value})"
    difference = first.difference(second, view=view, ignore_headers=ignore_headers, names=names)
    if difference:
        raise AssertionError(
            f"{conversation.name}: the two applications do not answer the same\n\n{difference}"
        ) from (first.error or second.error)
    return second


def _listed(names: Iterable[str]) -> Iterable[str]:
    """Read an iterator of names once; a str is a mistake that is told of where it is used."""
    return names if isinstance(names, str) else list(names)
