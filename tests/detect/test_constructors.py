"""What instantiating a class takes."""

from __future__ import annotations

import functools
from typing import Any, Dict, Optional

import pytest

from asgi_compat._detect.callables import signature_of


class Plain:
    pass


class Init:
    def __init__(self, scope: Any) -> None: ...


class New:
    def __new__(cls, scope: Any, receive: Any) -> Any: ...


class Both:
    def __new__(cls, *args: Any, **kwargs: Any) -> Any: ...

    def __init__(self, scope: Any) -> None: ...


class PassesOn(Init):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class TakesApart(Init):
    def __init__(self, *args: Any) -> None:
        (scope,) = args
        super().__init__(scope)


class Wrapped(Init):
    @functools.wraps(Init.__init__)
    def __init__(*args: Any, **kwargs: Any) -> None: ...


class Partial(Init):
    __init__ = functools.partialmethod(Init.__init__, scope=1)  # type: ignore[assignment]


CLASSES: Dict[Any, Optional[str]] = {
    Plain: "()",
    Init: "(scope)",
    New: "(scope, receive)",
    Both: "(scope)",
    PassesOn: "(scope)",
    TakesApart: "(*args)",
    Wrapped: "(scope)",
    type("OfDict", (dict,), {}): "(value)",
    type("OfException", (BaseException,), {}): "(*args)",
}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_signature_of_class_is_that_of_its_constructors(cls: Any) -> None:
    signature = signature_of(cls)
    assert (signature and str(signature)) == CLASSES[cls]
    assert signature is not None and signature.kind == "class" and signature.owner is cls


def test_signature_of_class_with_partialmethod_has_bound_arguments_removed() -> None:
    signature = signature_of(Partial)
    assert signature is not None and "scope" not in signature.names


def test_signature_of_class_in_c_is_none() -> None:
    assert signature_of(slice) is None
