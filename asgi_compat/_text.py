"""Texts for errors, logs and terminals: printable ASCII, bounded before they are made, and safe to make.

Nothing here runs code of the object that is shown, neither ``__repr__`` nor ``__class__``. A value may be
a megabyte long, lie about its class, or raise from every method; the answer is a short line all the same.
The exceptions are `safe_str` and `own_repr`, for what has to be asked.
"""

from __future__ import annotations

from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, Optional, Tuple

#: The longest text of an error, and of a value that is quoted in one.
LONGEST, LONGEST_VALUE = 1000, 120
#: How many levels and how many items of a container are shown, and how much of an item.
_LEVELS, _ITEMS, _NESTED = 3, 6, 40

#: Control characters of ASCII and their escapes. Whatever is not ASCII is escaped by the codec.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
_CONTROLS.update({9: "\\t", 10: "\\n", 13: "\\r"})

#: Types whose repr is made of nothing but the value, and is short.
_PLAIN = (type(None), bool, float, complex, type(Ellipsis), type(NotImplemented))
_CONTAINERS = (list, tuple, set, frozenset)
#: Types whose length is asked of the type itself: a subclass may override ``__len__``.
_SIZED: Tuple[Any, ...] = (str, bytes, bytearray, dict, *_CONTAINERS)
_FUNCTIONS = (FunctionType, BuiltinFunctionType)


def printable(text: str, most: int = LONGEST) -> str:
    r"""Return ``text`` as at most ``most`` characters of printable ASCII, with everything else escaped.

    >>> printable("x\r\n\x1b[31m\u202e")
    'x\\r\\n\\x1b[31m\\u202e'
    """
    text = str.__str__(text)
    if len(text) > most:
        text = text[: most - 3] + "..."
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("ascii", "backslashreplace").decode("ascii").translate(_CONTROLS)
    return shorten(text, most)


def escape(text: str, *, keep: str = "") -> str:
    r"""Return ``text`` for a terminal or a log, with letters of every language as they are.

    Escaped is what is not printable, except the characters of ``keep``: control characters (ANSI sequences
    begin with one), line and paragraph separators, marks that change the direction of the text, what has no
    width, and lone surrogates.

    >>> print(escape("red \x1b[31m, two\nlines, \u202eright to left, \udcff"))
    red \x1b[31m, two\nlines, \u202eright to left, \udcff
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in keep else repr(character)[1:-1]
        for character in text
    )


def shorten(text: str, most: int = LONGEST_VALUE) -> str:
    """Return ``text``, or its beginning and three dots when it is longer than ``most``."""
    return text if len(text) <= most else text[: most - 3] + "..."


def plural(number: int, what: str) -> str:
    """Return a number of things in words.

    >>> plural(1, "event"), plural(2000, "event")
    ('1 event', '2,000 events')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def type_name(value: object, *, full: bool = False) -> str:
    """Return the name of the class of ``value``, with its module when ``full``."""
    return name_of_class(type(value), full=full)


def name_of_class(cls: type, *, full: bool = False) -> str:
    """Return the name of a class without asking its metaclass."""
    if not full:
        return printable(type.__dict__["__name__"].__get__(cls), 80)
    name, module = type.__dict__["__qualname__"].__get__(cls), type.__dict__["__module__"].__get__(cls)
    shown = printable(name, 80)
    known = issubclass(type(module), str) and module != "builtins"
    return f"{printable(module, 80)}.{shown}" if known else shown


def size_of(value: object) -> Optional[int]:
    """Return the length of a builtin sequence, set or dict, or of a subclass of one; None for the rest."""
    for kind in _SIZED:
        if issubclass(type(value), kind):
            return int(kind.__len__(value))
    return None


def describe(value: object) -> str:
    """Return what ``value`` is without any of its content, which may be secret.

    >>> describe(b"secret"), describe(7), describe(None), describe([1])
    ('bytes of length 6', 'int', 'None', 'list of length 1')
    """
    if value is None:
        return "None"
    size = size_of(value)
    return type_name(value) if size is None else f"{type_name(value)} of length {size}"


def summary(value: object) -> str:
    """Return the size of a ``value`` that holds something, and the repr of an object or a number."""
    return safe_repr(value) if size_of(value) is None else describe(value)


def safe_repr(value: object, most: int = LONGEST_VALUE) -> str:
    r"""Return a repr that fits a line, is printable ASCII and runs no code of the value.

    >>> safe_repr("x\x1b[31m"), safe_repr(b"x" * 500), safe_repr([10**9999, {"a": 1}])
    ("'x\\x1b[31m'", 'bytes of length 500', "[int of 33216 bits, {'a': 1}]")
    """
    return shorten(_repr(value, most, _LEVELS), most)


def _repr(value: Any, most: int, levels: int) -> str:
    kind = type(value)
    if _is_one_of(kind, _PLAIN):
        return repr(value)
    if issubclass(kind, (str, bytes, bytearray)):
        return _repr_text(value, most)
    if issubclass(kind, int):
        return _repr_int(value)
    if kind is dict or _is_one_of(kind, _CONTAINERS):
        return _repr_container(value, most, levels)
    if issubclass(kind, BaseException):
        args = BaseException.__dict__["args"].__get__(value)
        return f"{type_name(value)}({_joined(args, most, levels)})"
    if issubclass(kind, type):
        return f"<class '{name_of_class(value, full=True)}'>"
    return _repr_callable(value, most, levels)


def _repr_text(value: Any, most: int) -> str:
    size = size_of(value)
    if size is None or size > most:
        return describe(value)
    if issubclass(type(value), str):
        return ascii(str.__str__(value))
    base = bytes if issubclass(type(value), bytes) else bytearray
    return repr(base.__getitem__(value, slice(None)))


def _repr_int(value: Any) -> str:
    bits = int.bit_length(value)
    digits = f"int of {bits} bits" if bits > 128 else int.__repr__(value)
    return digits if type(value) is int else f"<{type_name(value)} {digits}>"


def _repr_container(value: Any, most: int, levels: int) -> str:
    if type(value) is not dict:
        inside = _joined(value, most, levels)
        if type(value) is tuple:
            return f"({inside}{',' if len(value) == 1 else ''})"
        return f"[{inside}]" if type(value) is list else f"{{{inside}}}"
    if levels == 0:
        return "{...}" if value else "{}"
    most = min(most, _NESTED)
    shown = [
        f"{_repr(key, most, levels - 1)}: {_repr(item, most, levels - 1)}"
        for key, item in _first(value.items())
    ]
    return "{" + ", ".join(shown) + (", ..." if len(value) > _ITEMS else "") + "}"


def _joined(items: Any, most: int, levels: int) -> str:
    if levels == 0 and items:
        return "..."
    most = min(most, _NESTED)
    shown = [_repr(item, most, levels - 1) for item in _first(items)]
    return ", ".join(shown) + (", ..." if len(items) > _ITEMS else "")


def _first(items: Iterable[Any]) -> Iterable[Any]:
    return [item for _, item in zip(range(_ITEMS), items)]


def _repr_callable(value: Any, most: int, levels: int) -> str:
    kind = type(value)
    if _is_one_of(kind, _FUNCTIONS):
        return f"<function {printable(value.__qualname__, 80)} at {id(value):#x}>"
    if kind is MethodType and levels:
        return f"<method of {_repr(value.__self__, most, levels - 1)}>"
    if kind is partial and levels:
        return f"partial({_repr(value.func, most, levels - 1)}, ...)"
    return f"<{type_name(value, full=True)} object at {id(value):#x}>"


def _is_one_of(kind: type, kinds: Tuple[type, ...]) -> bool:
    """Whether a class is one of these, without asking its metaclass for its hash or equality."""
    return any(kind is one for one in kinds)


def safe_error(error: BaseException) -> str:
    r"""Return the class of an exception and what it says, escaped and bounded.

    >>> safe_error(KeyError("dsn")), safe_error(ValueError()), safe_error(OSError("a\nb"))
    ("KeyError: 'dsn'", 'ValueError', 'OSError: a\\nb')
    """
    text = safe_str(error)
    return f"{type_name(error)}: {text}" if text else type_name(error)


def safe_str(error: BaseException, most: int = LONGEST) -> str:
    """Return what an exception says, escaped and bounded; "" when it fails at that, too.

    The message of an exception that has no ``__str__`` of its own is its argument, which is cut before it
    is copied.
    """
    kind = type(error)
    args = BaseException.__dict__["args"].__get__(error)
    if type.__getattribute__(kind, "__str__") is BaseException.__str__ and len(args) < 2:
        text = args[0] if args else ""
        if not issubclass(type(text), str):
            return safe_repr(text, most)
    else:
        try:
            text = str(error)
        except Exception:
            return ""
    return printable(text, most)


def own_repr(value: object, most: int = 200) -> str:
    """Return the repr that an object has of itself, escaped and cut, or `safe_repr` where that fails.

    For the repr of an adapter and for terminals. It runs code of the object, which is the user's own.
    """
    try:
        return printable(repr(value), most)
    except Exception:
        return safe_repr(value, most)
