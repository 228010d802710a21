"""Compiled callables: believed only where they tell the truth."""

from __future__ import annotations

import types
from typing import Any

import pytest

from asgi_compat._detect.compiled import (
    has_other_signature,
    is_pythons_module,
    is_pythons_own,
    signature_of_compiled,
    signature_of_proxy,
)
from asgi_compat._detect.signature import CallSignature


@pytest.mark.parametrize("value", [len, print, [].append, "".join])
def test_builtin_of_python_has_no_signature(value: Any) -> None:
    assert is_pythons_own(value) and signature_of_compiled(value) is None


def test_module_of_python_is_recognised_by_name() -> None:
    assert is_pythons_module("builtins") and is_pythons_module("functools") and is_pythons_module("typing")
    assert not is_pythons_module("project.asgi") and not is_pythons_module(3)


class cython_function_or_method:
    def __init__(self, function: Any) -> None:
        self.__code__, self.__defaults__ = function.__code__, function.__defaults__
        self.__kwdefaults__ = function.__kwdefaults__


def test_function_of_cython_has_a_true_code() -> None:
    signature = signature_of_compiled(cython_function_or_method(lambda scope, option=1: None))
    assert str(signature) == "(scope, option)"


def test_coroutine_function_of_mypyc_is_known_by_the_flag_of_its_code() -> None:
    class Function:
        __code__: Any

    async def coroutine() -> None: ...

    compiled = Function()
    compiled.__code__ = coroutine.__code__
    signature = signature_of_compiled(compiled)
    assert signature is not None and signature.kind == "async" and signature.takes(3) and signature.takes(1)
    compiled.__code__ = (lambda: None).__code__
    assert signature_of_compiled(compiled) is None


class PartialCallableObjectProxy:
    """As of wrapt: the detector recognises the class by its name."""

    def __init__(self, wrapped: Any, *args: Any) -> None:
        self.__wrapped__ = wrapped
        self._self_args, self._self_kwargs = args, {}


def test_proxy_that_binds_arguments_has_another_signature() -> None:
    assert has_other_signature(PartialCallableObjectProxy) and not has_other_signature(types.FunctionType)

    def signature_of(value: Any, depth: int) -> CallSignature:
        return CallSignature(("app", "scope"), 2)

    proxy = PartialCallableObjectProxy(len, 1)
    assert str(signature_of_proxy(proxy, 0, signature_of)) == "(scope)"
    assert signature_of_proxy(object(), 0, signature_of) is None
