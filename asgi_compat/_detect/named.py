"""`named_places`: the applications that code calls by the name of a variable of its module.

``return site(scope)`` in a function that decides by the type of scope, or ``ROUTES[path](scope)``. The code
is read and none of it is run. Code of installed packages is not read.
"""

from __future__ import annotations

from types import FunctionType, MethodType

from .called import called_globals, globals_of, local_counts, methods_of
from .constants import is_installed
from .place import Place, is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, FrozenSet, Iterator, List, Tuple

#: A table with more entries is not taken for one of applications.
_LARGEST = 100
#: How such a place is reached, in front of the name of the variable.
VIA = " variable "


def named_places(layer: Any) -> Iterator[Place]:
    """Yield the variables of modules that a layer's code calls with one or three arguments.

    Of a table, which is a dict or a list of pairs, the entries: called where they are looked up, or by a
    local variable.

    >>> [place.via for place in named_places(lambda scope: named_places(scope))]
    []
    """
    for function in _functions(layer):
        if is_installed(function.__code__):
            continue
        variables = function.__globals__
        for name in counts_of_variables(function):
            for via, value, kind, owner, key in _values(name, variables):
                if value is not layer and is_application(value):
                    yield Place(VIA + via, value, kind, owner, key, "", function, name)


def counts_of_variables(function: FunctionType) -> Dict[str, FrozenSet[int]]:
    """Return the variables of its module that a function calls, and with how many arguments."""
    called = called_globals(function)
    tables = [name for name in globals_of(function) if type(function.__globals__.get(name)) in (dict, list)]
    if tables:
        by_local = local_counts(function)
        if len(by_local) == 1:
            called.update((name, by_local) for name in tables if name not in called)
    return called


def _functions(layer: Any) -> List[FunctionType]:
    if type(layer) is FunctionType:
        return [layer]
    return methods_of(layer.__self__ if type(layer) is MethodType else layer)


def _values(name: str, variables: Any) -> Iterator[Tuple[str, Any, str, Any, Any]]:
    """Yield a variable, or the entries of a table, each with how and where it is stored."""
    value = variables.get(name)
    if type(value) is dict:
        for key, entry in [*value.items()] if len(value) <= _LARGEST else ():
            yield f"{name}[{key!r}]", entry, "item", value, key
    elif type(value) is list:
        for at, pair in enumerate(value if len(value) <= _LARGEST else ()):
            for index, entry in enumerate(pair if type(pair) is tuple else ()):
                yield f"{name}[{at}][{index}]", entry, "pair", value, (at, index)
    else:
        yield name, value, "item", variables, name
