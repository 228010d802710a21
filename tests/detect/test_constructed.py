"""The evidence about a class."""

from __future__ import annotations

from typing import Any

from asgi_compat import Style
from asgi_compat._detect.callables import signature_of
from asgi_compat._detect.constructed import Constructed


def evidence(cls: Any) -> Constructed:
    return Constructed(cls, signature_of(cls))


class Double:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, receive: Any, send: Any) -> None: ...


class Single:
    def __init__(self, scope: Any, receive: Any, send: Any) -> None: ...

    def __await__(self) -> Any: ...


class Wsgi:
    def __init__(self, option: Any) -> None: ...

    def __call__(self, environ: Any, start_response: Any) -> Any: ...


class Framework:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


def test_class_of_two_calls_is_double() -> None:
    found = evidence(Double)
    assert found.double and not found.single and not found.wsgi and found.callable and not found.opaque
    assert found.first == "scope" and found.first_of_instances == "receive" and found.instances_take(2)


def test_class_with_awaitable_instances_is_single() -> None:
    found = evidence(Single)
    assert found.single and not found.double and found.awaitable and not found.callable


def test_class_of_wsgi_instances_is_not_double() -> None:
    found = evidence(Wsgi)
    assert found.wsgi and not found.double and not found.single


def test_instances_that_are_applications_have_a_style() -> None:
    found = evidence(Framework)
    assert found.instances_are_applications and found.style_of_instances is Style.SINGLE
    assert not evidence(Double).instances_are_applications


def test_class_without_signature_is_neither() -> None:
    found = Constructed(Double, None)
    assert not found.double and not found.single and found.first == ""


def test_instances_that_say_nothing_are_opaque() -> None:
    found = evidence(type("Opaque", (), {"__call__": len}))
    assert found.opaque and found.callable and found.call is None
