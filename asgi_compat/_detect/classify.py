"""`classify` and its two views. An application is never called to find out what it is.

The pipeline (`judging`) and its tables are imported with the first object that is looked at: they are half
of what `import asgi_compat` would take.
"""

from __future__ import annotations

from .attributes import class_name
from .verdict import Style, Verdict, answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List

    from typing_extensions import TypeIs

    from .._types import ASGI2App, ASGI3App
    from .verdict import Judge

#: `judging.judge`, once it is loaded.
_judges: List[Judge] = []

#: Functions that return a better remedy for an object that is not an application, or the one they are given.
#: The package adds `advice`; the file that `vendor` writes has none.
ADVISERS: List[Callable[[object, str], str]] = []


def _load_judge() -> Judge:
    from .judging import judge

    _judges.append(judge)
    return judge


def classify(app: object) -> Verdict:
    """Return what kind of application an object is, without calling it.

    Takes any object and returns a `Verdict`: the ``style``, the ``reason`` (what was seen), the ``remedy``
    (what to do about it) and the object itself as ``app``. It raises nothing, whatever the object does when
    it is looked at: what cannot be read is UNKNOWN.

    The two calls are those of the ASGI specification, "Applications", 3.0, and its section "Legacy
    Applications" for 2.0; the marks ``_asgi_single_callable`` and ``_asgi_double_callable`` are those of
    asgiref 3.0.

    >>> def application(scope):
    ...     async def instance(receive, send): ...
    ...     return instance
    >>> classify(application)
    <Verdict DOUBLE: function that takes (scope) -> guarantee_single_callable(app) adapts it ...>
    """
    try:
        judge = _judges[0] if _judges else _load_judge()
        style, reason, remedy = judge(app)
        if style is Style.NOT_AN_APP or style is Style.WSGI:
            for better_remedy in ADVISERS:
                remedy = better_remedy(app, remedy)
    except Exception as error:  # whatever a hostile object does when it is looked at
        style, reason, remedy = answer(
            Style.UNKNOWN, f"looking at it raised {type(error).__name__} in {class_name(type(app))}"
        )
    return Verdict(style, reason, remedy, app)


def is_single_callable(app: object) -> TypeIs[ASGI3App]:
    """Return whether ``await app(scope, receive, send)`` is known to work.

    True for SINGLE and EITHER. False for everything else, also for objects that are not applications or
    cannot be decided; raises nothing. See `classify`.

    >>> async def application(scope, receive, send): ...
    >>> is_single_callable(application), is_single_callable(None)
    (True, False)
    """
    return classify(app).style in (Style.SINGLE, Style.EITHER)


def is_double_callable(app: object) -> TypeIs[ASGI2App]:
    """Return whether ``await app(scope)(receive, send)`` is known to work.

    True for DOUBLE and EITHER. False for everything else, also for objects that are not applications
    (where `asgiref.compatibility.is_double_callable`, of which this is the drop-in, answers True for None);
    raises nothing. See `classify`.

    >>> from functools import partial
    >>> is_double_callable(lambda scope: partial(print, scope)), is_double_callable(None)
    (True, False)
    """
    return classify(app).style in (Style.DOUBLE, Style.EITHER)
