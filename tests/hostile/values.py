"""Values that nobody should send, and everybody can.

A value that can be used once, or that changes, is a `Make`: a name and a function that makes it anew, so that
an example can be run again and printed. `build` makes the value of a recipe.
"""

from __future__ import annotations

import array
import collections
import enum
import http
import re
import sqlite3
import types
from decimal import Decimal
from random import Random
from typing import Any, Callable, Iterator, List

#: Stands in values of headers and in bodies: no text of an error or of the log may quote it.
SECRET = "s3cr3t-token"
SECRET_BYTES = SECRET.encode()
#: What an application writes into an event after it has sent it.
MUTATED = b"x-written-after-send"
#: What would be a header of its own behind a line break that goes out.
SPLIT = b"1\r\nset-cookie: split=1"


class Make:
    """A recipe: ``make()`` gives the value, the label says how."""

    __slots__ = ("label", "make")

    def __init__(self, label: Any, make: Callable[[], Any]) -> None:
        self.label = label
        self.make = make

    def __repr__(self) -> str:
        if type(self.label) is tuple:
            return f"<{self.label[0]} {self.label[1]!r:.300}>"
        return f"<{self.label}>"


def build(recipe: Any) -> Any:
    """Make a new value of a recipe: dicts, lists and tuples are made anew, too."""
    kind = type(recipe)
    if kind is Make:
        return recipe.make()
    if kind is dict:
        return {key: build(value) for key, value in recipe.items()}
    if kind is list:
        return [build(item) for item in recipe]
    if kind is tuple:
        return tuple([build(item) for item in recipe])
    return recipe


class Broken(Exception):
    """What the methods of hostile values raise."""


# Subclasses that answer one thing and contain another.


class LyingBytes(bytes):
    def strip(self, *args: Any) -> Any:
        return self

    def translate(self, *args: Any, **options: Any) -> Any:
        return self

    def lower(self) -> Any:
        return self

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: Any) -> bool:
        return True

    def __ne__(self, other: Any) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(b"content-type")

    def isdigit(self) -> bool:
        return True


class BytesByMethod(bytes):
    def __bytes__(self) -> bytes:
        return b"1\r\nset-cookie: split=1"


class LyingStr(str):
    def encode(self, *args: Any, **options: Any) -> bytes:
        return b"1\r\nset-cookie: split=1"

    def __eq__(self, other: Any) -> bool:
        return True

    def __ne__(self, other: Any) -> bool:
        return False

    def __hash__(self) -> int:
        return hash("http.response.body")

    def strip(self, *args: Any) -> Any:
        return self

    def __repr__(self) -> str:
        return "\x1b[31mred\r\n"


class PlainStr(str):
    pass


class LyingInt(int):
    def __int__(self) -> int:
        return 200

    def __index__(self) -> int:
        return 200

    def __eq__(self, other: Any) -> bool:
        return True

    def __ne__(self, other: Any) -> bool:
        return False

    def __le__(self, other: Any) -> bool:
        return True

    def __ge__(self, other: Any) -> bool:
        return True

    def __lt__(self, other: Any) -> bool:
        return False

    def __gt__(self, other: Any) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(200)

    def __format__(self, spec: str) -> str:
        return "1\r\nset-cookie: split=1"

    __str__ = __repr__ = lambda self: "1\r\nset-cookie: split=1"


class LyingTuple(tuple):  # type: ignore[type-arg]
    """Iterates over one pair and is indexed as another."""

    def __iter__(self) -> Iterator[Any]:
        return iter((b"content-type", b"text/plain"))

    def __hash__(self) -> int:
        return hash((b"content-type", b"text/plain"))

    def __eq__(self, other: Any) -> bool:
        return True

    def __ne__(self, other: Any) -> bool:
        return False


class LyingList(list):  # type: ignore[type-arg]
    """Is iterated over differently the second time."""

    turns = 0

    def __iter__(self) -> Iterator[Any]:
        self.turns += 1
        return iter([(b"x-a", b"1")] if self.turns == 1 else [(b"x-a", SPLIT)])

    def __len__(self) -> int:
        return 1


class LyingDict(dict):  # type: ignore[type-arg]
    """Has other items than it is asked for."""

    def items(self) -> Any:
        return [("type", "http.response.start"), ("status", 200), ("headers", [(b"x-a", SPLIT)])]

    def __len__(self) -> int:
        return 3

    def copy(self) -> Any:
        return {"type": "http.response.start", "status": 200, "headers": [(b"x-a", SPLIT)]}


class BrokenDict(dict):  # type: ignore[type-arg]
    """A dict whose methods raise."""

    def _broken(self, *args: Any, **options: Any) -> Any:
        raise Broken("no")

    __getitem__ = get = items = keys = values = copy = __iter__ = __contains__ = _broken


class BrokenMapping:
    """Looks like a mapping and raises."""

    def keys(self) -> Any:
        raise Broken("no keys")

    def items(self) -> Any:
        raise Broken("no items")

    def __getitem__(self, key: Any) -> Any:
        raise Broken("no items")


class HalfMapping:
    """A mapping that fails at the second key."""

    def __init__(self, *pairs: Any) -> None:
        self.pairs = pairs

    def keys(self) -> Any:
        yield self.pairs[0][0]
        raise Broken("half")

    def items(self) -> Any:
        yield self.pairs[0]
        raise Broken("half")

    def __getitem__(self, key: Any) -> Any:
        return dict(self.pairs)[key]


class BrokenRepr:
    def __repr__(self) -> str:
        raise Broken("no repr")

    __str__ = __repr__


class BrokenClass:
    """Raises when it is asked for its class or any attribute."""

    def __getattribute__(self, name: str) -> Any:
        raise Broken("nothing")


class BrokenTruth:
    def __bool__(self) -> bool:
        raise Broken("neither")

    def __repr__(self) -> str:
        return "\x1b[2J" + SECRET


class BrokenIterable:
    def __iter__(self) -> Iterator[Any]:
        raise Broken("no items")


class ControlRepr:
    def __repr__(self) -> str:
        return "\x1b[31m\r\n2026 ERROR forged " + "x" * 5000


class LongName(type):
    def __repr__(cls) -> str:
        return "\x1b[31m" + "y" * 3000


Named = LongName("a\r\n\x1b[31m" + "n" * 3000, (), {})


class Enumerated(str, enum.Enum):
    START = "http.response.start"
    BODY = "http.response.body"
    CHAT = "chat"


class Status(enum.IntEnum):
    GOOD = 200
    ODD = 99


class Indexed:
    def __index__(self) -> int:
        return 204

    def __int__(self) -> int:
        return 204


class WithBytes:
    def __bytes__(self) -> bytes:
        return SPLIT


def released(data: bytes = b"text/plain") -> memoryview:
    view = memoryview(data)
    view.release()
    return view


def row(*values: Any) -> Any:
    """Make a `sqlite3.Row` of these values; its keys are type, status and headers."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.row_factory = sqlite3.Row
        names = ("type", "status", "headers")
        wanted = ", ".join(f"? as {name}" for name in names[: len(values)])
        return connection.execute(f"select {wanted}", values).fetchone()
    finally:
        connection.close()


def broken_generator(*items: Any) -> Iterator[Any]:
    yield from items
    raise Broken("half way")


#: How often the items of `big_list` were asked for their repr.
reprs = [0]


class CountsRepr:
    def __repr__(self) -> str:
        reprs[0] += 1
        return SECRET


_BIG = [CountsRepr()] * 100_000


def big_list() -> Any:
    """A list of 100,000 items: nobody may make its repr to cut it off afterwards."""
    return _BIG


MEGABYTE = b"m" * 1_000_000
MEGATEXT = "\x1b" * 1_000_000

#: Anything, anywhere.
ANYTHING = [
    None,
    True,
    0,
    -1,
    7,
    10**6,
    Make("10**5000", lambda: 10**5000),
    1.5,
    float("nan"),
    float("inf"),
    "",
    "text",
    "\x1b[31m" + SECRET,
    "\ud800",
    b"",
    b"raw",
    SECRET_BYTES,
    Make("bytearray", lambda: bytearray(SECRET_BYTES)),
    Make("memoryview", lambda: memoryview(SECRET_BYTES)),
    Make("released memoryview", released),
    Make("memoryview of ints", lambda: memoryview(array.array("i", [1, 2, 3]))),
    Make("strided memoryview", lambda: memoryview(b"abcdef")[::2]),
    Make("LyingBytes", lambda: LyingBytes(SPLIT)),
    Make("BytesByMethod", lambda: BytesByMethod(b"good")),
    Make("LyingStr", lambda: LyingStr("lie")),
    Make("LyingInt", lambda: LyingInt(99)),
    Make("list", lambda: [1, 2]),
    Make("big list", big_list),
    Make("dict", lambda: {"a": SECRET}),
    Make("set", lambda: {1}),
    Make("object", object),
    Make("BrokenRepr", BrokenRepr),
    Make("BrokenClass", BrokenClass),
    Make("BrokenTruth", BrokenTruth),
    Make("BrokenIterable", BrokenIterable),
    Make("BrokenDict", lambda: BrokenDict(type="http.response.start", status=200)),
    Make("BrokenMapping", BrokenMapping),
    Make("ControlRepr", ControlRepr),
    Make("instance of a class with a long name", lambda: Named()),
    Make("class with a long name", lambda: Named),
    Make("iterator", lambda: iter([1, 2])),
    Make("broken generator", lambda: broken_generator(1)),
    Make("re.Match", lambda: re.match("(a)(b)", "ab")),
    Make("sqlite3.Row", lambda: row("http.response.start", 200, b"x")),
    Make("Decimal", lambda: Decimal("200")),
    Make("module", lambda: re),
    Make("megabyte", lambda: MEGABYTE),
    Make("megatext", lambda: MEGATEXT),
    Make("type", lambda: int),
    Make("function", lambda: build),
    Make("deep list", lambda: _deep()),
    Make("list that holds itself", lambda: _circle()),
]


def _deep() -> Any:
    out: Any = []
    for _ in range(5_000):
        out = [out]
    return _Keep(out)


class _Keep(list):  # type: ignore[type-arg]
    """Takes a deep list apart without recursion when it goes."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)

    def __del__(self) -> None:
        inner = self
        while inner:
            inner = inner.pop()


def _circle() -> Any:
    out: List[Any] = []
    out.append(out)
    return out


STATUSES = [
    200,
    200,
    201,
    204,
    304,
    404,
    500,
    599,
    "200",
    " 200",
    "\u0662\u0660\u0660",
    "2\u00b2",
    b"200",
    200.0,
    200.5,
    http.HTTPStatus.OK,
    http.HTTPStatus.NO_CONTENT,
    Status.GOOD,
    Status.ODD,
    Make("LyingInt", lambda: LyingInt(99)),
    Make("Indexed", Indexed),
    Make("LyingStr", lambda: LyingStr("200")),
    100,
    101,
    103,
    199,
    600,
    999,
    0,
    -200,
    True,
    None,
    Make("10**5000", lambda: 10**5000),
    "9" * 5000,
    "200\r\nset-cookie: split=1",
]

NAMES: List[Any] = [
    b"x-a",
    b"content-type",
    b"set-cookie",
    b"x-token",
    b"vary",
    b"X-Upper",
    "x-text",
    "X-Text",
    "x-\u00e9",
    "x-\u20ac",
    "x-\ud800",
    b"",
    "",
    b"a b",
    b"a:",
    b":status",
    b":authority",
    ":path",
    b"transfer-encoding",
    b"Transfer-Encoding",
    "transfer-encoding",
    b"transfer-encoding ",
    b"x\r\nset-cookie: split=1",
    b"x\n",
    b"x\x00",
    b"\xe9",
    b"x\x85",
    5,
    None,
    True,
    b"sec-websocket-protocol",
    b"Sec-WebSocket-Protocol",
    Make("memoryview", lambda: memoryview(b"x-view")),
    Make("bytearray", lambda: bytearray(b"x-array")),
    Make("released memoryview", lambda: released(b"x-gone")),
    Make("LyingBytes", lambda: LyingBytes(b"x\r\nset-cookie: split=1")),
    Make("LyingBytes", lambda: LyingBytes(b"X-Lie")),
    Make("LyingStr", lambda: LyingStr("x-lie")),
    Make("PlainStr", lambda: PlainStr("x-plain")),
    Make("megabyte", lambda: MEGABYTE),
    b"x-\x1b[31m",
]

CONTENTS: List[Any] = [
    b"1",
    b"text/plain",
    SECRET_BYTES,
    b"session=" + SECRET_BYTES,
    b"",
    b" padded\t",
    b"\xe9\xff",
    "text",
    "text/plain",
    "caf\u00e9",
    "\u20ac",
    "\ud800",
    5,
    -5,
    1.5,
    None,
    True,
    Make("10**5000", lambda: 10**5000),
    SPLIT,
    b"1\rset-cookie: split=1",
    b"1\nset-cookie: split=1",
    b"\x00",
    b"\x7f",
    b"\x1b[31m",
    "1\r\nset-cookie: split=1",
    b"\r\n",
    b"1\r\n",
    " \n ",
    b"\x0b1",
    b"1\x0c",
    "\u2028",
    "\x85",
    Make("memoryview", lambda: memoryview(b"text/plain")),
    Make("bytearray", lambda: bytearray(b"text/plain")),
    Make("memoryview with a break", lambda: memoryview(SPLIT)),
    Make("released memoryview", released),
    Make("memoryview of ints", lambda: memoryview(array.array("i", [168626701]))),
    Make("strided memoryview", lambda: memoryview(b"abcdef")[::2]),
    Make("LyingBytes", lambda: LyingBytes(SPLIT)),
    Make("BytesByMethod", lambda: BytesByMethod(b"good")),
    Make("LyingStr", lambda: LyingStr("lie")),
    Make("LyingInt", lambda: LyingInt(5)),
    Make("Indexed", Indexed),
    Make("WithBytes", WithBytes),
    Make("re.Match", lambda: re.match("(a)(b)", "ab")),
    Make("BrokenRepr", BrokenRepr),
    Make("ControlRepr", ControlRepr),
    Make("big list", big_list),
    Make("megabyte", lambda: MEGABYTE),
]

LENGTHS: List[Any] = [
    b"0",
    b"3",
    b"5",
    b"05",
    b"5 ",
    b"+5",
    b"-5",
    b"5, 5",
    b"5,6",
    b"0x5",
    b"5_0",
    b"",
    b"\xb2",
    "\u00b2",
    "5",
    5,
    0,
    -1,
    True,
    b"9" * 18,
    b"9" * 19,
    b"9" * 5000,
    Make("10**5000", lambda: 10**5000),
    Make("memoryview", lambda: memoryview(b"5")),
    Make("LyingBytes", lambda: LyingBytes(b"7")),
    Make("LyingInt", lambda: LyingInt(7)),
]

BODIES: List[Any] = [
    b"",
    b"abc",
    b"abcde",
    SECRET_BYTES,
    None,
    "text " + SECRET,
    "",
    Make("bytearray", lambda: bytearray(b"abcde")),
    Make("memoryview", lambda: memoryview(b"abcde")),
    Make("memoryview of ints", lambda: memoryview(array.array("i", [1, 2]))),
    Make("strided memoryview", lambda: memoryview(b"abcdef")[::2]),
    Make("released memoryview", released),
    Make("LyingBytes", lambda: LyingBytes(b"abcde")),
    Make("BytesByMethod", lambda: BytesByMethod(b"abc")),
    Make("LyingStr", lambda: LyingStr("lie")),
    Make("array", lambda: array.array("b", [1, 2])),
    Make("list", lambda: [SECRET_BYTES]),
    Make("iterator", lambda: iter([b"abc"])),
    Make("WithBytes", WithBytes),
    Make("big list", big_list),
    Make("megabyte", lambda: MEGABYTE),
    5,
    "\ud800",
    Make("ControlRepr", ControlRepr),
]

TRUTHS: List[Any] = [
    True,
    False,
    None,
    0,
    1,
    "false",
    "",
    Make("list", lambda: [1]),
    Make("BrokenTruth", BrokenTruth),
    Make("LyingBytes", lambda: LyingBytes(b"1")),
]

CODES: List[Any] = [
    1000,
    1001,
    1003,
    1004,
    1005,
    1006,
    1007,
    1011,
    1014,
    1015,
    1016,
    2999,
    3000,
    4999,
    5000,
    999,
    0,
    403,
    65535,
    65536,
    -1,
    "1000",
    "4000",
    b"1000",
    1000.0,
    True,
    None,
    http.HTTPStatus.FORBIDDEN,
    Make("10**5000", lambda: 10**5000),
    "9" * 5000,
    Make("LyingInt", lambda: LyingInt(1006)),
    Make("Indexed", Indexed),
    float("nan"),
]

REASONS: List[Any] = [
    "",
    "bye",
    None,
    "\u20ac" * 100,
    "x" * 124,
    "\U0001f600" * 31,
    "\ud800",
    b"bye",
    b"\xff" * 200,
    Make("memoryview", lambda: memoryview(b"bye")),
    Make("released memoryview", released),
    Make("LyingStr", lambda: LyingStr("z" * 500)),
    Make("PlainStr", lambda: PlainStr("bye")),
    5,
    Make("megatext", lambda: MEGATEXT),
]

SUBPROTOCOLS: List[Any] = [
    "chat",
    "chat",
    "superchat",
    "other",
    None,
    "",
    " chat ",
    b"chat",
    b"chat\r\nset-cookie: split=1",
    "chat\r\nset-cookie: split=1",
    "a b",
    "\u00e9",
    "\ud800",
    Enumerated.CHAT,
    Make("PlainStr", lambda: PlainStr("chat")),
    Make("LyingStr", lambda: LyingStr("x\r\nset-cookie: split=1")),
    Make("bytearray", lambda: bytearray(b"chat")),
    Make("memoryview", lambda: memoryview(b"chat")),
    Make("LyingBytes", lambda: LyingBytes(b"x\r\ny")),
    5,
    Make("list", lambda: ["chat"]),
    Make("big list", big_list),
    Make("megatext", lambda: MEGATEXT),
]

#: Types that no table knows.
TYPES: List[Any] = [
    "nonsense",
    "http.response.startt",
    "http.response",
    "http.response.chunk",
    "http.response.content",
    "http.request.start",
    "http.request.body",
    "http.request",
    "http.disconnect",
    "websocket.disconnect",
    "websocket.connect",
    "lifespan.startup",
    "x\r\n2026 ERROR forged \x1b[31m",
    "\u2028\x85\u202e",
    "\ud800",
    "",
    None,
    5,
    b"http.response.body",
    b"http.response.start",
    Make("list", lambda: ["http.response.start"]),
    Enumerated.START,
    Enumerated.BODY,
    Make("PlainStr", lambda: PlainStr("http.response.start")),
    Make("LyingStr", lambda: LyingStr("http.response.start")),
    Make("megatext", lambda: MEGATEXT),
    Make("big list", big_list),
    Make("10**5000", lambda: 10**5000),
    Make("BrokenRepr", BrokenRepr),
    Make("LyingInt", lambda: LyingInt(1)),
]


def pair(random: Random, name: Any, content: Any) -> Any:
    """Give a recipe for a header of this name and content, in one of the forms that people use."""
    form = random.randrange(24)
    if form < 12:
        return (name, content)
    if form < 15:
        return [name, content]
    forms = [
        Make("LyingTuple", lambda: LyingTuple((b"x-a", SPLIT))),
        Make("iterator of two", lambda: iter((build(name), build(content)))),
        Make("broken pair", lambda: broken_generator(build(name))),
        (name,),
        (name, content, b"third"),
        "ab",
        b"ab",
        Make("re.Match", lambda: re.match("(a)(b)", "ab")),
        Make("sqlite3.Row", lambda: row(b"x-row", b"1")),
    ]
    return forms[form - 15]


def container(random: Random, pairs: List[Any]) -> Any:
    """Give a recipe for headers of these pairs, in one of the forms that people use."""
    form = random.randrange(34)
    if form < 14:
        return pairs
    if form < 17:
        return tuple(pairs)
    forms = [
        Make(("iterator of", pairs), lambda: iter(build(pairs))),
        Make(("generator of", pairs), lambda: (item for item in build(pairs))),
        Make("broken generator", lambda: broken_generator((b"x-a", b"1"))),
        Make(("dict of", pairs), lambda: _as_dict(pairs)),
        Make(("deque of", pairs), lambda: collections.deque(build(pairs))),
        Make(("mapping proxy of", pairs), lambda: types.MappingProxyType(_as_dict(pairs))),
        Make("LyingList", lambda: LyingList([(b"x-a", b"1")])),
        Make("HalfMapping", lambda: HalfMapping((b"x-a", b"1"))),
        Make("BrokenMapping", BrokenMapping),
        Make("BrokenDict", lambda: BrokenDict(a="b")),
        Make("LyingDict", LyingDict),
        Make("set of pairs", lambda: {(b"x-a", b"1"), (b"x-b", b"2")}),
        Make("BrokenIterable", BrokenIterable),
        None,
        "headers",
        random.choice(ANYTHING),
        Make("sqlite3.Row", lambda: row("ab", "cd")),
    ]
    return forms[form - 17]


def _as_dict(pairs: List[Any]) -> Any:
    out = {}
    for item in build(pairs):
        try:
            out[item[0]] = item[1]
        except Exception:
            continue
    return out


def wrapped(random: Random, event: Any) -> Any:
    """Give a recipe for an event in one of the forms that a mapping can have."""
    forms = [
        Make(("OrderedDict of", event), lambda: collections.OrderedDict(build(event))),
        Make(("defaultdict of", event), lambda: collections.defaultdict(list, build(event))),
        Make(("UserDict of", event), lambda: collections.UserDict(build(event))),
        Make(("ChainMap of", event), lambda: collections.ChainMap(build(event))),
        Make(("mapping proxy of", event), lambda: types.MappingProxyType(build(event))),
        Make(("items of", event), lambda: list(build(event).items())),
        Make(("iterator over", event), lambda: iter(build(event).items())),
        Make(("LyingDict of", event), lambda: LyingDict(build(event))),
        Make(("BrokenDict of", event), lambda: BrokenDict(build(event))),
        Make("BrokenMapping", BrokenMapping),
        Make(("HalfMapping of", event), lambda: HalfMapping(*build(event).items())),
        Make("sqlite3.Row", lambda: row("http.response.start", 200, b"x")),
        Make("re.Match", lambda: re.match("(a)(b)", "ab")),
    ]
    return random.choice(forms)
