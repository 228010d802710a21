"""Wrappers: what an object calls with the very arguments it is called with.

`unwrap` takes one layer off. What is inside is judged by the function that it gets as an argument.
"""

from __future__ import annotations

from _weakref import ReferenceType
from functools import partial
from types import FunctionType, MethodType

from .attributes import (
    MISSING,
    class_module,
    class_name,
    instance_dict,
    is_any_of,
    is_class,
    stored_attribute,
)
from .callables import signature_of
from .compiled import has_other_signature
from .decision import decide_if_any
from .mocks import called_by_mock
from .verdict import Style, answer
from .vocabulary import APP, REQUEST, SELF
from .wrapped import is_known_wrapper, wrapped_by, wrapped_candidates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer, Judge


class Wrapper:
    """The evidence about an object that may be a wrapper, and the function that judges what is inside."""

    __slots__ = ("judge", "kind", "known", "signature", "value")

    def __init__(self, value: object, signature: Optional[CallSignature], judge: Judge) -> None:
        self.value = value
        self.kind = type(value)
        self.signature = signature
        self.judge = judge
        #: Registered or well known, and its call is not replaced by that of a subclass.
        self.known = is_known_wrapper(self.kind, signature)


def unwrap(value: object, signature: Optional[CallSignature], judge: Judge) -> Optional[Answer]:
    """Return the answer that a wrapper gets from what it wraps, or None when the object decides itself."""
    return decide_if_any(WRAPPERS, Wrapper(value, signature, judge))


# -- mocks -----------------------------------------------------------------------------------------


def _judge_mock(wrapper: Wrapper) -> Answer:
    called = called_by_mock(wrapper.value)
    if called is None:
        return answer(Style.UNKNOWN, "a mock without side_effect accepts every call")
    style, reason, remedy = wrapper.judge(called)
    return style, f"a mock that calls: {reason}", remedy


# -- asgiref, typing and weak references ---------------------------------------------------------------


def _judge_asgiref(wrapper: Wrapper) -> Optional[Answer]:
    """``sync_to_async(f)`` is awaited for what ``f`` returns, so only a constructor fits into it."""
    if class_name(wrapper.kind) == "AsyncToSync":
        return answer(
            Style.NOT_AN_APP,
            "async_to_sync blocks until its coroutine is done and cannot run on the server's event loop",
            "pass the application itself, without async_to_sync",
        )
    if class_name(wrapper.kind) != "SyncToAsync":
        return None
    inner: object = wrapper.value.func  # type: ignore[attr-defined]
    signature = signature_of(inner)
    if signature is not None and not signature.kind and signature.takes(3) and not signature.takes(1):
        return answer(Style.SINGLE, "sync_to_async around a plain function of three arguments")
    style, reason, remedy = wrapper.judge(inner)
    if style in (Style.SINGLE, Style.DOUBLE, Style.FACTORY):
        return style, f"sync_to_async around: {reason}", remedy
    return answer(
        Style.NOT_AN_APP,
        f"sync_to_async around: {reason}",
        "sync_to_async runs a plain function in a thread; pass the application itself",
    )


def _is_annotation(wrapper: Wrapper) -> bool:
    if class_module(wrapper.kind) != "typing" and "__supertype__" not in instance_dict(wrapper.value):
        return False
    origin = stored_attribute(wrapper.value, "__origin__")
    return not is_class(origin) or class_module(origin) in ("typing", "collections.abc")


def _judge_weak_reference(wrapper: Wrapper) -> Answer:
    referent = wrapper.value()  # type: ignore[operator]
    if referent is not None and wrapper.judge(referent)[0].is_application:
        return answer(Style.FACTORY, "a weak reference to an application")
    return answer(Style.NOT_AN_APP, "a weak reference to no application")


# -- wrappers that pass on what they get ---------------------------------------------------------------


def _may_pass_on(wrapper: Wrapper) -> bool:
    """Return whether it is a known wrapper, or one that accepts both calls and says nothing about them."""
    signature = wrapper.signature
    if signature is not None and not wrapper.known and not _accepts_both_calls(wrapper.value, signature):
        return False
    return not has_other_signature(wrapper.kind)


def _accepts_both_calls(value: Any, signature: CallSignature) -> bool:
    if not (signature.varargs and signature.takes(1) and signature.takes(3)):
        return False
    if signature.role(0) in (REQUEST, APP, SELF):
        return False
    return not (issubclass(type(value), partial) and value.args)


def described(value: object) -> str:
    """Return how a reason names a wrapper: "a wrapper", or by its type, as in "a partial"."""
    if is_any_of(type(value), FunctionType, MethodType):
        return "a wrapper"
    return with_article(class_name(type(value)))


def with_article(name: str) -> str:
    """Return a name with "a" or "an" before it."""
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def _judge_wrapped(wrapper: Wrapper) -> Optional[Answer]:
    value, signature = wrapper.value, wrapper.signature
    try:
        inner = wrapped_by(value, signature)
    except Exception as error:
        return answer(
            Style.UNKNOWN,
            f"a {class_name(wrapper.kind)} proxy whose target is gone ({type(error).__name__})",
        )
    if inner is MISSING or inner is value:
        return _judge_candidates(wrapper)
    style, reason, remedy = wrapper.judge(inner)
    if _decides_itself(wrapper, inner, style):
        return None
    if class_name(wrapper.kind) == "_lru_cache_wrapper" and style.is_application:
        return answer(
            Style.NOT_AN_APP,
            f"functools.lru_cache around: {reason}",
            "remove lru_cache: it hashes its arguments, and a scope is a dict",
        )
    return style, f"{described(value)} around: {reason}", remedy


def _decides_itself(wrapper: Wrapper, inner: object, style: Style) -> bool:
    """Return whether the wrapper's own signature says more than the style of what it wraps."""
    signature = wrapper.signature
    if signature is None:
        return False
    if style is Style.UNKNOWN:
        return signature.kind == "async"
    if style is not Style.NOT_AN_APP or wrapper.known:
        return False
    # The wrapper adds an argument of its own to those that it passes on.
    wrapped = signature_of(inner)
    return wrapped is not None and wrapped.required > 3


def _judge_candidates(wrapper: Wrapper) -> Optional[Answer]:
    """Return the answer on which all applications agree that the wrapper may be calling."""
    # Each is judged once: a chain of wrappers costs its length.
    answers = [wrapper.judge(each) for each in wrapped_candidates(wrapper.value, wrapper.signature)]
    answers = [each for each in answers if each[0].is_application or each[0] is Style.WSGI]
    if len({style for style, _, _ in answers}) != 1:
        return None
    style, reason, remedy = answers[0]
    return style, f"{described(wrapper.value)} around: {reason}", remedy


#: Kinds of wrappers. The first row that applies decides, also when its verdict is None.
WRAPPERS: Rows[Wrapper, Optional[Answer]] = (
    (lambda wrapper: called_by_mock(wrapper.value) is not MISSING, _judge_mock),
    (lambda wrapper: class_module(wrapper.kind) == "asgiref.sync", _judge_asgiref),
    (
        _is_annotation,
        lambda wrapper: answer(Style.NOT_AN_APP, "it is a type of `typing`, for annotations"),
    ),
    (lambda wrapper: wrapper.kind is ReferenceType, _judge_weak_reference),
    (_may_pass_on, _judge_wrapped),
)
