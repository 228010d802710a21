"""What a function says that it returns, read without running any code of the annotation.

From Python 3.14 on (PEP 649) an annotation is code that runs when ``__annotations__`` is read, and also, in
an environment of fake names, with `annotationlib`. Only names and constants say something to the detector, so
they are read from the code of ``__annotate__``.
"""

from __future__ import annotations

from types import CodeType, FunctionType

from .attributes import MISSING, class_name, is_any_of, is_class, stored_attribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Return annotations of functions that do not make an application.
VALUES = ("None", "int", "str", "bool")


def _load_of_return(code: CodeType) -> Any:
    """Return what the code of an ``__annotate__`` loads for "return": a constant, a name, or MISSING."""
    import dis

    steps = list(dis.get_instructions(code))
    maps = [at for at, step in enumerate(steps) if step.opname == "BUILD_MAP"]
    if not maps or maps[-1] < 2:
        return MISSING
    value = steps[maps[-1] - 1]
    # In a class: LOAD_DEREF __classdict__, and LOAD_FROM_DICT_OR_GLOBALS of the name.
    key = steps[maps[-1] - (3 if value.opname.startswith("LOAD_FROM_DICT_OR_") else 2)]
    if not key.opname.startswith("LOAD_") or key.argval != "return" or not value.opname.startswith("LOAD_"):
        return MISSING
    return value.argval


def _return_annotation(function: Any) -> Any:
    if type(function) is not FunctionType:
        stored = stored_attribute(function, "__annotations__")
        return stored.get("return", MISSING) if type(stored) is dict else MISSING
    annotate = getattr(function, "__annotate__", None)
    if annotate is None:
        return function.__annotations__.get("return", MISSING)
    if type(annotate) is not FunctionType:
        return MISSING
    return _load_of_return(annotate.__code__)


def return_name(function: object) -> str:
    """Return the name that a function is annotated to return, or "" for none and for anything but a name.

    >>> def count() -> int: ...
    >>> def later() -> "Config": ...
    >>> return_name(count), return_name(later), return_name(len)
    ('int', 'Config', '')
    """
    made = _return_annotation(function)
    if made is None:
        return "None"
    if is_class(made):
        return class_name(made)
    return made.strip("'\"") if is_any_of(type(made), str) else ""
