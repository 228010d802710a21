"""`Place`: where an object keeps an application that it calls, and how its attributes are read for one."""

from __future__ import annotations

from types import FunctionType
from typing import Any, NamedTuple

from .attributes import MISSING, class_attribute, is_class, stored_attribute
from .classify import classify
from .verdict import Style

_METHODS = (FunctionType, staticmethod, classmethod, property)


class Place(NamedTuple):
    """Where an object keeps an application that it calls."""

    #: How it is reached from the object, for example ``".app"`` or ``".routes[0].callback"``.
    via: str
    #: The application.
    value: Any
    #: ``"attribute"``, ``"item"`` of a dict, ``"pair"`` of a list of pairs, ``"cell"`` of a closure,
    #: ``"bound"`` argument of a partial; ``""`` where nothing else can be put.
    kind: str = ""
    #: The object, dict or cell in which it is stored, and under which name or key.
    owner: Any = None
    key: Any = None
    #: The path of a URL, or the type of scope, for which the holder calls it; "" for all.
    path: str = ""
    #: The function whose code calls it, where that is not the code of the object, and the name there.
    caller: object = None
    name: str = ""


def is_application(value: object) -> bool:
    """Return whether a value is known to be an application of one of the two generations."""
    return classify(value).style in (Style.SINGLE, Style.DOUBLE)


def kept_attribute(holder: object, name: str) -> Any:
    """Return what an object stores under a name, or its class for it unless that is a method, or MISSING."""
    if is_class(holder):
        return MISSING
    found = stored_attribute(holder, name)
    if found is MISSING:
        found = class_attribute(type(holder), name)
        if issubclass(type(found), _METHODS):
            return MISSING
    return found
