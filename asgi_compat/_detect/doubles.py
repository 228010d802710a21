"""What can be seen of how an application is called: the second half of a double-callable, keywords."""

from __future__ import annotations

from types import FunctionType

from .attributes import MISSING, class_attribute, class_name, is_class
from .bytecode import inner_functions, kind_of_code, referenced_callables, second_half
from .callables import signature_of, signature_of_instances, takes_second_half
from .vocabulary import RECEIVE, ROLES, SCOPE, SEND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .signature import CallSignature


def has_plain_single_call(app: object) -> bool:
    """Return whether nothing that is seen forbids the bare ``await app(scope, receive, send)``.

    False for single-callables that take keyword arguments only.
    """
    if type(app) is FunctionType and not app.__code__.co_kwonlyargcount:
        return True
    try:
        signature = signature_of(app)
        return signature is None or not signature.called_by_keyword
    except Exception:
        return True


def has_plain_double_call(app: object) -> bool:
    """Return whether nothing that is seen forbids the bare ``await app(scope)(receive, send)``.

    False for the double-callables that only an adapter can run: a constructor that is a coroutine
    function, and one whose instances take (scope, receive, send).
    """
    try:
        signature = signature_of(app)
        if signature is None:
            return True
        if signature.kind == "async" or class_name(type(app)) == "SyncToAsync":
            return False
        if signature.kind == "class":
            return takes_second_half(signature.owner)
        return bool(second_half(signature.function)) or _may_return_second_half(signature)
    except Exception:
        return True


def _may_return_second_half(signature: CallSignature) -> bool:
    named = referenced_callables(signature.function, signature.owner)
    classes = [each for each in named if is_class(each) and class_attribute(each, "__call__") is not MISSING]
    return not classes or any(takes_second_half(each) for each in classes)


def has_coroutine_instances(app: object) -> bool:
    """Return whether the instances of a double-callable are seen to be coroutine functions.

    True for a class whose ``__call__`` is an ``async def`` and for a function with ``async def`` functions
    of two arguments in its body, and only those; False also means that it cannot be seen.
    """
    try:
        signature = signature_of(app)
        if signature is None or signature.kind == "async":
            return False
        if signature.kind == "class":
            call = class_attribute(signature.owner, "__call__")
            return type(call) is FunctionType and kind_of_code(call.__code__.co_flags) == "async"
        halves = [inner for inner, count in inner_functions(signature.function) if count == 2]
        return bool(halves) and all(kind_of_code(inner.co_flags) == "async" for inner in halves)
    except Exception:
        return False


def refers_to_instance(signature: CallSignature) -> bool:
    """Return whether a function of one oddly named argument names what makes an instance.

    That is a class whose instances take (receive, send), another function of the scope, or, beside a
    partial, a function that takes receive and send after it.
    """
    function = signature.function
    if type(function) is not FunctionType:
        return False
    names = function.__code__.co_names
    with_partial = "partial" in names or "functools" in names
    named = referenced_callables(function, signature.owner)
    return any(_makes_instance(each, with_partial) for each in named)


def _makes_instance(value: object, with_partial: bool) -> bool:
    if is_class(value):
        call = signature_of_instances(value)
        return call is not None and call.takes(2) and call.role(0) == RECEIVE and call.role(1) == SEND
    signature = signature_of(value)
    if signature is None:
        return False
    roles = [ROLES[name] for name in signature.names]
    return (signature.takes(1) and roles[:1] == [SCOPE]) or (with_partial and roles[-2:] == [RECEIVE, SEND])
