"""Read attributes as they are stored, without running any code of the object.

``getattr`` asks properties, ``__getattr__`` and metaclasses, and a proxy or a mock answers anything. The
functions here read the dictionaries of instances and classes, and slots, through descriptors of `type` and
`object` that are written in C.
"""

from __future__ import annotations

from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Mapping, Optional, Tuple

    from typing_extensions import TypeIs

#: Stands for an attribute that is not there; None is a value that may be stored.
MISSING: Any = object()

class_dict: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__
class_mro: Callable[[type], Tuple[type, ...]] = type.__dict__["__mro__"].__get__
class_name: Callable[[type], str] = type.__dict__["__name__"].__get__
class_qualified_name: Callable[[type], str] = type.__dict__["__qualname__"].__get__
class_module: Callable[[type], str] = type.__dict__["__module__"].__get__
class_text_signature: Callable[[type], Optional[str]] = type.__dict__["__text_signature__"].__get__

GetSet = type(FunctionType.__dict__["__code__"])
Member = type(FunctionType.__dict__["__globals__"])
SlotWrapper = type(object.__init__)
MethodDescriptor = type(str.join)
BuiltinNew = type(object.__new__)
MethodWrapper = type(object().__str__)


def is_class(value: object) -> TypeIs[type]:
    """Return whether a value is a class, whatever its metaclass says about itself."""
    return issubclass(type(value), type)


def is_any_of(kind: object, *kinds: object) -> bool:
    """Return ``kind in kinds`` without asking a metaclass whether two classes are equal."""
    for each in kinds:  # noqa: SIM110 (`any` would add a generator to a function that is called often)
        if kind is each:
            return True
    return False


def class_attribute(cls: type, name: str) -> Any:
    """Return the raw attribute from the first class of the resolution order that has it, or MISSING."""
    for base in class_mro(cls):
        found = class_dict(base).get(name, MISSING)
        if found is not MISSING:
            return found
    return MISSING


def has_class_attribute(cls: type, name: str) -> bool:
    """Return whether a class has an attribute other than None, as in ``__hash__ = None``."""
    found = class_attribute(cls, name)
    return found is not MISSING and found is not None


def instance_dict(value: object) -> Dict[str, Any]:
    """Return the dictionary of the instance, or an empty one."""
    try:
        found = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    return found if issubclass(type(found), dict) else {}


def stored_attribute(value: object, name: str) -> Any:
    """Return what is stored on the instance, or in a slot or C field of its type, or MISSING."""
    own = instance_dict(value)
    if name in own:
        return own[name]
    raw = class_attribute(type(value), name)
    if is_any_of(type(raw), Member, GetSet):
        try:
            return raw.__get__(value, type(value))
        except Exception:
            return MISSING
    return MISSING
