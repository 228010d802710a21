"""What `check` finds, as rows."""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence, Tuple

from asgi_compat import Quirks, Verdict

#: What a finding can be, beside its rule.
PROBLEMS = ("repaired", "refused", "order", "raised", "hangs", "stays", "unawaited", "late", "returned")


class Finding(NamedTuple):
    """One thing that the application does wrong, wherever it was seen."""

    #: The id of the rule about it, for ``explain``, or None: no rule repairs it.
    rule: Optional[str]
    #: One of `PROBLEMS`: ``repaired``, ``refused`` (the shape of a message); ``order`` (a message is missing,
    #: or comes after the end); ``raised``, ``hangs``, ``stays`` (after the client has left), ``unawaited``,
    #: ``late`` (sent after it returned), ``returned`` (a value).
    problem: str
    #: ``specification`` forbids it; ``servers``: the specification permits it, and some current servers
    #: do not accept it; ``application``: the application failed by itself.
    level: str
    #: The type of the event or scope, and the field, or "".
    event: str
    field: str
    #: What was sent, or what happened, in words.
    sent: str
    #: What the specification says.
    specification: str
    #: What `to_asgi3` does with it.
    to_asgi3: str
    #: Whether everything is right behind `to_asgi3`.
    fixed: bool
    #: The names of the conversations in which it was seen.
    conversations: Tuple[str, ...]
    #: The option of ``check`` and ``serve`` with which it is fixed, "" for none.
    option: str = ""


class Note(NamedTuple):
    """Something to know that is not wrong."""

    rule: Optional[str]
    text: str
    conversations: Tuple[str, ...]


class ConversationResult(NamedTuple):
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
    """Everything that `check` found."""

    verdict: Verdict
    #: How the application was called: ``single``, ``double``, or ``unknown``: the way it accepted.
    called: str
    conversations: Tuple[ConversationResult, ...]
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
    #: Rules and problems that become notes.
    ignore: Sequence[str] = ()
    #: Report what the specification forbids and every server takes; without it that is a note.
    pedantic: bool = False
