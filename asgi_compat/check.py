"""``python -m asgi_compat check``: what an application does wrong, found by talking to it.

    python -m asgi_compat check module:app          # exit status 0 without findings, 1 with

Laws

1. The application is called natively, in the style it is, by a server that takes whatever it sends:
   so that one mistake does not hide the next. What it sent is judged afterwards, by sending it once
   more through `to_asgi3`, which knows the rules: each repair and each refusal there is a finding.
2. What no message shows is judged by what happened: an exception, no end, a `send` that nobody awaits.
   Then the same conversation is held once more, through `to_asgi3`, to say what comes of it there.
3. Every conversation ends, whatever the application does, and so does what it leaves behind. What is
   remembered of one is bounded (`KEPT_EVENTS`, `KEPT_BYTES`), however long it streams.
4. What the specification permits is a note, not a finding: an application may not know a protocol, may
   refuse a WebSocket, may answer 404. Findings that it permits, and that a server of today breaks
   on, say so (`Finding.level`).
"""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import signal
import textwrap
import threading
import time
import traceback
from contextlib import contextmanager, suppress
from types import FrameType
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
)

from asgi_compat import (
    TABLE,
    AdapterError,
    AppMessageError,
    Quirks,
    Style,
    Verdict,
    classify,
    guarantee_single_callable,
    profile_of,
    rules,
    to_asgi3,
)
from asgi_compat._peers import (
    EVENTS,
    FIELDS,
    GRACE,
    IMMORTAL,
    NOWHERE,
    PEERS,
    Blocked,
    Ending,
    LifespanPeer,
    Peer,
    Script,
    WebSocketPeer,
    call,
    converse,
    counted,
    end_task,
    field_of,
    modern_type,
    scripts,
    shown,
    type_of,
)

__all__ = ["PROBLEMS", "Conversation", "Finding", "Note", "Options", "Report", "as_json", "as_text", "check"]

#: Seconds for which it may hold up the loop without a note.
LAG = 0.5

#: What a finding can be, beside its rule.
PROBLEMS = ("repaired", "refused", "order", "raised", "hangs", "stays", "unawaited", "late", "returned")


# --- what comes out ------------------------------------------------------------------------------


class Finding(NamedTuple):
    """One thing that the application does wrong, wherever it was seen."""

    #: The id of the rule that is about it, for ``explain``, or None: no rule mends it.
    rule: Optional[str]
    #: One of `PROBLEMS`: ``repaired``, ``refused`` (the shape of a message); ``order`` (a message left
    #: out, or after the end); ``raised``, ``hangs``, ``stays`` (when the client has left),
    #: ``unawaited``, ``late`` (sent after it returned), ``returned`` (a value).
    problem: str
    #: Whose trouble it is: ``specification`` forbids it; ``servers`` of today break on it, although it
    #: is permitted; ``application``: it failed by itself.
    level: str
    #: The type of the event or scope, and the field, or "".
    event: str
    field: str
    #: What was sent, or what happened, in words.
    sent: str
    #: What the specification says.
    specification: str
    #: What `to_asgi3` makes of it.
    to_asgi3: str
    #: Whether all is well behind `to_asgi3`.
    mended: bool
    #: The names of the conversations in which it was seen.
    conversations: Tuple[str, ...]


class Note(NamedTuple):
    """Something to know that is not wrong."""

    rule: Optional[str]
    text: str
    conversations: Tuple[str, ...]


class Conversation(NamedTuple):
    """One conversation, and how it went."""

    name: str
    #: ``http``, ``websocket`` or ``lifespan``.
    protocol: str
    path: str
    #: In words.
    result: str
    #: The status of the response, None without one.
    status: Optional[int]
    #: How many events the application received and sent.
    received: int
    sent: int


class Report(NamedTuple):
    """All that `check` found out."""

    verdict: Verdict
    #: How it was called: ``single``, ``double``, or ``unknown``: as it takes it.
    called: str
    conversations: Tuple[Conversation, ...]
    findings: Tuple[Finding, ...]
    notes: Tuple[Note, ...]


class Options(NamedTuple):
    """What the application is asked."""

    paths: Sequence[str] = ("/",)
    methods: Sequence[str] = ("GET", "HEAD", "POST")
    #: Offered in every WebSocket.
    subprotocols: Sequence[str] = ()
    #: Seconds that one conversation may take.
    timeout: float = 5.0
    #: ``"auto"``, ``"single"`` or ``"double"``.
    style: str = "auto"
    quirks: Optional[Quirks] = None
    #: Rules and problems that are notes here.
    ignore: Sequence[str] = ()


# --- the table, asked for what is needed here ------------------------------------------------------

_RULES = {row.id: row for row in rules()}
#: What is tidied in silence, because the specification permits it, and is a finding all the same
#: because a server of today does not take it: the operation, and when it has something to do.
_SILENT: Dict[str, Callable[[Dict[str, Any], str], bool]] = {
    "missing": lambda event, field: field not in event,
    "listed": lambda event, field: hasattr(type(event.get(field)), "__next__"),
}
#: The rules about what is sent after the end, which is dropped without a word.
_AFTER_THE_END = {"http": "A30", "websocket": "A37"}
#: What goes on in place of an event that was refused, so that the next can be judged.
_STAND_INS: Dict[str, Dict[str, Any]] = {
    "http.response.start": {"status": 500, "headers": []},
    "websocket.http.response.start": {"status": 403, "headers": []},
    "websocket.accept": {},
}


def _foreign(kind: str, protocol: str) -> bool:
    """Whether it is an event of another protocol: of an application that does not look at its scope."""
    modern = EVENTS.get(modern_type(kind, protocol))
    if modern is not None and modern.scope == protocol:
        return False
    return any(
        EVENTS.get(modern_type(kind, other)) is not None and EVENTS[modern_type(kind, other)].scope == other
        for other in ("http", "websocket", "lifespan")
        if other != protocol
    )


def _where(row: Any) -> str:
    return str(row.where).split(";")[0]


def _specified(event: str, field: str, rule: Optional[str] = None) -> str:
    """What the specification says of a field, of an event, or of the order of events."""
    row = FIELDS.get((event, field))
    if row is not None:
        if repr(row.default) == "REQUIRED":
            must = "required"
        elif row.default in (None, ()):
            must = "may be left out"
        else:
            must = f"may be left out, the default is {shown(row.default)}"
        return f"{row.kind}; {must} ({_where(row)})"
    if _crossed(rule):
        return _crossed(rule)
    known = EVENTS.get(event)
    return f"{event} ({_where(known)})" if known is not None else ""


def _crossed(rule: Optional[str]) -> str:
    """What the specification says of several fields, or events, together."""
    return next((str(cross.what) for cross in TABLE.cross_fields if rule in cross.rules), "")


def _ordered(event: str) -> str:
    """What the specification says of the order in which an event comes."""
    rows = [row for row in TABLE.cross_fields if event in row.events and row.place.startswith("_connection")]
    return str(rows[0].what) if rows else _specified(event, "")


# --- words -----------------------------------------------------------------------------------------


def _shape(value: Any, depth: int = 2) -> str:
    """The types in a value: what two findings of one rule must have in common to be one."""
    name = type(value).__name__
    if depth and isinstance(value, dict):
        inner = {f"{_shape(k, 0)}:{_shape(v, 0)}" for k, v in list(value.items())[:64]}
    elif depth and isinstance(value, (list, tuple)):
        inner = {_shape(item, depth - 1) for item in list(value)[:64]}
    else:
        return name
    return f"{name}[{' '.join(sorted(inner))}]"


def _error(error: BaseException) -> str:
    """The last line of its traceback."""
    try:
        text = traceback.format_exception_only(type(error), error)[-1].strip()
    except Exception:
        text = type(error).__name__
    text = text.split("\n")[0]
    if isinstance(error, AppMessageError):
        text = f"AppMessageError: {error}"
    return text if len(text) <= 200 else f"{text[:197]}..."


def _place(error: BaseException) -> str:
    """The file, line and function it was raised in, as far as that is not this library's or Python's."""
    here = os.path.dirname(os.path.abspath(__file__)) + os.sep
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith((here, "<"))]
    own = [
        frame
        for frame in theirs
        if "site-packages" not in frame.filename and os.path.dirname(os.__file__) not in frame.filename
    ]
    for frame in reversed(own or theirs):
        path = os.path.relpath(frame.filename) if frame.filename.startswith(os.getcwd()) else frame.filename
        return f"{path}:{frame.lineno}, in {frame.name}"
    return ""


def _differing(before: Any, after: Any) -> Tuple[Any, Any]:
    """Of two lists the items that are not the same; else the values as they are."""
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)) and len(before) == len(after):
        pairs = [(one, two) for one, two in zip(before, after) if _strictly(one) != _strictly(two)]
        if 0 < len(pairs) < len(before):
            return [one for one, _ in pairs], [two for _, two in pairs]
    return before, after


def _strictly(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_strictly(item) for item in value]
    if isinstance(value, dict):
        return {key: _strictly(item) for key, item in value.items()}
    return type(value), value


def _seconds(value: float) -> str:
    return f"{value:g} s"


# --- judging ---------------------------------------------------------------------------------------


class _Stopped(Exception):
    """Stands for whatever ended the application before it returned."""


_RETURNED: Any = object()


class _Judged(NamedTuple):
    """What came of sending one event once more, through the rules."""

    #: `_RETURNED` for what came of the return.
    event: Any
    repairs: List[Tuple[str, Any, Any]]
    refused: Optional[AppMessageError]
    #: Nothing came of it at all, after the end of the connection.
    dropped: bool


class _Replay:
    """Sends what was sent natively once more, through `to_asgi3`, and notes what that makes of it."""

    def __init__(self, check: _Check, peer: Peer, returned: bool) -> None:
        self.check = check
        self.peer = peer
        self.returned = returned and peer.whole
        self.judged: List[_Judged] = []
        self.repairs: List[Tuple[str, Any, Any]] = []
        #: What reached the server, the last of it, and how many.
        self.out: List[Any] = []
        self.count = 0
        self.incoming = [event for what, event in peer.steps if what == "receive"] or list(
            peer.script.events[:1]
        )

    async def run(self) -> List[_Judged]:
        """Give what came of each event, in order, and last what came of the return."""
        adapted = self.check.adapted(self._stand_in(), self._repaired)
        error: Optional[AppMessageError] = None
        self.repairs = []
        try:
            # Nothing in here waits for anything: the limit is for a mistake of ours.
            await asyncio.wait_for(adapted(self.peer.script.scope, self._receive, self._send), 5)
        except AppMessageError as refused:
            error = refused
        except (_Stopped, asyncio.TimeoutError):
            pass
        # What is sent in the name of an application that failed is no finding of its own: that is.
        if self.returned and not (error is not None and any(one.refused for one in self.judged)):
            self.judged.append(_Judged(_RETURNED, self.repairs, error, False))
        return self.judged

    def _repaired(self, rule: str, before: Any, after: Any) -> None:
        self.repairs.append((rule, before, after))

    def _stand_in(self) -> Any:
        async def single(scope: Any, receive: Any, send: Any) -> None:
            await self._play(receive, send)

        def double(scope: Any) -> Any:
            return functools.partial(single, scope)

        return double if self.check.doubled else single

    async def _play(self, receive: Any, send: Any) -> None:
        for what, event in self.peer.steps:
            if what == "receive":
                await receive()
                continue
            before = self.count
            ended = self._ended()
            self.repairs = []
            refused: Optional[AppMessageError] = None
            try:
                await send(event)
            except AppMessageError as error:
                refused = error
            dropped = ended and refused is None and not self.repairs and self.count == before
            self.judged.append(_Judged(event, self.repairs, refused, dropped))
            if refused is not None and not ended:
                await self._go_on(event, refused, send)
        self.repairs = []
        if not self.returned:
            raise _Stopped

    async def _go_on(self, event: Any, refused: AppMessageError, send: Any) -> None:
        """Send something right in place of what was refused, if it was refused for what is in it."""
        if refused.field is None or refused.field == "type":
            return
        kind = type_of(event)
        modern = modern_type(kind, self.peer.script.protocol)
        if modern in _STAND_INS:
            instead = {"type": modern, **_STAND_INS[modern]}
        elif modern == "http.response.body":
            instead = {"type": modern, "body": b"", "more_body": bool(field_of(event, modern, "more_body"))}
        elif modern == "websocket.close":
            instead = {"type": modern}
        else:
            return
        try:
            await send(instead)
        except AppMessageError:
            pass

    def _ended(self) -> bool:
        return any(
            (
                type_of(event) in ("http.response.body", "websocket.http.response.body")
                and not event.get("more_body")
            )
            or type_of(event) == "websocket.close"
            for event in self.out
        )

    async def _receive(self) -> Any:
        if self.incoming:
            return self.incoming.pop(0)
        protocol = self.peer.script.protocol
        return {"type": f"{protocol}.shutdown" if protocol == "lifespan" else f"{protocol}.disconnect"}

    async def _send(self, event: Any) -> None:
        self.count += 1
        self.out.append(event)
        del self.out[:-8]


class _Deed(NamedTuple):
    """A finding about what the application did, in words with gaps."""

    problem: str
    rule: Optional[str]
    level: str
    event: str
    did: str
    says: str
    makes: str
    mended: bool


#: By name. What the gaps are filled with comes from the conversation, and from the rows of the table.
# fmt: off
_DEEDS: Dict[str, _Deed] = {
    "reported": _Deed(
        "raised", None, "application", "lifespan.{which}.failed",
        "{which} failed: {message}",
        "a server ends then, and prints the message", "hands it on", False),
    "no start-up": _Deed(
        "hangs", None, "specification", "lifespan.startup",
        "no answer within {seconds}: it neither sent lifespan.startup.complete nor raised",
        "{together}", "waits for as long as the server does", False),
    "no shutdown": _Deed(
        "hangs", "A20", "specification", "lifespan.shutdown",
        "no answer within {seconds}, and it has not ended: servers hang at shutdown",
        "lifespan.shutdown.complete or lifespan.shutdown.failed answers it", "{outcome}", False),
    "no dict": _Deed(
        "repaired", None, "servers", "{event}",
        "a {kind} is no dict",
        "an event is a dict; granian takes nothing else", "makes a dict of it", True),
    "dropped": _Deed(
        "order", "", "servers", "{event}",
        "{event} after {end}",
        "{together}; {why}", "drops it", True),
    "unread": _Deed(
        "order", "A49", "servers", "websocket.connect",
        "did not receive websocket.connect before it answered",
        "{together}; {why}", "{makes}", True),
    "open": _Deed(
        "order", "A44", "servers", "websocket.close",
        "returned, and left the connection open",
        "{together}; {why}", "{makes}", True),
    "no answer": _Deed(
        "order", "A45", "specification", "websocket.connect",
        "returned with neither accept nor close",
        "{together}; {why}", "{makes}", True),
    "late": _Deed(
        "late", None, "specification", "{event}",
        "{event} was sent after it had returned",
        "a connection is over when the application returns: await send()",
        "lets it through, and the server may not", False),
    "silent": _Deed(
        "hangs", None, "application", "{protocol} scope",
        "no {what} within {seconds} (--timeout); it had received {heard}",
        "the client waits for as long as the application does", "{outcome}", False),
    "stays": _Deed(
        "stays", "A18", "application", "{protocol}.disconnect",
        "did not end when the client had left{sent}: {told}",
        "{protocol}.disconnect is what receive() gives then; few servers stop it",
        "gives the same event; nobody but the application can stop", False),
    "immortal": _Deed(
        "stays", None, "application", "{protocol} scope",
        "could not be cancelled",
        "servers cancel what still runs at shutdown, and wait for it", "hands the cancellation on", False),
    "blocked": _Deed(
        "hangs", None, "application", "{protocol} scope",
        "held up the event loop for {seconds}{place}: nothing else ran",
        "an application gives way to others: it awaits, or works in a thread", "{outcome}", False),
    "no instance": _Deed(
        "raised", "A1", "application", "{protocol} scope",
        "{error}",
        "app(scope) gives what is called with (receive, send) and awaited", "{outcome}", False),
    "no lifespan": _Deed(
        "raised", "A4", "application", "lifespan scope",
        "{error}{place}, {when}",
        "a server goes on without lifespan, or says that start-up has failed", "{outcome}", False),
    "raised": _Deed(
        "raised", None, "application", "{protocol} scope",
        "{error}{place}, {when}",
        "an exception that leaves the application is a 500, or a connection that breaks", "{outcome}", False),
    "raised apart": _Deed(
        "raised", None, "application", "",
        "{error}{place}, {when}",
        "nobody is told of an exception in a task that nobody awaits", "hands it on", False),
    "returned": _Deed(
        "returned", "A3", "servers", "*",
        "returned {value}",
        "nothing is to be returned; {why}", "{makes}", True),
    "unawaited": _Deed(
        "unawaited", None, "specification", "{event}",
        "{what}() was called and not awaited",
        "{what} is awaited: nothing happens without that", "cannot mend it", False),
}
# fmt: on


class _Findings:
    """What has been found so far: each thing once, with the conversations in which it was seen."""

    def __init__(self) -> None:
        self.found: Dict[Tuple[Any, ...], Finding] = {}
        self.notes: Dict[Tuple[Optional[str], str], List[str]] = {}

    def add(self, key: Tuple[Any, ...], finding: Finding) -> None:
        """Add a finding, or its conversations to the same one."""
        known = self.found.get(key)
        if known is not None:
            names = [name for name in finding.conversations if name not in known.conversations]
            finding = known._replace(conversations=(*known.conversations, *names))
        self.found[key] = finding

    def note(self, name: str, text: str, rule: Optional[str] = None) -> None:
        """Add a note."""
        names = self.notes.setdefault((rule, text), [])
        if name not in names:
            names.append(name)

    def deed(self, deed: str, name: str, *key: Any, mended: Optional[bool] = None, **gaps: Any) -> None:
        """Add what the application did, by the name of its row; ``key`` tells two of one row apart."""
        row = _DEEDS[deed]
        rule = gaps.pop("rule", None) or row.rule
        if rule:
            gaps.update(why=_RULES[rule].why, makes=_RULES[rule].makes)
        gaps["together"] = _crossed(rule) or _specified(row.event, "")
        event, did, says, makes = (text.format(**gaps) for text in (row.event, row.did, row.says, row.makes))
        finding = Finding(
            rule, row.problem, row.level, event, "", did, says, makes,
            row.mended if mended is None else mended, (name,),
        )  # fmt: skip
        self.add((deed, event, *key), finding)

    def repaired(self, rule: str, before: Any, after: Any, name: str) -> None:
        """Add a repair of `to_asgi3`: the event before it and after it (None when it was dropped)."""
        row = _RULES[rule]
        kind = type_of(before)
        field, made = "", str(row.makes)
        if after is None or not isinstance(before, dict):
            sent = shown(before)
            field = "type" if kind in {split.was for split in TABLE.splits} else ""
        elif type_of(after) != kind:
            field, sent, made = "type", shown(kind), shown(type_of(after))
        elif rule == "A28":
            sent, made = f"a second {kind}, before any body", "the second takes the first one's place"
        else:
            field, sent, made = self._compared(row, before, after)
        if field == "type":
            says = _specified(
                modern_type(kind, "http" if kind.startswith("http") else kind.split(".")[0]), ""
            )
        else:
            says = _crossed(rule) if self._of_several(rule, kind) else ""
            says = says or _specified(kind, field.split(", ")[0], rule)
        shape = _shape(before.get(field)) if isinstance(before, dict) else ""
        self.add(
            ("repaired", rule, kind, field, shape),
            Finding(rule, "repaired", "specification", kind, field, sent, says, made, True, (name,)),
        )

    def unfinished(self, name: str) -> None:
        """Add that the application returned, and left its response open."""
        did, kind = "returned, and had sent no body with more_body False", "http.response.body"
        finding = Finding(
            "A28", "order", "specification", kind, "more_body",
            did, _crossed("A28"), "finishes the response", True, (name,),
        )  # fmt: skip
        self.add(("unfinished",), finding)

    @staticmethod
    def _of_several(rule: str, kind: str) -> bool:
        """Whether a rule is about several fields of an event: then all of them are shown."""
        return any(one.rule == rule and one.event == kind and not one.field for one in TABLE.repairs)

    def _compared(self, row: Any, before: Dict[str, Any], after: Dict[str, Any]) -> Tuple[str, str, str]:
        """The field that a repair is about, and what it was and became."""
        gone = object()
        whole = self._of_several(row.id, type_of(before))
        changed = [
            key
            for key in dict.fromkeys((*before, *after))
            if _strictly(before.get(key, gone)) != _strictly(after.get(key, gone))
        ]
        if len(changed) == 1 and changed[0] in before and not whole:
            field = changed[0]
            old, new = _differing(before[field], after.get(field))
            made = shown(new) if field in after else "leaves it out"
            if field not in after or (type(old) is type(new) and not isinstance(old, list)):
                # The kind was right, and something else was not: the rule says what.
                made += f": {row.makes}"
            return field, shown(old), made
        was = {key: before[key] for key in before if key in changed or (whole and key != "type")}
        now = {key: after[key] for key in after if key in changed or (whole and key != "type")}
        known = [key for key in changed if (type_of(before), key) in FIELDS] or changed
        return ", ".join(map(str, known)), shown(was), shown(now)

    def refused(self, error: AppMessageError, event: Any, name: str) -> None:
        """Add what `to_asgi3` refused; ``event`` is `_RETURNED` when it was that nothing came."""
        kind, field, rule = error.message_type or type_of(event), error.field or "", error.rule
        makes = "cannot mend it: AppMessageError out of send(), on every server"
        says = _specified(kind, field, rule) or error.expected
        if event is _RETURNED:
            sent, makes = "it returned without a response", "cannot mend it: AppMessageError, and a 500"
        elif rule != "A38" and (not field or (rule is None and isinstance(error.got, int))):
            # About the order of events, or the length of the body: the error says it best.
            sent, says = str(error).split(": ")[0].split(" [")[0], _ordered(kind)
        elif isinstance(event, dict) and field and field not in event:
            sent = f"no {field}"
        else:
            sent = shown(event[field] if isinstance(event, dict) and field else event)
        if rule == "A25":
            says = error.expected
        elif rule == "A38":
            says = str(error).replace(f"{kind} ", "", 1).replace(" [A38]", "")
        quirk = str(_RULES[rule].quirk).split(", ")[0] if rule else ""
        if getattr(Quirks(), quirk, None) is False:
            makes += f"; with Quirks({quirk}=True) it can"
        self.add(
            ("refused", rule, kind, field, _shape(error.got) if rule else sent),
            Finding(rule, "refused", "specification", kind, field, sent, says, makes, False, (name,)),
        )

    def permitted(self, event: Any, name: str) -> None:
        """Add what the specification permits and a server of today does not take."""
        kind = type_of(event)
        for repair in TABLE.repairs:
            if repair.rule[0] != "A" or repair.event != kind or repair.op not in _SILENT:
                continue
            field = str(repair.field)
            if not isinstance(event, dict) or not _SILENT[repair.op](event, field):
                continue
            row = _RULES[repair.rule]
            sent = shown(event[field]) if field in event else f"no {field}"
            says, makes = f"{_specified(kind, field)}; but {row.why}", str(row.makes).split("; ")[0]
            finding = Finding(row.id, "repaired", "servers", kind, field, sent, says, makes, True, (name,))
            self.add(("permitted", row.id, kind, field), finding)

    def ignore(self, names: Sequence[str]) -> None:
        """Make notes of the findings of these rules and problems."""
        for key, finding in list(self.found.items()):
            if {finding.rule, finding.problem} & set(names):
                del self.found[key]
                what = " ".join(filter(None, (finding.event, finding.field, finding.sent)))
                for name in finding.conversations:
                    self.note(name, f"ignored: {what}", finding.rule)


class _Check:
    """One run of `check`."""

    def __init__(self, app: Any, options: Options, verdict: Verdict) -> None:
        self.app = app
        self.options = options
        self.verdict = verdict
        self.doubled = options.style == "double" or (
            options.style == "auto" and verdict.style in (Style.DOUBLE, Style.UNKNOWN)
        )
        self.native: Any = self._native()
        self.seconds = _seconds(options.timeout)
        self.findings = _Findings()
        self.conversations: List[Conversation] = []
        self.state: Dict[str, Any] = {}
        #: Conversations at whose scope the application raised without looking any further.
        self.untouched: Dict[str, List[Tuple[Script, BaseException]]] = {"http": [], "websocket": []}
        self.spoken: Set[str] = set()
        #: Protocols, or paths of them, of which further conversations would tell nothing new.
        self.unspoken: Set[str] = set()
        self.hung: Set[Tuple[str, str]] = set()
        self.refused: Set[Tuple[str, str]] = set()
        #: When the loop has last been seen to go round, and how long it did not.
        self.tick = 0.0
        self.lag = 0.0

    def _native(self) -> Any:
        if self.options.style == "double":

            async def called_twice(scope: Any, receive: Any, send: Any) -> Any:
                return await self.app(scope)(receive, send)

            return called_twice
        return self.app if self.options.style == "single" else guarantee_single_callable(self.app)

    def adapted(self, stand_in: Any, note: Callable[[str, Any, Any], None]) -> Any:
        """The stand-in of the application, through the rules; each repair is told."""
        style = "double" if self.doubled else "single"
        quirks = profile_of(self.app) if self.options.quirks is None else self.options.quirks
        return to_asgi3(stand_in, style=style, lifespan="on", quirks=quirks, on_repair=note)

    # -- the whole run

    async def run(self) -> None:
        """Hold every conversation, inside the lifespan of the application."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._unretrieved)
        ticker = loop.create_task(self._ticking())
        before = asyncio.all_tasks()
        lifespan = LifespanPeer(self._lifespan_script())
        ending = Ending()
        task = loop.create_task(call(self.native, lifespan, ending))
        try:
            if await self._started(lifespan, task):
                for script in scripts(
                    self.options.paths, self.options.methods, self.options.subprotocols, self.doubled
                ):
                    await self._hold(script, before | {task})
            await self._stopped(lifespan, task, ending)
        finally:
            await end_task(task)
            for left in asyncio.all_tasks() - before:
                await end_task(left)
            # What a task raised, and nobody has asked for, is told when it is collected.
            gc.collect()
            await end_task(ticker)
        self._after_all()

    async def _ticking(self) -> None:
        while True:
            self.tick = time.monotonic()
            await asyncio.sleep(0.05)
            self.lag = max(self.lag, time.monotonic() - self.tick - 0.05)

    def _unretrieved(self, loop: Any, context: Dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self.apart(error, f"in {_task_name(context.get('task') or context.get('future'))}")

    def apart(self, error: BaseException, when: str = "in a task of its own") -> None:
        """Take an exception that came out of no conversation."""
        if isinstance(error, Blocked):
            self._raised(error, "a task of its own", "task", when)
            return
        place = _place(error)
        at = f" (at {place})" if place else ""
        key = (type(error), str(error)[:200], place)
        self.findings.deed(
            "raised apart", "a task of its own", *key, error=_error(error), place=at, when=when
        )

    def _after_all(self) -> None:
        """Say what can be said only when everything has been seen."""
        for protocol, called in (("http", "HTTP"), ("websocket", "WebSocket")):
            others = self.spoken - {protocol}
            for script, error in self.untouched[protocol]:
                if script.scope["path"] == NOWHERE:
                    text = f"raised {_error(error)}, which is a way to refuse: servers answer 500"
                    self.findings.note(script.name, text)
                    continue
                # An HTTP application that raises at once has failed, unless WebSocket is what it speaks.
                if protocol in self.spoken or (protocol == "http" and not others):
                    self._raised(error, script.name, protocol, "called with the scope")
                else:
                    text = f"does not speak {called}, which is permitted: it raised {_error(error)}"
                    self.findings.note(script.name, text)
        for one in self.conversations:
            if one.status is not None and one.status >= 400 and one.path != NOWHERE:
                hint = "; --path names one that it has" if one.status == 404 else ""
                self.findings.note(one.name, f"answered {one.status}{hint}")
        self.findings.ignore(self.options.ignore)

    def _conversation(self, peer: Peer, result: str) -> None:
        script = peer.script
        path = str(script.scope.get("path", ""))
        row = (script.name, script.protocol, path, result, peer.status, peer.received, peer.sent)
        self.conversations.append(Conversation(*row))

    # -- lifespan

    def _lifespan_script(self) -> Script:
        about = {"version": "2.0" if self.doubled else "3.0", "spec_version": "2.0"}
        scope = {"type": "lifespan", "asgi": about, "state": self.state}
        return Script("lifespan", scope, ({"type": "lifespan.startup"},))

    async def _started(self, peer: LifespanPeer, task: asyncio.Task[None]) -> bool:
        """Wait for start-up; say whether there is any point in going on."""
        changed = asyncio.ensure_future(peer.changed.wait())
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait({task, changed}, timeout=self.options.timeout, return_when=first)
        await end_task(changed)
        return peer.startup != "failed"

    async def _stopped(self, peer: LifespanPeer, task: asyncio.Task[None], ending: Ending) -> None:
        """Let it shut down, and judge the lifespan as a whole."""
        name = peer.script.name
        unanswered = not task.done() and not peer.startup
        if not unanswered and not task.done():
            peer.down.set()
            await asyncio.wait({task}, timeout=self.options.timeout if peer.startup == "complete" else GRACE)
        silent = not task.done()
        if silent:
            await end_task(task)
            ending.error = None
        elif task.cancelled():
            ending.error = asyncio.CancelledError()
        first = next((type_of(event) for what, event in peer.steps if what == "send"), "")
        self._unawaited(peer)
        if first and _foreign(first, "lifespan"):
            text = f"does not speak lifespan: it answers lifespan.startup with {first}, and servers go on"
            self.findings.note(name, text, "A4")
            self._conversation(peer, "not spoken")
        elif peer.startup or silent:
            await self._judge_messages(peer, returned=not silent and ending.error is None)
            await self._judge_lifespan(peer, ending, silent, unanswered)
            self._conversation(peer, peer.result() if ending.error is None else self._fell(ending.error))
        elif ending.error is not None and (peer.received or isinstance(ending.error, Blocked)):
            outcome, mended = "tells the server that start-up has failed", False
            if not isinstance(ending.error, Blocked) and (await self._again(self._lifespan_script()))[1]:
                outcome, mended = "answers for it, because it does not know lifespan", True
            self._raised(
                ending.error, name, "lifespan", "after lifespan.startup", which="no lifespan",
                outcome=outcome, mended=mended,
            )  # fmt: skip
            self._conversation(peer, self._fell(ending.error))
        else:
            how = f"raised {_error(ending.error)}" if ending.error else "returned without an answer"
            text = f"does not speak lifespan, which is permitted: it {how}"
            self.findings.note(name, text, "A4")
            self._conversation(peer, "not spoken")

    async def _judge_lifespan(
        self, peer: LifespanPeer, ending: Ending, silent: bool, unanswered: bool
    ) -> None:
        name = peer.script.name
        if "failed" in (peer.startup, peer.shutdown):
            which = "startup" if peer.startup == "failed" else "shutdown"
            self.findings.deed("reported", name, which=which, message=peer.message or "it gave no reason")
        elif unanswered:
            self.findings.deed("no start-up", name, seconds=self.seconds)
        elif silent and not peer.shutdown:
            outcome, mended = await self._again(peer.script)
            self.findings.deed("no shutdown", name, seconds=self.seconds, outcome=outcome, mended=mended)
        elif ending.error is not None:
            outcome, mended = await self._again(peer.script)
            self._raised(ending.error, name, "lifespan", "after start-up", outcome=outcome, mended=mended)
        elif not peer.told:
            self.findings.note(name, "ended before lifespan.shutdown: servers cope", "A40")
        elif not peer.shutdown:
            text = "ended at shutdown without lifespan.shutdown.complete: servers cope"
            self.findings.note(name, text, "A40")
        elif silent:
            text = f"still ran {self.seconds} after it had answered lifespan.shutdown: cancelled"
            self.findings.note(name, text)
        self._returned(peer, ending)

    # -- HTTP and WebSocket

    async def _hold(self, script: Script, known: Set[Any]) -> None:
        """Hold one conversation natively and judge it."""
        about = (script.protocol, script.scope["path"])
        nowhere = about[1] == NOWHERE and script.protocol in {protocol for protocol, _ in self.hung}
        if script.varies and (about in self.hung or nowhere):
            self.findings.note(script.name, "not tried: the plain conversation had no end")
            return
        if script.varies and (about in self.refused or script.protocol in self.unspoken):
            return  # it would be the same once more
        peer, ending = await self._once(self.native, script)
        if ending.hung or isinstance(ending.error, Blocked):
            self.hung.add(about)
        self._left_behind(known, script.name)
        result = await self._judge(peer, ending)
        self._conversation(peer, result)
        if result == "not spoken":
            self.unspoken.add(script.protocol)
        elif isinstance(peer, WebSocketPeer) and peer.refused and peer.received < 2:
            self.refused.add(about)

    async def _once(self, app: Any, script: Script) -> Tuple[Peer, Ending]:
        scope = {**script.scope, "headers": list(script.scope["headers"]), "state": dict(self.state)}
        peer = PEERS[script.protocol](script._replace(scope=scope))
        self.lag = 0.0
        ending = await converse(app, peer, self.options.timeout)
        if LAG < self.lag < self.options.timeout:
            text = f"held up the event loop for {self.lag:.1f} s: every other connection waited"
            self.findings.note(script.name, text)
        return peer, ending

    async def _again(self, script: Script) -> Tuple[str, bool]:
        """The same conversation, through `to_asgi3`: how it goes there, and whether all is well."""
        style = None if self.options.style == "auto" else self.options.style
        app = to_asgi3(self.app, style=style, quirks=self.options.quirks)
        if script.protocol == "lifespan":
            return await self._lifespan_again(app, script)
        peer, ending = await self._once(app, script)
        peer.discard()
        if isinstance(ending.error, Blocked):
            return "does not help: it holds up the event loop there too", False
        if ending.error is not None:
            return f"does not help: {_error(ending.error)}", False
        if ending.hung or ending.stayed:
            return "does not help: it has no end there either", False
        return f"helps: {peer.result()}", True

    async def _lifespan_again(self, app: Any, script: Script) -> Tuple[str, bool]:
        peer = LifespanPeer(script._replace(scope={**script.scope, "state": {}}))
        task = asyncio.get_running_loop().create_task(call(app, peer, Ending()))
        await self._started(peer, task)
        peer.down.set()
        await asyncio.wait({task}, timeout=self.options.timeout)
        await end_task(task)
        peer.discard()
        well = peer.startup == peer.shutdown == "complete"
        return f"{'helps' if well else 'does not help'}: {peer.result()}", well

    async def _judge(self, peer: Peer, ending: Ending) -> str:
        """Make findings and notes of one conversation, and say in a few words how it went."""
        name, protocol, error = peer.script.name, peer.script.protocol, ending.error
        first = next((type_of(event) for what, event in peer.steps if what == "send"), "")
        forgotten = self._unawaited(peer)
        if protocol == "websocket" and first and _foreign(first, protocol):
            text = f"does not speak WebSocket: it answers with {first}, which servers refuse"
            self.findings.note(name, text, "A38")
            return "not spoken"
        if isinstance(error, Exception) and not peer.sent and not ending.hung:
            # A WebSocket application has to have taken the message after websocket.connect.
            if peer.received < (2 if protocol == "websocket" else 1):
                self.untouched[protocol].append((peer.script, error))
                return "not spoken" if protocol == "websocket" else self._fell(error)
        if protocol == "websocket" and not (peer.sent or peer.received or error or ending.hung or forgotten):
            text = "does not speak WebSocket: it returned without an answer; daphne hangs then"
            self.findings.note(name, text, "A45")
            return "not spoken"
        if peer.sent or peer.received:
            self.spoken.add(protocol)
        # What it forgot to await is why the rest is not there.
        whole = not (forgotten or ending.stayed or ending.hung or ending.overtime)
        await self._judge_messages(peer, whole and error is None)
        await self._judge_end(peer, ending)
        self._returned(peer, ending)
        if error is not None:
            return self._fell(error)
        return f"no answer within {self.seconds}" if ending.hung else peer.result()

    async def _judge_messages(self, peer: Peer, returned: bool) -> None:
        """By the rules: what was sent, event by event, and what was left out."""
        name, protocol = peer.script.name, peer.script.protocol
        refused = False
        for one in await _Replay(self, peer, returned).run():
            event, kind = one.event, type_of(one.event)
            for rule, before, after in one.repairs:
                if event is not _RETURNED:
                    self.findings.repaired(rule, before, after, name)
                elif not refused:
                    self.findings.unfinished(name)
            if one.refused is not None:
                # What has no rule is about the order, and that follows from what was refused before.
                if not (refused and one.refused.rule is None):
                    self.findings.refused(one.refused, event, name)
                refused = True
            elif event is not _RETURNED:
                self.findings.permitted(event, name)
                if not isinstance(event, dict):
                    self.findings.deed("no dict", name, event=kind, kind=type(event).__name__)
            if one.dropped:
                end = "the last body of the response" if protocol == "http" else "its own websocket.close"
                self.findings.deed("dropped", name, event=kind, end=end, rule=_AFTER_THE_END[protocol])
        if isinstance(peer, WebSocketPeer):
            whats = [what for what, _ in peer.steps]
            # To refuse it unread is what Starlette does too; to ask for it afterwards ends granian's process.
            if whats[:1] == ["send"] and (peer.open or "receive" in whats):
                self.findings.deed("unread", name)
            if returned and not peer.complete and not (peer.open and peer.told):
                self.findings.deed("open" if peer.open else "no answer", name)

    async def _judge_end(self, peer: Peer, ending: Ending) -> None:
        """What became of the call."""
        name, protocol = peer.script.name, peer.script.protocol
        if peer.late:
            self.findings.deed("late", name, event=type_of(peer.late[0]))
        if ending.error is not None:
            await self._ended_by(ending.error, peer)
        elif ending.hung:
            outcome, mended = await self._again(peer.script)
            what = "response" if protocol == "http" else "answer to websocket.connect"
            self.findings.deed(
                "silent", name, protocol=protocol, what=what, seconds=self.seconds,
                heard=self._heard(ending.heard), outcome=outcome, mended=mended,
            )  # fmt: skip
        elif ending.said_all:
            how = "still worked" if ending.stayed else "worked on for more than"
            text = f"{how} {self.seconds} after it had said all{': cancelled' if ending.stayed else ''}"
            self.findings.note(name, text)
        elif ending.stayed:
            told = "it received the disconnect, and went on" if peer.told else "it did not call receive()"
            sent = f", sent {counted(peer.sent_since, 'event')} to nobody" if peer.sent_since else ""
            self.findings.deed("stays", name, protocol=protocol, sent=sent, told=told)
        elif ending.overtime:
            self.findings.note(name, "does not end by itself; it ended when the client left")
        if ending.immortal:
            self.findings.deed("immortal", name, protocol=protocol)

    async def _ended_by(self, error: BaseException, peer: Peer) -> None:
        """An exception left the application."""
        name, protocol = peer.script.name, peer.script.protocol
        if isinstance(error, Exception):
            ours = type(error).__module__ == "builtins" and not isinstance(error, OSError)
            if peer.left and peer.told and not ours:
                text = f"raised {_error(error)} when the client had left: servers log it"
                self.findings.note(name, text)
                return
            if isinstance(peer, WebSocketPeer) and peer.closed is not None:
                self.findings.note(name, f"raised {_error(error)} after it had closed: servers log it")
                return
        key = self._key(error)
        if not self._known(key, name):
            outcome, mended = await self._again(peer.script)
            if peer.script.surprises and not mended and isinstance(error, Exception):
                at = f" (at {key[2]})" if key[2] else ""
                text = f"raised {_error(error)}{at} at {self._heard(peer.last)}: it expects no such message"
                self.findings.note(name, text)
                return
            when = f"after {self._heard(peer.last)}"
            self._raised(error, name, protocol, when, outcome=outcome, mended=mended)

    @staticmethod
    def _key(error: BaseException) -> Tuple[Any, ...]:
        return type(error), str(error)[:200], _place(error)

    def _known(self, key: Tuple[Any, ...], name: str) -> bool:
        """Whether the same exception has been found already; then it is seen here too."""
        for known, finding in self.findings.found.items():
            if known[2:] == key:
                self.findings.add(known, finding._replace(conversations=(name,)))
                return True
        return False

    def _raised(
        self,
        error: BaseException,
        name: str,
        protocol: str,
        when: str,
        *,
        which: str = "raised",
        outcome: str = "hands it on",
        mended: bool = False,
    ) -> None:
        key = self._key(error)
        place = f" (at {key[2]})" if key[2] else ""
        if isinstance(error, Blocked):
            which = "blocked"
        elif isinstance(error, AdapterError):
            which = "no instance"
        self.findings.deed(
            which, name, *key, error=_error(error), place=place, when=when, protocol=protocol,
            seconds=self.seconds, outcome=outcome, mended=mended,
        )  # fmt: skip

    def _returned(self, peer: Peer, ending: Ending) -> None:
        if ending.value is not None:
            value = ending.value
            self.findings.deed(
                "returned",
                peer.script.name,
                _shape(value, 0),
                protocol=peer.script.protocol,
                value=shown(value),
            )

    def _unawaited(self, peer: Peer) -> bool:
        """What was called and nobody awaited, usually send(): say whether there was anything."""
        forgotten = peer.discard()
        for what, event in forgotten:
            self.findings.deed("unawaited", peer.script.name, what, what=what, event=type_of(event))
        return bool(forgotten)

    def _left_behind(self, known: Set[Any], name: str) -> None:
        for task in asyncio.all_tasks() - known - {asyncio.current_task()}:
            if not task.done() and task not in IMMORTAL:
                known.add(task)
                self.findings.note(name, f"left a task running: {_task_name(task)}")

    @staticmethod
    def _fell(error: BaseException) -> str:
        return "held up the event loop" if isinstance(error, Blocked) else f"raised {type(error).__name__}"

    @staticmethod
    def _heard(event: Any) -> str:
        if event is None:
            return "no event at all"
        rest = {key: value for key, value in event.items() if key != "type"}
        return type_of(event) + (f" {shown(rest)}" if rest else "")


def _task_name(task: Any) -> str:
    coroutine = getattr(task, "get_coro", lambda: None)()
    return str(getattr(coroutine, "__qualname__", "") or shown(task))


# --- against what stops the loop -------------------------------------------------------------------


@contextmanager
def _watched_over(run: _Check) -> Iterator[None]:
    """Raise `Blocked` into whatever holds up the loop for longer than a conversation may take.

    By SIGALRM, so in the main thread of a Unix only; elsewhere nothing can be done about it.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    stuck = 0.0

    def look(number: int, frame: Optional[FrameType]) -> None:
        nonlocal stuck
        tick = run.tick
        if not tick or time.monotonic() - tick < run.options.timeout:
            stuck = 0.0
        elif stuck != tick:
            # Once more: a machine that slept is not an application that does.
            stuck = tick
        else:
            raise Blocked

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 0.25, 0.25)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _run(run: _Check) -> None:
    """As `asyncio.run`, but for its end: that waits for ever for a task that swallows its cancellation."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    main = loop.create_task(run.run())
    try:
        while not main.done():
            try:
                loop.run_until_complete(main)
            except (SystemExit, Blocked) as error:
                # Out of a task of the application's own: the loop stops for that, and goes on.
                if main.done():
                    raise
                run.apart(error)
        loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), GRACE))
    finally:
        if not main.done():  # Ctrl-C
            main.cancel()
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(main)
        # What could not be ended is not to be mourned by the interpreter either.
        loop.set_exception_handler(lambda loop, context: None)
        asyncio.set_event_loop(None)
        loop.close()


def check(app: Any, options: Options = Options()) -> Report:
    """Talk to an application and give what it does wrong, as rows.

    `app` is an application of either style; it is called natively, and lifespan, HTTP and WebSocket
    conversations are held with it on an event loop made for it, in this thread: lifespan start-up
    first and shutdown last. `options` say which paths, methods and subprotocols, and how many seconds
    a conversation may take; the whole takes at most a few times that for each conversation.
    `Report.findings` is empty when nothing is wrong. Raises `DetectionError` for what is no
    application, RuntimeError inside a running event loop, and nothing that the application raises.

    >>> async def application(scope, receive, send):
    ...     assert scope["type"] == "http"
    ...     await send({"type": "http.response.start", "status": "200", "headers": []})
    ...     await send({"type": "http.response.body", "body": b"hello"})
    >>> report = check(application)
    >>> [(row.rule, row.event, row.field, row.sent, row.to_asgi3) for row in report.findings]
    [('A23', 'http.response.start', 'status', "'200'", '200')]
    >>> report.conversations[0].name, report.conversations[0].result
    ('GET /', '200, 5 bytes')
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise RuntimeError("check() runs an event loop of its own: call it where none runs, or in a thread")
    run = _Check(app, options, classify(app))
    with _watched_over(run):
        _run(run)
    called = run.verdict.style.value if options.style == "auto" else options.style
    return Report(
        run.verdict,
        "single" if called == "either" else called,
        tuple(run.conversations),
        tuple(run.findings.found.values()),
        tuple(Note(rule, text, tuple(names)) for (rule, text), names in run.findings.notes.items()),
    )


# --- what is printed -------------------------------------------------------------------------------


def as_json(target: str, report: Report) -> Dict[str, Any]:
    """Give a report as what ``json.dumps`` takes; docs/check.md says what each key is.

    >>> sorted(as_json("m:app", Report(classify(print), "single", (), (), ())))
    ['called', 'conversations', 'findings', 'notes', 'reason', 'style', 'target']
    """
    return {
        "target": target,
        "style": report.verdict.style.value,
        "reason": report.verdict.reason,
        "called": report.called,
        "conversations": [row._asdict() for row in report.conversations],
        "findings": [{**row._asdict(), "conversations": list(row.conversations)} for row in report.findings],
        "notes": [{**row._asdict(), "conversations": list(row.conversations)} for row in report.notes],
    }


_LABELS = {
    "specification": "forbidden by the specification",
    "servers": "permitted, but not every server takes it",
    "application": "the application itself",
}


def as_text(target: str, report: Report) -> str:
    """Give a report as what a person reads: the conversations, the findings, the notes, a summary.

    >>> print(as_text("m:app", Report(classify(print), "single", (), (), ())).splitlines()[-1])
    No findings in 0 conversations.
    """
    verdict = report.verdict
    called = {
        "single": "called app(scope, receive, send)",
        "double": "called app(scope)(receive, send)",
    }.get(report.called, "called in the way that it takes")
    lines = [
        f"{target} is {_STYLES.get(verdict.style, verdict.style.value)} ({verdict.reason}): {called}",
        "",
    ]
    width = max([len(row.name) for row in report.conversations] or [0])
    lines += [f"  {row.name:<{width}}  {row.result}" for row in report.conversations]
    if report.conversations:
        lines.append("")
    for finding in report.findings:
        what = ": ".join(part for part in (finding.event, finding.field) if part)
        lines.append(f"{finding.rule or finding.problem}  {what}".rstrip() + f"  [{_LABELS[finding.level]}]")
        lines += _pair("sent" if finding.problem in ("repaired", "refused") else "did", finding.sent)
        lines += _pair("specification", finding.specification)
        lines += _pair("to_asgi3", finding.to_asgi3)
        lines += _pair("seen in", _listed(finding.conversations, len(report.conversations)))
        lines.append("")
    for note in report.notes:
        where = _listed(note.conversations, len(report.conversations))
        lines += _wrapped(f"note  {where}: {note.text}" + (f" [{note.rule}]" if note.rule else ""), 6)
    if report.notes:
        lines.append("")
    return "\n".join(lines + _summary(target, report))


_STYLES = {
    Style.SINGLE: "single-callable",
    Style.DOUBLE: "double-callable",
    Style.EITHER: "single- and double-callable",
    Style.UNKNOWN: "of a style that only a call can tell",
}


def _pair(name: str, text: str) -> List[str]:
    return _wrapped(f"    {name:<14} {text}", 19)


def _wrapped(text: str, indent: int) -> List[str]:
    return textwrap.wrap(
        text, 110, subsequent_indent=" " * indent, break_on_hyphens=False, break_long_words=False
    )


def _listed(names: Sequence[str], all_of_them: int) -> str:
    """Some names, the first of them in full."""
    if len(names) == all_of_them and len(names) > 3:
        return "every conversation"
    if len(names) <= 3:
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{', '.join(names[:2])} and {len(names) - 2} more"


def _summary(target: str, report: Report) -> List[str]:
    conversations = counted(len(report.conversations), "conversation")
    if not report.findings:
        return [f"No findings in {conversations}."]
    mended = sum(finding.mended for finding in report.findings)
    count = len(report.findings)
    text = f"{counted(count, 'finding')} in {conversations}; "
    if mended == count:
        text += "to_asgi3 mends " + ("it." if count == 1 else "all of them.")
    else:
        text += f"to_asgi3 mends {mended or 'none'} of them." if count > 1 else "to_asgi3 does not mend it."
    lines = [text]
    # Where start-up fails for good, nothing is served.
    if mended and all(row.mended for row in report.findings if row.event.startswith("lifespan")):
        lines.append(f"So does: python -m asgi_compat serve {target}")
    named = [finding.rule for finding in report.findings if finding.rule]
    if named:
        lines.append(f"What a rule is about: python -m asgi_compat explain {named[0]}")
    return lines
