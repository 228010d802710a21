"""The barest scope that the specification allows: what an application needs that a server may leave out."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, List, NamedTuple, Optional, Tuple

from .exceptions import at_place, describe, place_of
from .findings import Judgement, note
from .observation import Engagement, Observation, Rerun
from .scripts import Script
from .symptoms import symptom

Observe = Callable[[Script], Awaitable[Observation]]
Again = Callable[[Script], Awaitable[Rerun]]
_Scope = Dict[str, Any]
_Needed = Tuple[Optional["Observation"], List[Judgement]]

#: What uvicorn and gunicorn give behind a Unix socket.
_UNIX = ("/run/application.sock", None)


class Left(NamedTuple):
    """One thing that a server may leave out."""

    field: str
    what: str
    fix: str
    value: Any = None
    #: Whether the key is left out, and not given another value.
    dropped: bool = True
    #: Whether every server gives it: to need it breaks nowhere.
    given: bool = False

    def change(self, scope: _Scope) -> None:
        """Leave it out of a scope."""
        if self.field == "headers":
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"host"]
        elif self.dropped:
            scope.pop(self.field, None)
        else:
            scope[self.field] = self.value


_ADDRESS = "test it for None before you index it"


def _missing(field: str, *, given: bool = False) -> Left:
    return Left(field, f"scope has no {field!r}", f"write scope.get({field!r})", given=given)


#: What may be left out, in the order in which it is tried by itself.
OPTIONAL: Tuple[Left, ...] = (
    Left("client", "client is None, as behind a Unix socket", _ADDRESS, dropped=False),
    Left("server", "server is None", _ADDRESS, dropped=False),
    Left("server", "server is (path, None), as on a Unix socket", "the port is None", _UNIX, dropped=False),
    _missing("raw_path"),
    _missing("extensions"),
    Left("headers", "there is no host header", "a client of HTTP/1.0 sends none"),
    _missing("scheme", given=True),
    _missing("root_path", given=True),
    _missing("state"),
)
#: And of a WebSocket.
OPTIONAL_WEBSOCKET = tuple(
    _missing(field, given=True) for field in ("subprotocols", "query_string", "http_version")
)


def optional(script: Script) -> List[Left]:
    """Return what may be left out of a scope. A state that start-up has filled is there."""
    rows = OPTIONAL if script.protocol == "http" else (*OPTIONAL, *OPTIONAL_WEBSOCKET)
    return [row for row in rows if not (row.field == "state" and script.conversation.scope.get("state"))]


def without(script: Script, rows: List[Left], name: str) -> Script:
    """Return a conversation whose scope lacks these."""
    scope = dict(script.conversation.scope)
    for row in rows:
        row.change(scope)
    return script._replace(
        conversation=script.conversation._replace(name=name, scope=scope), varies=True, probe=True
    )


def barest(script: Script) -> Script:
    """Return a conversation with the barest scope."""
    bare = without(script, optional(script), f"{script.name} (barest scope)")
    bare.conversation.scope["asgi"] = {"version": script.conversation.scope["asgi"]["version"]}  # type: ignore[index]
    return bare


def went_wrong(seen: Observation, plain: Observation) -> str:
    """Describe what went wrong in a variation of a conversation that went right, "" for nothing."""
    if seen.outcome.unanswered:
        return f"gave no answer within {seen.seconds}"
    if seen.error is not None:
        return f"{describe(seen.error)}{at_place(place_of(seen.error))}"
    if seen.status is not None and seen.status >= 500 and (plain.status or 0) < 500:
        return f"answered {seen.status}"
    return "refused the connection" if plain.open and seen.refused else ""


def can_vary(seen: Observation) -> bool:
    """Return whether a conversation went right, so that a variation of it tells something."""
    right = seen.error is None and not seen.outcome.unanswered and not seen.ran_on
    failed = seen.status is not None and seen.status >= 500
    return right and not failed and not seen.script.varies and seen.engagement is Engagement.SPOKEN


async def needed(plain: Observation, observe: Observe, again: Again) -> _Needed:
    """Hold a conversation with the barest scope; return it, if it went wrong, and a finding for each need."""
    bare = barest(plain.script)
    seen = await observe(bare)
    if not went_wrong(seen, plain):
        # Neither kind of server address stands for the other.
        bare.conversation.scope["server"] = None  # type: ignore[index]
        seen = await observe(bare)
    if not went_wrong(seen, plain):
        return None, []
    # Whether it goes wrong a second time whatever the scope has: a lock that is kept, a counter.
    if went_wrong(await observe(plain.script), plain):
        return None, []
    found: List[Judgement] = []
    for row in optional(plain.script):
        script = without(plain.script, [row], f"{plain.name} ({row.what})")
        one = await observe(script)
        wrong = went_wrong(one, plain)
        if wrong and row.given:
            text = f"{wrong}, when {row.what}: every server gives it, though it may be left out"
            found.append(note(bare.name, text))
        elif wrong:
            found.append(_finding(bare.name, plain.protocol, row, wrong, await again(script)))
    if not found:
        row = Left("", "scope has only what it must have", "write scope.get()")
        found.append(_finding(bare.name, plain.protocol, row, went_wrong(seen, plain), await again(bare)))
    return seen, found


def _finding(name: str, protocol: str, row: Left, wrong: str, rerun: Rerun) -> Judgement:
    found = symptom(
        "bare", name, row.field, wrong, fixed=rerun.helps,
        protocol=protocol, wrong=wrong, what=row.what, fix=row.fix, outcome=rerun.text,
    )  # fmt: skip
    return found._replace(finding=found.finding._replace(field=row.field))
