"""The types of the rows: events, fields, rules and repairs, and the names of the kinds of values."""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple, Tuple


class _Required:
    """The default of a field that has none."""

    def __repr__(self) -> str:
        return "REQUIRED"

    def __reduce__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()

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

#: A scope or an event. ``scope`` is the kind of scope it belongs to ("" for a scope itself),
#: ``extension`` the key of ``scope["extensions"]`` that announces it, ``was`` its earlier names.
Event = namedtuple("Event", "type sender scope extension since was where")

#: A field of a scope or an event. ``none`` says that None means missing; ``was`` has earlier names.
Field = namedtuple("Field", "type sender name kind default none since was where")

#: What no single row can say: (events, what holds, the rules, the place that looks after it).
CrossField = namedtuple("CrossField", "events what rules place")

#: A rule. ``fault`` is what strict mode does about the shape that it mends: True raises, because
#: the specification does not allow it; False tidies in silence, because it does. ``quirk`` is the
#: field of `Quirks` that chooses, ``place`` where it is done.
Rule = namedtuple("Rule", "id direction event field makes why loses evidence quirk fault place")

#: What to do: in ``direction``, on ``event``, on ``field`` ("" for the whole event), the operation
#: ``op`` of `operations.OPS`, in the name of ``rule``. The order is the order of the table.
Repair = namedtuple("Repair", "rule event field op")

#: An event type that is sent or received under another name: (rule, sender, from, to). In direction B
#: ``lifespan.cleanup`` comes from the server, in A its answer comes from the application.
Rename = namedtuple("Rename", "rule sender was type")

#: The single response event of the draft of October 2017, which is two today: (rule, was, becomes).
Split = namedtuple("Split", "rule was becomes")

#: The whole table, in the form that `compile.compile_table` takes.
if TYPE_CHECKING:

    class Table(NamedTuple):
        """The rows of this module."""

        events: Tuple[Any, ...]
        fields: Tuple[Any, ...]
        rules: Tuple[Any, ...]
        repairs: Tuple[Any, ...]
        renames: Tuple[Any, ...]
        splits: Tuple[Any, ...]
        cross_fields: Tuple[Any, ...]
else:
    Table = namedtuple("Table", "events fields rules repairs renames splits cross_fields")
Step = namedtuple("Step", "rule event field row op act fault quirks direction")
MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__slots__": ()})()


class Unfit(Exception):
    """A value that no row can mend. It never leaves the package: `walk` makes a `MessageError` of it."""

    def __init__(self, expected: str, why: str = "", header: Any = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.why = why
        #: The name of the header that is wrong, if it is one.
        self.header = header
