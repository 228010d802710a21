"""What may reach a server, what may reach an application, and how a conversation may end.

An opinion of its own: it is written from the text of the specification (asgiref, ``specs/www.rst`` 2.5,
``specs/lifespan.rst`` 2.0, ``docs/extensions.rst``), RFC 9110 (semantics), RFC 9112 (HTTP/1.1) and RFC 6455
(WebSocket), and from what the project promises about errors, texts and neighbours. Nothing of the library is
imported. `RULES` has a sentence for each rule; `judge` gives the rules that a record breaks.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

from .playing import NEIGHBOUR_HEADERS, Record, Written
from .values import MUTATED, SECRET, Broken

RULES = {
    # What reaches the server.
    "event-dict": "an event is a dict, and its type a str (main: Events)",
    "event-type": "an event is one of the scope's protocol, or the scope announces it (main: Extensions)",
    "event-order": "start, bodies, end; accept, messages, close; answers after questions (www)",
    "event-field": "a field has the type of the specification, exactly (main: Events; www)",
    "status": "the status of a final response is an int from 200 to 599 (RFC 9110, 15)",
    "header-form": "headers are a list of pairs of bytes (www: Response Start)",
    "header-name": "a field name is a token (RFC 9110, 5.1), in lower case and no pseudo header (www)",
    "header-value": "a field value has no control characters and no blanks around it (RFC 9110, 5.5)",
    "header-framing": "transfer-encoding is the server's (www: Response Start; RFC 9112, 6.1)",
    "trailer-framing": "a trailer does not say how the message is framed (RFC 9110, 6.5.1)",
    "length-form": "there is one content-length, of digits (RFC 9110, 8.6)",
    "length-match": "content-length is the number of bytes that follow (RFC 9112, 6.3)",
    "no-body": "HEAD, 204 and 304 have no body (RFC 9110, 6.4.1), and 204 no content-length (8.6)",
    "mutation": "what an application writes into an event after send has returned reaches nobody",
    "sending-order": "bodies and messages arrive in the order in which they were sent",
    "close-code": "a code that may stand in a close frame (RFC 6455, 7.4)",
    "close-reason": "a close frame has at most 125 bytes, of UTF-8 (RFC 6455, 5.5)",
    "subprotocol": "the subprotocol is a token that the client offered (RFC 6455, 4.1 and 4.2.2)",
    "message": "a message has exactly one of bytes and text (www: Send), and text is UTF-8 (RFC 6455, 5.6)",
    "connect-read": "websocket.connect is read before it is answered (www: Connect)",
    "link": "a link of an early hint is a field value (RFC 8297; RFC 9110, 5.5)",
    "push-path": "the path of a push is a path (RFC 9110, 4.2.3 and RFC 3986, 3.3)",
    # What reaches the application.
    "scope-form": "the scope of a correct server is a correct scope (www: Connection Scope)",
    "received-form": "an event of a correct server is a correct event (www)",
    "shared": "two connections share nothing that can be written to",
    "scope-mutated": "the server's scope is not changed, but for keys that the application added",
    "server-event-mutated": "an event of the server is not changed",
    "app-event-mutated": "an event of the application is not changed",
    # How it ends.
    "undocumented-error": "only documented errors leave send, receive and the adapter",
    "error-replaced": "an exception of the application leaves the adapter as it is",
    "server-blamed": "a correct server is not blamed",
    "field-refused": "an odd field of a scope or of a received event is refused in strict mode only",
    "hang": "nothing waits unless the server does",
    "spin": "receive and send do not complete for ever without suspending",
    "never-rests": "a conversation ends after a bounded number of steps",
    "uncancellable": "what is cancelled ends",
    "cancel-swallowed": "a cancelled receive or send is cancelled",
    "task-left": "no task is left",
    "unfinished": "what the application leaves open is finished, or an error says so",
    "text-long": "the text of an error or of the log has at most about 1,000 characters",
    "text-control": "the text of an error or of the log has no control characters",
    "text-secret": "the text of an error or of the log does not quote bodies or values of headers",
    "repr-unbounded": "a repr is bounded before it is made",
    "neighbour": "an unrelated connection is unaffected",
    "proper": "a proper conversation arrives as it is",
    "wrapping": "wrapping raises nothing",
}

LONGEST_TEXT = 1100
LONGEST_SPIN = 250
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9a-z]+")
#: RFC 9110, 5.5: a field value is made of visible characters, obs-text, blanks and tabs.
VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
#: RFC 2616 separators are what RFC 6455, 4.1 excludes from a subprotocol: what remains is a token.
SUBPROTOCOL = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SENDABLE = ((1000, 1003), (1007, 1014), (3000, 4999))
DOCUMENTED = {"AppMessageError", "ServerMessageError", "AdapterError", "DetectionError"}


class Violation(NamedTuple):
    """A rule that a record breaks, what shows it, and where it is the library's code that does it."""

    rule: str
    what: str
    where: str = ""

    @property
    def signature(self) -> str:
        return f"{self.rule}: {self.what}" + (f" in {self.where}" if self.where else "")


Found = Iterator[Violation]


def judge(record: Record) -> List[Violation]:
    """Give the rules that a record breaks."""
    if record.wrapping_error is not None:
        return [Violation("wrapping", *_named(record.wrapping_error))]
    protocol = _protocol(record)
    found: List[Violation] = []
    for check in (_wire, _application_side, _outcome, _texts, _neighbour, _proper):
        found += check(record, protocol)
    return found


def _text(value: Any) -> Optional[str]:
    return str.__str__(value) if issubclass(type(value), str) else None


def _servers_scope(record: Record) -> Any:
    """The scope as the server gave it: an application may write to one that needed no copy."""
    return record.scope_before if type(record.scope_before) is dict else record.scope


def _protocol(record: Record) -> Optional[str]:
    """Which protocol the scope is of; None for one that nobody knows."""
    try:
        kind = _text(_servers_scope(record)["type"])
    except Exception:
        return None
    return kind if kind in ("http", "websocket", "lifespan") else None


def _field(scope: Any, name: str) -> Any:
    try:
        return scope[name]
    except Exception:
        return None


def _where(error: BaseException) -> str:
    """The innermost function of the library that an error came through."""
    where, traceback = "", error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        module = traceback.tb_frame.f_globals.get("__name__", "")
        if module.split(".")[0] == "asgi_compat":
            where = f"{module}:{code.co_name}"
        traceback = traceback.tb_next
    return where


def _named(error: BaseException) -> Tuple[str, str]:
    return type(error).__name__, _where(error)


# -- what reaches the server -------------------------------------------------------------------------


def _wire(record: Record, protocol: Optional[str]) -> Found:
    if protocol is None:
        return
    written = record.server.written
    for one in written:
        yield from _is_event(record, protocol, one)
        if _holds(one.seen, MUTATED):
            yield Violation("mutation", _kind(one.seen))
    if not all(type(one.seen) is dict and type(one.seen.get("type")) is str for one in written):
        return
    wire = {"http": _http_wire, "websocket": _websocket_wire, "lifespan": _lifespan_wire}[protocol]
    # A send that was cancelled may have happened or not: what it would have sent is judged by itself only.
    taken = [one for one in written if not isinstance(one.error, asyncio.CancelledError)]
    # After an error of its own nobody knows what the server has taken.
    failed = [n for n, one in enumerate(taken) if one.error is not None]
    taken = taken[: failed[0] + 1] if failed else taken
    yield from wire(record, taken)
    yield from _sending_order(record, taken, protocol)


def _kind(event: Any) -> str:
    kind = event.get("type") if type(event) is dict else None
    return kind if type(kind) is str and len(kind) < 60 else f"({type(kind).__name__})"


def _holds(value: Any, mark: bytes, depth: int = 5) -> bool:
    if type(value) in (bytes, bytearray):
        return mark in value
    if depth and type(value) is dict:
        return any(_holds(item, mark, depth - 1) for item in value.values())
    if depth and type(value) in (list, tuple) and len(value) < 1000:
        return any(_holds(item, mark, depth - 1) for item in value)
    return False


_EVENTS = {
    "http": ("http.response.start", "http.response.body"),
    "websocket": ("websocket.accept", "websocket.send", "websocket.close"),
    "lifespan": (
        "lifespan.startup.complete",
        "lifespan.startup.failed",
        "lifespan.shutdown.complete",
        "lifespan.shutdown.failed",
    ),
}


def _announced(record: Record, kind: str) -> bool:
    extensions = _field(_servers_scope(record), "extensions")
    if not issubclass(type(extensions), dict):
        return False
    keys = [str.__str__(key) for key in dict.keys(extensions) if issubclass(type(key), str)]
    return any(kind == key or kind.startswith(key + ".") for key in keys)


def _is_event(record: Record, protocol: str, one: Written) -> Found:
    event = one.seen
    if type(event) is not dict:
        yield Violation("event-dict", type(event).__name__)
        return
    kind = event.get("type")
    if type(kind) is not str:
        yield Violation("event-dict", f"type of {type(kind).__name__}")
        return
    if kind in _EVENTS[protocol] or _announced(record, kind):
        return
    if kind == "lifespan.cleanup.complete" and record.conversation.direction == "B":
        return
    yield Violation("event-type", kind if len(kind) < 60 else "(long)")


def _typed(event: Dict[str, Any], required: Dict[str, Any], optional: Dict[str, Any]) -> Found:
    for name, kinds in {**required, **optional}.items():
        if name not in event:
            if name in required:
                yield Violation("event-field", f"{event['type']} without {name}")
        elif type(event[name]) not in (kinds if type(kinds) is tuple else (kinds,)):
            yield Violation("event-field", f"{event['type']} {name} of {type(event[name]).__name__}")


def _headers(event: Dict[str, Any], headers: Any) -> Found:
    """Check header lines; `_lines` gives those that are."""
    kind = event["type"]
    if type(headers) not in (list, tuple):
        yield Violation("header-form", f"{kind} {type(headers).__name__}")
        return
    for line in headers:
        if type(line) not in (list, tuple) or len(line) != 2:
            yield Violation("header-form", f"{kind} line {type(line).__name__}")
            continue
        name, value = line
        if type(name) is not bytes or type(value) is not bytes:
            yield Violation("header-form", f"{kind} {type(name).__name__}: {type(value).__name__}")
            continue
        if not TOKEN.fullmatch(name):
            yield Violation("header-name", f"{kind} {name[:20]!r}")
        if not VALUE.fullmatch(value):
            yield Violation("header-value", f"{kind} control character")
        elif value != value.strip(b" \t"):
            yield Violation("header-value", f"{kind} blank")
        if name.lower() == b"transfer-encoding":
            yield Violation("header-framing", kind)


def _lines(headers: Any) -> List[Tuple[bytes, bytes]]:
    out = []
    for line in headers if type(headers) in (list, tuple) else ():
        if type(line) in (list, tuple) and len(line) == 2 and type(line[0]) is type(line[1]) is bytes:
            out.append((line[0].lower(), line[1]))
    return out


def _content_length(event: Dict[str, Any]) -> Tuple[List[Violation], Optional[int]]:
    found = [value for name, value in _lines(event.get("headers", ())) if name == b"content-length"]
    if not found:
        return [], None
    if len(found) > 1:
        return [Violation("length-form", f"{event['type']} several")], None
    if not re.fullmatch(rb"[0-9]+", found[0]):
        return [Violation("length-form", f"{event['type']} no digits")], None
    if len(found[0]) > 4000:
        return [], -1
    return [], int(found[0])


class _Response:
    """The order and the length of a response, of HTTP or of a refused handshake."""

    def __init__(self, head: bool, short: bool) -> None:
        self.state = "start"
        self.head = head
        #: A response may end early.
        self.short = short
        self.length: Optional[int] = None
        self.count: Optional[int] = 0
        self.bodiless = head
        self.trailers = False
        self.path = False

    def start(self, event: Dict[str, Any]) -> Found:
        if self.state != "start":
            yield Violation("event-order", f"{event['type']} in state {self.state}")
        self.state = "body"
        yield from _typed(
            event, {"status": int}, {"trailers": bool} if event["type"].startswith("http") else {}
        )
        status = event.get("status")
        if type(status) is int and not 200 <= status <= 599:
            yield Violation("status", f"{event['type']} {status if -1000 < status < 1000 else 'huge'}")
        yield from _headers(event, event.get("headers", []))
        found, self.length = _content_length(event)
        yield from found
        status = status if type(status) is int else 0
        self.bodiless = self.head or status in (204, 304)
        if status == 204 and self.length is not None:
            yield Violation("no-body", f"{event['type']} 204 with content-length")
        self.trailers = event.get("trailers") is True and event["type"].startswith("http")

    def part(self, event: Dict[str, Any], size: Optional[int]) -> Found:
        """Take a body, or what stands for one; the size is None where nobody can know it."""
        kind = event["type"]
        if self.state != "body":
            yield Violation("event-order", f"{kind} in state {self.state}")
        if self.path and kind != "http.response.pathsend":
            yield Violation("event-order", f"{kind} after pathsend")
        self.count = None if self.count is None or size is None else self.count + size
        if self.bodiless and size:
            yield Violation("no-body", kind)
        more = event.get("more_body", False) is True
        if self.count is not None and self.length is not None and not self.bodiless:
            if self.count > self.length:
                yield Violation("length-match", f"{kind} more bytes")
            elif not more and self.count < self.length and not self.short:
                yield Violation("length-match", f"{kind} fewer bytes")
        if not more:
            self.state = "trailers" if self.trailers else "end"

    def trailer(self, event: Dict[str, Any]) -> Found:
        if self.state != "trailers":
            yield Violation("event-order", f"{event['type']} in state {self.state}")
        yield from _typed(event, {"headers": (list, tuple)}, {"more_trailers": bool})
        yield from _headers(event, event.get("headers", []))
        if any(name == b"content-length" for name, _ in _lines(event.get("headers"))):
            yield Violation("trailer-framing", "content-length")
        if event.get("more_trailers", False) is not True:
            self.state = "end"


def _body(event: Dict[str, Any]) -> Tuple[List[Violation], int]:
    found = list(_typed(event, {}, {"body": bytes, "more_body": bool}))
    body = event.get("body", b"")
    return found, len(body) if type(body) is bytes else 0


def _is_head(record: Record) -> bool:
    return _text(_field(record.scope_before, "method")) == "HEAD"


def _finishes_early(record: Record) -> bool:
    """Whether a response may be finished with fewer bytes, because of A41, B40 or a client that has gone."""
    c = record.conversation
    about = _field(record.scope_before, "asgi")
    daphne = not (issubclass(type(about), dict) and dict.__contains__(about, "spec_version"))
    wanted = c.quirks.get("finish_on_error", None)
    if _is_gone(record):
        return True
    return record.error is not None and (daphne if wanted is None else wanted)


def _http_wire(record: Record, taken: List[Written]) -> Found:
    response = _Response(_is_head(record), _finishes_early(record))
    for one in taken:
        event = one.seen
        kind = event["type"]
        if kind == "http.response.start":
            yield from response.start(event)
        elif kind == "http.response.body":
            found, size = _body(event)
            yield from found
            yield from response.part(event, size)
        elif kind == "http.response.zerocopysend":
            yield from _typed(
                event, {}, {"offset": (int, type(None)), "count": (int, type(None)), "more_body": bool}
            )
            count = event.get("count")
            if "file" not in event:
                yield Violation("event-field", f"{kind} without file")
            known = type(count) is int and count >= 0 and hasattr(event.get("file"), "fileno")
            yield from response.part(event, count if known else None)
        elif kind == "http.response.pathsend":
            yield from _typed(event, {"path": str}, {})
            yield from response.part({**event, "more_body": False}, None)
            response.path = True
        elif kind == "http.response.trailers":
            yield from response.trailer(event)
        elif kind == "http.response.early_hint":
            yield from _hint(event, response)
        elif kind == "http.response.push":
            yield from _push(event, response)
        elif kind == "http.response.debug":
            yield from _typed(event, {"info": dict}, {})
            if response.state != "start":
                yield Violation("event-order", kind)
    # What a current application leaves open on a current server is the server's to answer (A28).
    if (record.conversation.direction, record.conversation.style) != ("A", "single"):
        yield from _left_open(record, response.state == "body", response.state == "start")


def _hint(event: Dict[str, Any], response: _Response) -> Found:
    links = event.get("links")
    if response.state in ("end", "trailers"):
        yield Violation("event-order", f"{event['type']} in state {response.state}")
    if type(links) not in (list, tuple):
        yield Violation("event-field", f"{event['type']} links of {type(links).__name__}")
        return
    for link in links:
        if type(link) is not bytes:
            yield Violation("event-field", f"{event['type']} link of {type(link).__name__}")
        elif not VALUE.fullmatch(link):
            yield Violation("link", "control character")


def _push(event: Dict[str, Any], response: _Response) -> Found:
    if response.state in ("end", "trailers"):
        yield Violation("event-order", f"{event['type']} in state {response.state}")
    yield from _typed(event, {"path": str, "headers": (list, tuple)}, {})
    yield from _headers(event, event.get("headers", []))
    path = event.get("path")
    if type(path) is str and re.search("[\x00-\x20\x7f\ud800-\udfff]", path):
        yield Violation("push-path", "control character, blank or surrogate")


def _is_gone(record: Record) -> bool:
    """Whether the server has said that the client has gone, or could not send."""
    if any(one.error is not None for one in record.server.written):
        return True
    return any(
        _text(_field(event, "type")) in ("http.disconnect", "websocket.disconnect")
        for event, _ in record.server.given
    )


def _left_open(record: Record, open: bool, nothing: bool) -> Found:
    """Check that the end of the application is the end of the conversation, too."""
    returned = record.application.ended and record.application.error is None
    if not returned or record.error is not None or record.cancelled or _is_gone(record):
        return
    if record.server.raised:
        return
    if open:
        yield Violation("unfinished", "open")
    elif nothing and record.conversation.direction == "A":
        yield Violation("unfinished", "nothing was sent")


def _websocket_wire(record: Record, taken: List[Written]) -> Found:
    state = "connecting"
    response = _Response(False, False)
    for one in taken:
        event = one.seen
        kind = event["type"]
        if kind in ("websocket.accept", "websocket.close", "websocket.http.response.start") and not one.reads:
            if record.conversation.direction == "A" and state == "connecting" and not record.server.raised:
                yield Violation("connect-read", kind)
        if kind == "websocket.accept":
            if state != "connecting":
                yield Violation("event-order", f"{kind} in state {state}")
            state = "open"
            yield from _accept(record, event)
        elif kind == "websocket.send":
            if state != "open":
                yield Violation("event-order", f"{kind} in state {state}")
            yield from _message(event)
        elif kind == "websocket.close":
            if state not in ("connecting", "open"):
                yield Violation("event-order", f"{kind} in state {state}")
            yield from _close(event, state)
            state = "closed"
        elif kind == "websocket.http.response.start":
            if state != "connecting":
                yield Violation("event-order", f"{kind} in state {state}")
            state = "denying"
            yield from response.start(event)
        elif kind == "websocket.http.response.body":
            if state != "denying":
                yield Violation("event-order", f"{kind} in state {state}")
            found, size = _body(event)
            yield from found
            yield from response.part(event, size)
            if response.state == "end":
                state = "closed"
    yield from _left_open(record, state != "closed", False)


def _accept(record: Record, event: Dict[str, Any]) -> Found:
    yield from _typed(event, {}, {"subprotocol": (str, type(None))})
    yield from _headers(event, event.get("headers", []))
    names = [name for name, _ in _lines(event.get("headers", []))]
    if b"sec-websocket-protocol" in names:
        yield Violation("subprotocol", "as a header")
    chosen = event.get("subprotocol")
    if type(chosen) is not str:
        return
    if not SUBPROTOCOL.fullmatch(chosen):
        yield Violation("subprotocol", "not a token")
    elif record.conversation.quirks.get("unoffered_subprotocol") == "keep":
        pass  # whether it was offered is for the application and the server to say
    elif chosen not in _offers(record):
        yield Violation("subprotocol", "not offered")


def _offers(record: Record) -> Set[str]:
    """What the client has offered: by the scope, or by its header."""
    out: Set[str] = set()
    given = _field(record.scope_before, "subprotocols")
    for item in given if type(given) in (list, tuple, dict) else ():
        if issubclass(type(item), str):
            out.add(str.__str__(item).strip())
        elif type(item) is bytes:
            out.add(item.decode("latin-1").strip())
    seen = record.application.scope_seen
    given = seen.get("subprotocols") if type(seen) is dict else None
    return out.union(item for item in given if type(item) is str) if type(given) is list else out


def _message(event: Dict[str, Any]) -> Found:
    there = [name for name in ("bytes", "text") if event.get(name) is not None]
    if len(there) != 1:
        yield Violation("message", f"{len(there)} of bytes and text")
        return
    value = event[there[0]]
    if type(value) is not (bytes if there[0] == "bytes" else str):
        yield Violation("message", f"{there[0]} of {type(value).__name__}")
    elif there[0] == "text" and re.search("[\ud800-\udfff]", value):
        yield Violation("message", "text that is no UTF-8")


def _close(event: Dict[str, Any], state: str) -> Found:
    yield from _typed(event, {}, {"code": int, "reason": (str, type(None))})
    code, reason = event.get("code", 1000), event.get("reason")
    if type(code) is int:
        # Before accept there is no frame: 403 is the answer, whatever the code.
        fits = any(low <= code <= high for low, high in SENDABLE)
        if not (fits or (state == "connecting" and 0 <= code < 2**16)):
            yield Violation("close-code", f"{state}")
    if type(reason) is str:
        if re.search("[\ud800-\udfff]", reason):
            yield Violation("close-reason", "no UTF-8")
        elif len(reason.encode("utf-8")) > 123:
            yield Violation("close-reason", "long")


def _lifespan_wire(record: Record, taken: List[Written]) -> Found:
    asked = {"startup": False, "shutdown": False}
    answered = {"startup": False, "shutdown": False}
    for one in taken:
        kind = one.seen["type"].replace("cleanup", "shutdown")
        for event, _ in record.server.given[: one.reads]:
            name = _text(_field(event, "type")) or ""
            asked["startup"] = asked["startup"] or name == "lifespan.startup"
            asked["shutdown"] = asked["shutdown"] or name in ("lifespan.shutdown", "lifespan.cleanup")
        yield from _typed(one.seen, {}, {"message": str})
        phase = kind.split(".")[1] if kind.count(".") == 2 else ""
        if phase not in asked:
            continue
        if answered[phase]:
            yield Violation("event-order", f"{kind} a second time")
        # Once start-up is answered, the end of the application is passed on whenever it comes.
        if phase == "shutdown" and not asked[phase] and not answered["startup"]:
            yield Violation("event-order", f"{kind} before it was asked for")
        answered[phase] = True


def _sending_order(record: Record, taken: List[Written], protocol: str) -> Found:
    """Check that numbered bodies and messages come in the order of the calls that sent them."""
    field = {"http": "body", "websocket": "text"}.get(protocol)
    if field is None:
        return

    def numbers(values: Any) -> List[str]:
        joined = "".join(
            value if type(value) is str else value.decode("latin-1")
            for value in values
            if type(value) in (str, bytes)
        )
        return re.findall("<[0-9]>", joined)

    calls = [call.before.get(field) for call in record.application.calls if type(call.before) is dict]
    sent, arrived = numbers(calls), numbers(one.seen.get(field) for one in taken)
    rest = iter(sent)
    if not all(number in rest for number in arrived):
        yield Violation("sending-order", protocol)


# -- what reaches the application ----------------------------------------------------------------------


def _application_side(record: Record, protocol: Optional[str]) -> Found:
    application = record.application
    if record.conversation.proper and application.entered:
        yield from _scope(record, protocol)
    yield from _received(record, protocol)
    yield from _shared(record)
    if not application.changed_scope and type(record.scope_before) is dict:
        for name, value in record.scope_before.items():
            if name not in record.scope or not _same(record.scope[name], value):
                yield Violation("scope-mutated", str(name))
        for name in record.scope:
            if name not in record.scope_before and name not in application.wrote:
                yield Violation("scope-mutated", f"{name} added")
    for event, before in record.server.given:
        if not _same(event, before):
            yield Violation("server-event-mutated", _kind(before))
    for call in application.calls:
        if call.name != "send" or call.mutated:
            continue
        if not _same(call.given, call.before):
            yield Violation("app-event-mutated", _kind(call.before))
        elif call.keys is not None and list(dict.keys(call.given)) != call.keys:
            yield Violation("app-event-mutated", type(call.given).__name__)


def _same(one: Any, two: Any, depth: int = 6) -> bool:
    """Whether two values are the same, without asking values of strange classes."""
    if one is two or not depth:
        return True
    if type(one) is not type(two):
        return False
    if type(one) is dict:
        return list(one) == list(two) and all(_same(one[key], two[key], depth - 1) for key in one)
    if type(one) in (list, tuple):
        return len(one) == len(two) and all(_same(a, b, depth - 1) for a, b in zip(one, two))
    return bool(one == two) if type(one) in (bytes, str, int, bytearray, float, bool) else False


_SCOPE = {
    "http_version": str,
    "method": str,
    "scheme": str,
    "path": str,
    "raw_path": bytes,
    "query_string": bytes,
    "root_path": str,
    "headers": list,
    "client": (tuple, list, type(None)),
    "server": (tuple, list, type(None)),
    "extensions": dict,
    "subprotocols": list,
    "state": dict,
}


def _scope(record: Record, protocol: Optional[str]) -> Found:
    scope, before = record.application.scope_seen, record.scope_before
    if type(scope) is not dict or scope.get("type") != protocol:
        yield Violation("scope-form", "type")
        return
    for name, kinds in _SCOPE.items():
        if name not in scope:
            if name in before:
                yield Violation("scope-form", f"without {name}")
        elif type(scope[name]) not in (kinds if type(kinds) is tuple else (kinds,)):
            yield Violation("scope-form", f"{name} of {type(scope[name]).__name__}")
    about = scope.get("asgi", {"version": "2.0"})
    if type(about) is not dict or type(about.get("version")) is not str:
        yield Violation("scope-form", "asgi")
    if _lines(scope.get("headers", [])) != _lines(before.get("headers", [])):
        yield Violation("scope-form", "headers")
    root, path = scope.get("root_path", ""), before.get("path")
    allowed = {path, root + str(path)}
    if root and str(path).startswith(root):
        allowed.add(str(path)[len(root) :] or "/")
    if path is not None and scope["path"] not in allowed:
        yield Violation("scope-form", "path")


def _received(record: Record, protocol: Optional[str]) -> Found:
    if protocol is None:
        return
    servers = {id(event) for event, _ in record.server.given}
    seen: Set[int] = set()
    right = all(_is_right(before, protocol) for _, before in record.server.given)
    for call in record.application.calls:
        event = call.result
        if call.name != "receive" or event is None:
            continue
        if id(event) in seen and id(event) not in servers:
            yield Violation("shared", "a received event")
        seen.add(id(event))
        if right:
            yield from _received_event(record, event)


def _is_right(event: Any, protocol: str) -> bool:
    """Whether an event of the server is as the specification says."""
    if type(event) is not dict or type(event.get("type")) is not str:
        return False
    if not event["type"].startswith(protocol + "."):
        return False
    wanted: Dict[str, Any] = {
        "body": bytes,
        "more_body": bool,
        "text": (str, type(None)),
        "bytes": (bytes, type(None)),
        "code": int,
        "reason": (str, type(None)),
    }
    if event["type"] == "websocket.receive" and event.get("text") is None and event.get("bytes") is None:
        return False
    for name, kinds in wanted.items():
        if name in event and type(event[name]) not in (kinds if type(kinds) is tuple else (kinds,)):
            return False
    return True


def _received_event(record: Record, event: Any) -> Found:
    if not issubclass(type(event), dict) or type(event.get("type")) is not str:
        yield Violation("received-form", type(event).__name__)
        return
    kind = event["type"]
    if kind in ("http.request", "http.request.body"):
        body, more = (
            event.get("body", event.get("content")),
            event.get("more_body", event.get("more_content")),
        )
        if type(body) is not bytes or type(more) is not bool:
            yield Violation("received-form", kind)
    elif kind == "websocket.receive":
        if len([name for name in ("text", "bytes") if event.get(name) is not None]) < 1:
            yield Violation("received-form", kind)
    elif kind == "websocket.disconnect" and type(event.get("code")) is not int:
        yield Violation("received-form", kind)


def _mutable(value: Any, depth: int = 5) -> Dict[int, Any]:
    out: Dict[int, Any] = {}
    if type(value) in (dict, list, bytearray, set):
        out[id(value)] = value
    if depth and type(value) is dict:
        for item in value.values():
            out.update(_mutable(item, depth - 1))
    elif depth and type(value) in (list, tuple) and len(value) < 1000:
        for item in value:
            out.update(_mutable(item, depth - 1))
    return out


def _shared(record: Record) -> Found:
    neighbour = record.neighbour
    if neighbour is None:
        return
    mine, theirs = _mutable(record.application.scope), _mutable(neighbour.scope)
    for key in mine.keys() & theirs.keys():
        names = [name for name, value in neighbour.scope.items() if id(value) == key]
        yield Violation("shared", f"scope {names}")


# -- how it ends ------------------------------------------------------------------------------------------


def _is_ours(record: Record, error: BaseException) -> bool:
    """Whether an error is none of the server's, the application's or asyncio's."""
    if isinstance(error, asyncio.CancelledError):
        return False
    others = record.server.raised + record.application.raised
    return all(error is not one for one in others)


def _is_documented(record: Record, error: BaseException) -> bool:
    kind = type(error)
    if kind.__module__.split(".")[0] == "asgi_compat" and kind.__name__ in DOCUMENTED:
        return True
    if isinstance(error, OSError) and not isinstance(error, Broken):
        return True
    if kind.__name__ == "LifespanOver":
        return True  # ends an application that asks for events after everything was answered for it (A4, B33)
    # Old servers understand nothing else (rule B31).
    return (
        kind is RuntimeError
        and record.conversation.kind == "lifespan"
        and record.conversation.direction == "B"
    )


def _errors(record: Record) -> List[BaseException]:
    """Every error that somebody saw, once."""
    found = [call.error for call in record.application.calls] + [record.error, record.application.error]
    out: List[BaseException] = []
    for error in found:
        if type(error).__name__ == "LifespanOver" and error is not record.error:
            continue  # ends an application that asks after its lifespan, like a cancellation
        if error is not None and all(error is not other for other in out):
            out.append(error)
    return out


def _outcome(record: Record, protocol: Optional[str]) -> Found:
    for error in _errors(record):
        if not _is_ours(record, error):
            continue
        if not _is_documented(record, error):
            if protocol is not None or _where(error):
                yield Violation("undocumented-error", *_named(error))
        elif type(error).__name__ == "ServerMessageError":
            if _is_correct(record):
                yield Violation("server-blamed", *_named(error))
            if _refuses_a_field(record, error):
                yield Violation("field-refused", *_named(error))
    yield from _replaced(record, protocol)
    yield from _waits(record)
    if record.application.longest_spin >= LONGEST_SPIN:
        calls = record.application.calls
        yield Violation("spin", f"{calls[-1].name if calls else 'send'} of {protocol}")
    if record.out_of_budget:
        yield Violation("never-rests", str(protocol))
    elif record.still_running:
        yield Violation("uncancellable", str(protocol))
    if sys.version_info >= (3, 11):
        for call in record.application.calls:
            if call.cancelled and call.done and call.error is None and not record.cancelled:
                yield Violation("cancel-swallowed", call.name)
    if record.left_tasks and "lazy_lifespan" not in record.conversation.quirks:
        yield Violation("task-left", record.left_tasks[0].get_coro().__qualname__)


def _is_correct(record: Record) -> bool:
    """Whether the server did nothing wrong: its scope and events are right, and it raised nothing."""
    return record.conversation.proper


def _refuses_a_field(record: Record, error: BaseException) -> bool:
    """Whether a field of a scope or an event was refused, which only strict mode may do."""
    return not record.conversation.strict and getattr(error, "field", None) not in (None, "type")


def _replaced(record: Record, protocol: Optional[str]) -> Found:
    mine = record.application.error
    if record.cancelled or isinstance(mine, asyncio.CancelledError):
        return
    if mine is None or record.error is mine:
        return
    if protocol == "lifespan":
        # It is answered for (A4, B33), or said in the only way that an old server understands (B31).
        return
    yield Violation(
        "error-replaced", type(mine).__name__ if record.error is None else _named(record.error)[0]
    )


def _waits(record: Record) -> Found:
    if not record.cancelled:
        return
    if record.receiving or record.sending:
        return
    # What the adapter says itself counts, too: the disconnect after a response (B15).
    events = [event for event, _ in record.server.given] + [call.seen for call in record.application.calls]
    names = [_text(_field(event, "type")) for event in events]
    ends = ("http.disconnect", "websocket.disconnect", "lifespan.shutdown", "lifespan.cleanup")
    consumed = any("fully consumed" in _words(error) for error in record.server.raised)
    for call in record.waiting:
        if call.name == "receive" and (consumed or any(name in ends for name in names)):
            continue
        yield Violation("hang", call.name)
    if not record.waiting:
        yield Violation("hang", "the adapter")


def _words(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _texts(record: Record, protocol: Optional[str]) -> Found:
    ours = [error for error in _errors(record) if _is_ours(record, error)]
    for error in ours:
        name, where = _named(error)
        yield from _text_rules(_words(error), f"{name}", where)
        expected = getattr(error, "expected", "")
        if isinstance(expected, str):
            yield from _text_rules(expected, f"expected of {name}", where)
    for line in record.logged:
        yield from _text_rules(line, "log", " ".join(line.split()[-3:])[:30] if len(line) < 300 else "")
    if record.reprs > 1000:
        yield Violation("repr-unbounded", str(protocol))


def _text_rules(text: str, what: str, where: str) -> Found:
    if len(text) > LONGEST_TEXT:
        yield Violation("text-long", what, where)
    if CONTROL.search(text):
        yield Violation("text-control", what, where)
    if SECRET[:6] in text:
        yield Violation("text-secret", what, where)


# -- the neighbour ------------------------------------------------------------------------------------------


def _neighbour(record: Record, protocol: Optional[str]) -> Found:
    neighbour = record.neighbour
    if neighbour is None:
        return
    if neighbour.error is not None:
        yield Violation("neighbour", *_named(neighbour.error))
        return
    kinds = [_kind(event) for event in neighbour.written]
    if not neighbour.done or kinds[:1] != ["http.response.start"] or set(kinds[1:]) != {"http.response.body"}:
        yield Violation("neighbour", f"events {kinds[:3]}")
        return
    start, *bodies = neighbour.written
    if start["status"] != 201 or start["headers"] != NEIGHBOUR_HEADERS:
        yield Violation("neighbour", "start")
    if b"".join(event["body"] for event in bodies) != b"answer" or bodies[-1]["more_body"]:
        yield Violation("neighbour", "body")
    about, given = neighbour.scope_seen.get("asgi", {}), neighbour.given_scope
    if set(about) - {"version", "spec_version"} or _lines(neighbour.scope_seen["headers"]) != _lines(
        given["headers"]
    ):
        yield Violation("neighbour", "scope")
    if neighbour.received.get("body", neighbour.received.get("content")) != b"question":
        yield Violation("neighbour", "received")


# -- proper conversations -----------------------------------------------------------------------------------


def _folded(events: List[Any], head: bool) -> Any:
    """What a list of events says: status, headers and body; messages; answers."""
    out: List[Any] = []
    body = b""
    bodiless = head
    for event in events:
        kind = event["type"]
        if kind.endswith("response.start"):
            status = event["status"]
            bodiless = head or status in (204, 304)
            lines = [line for line in _lines(event.get("headers", ())) if line != (b"content-length", b"0")]
            out.append((status, lines))
        elif kind.endswith("response.body"):
            body += b"" if bodiless else event.get("body", b"")
            if not event.get("more_body", False):
                out.append(body)
        elif kind == "websocket.send":
            out.append(event["text"] if event.get("text") is not None else event["bytes"])
        elif kind == "websocket.accept":
            out.append(("accept", event.get("subprotocol")))
        elif kind == "websocket.close":
            out.append(("close", event.get("code", 1000)))
        else:
            out.append(kind)
    return out


def _proper(record: Record, protocol: Optional[str]) -> Found:
    c = record.conversation
    if not c.proper:
        return
    for error in (record.error, record.application.error):
        if error is not None and not record.cancelled:
            yield Violation("proper", *_named(error))
            return
    head = _is_head(record)
    sent = [call.before for call in record.application.calls if call.name == "send"]
    arrived = _folded([one.seen for one in record.server.written], head)
    wanted = _folded(sent, head)
    if c.kind == "denial" and c.direction == "B" and not _announced(record, "websocket.http.response.start"):
        wanted = [("close", 1000)]
    elif c.kind == "websocket" and not any(type(item) is tuple and item[0] == "close" for item in wanted):
        wanted.append(("close", 1000))
    daphne = c.kind == "websocket" and record.scope.get("asgi", {}).get("spec_version") is None
    if arrived != wanted and not daphne:
        yield Violation("proper", c.kind)
