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


def explicit_marks(value: object) -> Tuple[bool, bool]:
    """Return the marks that this object itself, or its class for it, carries: (single, double)."""
    if is_class(value):
        marks = _stored_marks(class_dict(value))
    elif type(value) is MethodType:
        marks = _stored_marks(instance_dict(value.__func__))
    else:
        marks = _marks_of_instance(value)
        if marks == (False, False) and issubclass(type(value), partial):
            inner: object = value.func  # type: ignore[attr-defined]
            return marks if is_class(inner) else explicit_marks(inner)
    return marks


def _stored_marks(own: Mapping[str, object]) -> Tuple[bool, bool]:
    """Return the marks in a dictionary, without those that were copied into it."""
    single, double = own.get(SINGLE_MARK, MISSING), own.get(DOUBLE_MARK, MISSING)
    return _is_true(single) and not _is_copied(SINGLE_MARK, own), (
        _is_true(double) and not _is_copied(DOUBLE_MARK, own)
    )


def _is_true(mark: object) -> bool:
    # asgiref tests the truth of the attribute. A descriptor, a mock or a method is not a mark.
    return is_any_of(type(mark), bool, int, str) and bool(mark)


def _is_copied(mark: str, own: Mapping[str, object]) -> bool:
    """Return whether functools.wraps has copied a mark: then it belongs to the wrapped function."""
    wrapped = own.get("__wrapped__")
    if wrapped is None or is_class(wrapped):
        return False
    return own[mark] is instance_dict(wrapped).get(mark)


def _marks_of_instance(value: object) -> Tuple[bool, bool]:
    """Return the marks on an object, or else on its class, or else on the ``__call__`` of its class."""
    own = instance_dict(value)
    kind = type(value)
    call = instance_dict(class_attribute(kind, "__call__"))
    marks = []
    for mark in (SINGLE_MARK, DOUBLE_MARK):
        found: object
        if mark in own:
            found = MISSING if _is_copied(mark, own) else own[mark]
        else:
            found = class_attribute(kind, mark)
            if type(found) is Member:
                found = stored_attribute(value, mark)
            if found is MISSING:
                found = call.get(mark, MISSING)
        marks.append(_is_true(found))
    return marks[0], marks[1]


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
