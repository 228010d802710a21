"""Any ASGI application of either generation, on any ASGI server of either generation.

>>> from asgi_compat import classify, guarantee_single_callable
>>> def application(scope):
...     async def instance(receive, send):
...         await send({"type": "http.response.start", "status": 200, "headers": []})
...         await send({"type": "http.response.body", "body": b"hello"})
...     return instance
>>> classify(application).style
<Style.DOUBLE: 'double'>
>>> modern = guarantee_single_callable(application)    # await modern(scope, receive, send)
>>> classify(modern).style
<Style.SINGLE: 'single'>

PYTEST_DONT_REWRITE: nothing here asserts, and pytest would warn about what was imported before it.
"""

from __future__ import annotations

from ._adapt import double_to_single_callable as double_to_single_callable
from ._adapt import guarantee_double_callable as guarantee_double_callable
from ._adapt import guarantee_single_callable as guarantee_single_callable
from ._adapt import single_to_double_callable as single_to_double_callable
from ._detect import Style as Style
from ._detect import Verdict as Verdict
from ._detect import classify as classify
from ._detect import is_double_callable as is_double_callable
from ._detect import is_single_callable as is_single_callable
from ._detect import mark_double as mark_double
from ._detect import mark_single as mark_single
from ._detect import register_unwrapper as register_unwrapper
from ._errors import AdapterError as AdapterError
from ._errors import AppMessageError as AppMessageError
from ._errors import ASGICompatDeprecationWarning as ASGICompatDeprecationWarning
from ._errors import ASGICompatError as ASGICompatError
from ._errors import ClientDisconnected as ClientDisconnected
from ._errors import DetectionError as DetectionError
from ._errors import MessageError as MessageError
from ._errors import MissingExtraError as MissingExtraError
from ._errors import ServerMessageError as ServerMessageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._convert import PROFILES as PROFILES
    from ._convert import Quirks as Quirks
    from ._convert import middleware_to_asgi2 as middleware_to_asgi2
    from ._convert import middleware_to_asgi3 as middleware_to_asgi3
    from ._convert import profile_of as profile_of
    from ._convert import to_asgi2 as to_asgi2
    from ._convert import to_asgi3 as to_asgi3
    from ._convert.tracing import trace as trace
    from ._messages.table import TABLE as TABLE
    from ._messages.table import rules as rules
    from ._types import ASGI2App as ASGI2App
    from ._types import ASGI2Instance as ASGI2Instance
    from ._types import ASGI3App as ASGI3App
    from ._types import ASGIApp as ASGIApp
    from ._types import Message as Message
    from ._types import Receive as Receive
    from ._types import Scope as Scope
    from ._types import Send as Send

__version__ = "1.0.0rc1"

# Names that are handed out on first use, and the module each is in. The types would cost an
# import of `typing`, which takes longer than everything above together; the whole service its table.
_LATER = {
    "ASGI2App": "_types",
    "ASGI2Instance": "_types",
    "ASGI3App": "_types",
    "ASGIApp": "_types",
    "Message": "_types",
    "PROFILES": "_convert",
    "Quirks": "_convert",
    "Receive": "_types",
    "Scope": "_types",
    "Send": "_types",
    "TABLE": "_messages.table",
    "middleware_to_asgi2": "_convert",
    "middleware_to_asgi3": "_convert",
    "profile_of": "_convert",
    "rules": "_messages.table",
    "to_asgi2": "_convert",
    "to_asgi3": "_convert",
    "trace": "_convert.tracing",
}

__all__ = [
    "ASGI2App",
    "ASGI2Instance",
    "ASGI3App",
    "ASGIApp",
    "ASGICompatDeprecationWarning",
    "ASGICompatError",
    "AdapterError",
    "AppMessageError",
    "ClientDisconnected",
    "DetectionError",
    "Message",
    "MessageError",
    "MissingExtraError",
    "PROFILES",
    "Quirks",
    "Receive",
    "Scope",
    "Send",
    "ServerMessageError",
    "Style",
    "TABLE",
    "Verdict",
    "classify",
    "double_to_single_callable",
    "guarantee_double_callable",
    "guarantee_single_callable",
    "is_double_callable",
    "is_single_callable",
    "mark_double",
    "mark_single",
    "middleware_to_asgi2",
    "middleware_to_asgi3",
    "profile_of",
    "register_unwrapper",
    "rules",
    "single_to_double_callable",
    "to_asgi2",
    "to_asgi3",
    "trace",
]


def _publish(value: object) -> None:
    """Make a class or function say that it is of this package, not of the module that defines it.

    Tracebacks, reprs and pickles name the path that users import.
    """
    if isinstance(value, (type, type(_publish))):
        value.__module__ = __name__


for _name in __all__:
    if _name in globals():
        _publish(globals()[_name])


if not TYPE_CHECKING:  # a type checker would take a misspelt name for one that is handed out here

    def __getattr__(name):
        module = _LATER.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
        _publish(value)
        return value

    def __dir__():
        return sorted(set(globals()) | set(_LATER))
