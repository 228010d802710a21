"""`trace`: one line for each scope and event of each connection, and for each repair.

Lines are written from outside the adapter: what a server gives and what it is given. A repair is a line of
its own, in the order in which things happen. Bodies are shortened, and values of headers that may be secret
are replaced by their size.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from itertools import count
from time import localtime, strftime, time

from .._text import describe, safe_error, safe_repr, shorten
from .service import to_asgi3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

    from .._types import ASGI2App, ASGI3App, Message, Receive, Scope, Send

    Write = Callable[[str], object]

#: Characters of a body, and of any other value, that are shown.
BODY, VALUE = 48, 80
#: Headers that are shown.
HEADERS = 40
#: Words in the name of a header whose value may be secret.
SECRET = (
    "auth",
    "cookie",
    "token",
    "key",
    "secret",
    "session",
    "password",
    "csrf",
    "credential",
    "signature",
)

#: What a line is about, as it is in JSON, and the sign in front of it in text.
SIGNS = {"scope": "==", "receive": "<-", "send": "->", "repair": "~~", "raised": "!!", "returned": "--"}

_connection: ContextVar[int] = ContextVar("asgi_compat_connection", default=0)


def trace(
    app: ASGI2App | ASGI3App, *, write: Optional[Write] = None, json: bool = False, **options: Any
) -> ASGI3App:
    """Adapt an application as `to_asgi3` does, and write a line for everything that goes by.

    ``write`` is called with each line, without its end; the default writes to standard error. The lines
    hold the time, the number of the connection, the direction (``==`` scope, ``<-`` received, ``->`` sent,
    ``~~`` repaired, ``!!`` raised, ``--`` returned), the type of the event and its fields. With ``json``
    each line is one JSON object. ``options`` are those of `to_asgi3`. Bodies are shortened, and secret
    headers not shown. Raises what `to_asgi3` raises.

    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": "200", "headers": []})
    ...         await send({"type": "http.response.body", "body": b"hello"})
    ...     return instance
    >>> import asyncio
    >>> lines = []
    >>> async def ignore(*event): ...
    >>> scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", b"a=1")]}
    >>> asyncio.run(trace(old, write=lines.append)(scope, ignore, ignore))
    >>> print(*(line[14:] for line in lines[:2]), sep="\\n")
    #1  ==  http method='GET' path='/' headers=[cookie: <3 bytes>]
    #1  ~~  http.response.start status: '200' became 200 [A23]
    """
    tracer = Tracer(write or _to_standard_error, json)
    also = options.pop("on_repair", None)

    def on_repair(rule: str, before: Message, after: Optional[Message]) -> None:
        tracer.repaired(rule, before, after)
        if also is not None:
            also(rule, before, after)

    return Traced(to_asgi3(app, on_repair=on_repair, **options), tracer)


def _to_standard_error(line: str) -> None:
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        pass  # nobody reads it, and the application goes on


class Traced:
    """An adapted application that writes what goes by."""

    _asgi_single_callable = True

    def __init__(self, app: ASGI3App, tracer: Tracer) -> None:
        self.app = app
        self.tracer = tracer

    def __repr__(self) -> str:
        return f"<trace of {safe_repr(self.app)}>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tracer = self.tracer
        number = tracer.open()
        token = _connection.set(number)
        tracer.line(number, "scope", scope)

        async def traced_receive() -> Message:
            event = await receive()
            tracer.line(number, "receive", event)
            return event

        async def traced_send(event: Message) -> None:
            tracer.line(number, "send", event)
            await send(event)

        try:
            await self.app(scope, traced_receive, traced_send)
        except BaseException as error:
            tracer.say(number, "raised", safe_error(error), {})
            raise
        finally:
            _connection.reset(token)
        tracer.say(number, "returned", "", {})


class Tracer:
    """Write lines, and number the connections."""

    def __init__(self, write: Write, json: bool) -> None:
        self.write = write
        self.json = json
        self._numbers = count(1)

    def open(self) -> int:
        """Return the number of a new connection."""
        return next(self._numbers)

    def line(self, number: int, about: str, event: Message) -> None:
        """Write a scope or an event."""
        self.say(number, about, type_of(event), {name: shown(value) for name, value in fields_of(event)})

    def repaired(self, rule: str, before: Message, after: Optional[Message]) -> None:
        """Write a repair: the fields that it changed, what they were and what became of them."""
        for name, was, now in changes(before, after):
            fields = {"field": name, "was": was, "now": now, "rule": rule}
            self.say(_connection.get(), "repair", type_of(before), fields)

    def say(self, number: int, about: str, what: str, fields: Dict[str, str]) -> None:
        """Write one line."""
        now = time()
        if self.json:
            from json import dumps

            facts = {"time": round(now, 3), "connection": number, "about": about, "type": what, **fields}
            self.write(dumps(facts if about != "repair" else {**facts, "rule": fields["rule"]}))
            return
        clock = f"{strftime('%H:%M:%S', localtime(now))}.{int(now * 1000) % 1000:03}"
        if about == "repair":
            field = f" {fields['field']}: " if fields["field"] else ": "
            rest = f"{what}{field}{fields['was']} became {fields['now']} [{fields['rule']}]"
        else:
            words = [what or about, *[f"{name}={text}" for name, text in fields.items()]]
            rest = " ".join(words)
        self.write(f"{clock}  #{number}  {SIGNS[about]}  {rest}")


def type_of(event: Message) -> str:
    """Return the type of a scope or an event, or what stands in its place."""
    kind = event.get("type") if issubclass(type(event), dict) else None
    return shorten(kind, VALUE) if type(kind) is str else describe(event)


def fields_of(event: Any) -> Iterator[Tuple[str, object]]:
    """Yield the fields of a scope or an event, but for its type."""
    if issubclass(type(event), dict):
        for name, value in list(dict.items(event)):
            if name != "type":
                yield name if type(name) is str else safe_repr(name, VALUE), value


def changes(before: Message, after: Optional[Message]) -> List[Tuple[str, str, str]]:
    """Return the fields that a repair has changed: the name, what it was, what it is."""
    was, now = dict(fields_of(before)), dict(fields_of(after))
    found = []
    if after is None:
        return [("", describe(before), "nothing")]
    if type_of(before) != type_of(after):
        found.append(("type", safe_repr(type_of(before)), safe_repr(type_of(after))))
    for name in {**was, **now}:
        old, new = _or_none(was, name), _or_none(now, name)
        if old != new:
            found.append((name, old, new))
    return found or [("", describe(before), describe(after))]


def _or_none(fields: Mapping[str, object], name: str) -> str:
    if name not in fields:
        return "none"
    value = fields[name]
    text = shown(value)
    # Two values of one text are told apart by their types.
    return (
        text
        if issubclass(type(value), (str, bytes, int)) or value is None
        else f"{type(value).__name__} {text}"
    )


def shown(value: Any) -> str:
    """Return a value as one short line: headers by name, a body with its size, the keys of a dict."""
    if _is_headers(value):
        more = f", and {len(value) - HEADERS} more" if len(value) > HEADERS else ""
        return f"[{', '.join(_header(*pair) for pair in value[:HEADERS])}{more}]"
    if issubclass(type(value), (bytes, bytearray, str)):
        rest = f" ({len(value)} in all)" if len(value) > BODY else ""
        return f"{safe_repr(value[:BODY], VALUE)}{rest}"
    if issubclass(type(value), dict):
        pairs = list(dict.items(value))[:HEADERS]
        return f"{{{', '.join(_header(*pair) if _is_text(pair) else safe_repr(pair[0]) for pair in pairs)}}}"
    return safe_repr(value, VALUE)


def _is_headers(value: Any) -> bool:
    """Return whether a value is a list of pairs of texts, as headers are in every generation."""
    return type(value) in (list, tuple) and bool(value) and all(map(_is_text, value))


def _is_text(pair: Any) -> bool:
    """Return whether a value is a pair of texts."""
    return type(pair) in (list, tuple) and len(pair) == 2 and all(type(one) in (bytes, str) for one in pair)


def _header(name: Any, value: object) -> str:
    text = name.decode("latin-1") if type(name) is bytes else name
    if any(word in text.lower() for word in SECRET):
        return f"{shorten(safe_repr(text)[1:-1], BODY)}: <{describe_size(value)}>"
    return f"{shorten(safe_repr(text)[1:-1], BODY)}: {safe_repr(value, BODY)}"


def describe_size(value: object) -> str:
    """Return the size of a value that is not shown.

    >>> describe_size(b"secret")
    '6 bytes'
    """
    return f"{len(value)} bytes" if type(value) is bytes else describe(value)
