"""What an exception out of a lifespan says: not supported, failed to start, or called the wrong way."""

from __future__ import annotations

from .._errors import AdapterError, DetectionError
from .._messages import specification
from .._text import escape, safe_error, safe_str, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Tuple

#: How the types of events begin that an application knows which was made for HTTP or WebSockets; also those
#: that are in no specification, as in the articles of 2018.
_OTHER_TYPES = tuple({f"{row.scope}." for row in specification.EVENTS if row.scope != "lifespan"})

#: How much of an exception a message of lifespan.startup.failed shows: frames of one traceback, characters
#: of a line, exceptions of a chain or of groups inside each other.
_FRAMES, _LINE, _ERRORS = 20, 200, 8

#: Words of the interpreter for a call whose arguments do not fit, and for a result that cannot be awaited.
_CALL_WORDS = (
    "takes ", "missing ", "expected ", "unexpected keyword", "multiple values", "'await'"
)  # fmt: skip


def get_log() -> Any:
    """Return the logger of the library."""
    from logging import getLogger

    return getLogger("asgi_compat")


def frames_of(error: BaseException) -> Iterator[Any]:
    """Yield the frames of a traceback that are not this library's, outermost first."""
    traceback = error.__traceback__
    while traceback is not None:
        if not str(traceback.tb_frame.f_globals.get("__name__", "")).startswith("asgi_compat."):
            yield traceback
        traceback = traceback.tb_next


def is_about_its_type(error: BaseException) -> bool:
    """Whether what was raised after lifespan.startup is about that event's type, and no failed start-up.

    Applications of one protocol read the first event before they look at its type: a consumer of Channels 2
    ("No handler for message type lifespan.startup"), WsgiToAsgi of asgiref up to 3.1, an assertion of
    http.request. The function that raises names an event of another protocol then, or its message names
    the type. An application with a start-up names lifespan in the function that takes the event.
    """
    code = None
    for traceback in frames_of(error):
        code = traceback.tb_frame.f_code
    if code is None:
        return False
    words = {code.co_name, *code.co_names}
    for constant in code.co_consts:
        several = constant if isinstance(constant, (tuple, frozenset)) else (constant,)
        words.update(word for word in several if type(word) is str)
    if any("lifespan" in word for word in words):
        return False
    text = safe_str(error)
    other = any(word.startswith(_OTHER_TYPES) for word in words)
    return other or specification.STARTUP in text or "lifespan_startup" in text


def is_about_the_call(error: BaseException) -> bool:
    """Whether the application could not be called at all: every connection would fail in the same way.

    The style was given, and is the wrong one, or nobody could tell it. Nothing of the application has run.
    """
    if isinstance(error, DetectionError):
        return True
    if isinstance(error, AdapterError):
        # The cause is the error of the constructor; an instance that cannot be called has none.
        return isinstance(error.__cause__, TypeError)
    if not isinstance(error, TypeError) or any(True for _ in frames_of(error)):
        return False
    text = safe_str(error)
    return any(words in text for words in _CALL_WORDS)


def failure_text(error: BaseException) -> str:
    """Return an exception with its traceback, as Starlette puts it into lifespan.startup.failed.

    Servers write it to their log and nothing else: each line is escaped, and their number is bounded.
    """
    lines: List[str] = []
    for one, title in list(_chain(error, ""))[:_ERRORS]:
        lines.extend([title] if title else [])
        lines.extend(["Traceback (most recent call last):", *_lines_of(one), safe_error(one)])
    return "\n".join(lines)


def _chain(error: BaseException, title: str, depth: int = _ERRORS) -> Iterator[Tuple[BaseException, str]]:
    """Yield an exception and those that explain it: its causes first, then what a group holds."""
    before = error.__cause__ if error.__suppress_context__ else error.__context__
    if before is not None and depth:
        yield from _chain(before, title, depth - 1)
        title = "and then:"
    yield error, title
    inside = getattr(error, "exceptions", ())  # of a group, built in since Python 3.11
    if depth and type(inside) in (tuple, list):
        for one in inside[:_ERRORS]:
            if isinstance(one, BaseException):
                yield from _chain(one, "in the group:", depth - 1)


def _lines_of(error: BaseException) -> List[str]:
    import linecache

    found = []
    for traceback in list(frames_of(error))[-_FRAMES:]:
        code, line = traceback.tb_frame.f_code, traceback.tb_lineno
        found.append(f'  File "{code.co_filename}", line {line}, in {code.co_name}')
        source = linecache.getline(code.co_filename, line, traceback.tb_frame.f_globals).strip()
        found.extend([f"    {source}"] if source else [])
    return [shorten(escape(line), _LINE) for line in found]
