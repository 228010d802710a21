"""The types of the rows: events, fields, rules and their steps, and the names of the kinds of values."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Tuple

# Kinds. What each accepts is in `kinds.KINDS`.
BYTES = "bytes"
TEXT = "str"
INT = "int"
BOOL = "bool"
STATUS = "int from 200 to 599"
CODE = "int that may stand in a close frame"
HEADERS = "list of (bytes, bytes), names in lower case"
ADDRESS = "(host, port) or None"
TEXTS = "list of str"
MAPPING = "dict"
BYTES_LIST = "iterable of bytes"
ANY = "anything"


class _Required:
    """The default of a field that has none."""

    def __repr__(self) -> str:
        return "REQUIRED"

    def __reduce__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()


class _Missing:
    """The value of a field that is not there."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()

#: Stands for the default of a field.
DEFAULT: Any = object()


class Unrepairable(Exception):
    """A value that no rule can fix; `apply.apply_steps` turns it into a `MessageError`.

    Where a server gave it, and the mode is not strict, ``instead`` takes its place, which is the default of
    the field if nothing else is said.
    """

    def __init__(
        self,
        expected: str,
        remedy: str = "",
        header: Any = None,
        instead: Any = DEFAULT,
        field: str = "",
        found: str = "",
    ) -> None:
        super().__init__(expected)
        self.expected = expected
        self.remedy = remedy
        #: What is wrong inside the field, as in "got int at index 2"; "" for the field's own value.
        self.found = found
        #: The name of the header that is wrong, if it is one.
        self.header = header
        self.instead = instead
        #: The field, where the operation is on the whole event.
        self.field = field


class Event(NamedTuple):
    """A scope or an event."""

    type: str
    sender: str
    scope: str  # the kind of scope it belongs to, "" for a scope itself
    extension: Optional[str]  # the key of scope["extensions"] that announces it
    since: str
    was: Tuple[str, ...]  # its earlier types
    where: str  # the section of the specification


class Field(NamedTuple):
    """A field of a scope or an event."""

    type: str
    sender: str
    name: str
    kind: str
    default: Any
    none: bool  # whether None means missing
    since: str
    was: Tuple[str, ...]  # its earlier names
    where: str


class CrossField(NamedTuple):
    """A requirement on several fields, or on the order of events."""

    events: Tuple[str, ...]
    what: str
    rules: Tuple[str, ...]
    place: str  # the code that looks after it


class Step(NamedTuple):
    """One operation of a rule on one field; ``field`` is "" for an operation on the whole event."""

    field: str
    op: str
    #: The scopes and events, separated by ", "; those of the rule if it is not given.
    on: str = ""


class Rename(NamedTuple):
    """An event type that is sent or received under another name.

    In direction B ``lifespan.cleanup`` comes from the server, in A its answer comes from the application.
    """

    was: str
    type: str
    sender: str
    rule: str = ""


class Split(NamedTuple):
    """An event that became two."""

    was: str
    becomes: Tuple[str, str]
    rule: str = ""


class Repair(NamedTuple):
    """A step with the rule and the event that it belongs to, as `Table.repairs` lists them."""

    rule: str
    event: str
    field: str
    op: str


class _RuleRow(NamedTuple):
    id: str
    event: str
    field: str
    makes: str
    why: str
    loses: str = ""
    evidence: str = ""
    quirk: str = ""
    fault: bool = False
    place: str = "_messages"
    steps: Tuple[Step, ...] = ()
    renames: Tuple[Rename, ...] = ()
    splits: Tuple[Split, ...] = ()
    mirror: str = ""
    no_mirror: str = ""


class Rule(_RuleRow):
    """A rule: the shape that it repairs, why, and how.

    ``id`` starts with the direction: A is an old application on a new server, B the reverse. ``makes`` is the
    result, ``loses`` what the repair cannot keep, ``evidence`` the versions and commits that show the
    problem. ``quirk`` names the fields of `Quirks` that choose. ``fault`` says whether strict mode raises:
    it does where the specification forbids the shape. ``place`` is the code that applies the rule; for
    "_messages" it is ``steps``, ``renames`` and ``splits``. ``mirror`` names the rules of the other direction
    that do the same, where they do not name this one, ``no_mirror`` says why there are none.
    """

    __slots__ = ()

    @property
    def direction(self) -> str:
        """Return "A" or "B"."""
        return self.id[0]


class BoundStep(NamedTuple):
    """A step with everything that its operation may look at."""

    rule: str
    event: str
    field: Optional[str]  # None for an operation on the whole event
    row: Any  # the Field; all fields of the event for an operation on the whole event
    op: str
    act: Any  # the function: operations.FieldOperation or operations.EventOperation
    follow: Any  # changes another field after this one, or None
    fault: bool
    quirks: Any
    direction: str
