"""Applications to adapt, and every kind of adapter."""

from __future__ import annotations

from typing import Any, Dict, List

from drive import drive_double, drive_single

from asgi_compat import (
    Style,
    classify,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    single_to_double_callable,
)

START = {"type": "http.response.start", "status": 200, "headers": []}


BODY = {"type": "http.response.body", "body": b"hello"}


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)

    return instance


async def single(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    await send(BODY)


class DoubleApp:
    """An application object that is compared by value and can be copied."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, scope: Any) -> Any:
        return double(scope)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DoubleApp) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class SingleApp(DoubleApp):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # type: ignore[override]
        await single(scope, receive, send)


class Opaque:
    """Tells nothing of its call and refuses a wrong number of arguments while binding.

    It stands in for a function compiled with Cython 0.29, which stands for itself in tests/frameworks:
    a property in place of ``__call__`` is not read by the detector, for its getter is somebody's code.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    @property
    def __call__(self) -> Any:
        return self.app

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and self.app == other.app

    def __hash__(self) -> int:
        return hash(self.app)


anything = Opaque(double)


ADAPTERS = {
    "double to single": lambda app=None: double_to_single_callable(app or DoubleApp("x")),
    "single to double": lambda app=None: single_to_double_callable(app or SingleApp("x")),
    "undecided to single": lambda app=None: guarantee_single_callable(app or anything),
    "undecided to double": lambda app=None: guarantee_double_callable(app or anything),
}


def run(app: Any) -> List[Dict[str, Any]]:
    """Drive an adapted application in the style it now is."""
    return drive_double(app) if classify(app).style is Style.DOUBLE else drive_single(app)
