"""What our adapters return, as data: every object of this list must be read as what it now is by everybody.

Everything stands at the top of the module, so that it can be pickled as a spawned worker would.
"""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any, Callable, Dict, List, NamedTuple

from asgi_compat import (
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    single_to_double_callable,
)

SINGLE, DOUBLE = "single", "double"

#: How often an application below was called. A detector that calls to find out is seen here.
CALLS: List[Any] = []


async def single(scope: Any, receive: Any, send: Any) -> None:
    CALLS.append(scope)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def plain_single(scope: Any, receive: Any, send: Any) -> Any:
    return single(scope, receive, send)


def double(scope: Any, option: Any = None) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await single(scope, receive, send)

    return instance


# What these two take is decided while they run: nothing static tells them apart.
_BY_NAME: Dict[str, Any] = {"a": plain_single, "b": double}


def unknown_single(*args: Any) -> Any:
    return _BY_NAME["a"](*args)


def unknown_double(*args: Any) -> Any:
    # It swallows the receive and send of the first try; what it returns says what it is.
    return _BY_NAME["b"](args[0])


class SingleApp:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await single(scope, receive, send)

    async def method(self, scope: Any, receive: Any, send: Any) -> None:
        await single(scope, receive, send)


class Awaitable:
    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self.arguments = scope, receive, send

    def __await__(self) -> Any:
        return single(*self.arguments).__await__()


class DoubleApp:
    def __call__(self, scope: Any) -> Any:
        return double(scope)

    def method(self, scope: Any) -> Any:
        return double(scope)


class DoubleClass:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await single(self.scope, receive, send)


class PlainDoubleClass(DoubleClass):
    # Not a coroutine function: it returns a coroutine.
    def __call__(self, receive: Any, send: Any) -> Any:
        return single(self.scope, receive, send)


def kept_as_class_attribute(app: Any) -> Any:
    """What `Holder().app` gives: an adapter must not turn into a method there."""
    return type("Holder", (), {"app": app})().app


class Adapted(NamedTuple):
    name: str
    make: Callable[[], Any]
    #: What it now is.
    style: str


#: What is done to an adapted object before it is looked at.
TREATMENTS: Dict[str, Callable[[Any], Any]] = {
    "": lambda adapted: adapted,
    "copied ": copy.copy,
    "deep-copied ": copy.deepcopy,
    "pickled ": lambda adapted: pickle.loads(pickle.dumps(adapted)),
    "class attribute ": kept_as_class_attribute,
}

#: The applications that stand for the others under each treatment.
TREATED = {"closure", "coroutine function", "unknown, really single", "unknown, really double"}

DOUBLES: Dict[str, Callable[[], Any]] = {
    "closure": lambda: double,
    "partial": lambda: functools.partial(double, option=1),
    "instance": DoubleApp,
    "bound method": lambda: DoubleApp().method,
    "class": lambda: DoubleClass,
    "class with a plain __call__": lambda: PlainDoubleClass,
}
SINGLES: Dict[str, Callable[[], Any]] = {
    "coroutine function": lambda: single,
    "plain function": lambda: plain_single,
    "partial": lambda: functools.partial(single),
    "instance": SingleApp,
    "bound method": lambda: SingleApp().method,
    "awaitable class": lambda: Awaitable,
}
UNKNOWNS: Dict[str, Callable[[], Any]] = {
    "unknown, really single": lambda: unknown_single,
    "unknown, really double": lambda: unknown_double,
}


def _make(treat: Callable[[Any], Any], adapter: Any, app: Callable[[], Any]) -> Any:
    return treat(adapter(app()))


def _rows() -> List[Adapted]:
    rows = []
    for adapter, apps, style in [
        (double_to_single_callable, DOUBLES, SINGLE),
        (guarantee_single_callable, {**DOUBLES, **UNKNOWNS}, SINGLE),
        (single_to_double_callable, SINGLES, DOUBLE),
        (guarantee_double_callable, {**SINGLES, **UNKNOWNS}, DOUBLE),
    ]:
        for name, app in apps.items():
            for treatment, treat in TREATMENTS.items():
                if treatment and name not in TREATED:
                    continue
                row_name = f"{treatment}{adapter.__name__}({name})"
                rows.append(Adapted(row_name, functools.partial(_make, treat, adapter, app), style))
    return rows


ADAPTED = _rows()
