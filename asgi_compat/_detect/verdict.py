"""`Style` and `Verdict`: the answers of the detector, and what to do about each."""

from __future__ import annotations

import enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Tuple

    #: Style, reason, remedy: a `Verdict` without the object.
    Answer = Tuple["Style", str, str]
    #: The recursion that is passed to the modules below `classify`.
    Judge = Callable[[object], Answer]


class Style(enum.Enum):
    """The ways an object can be an application, or fail to be one.

    >>> Style.DOUBLE.is_application, Style.WSGI.is_application
    (True, False)
    """

    #: ``await app(scope, receive, send)``: ASGI 3.
    SINGLE = "single"
    #: ``await app(scope)(receive, send)``: ASGI 2.
    DOUBLE = "double"
    #: Both calls work.
    EITHER = "either"
    #: Call it (or instantiate it) to get the application.
    FACTORY = "factory"
    #: ``app(environ, start_response)``: PEP 3333.
    WSGI = "wsgi"
    #: None of these.
    NOT_AN_APP = "not an app"
    #: It cannot be decided without calling it.
    UNKNOWN = "unknown"

    @property
    def is_application(self) -> bool:
        """Return whether one of the two ASGI calls is known to work: SINGLE, DOUBLE and EITHER."""
        return self in _APPLICATIONS


_APPLICATIONS = (Style.SINGLE, Style.DOUBLE, Style.EITHER)


class Verdict:
    """The result of `classify`: immutable, compared by its fields.

    >>> from asgi_compat import classify
    >>> async def application(scope, receive, send): ...
    >>> verdict = classify(application)
    >>> verdict.style is Style.SINGLE, verdict.reason
    (True, 'coroutine function that takes (scope, receive, send)')
    """

    __slots__ = ("style", "reason", "remedy", "app")

    #: One of `Style`.
    style: Style
    #: What was seen, in words. The style is part of the public API; the text may change.
    reason: str
    #: What to do about it, in words.
    remedy: str
    #: The object that was looked at.
    app: Any

    def __init__(self, style: Style, reason: str, remedy: str, app: object) -> None:
        _set_style(self, style)
        _set_reason(self, reason)
        _set_remedy(self, remedy)
        _set_app(self, app)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Verdict cannot be changed (tried to set {name!r})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Verdict cannot be changed (tried to delete {name!r})")

    def __eq__(self, other: object) -> bool:
        if type(other) is not Verdict:
            return NotImplemented
        mine, theirs = self.__reduce__()[1], other.__reduce__()[1]
        return mine[:3] == theirs[:3] and (self.app is other.app or bool(self.app == other.app))

    def __hash__(self) -> int:
        return hash((self.style, self.reason, self.remedy))

    def __repr__(self) -> str:
        remedy = f" -> {self.remedy}" if self.remedy else ""
        return f"<Verdict {self.style.name}: {self.reason}{remedy}>"

    def __reduce__(self) -> Tuple[type, Tuple[Style, str, str, object]]:
        return Verdict, (self.style, self.reason, self.remedy, self.app)


# The slots' own setters, which __setattr__ does not stop.
_set_style, _set_reason, _set_remedy, _set_app = (
    Verdict.__dict__[name].__set__ for name in Verdict.__slots__
)

REMEDIES = {
    Style.SINGLE: "serve it as it is; guarantee_double_callable(app) adapts it for ASGI2 servers",
    Style.DOUBLE: "guarantee_single_callable(app) adapts it for ASGI3 servers",
    Style.EITHER: "serve it as it is",
    Style.FACTORY: "call it and pass what it returns, or serve it with --factory",
    Style.WSGI: "wrap it with a2wsgi.WSGIMiddleware(app) or asgiref.wsgi.WsgiToAsgi(app)",
    Style.NOT_AN_APP: "pass an ASGI application",
    Style.UNKNOWN: (
        "mark it with asgi_compat.mark_single(app) or mark_double(app), or teach the detector"
        " with asgi_compat.register_unwrapper(type, function)"
    ),
}


def answer(style: Style, reason: str, remedy: str = "") -> Answer:
    """Return an answer, with the usual remedy of its style unless another is given."""
    return style, reason, remedy or REMEDIES[style]
