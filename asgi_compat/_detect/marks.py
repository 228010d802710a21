"""Explicit marks: asgiref's ``_asgi_single_callable`` and ``_asgi_double_callable``, read and written."""

from __future__ import annotations

from functools import partial
from types import MethodType

from .._errors import DetectionError
from .._text import safe_repr
from .attributes import (
    MISSING,
    Member,
    class_attribute,
    class_dict,
    instance_dict,
    is_any_of,
    is_class,
    stored_attribute,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Mapping, Tuple, TypeVar

    T = TypeVar("T")

SINGLE_MARK, DOUBLE_MARK = "_asgi_single_callable", "_asgi_double_callable"


def _own_attributes(value: object) -> Mapping[str, object]:
    """Return the dictionary in which a mark on this very object is stored."""
    if is_class(value):
        return class_dict(value)
    return instance_dict(value.__func__ if type(value) is MethodType else value)


def _is_set(mark: str, value: object, own: Mapping[str, object], copied: Mapping[str, object]) -> bool:
    """Return whether one mark is set on an object, or on its class for it."""
    found = own.get(mark, MISSING)
    if found is not MISSING and found is copied.get(mark):
        # functools.wraps copies the whole __dict__: the mark belongs to the wrapped function.
        return False
    if found is MISSING and not is_class(value) and type(value) is not MethodType:
        found = class_attribute(type(value), mark)
        if type(found) is Member:
            found = stored_attribute(value, mark)
        if found is MISSING:
            found = instance_dict(class_attribute(type(value), "__call__")).get(mark, MISSING)
    # asgiref tests the truth of the attribute. A descriptor, a mock or a method is not a mark.
    return is_any_of(type(found), bool, int, str) and bool(found)


def explicit_marks(value: object) -> Tuple[bool, bool]:
    """Return the marks that this object itself, or its class for it, carries: (single, double)."""
    own = _own_attributes(value)
    wrapped = own.get("__wrapped__")
    copied = instance_dict(wrapped) if wrapped is not None and not is_class(wrapped) else {}
    single, double = (_is_set(mark, value, own, copied) for mark in (SINGLE_MARK, DOUBLE_MARK))
    if not single and not double and issubclass(type(value), partial):
        inner: object = value.func  # type: ignore[attr-defined]
        if not is_class(inner):
            return explicit_marks(inner)
    return single, double


def _mark(app: T, mark: str, other: str) -> T:
    try:
        setattr(app, mark, True)
        if instance_dict(app).get(other) or (is_class(app) and class_dict(app).get(other)):
            setattr(app, other, False)
    except (AttributeError, TypeError) as error:
        raise DetectionError(
            f"{safe_repr(app)} does not take attributes, so it cannot be marked ({error}); wrap it with"
            " double_to_single_callable or single_to_double_callable, or teach the detector with"
            " register_unwrapper",
            application=app,
            reason="does not take attributes",
            remedy="wrap it instead of marking it",
        ) from None
    return app


def mark_single(app: T) -> T:
    """Declare an application single-callable, for this library and for asgiref and daphne.

    Takes the application and returns it, so it works as a decorator. It sets ``_asgi_single_callable``,
    asgiref's own mark (since 3.0). A mark never outweighs what is certain: a function that cannot take
    three arguments keeps its style. Raises `DetectionError` when the object does not take attributes.

    >>> from asgi_compat import classify
    >>> @mark_single
    ... def application(*args):
    ...     return run(*args)
    >>> classify(application).style
    <Style.SINGLE: 'single'>
    """
    return _mark(app, SINGLE_MARK, DOUBLE_MARK)


def mark_double(app: T) -> T:
    """Declare an application double-callable: the mirror of `mark_single`.

    Takes the application and returns it; sets ``_asgi_double_callable``, asgiref's own mark (since 3.0).
    Raises `DetectionError` when the object does not take attributes.

    >>> from asgi_compat import classify
    >>> @mark_double
    ... def application(*args):
    ...     return Instance(*args)
    >>> classify(application).style
    <Style.DOUBLE: 'double'>
    """
    return _mark(app, DOUBLE_MARK, SINGLE_MARK)
