"""The exceptions of this library. Each says which side sent what cannot be used.

Invariants:

1. An exception of the user's application is never one of these and is never wrapped in one.
2. Each of these is also a kind that people already catch (`TypeError`, `ValueError`, `ImportError`,
   `OSError`).
3. The attributes hold what happened; the text names the field, what was received, what was expected and
   the remedy.
4. Every error can be pickled: it crosses the border of a worker process.
5. The text of an error is printable ASCII, bounded, and has nothing in it that may be secret: no body, no
   header value, no path. The attributes hold the values as they came.

`DetectionError` is raised when an application is wrapped, or at the first connection of one whose style
cannot be told before; `AdapterError` while a connection is being set up;
`AppMessageError` out of ``send`` and `ServerMessageError` out of ``receive`` or before the
application is called; `ClientDisconnected` out of ``send``; `MissingExtraError` when a tool needs a package
that is not there.
"""

from __future__ import annotations

from ._text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple


def _rebuild(kind: type[ASGICompatError], args: Tuple[Any, ...], state: Dict[str, Any]) -> ASGICompatError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class ASGICompatError(Exception):
    """The base of every error of this library. It is never raised itself."""

    def __init__(self, *args: Any) -> None:
        if type(self) is ASGICompatError or type(self) is MessageError:
            raise TypeError(f"{type(self).__name__} is abstract: raise one of its subclasses")
        super().__init__(*(printable(arg) if issubclass(type(arg), str) else arg for arg in args))

    def __reduce__(self) -> Tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


class DetectionError(ASGICompatError, TypeError):
    """The object handed over is not an ASGI application of either generation."""

    def __init__(self, message: str, *, application: Any = None, reason: str = "", remedy: str = "") -> None:
        super().__init__(message)
        #: The object that was passed.
        self.application = application
        #: What was seen, as in `Verdict.reason`.
        self.reason = reason
        #: What to do about it, as in `Verdict.remedy`.
        self.remedy = remedy


class AdapterError(ASGICompatError, TypeError):
    """The first call of a double-callable application returned something that cannot be called."""

    def __init__(self, message: str, *, application: Any = None, got: Any = None) -> None:
        super().__init__(message)
        #: The application that was called.
        self.application = application
        #: What its first call returned.
        self.got = got


class MessageError(ASGICompatError, ValueError):
    """A scope or an event has a shape that cannot be repaired. Abstract: see its two subclasses."""

    def __init__(
        self,
        message: str,
        *,
        rule: Optional[str] = None,
        message_type: Optional[str] = None,
        field: Optional[str] = None,
        expected: str = "",
        got: Any = None,
    ) -> None:
        super().__init__(message)
        #: The id of the rule that refused it, for example ``"A25"``, or None.
        self.rule = rule
        #: The ``type`` of the event, or of the scope, for example ``"http.response.start"``.
        self.message_type = message_type
        #: The field that is wrong, for example ``"headers"``, or None for the whole event.
        self.field = field
        #: What the specification allows there, in words.
        self.expected = expected
        #: What was found.
        self.got = got


class AppMessageError(MessageError):
    """The application sent an event that no server can use."""


class ServerMessageError(MessageError):
    """The server gave a scope or an event that an application cannot use."""


class ClientDisconnected(ASGICompatError, OSError):
    """The client has gone, and the application goes on sending (A31, B22)."""


class MissingExtraError(ASGICompatError, ImportError):
    """An optional package is needed and is not installed. The message carries the pip line."""

    def __init__(self, message: str, *, extra: str = "") -> None:
        super().__init__(message)
        #: What to hand to pip, for example ``"asgi_compat[serve]"`` or ``"hypercorn"``.
        self.extra = extra


class ASGICompatDeprecationWarning(UserWarning):
    """A name of this library will be removed. It is a UserWarning, which is shown without ``-W``."""
