"""`named_places`: the applications that code calls by the name of a variable of its module.

``return site(scope)`` in a function that decides by the type of scope, or ``ROUTES[path](scope)``. The code
is read and none of it is run. Code of installed packages is not read.
"""

from __future__ import annotations

from types import FunctionType, MethodType

from .called import called_globals, methods_of
from .constants import is_installed
from .place import Place, is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Tuple

#: A table with more entries is no table of applications.
_LARGEST = 100
#: How such a place is reached, in front of the name of the variable.
VIA = " variable "


def named_places(layer: Any) -> Iterator[Place]:
    """Yield the variables of modules that a layer's code calls with one or three arguments.

    >>> [place.via for place in named_places(lambda scope: named_places(scope))]
    []
    """
    for function in _functions(layer):
        if is_installed(function.__code__):
            continue
        variables = function.__globals__
        for name in called_globals(function):
            for via, value, owner, key in _values(name, variables):
                if value is not layer and is_application(value):
                    yield Place(VIA + via, value, "item", owner, key, "", function, name)


def _functions(layer: Any) -> List[FunctionType]:
    if type(layer) is FunctionType:
        return [layer]
    return methods_of(layer.__self__ if type(layer) is MethodType else layer)


def _values(name: str, variables: Any) -> Iterator[Tuple[str, Any, Any, Any]]:
    """Yield a variable, or the entries of one that is a dict, each with where it is stored."""
    value = variables.get(name)
    if type(value) is not dict:
        yield name, value, variables, name
    elif len(value) <= _LARGEST:
        for key, entry in [*value.items()]:
            yield f"{name}[{key!r}]", entry, value, key
