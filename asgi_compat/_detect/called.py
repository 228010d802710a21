"""With how many arguments an object calls what it keeps. Its code is read, and nothing is run."""

from __future__ import annotations

from sys import version_info
from types import CodeType, FunctionType

from .attributes import class_dict, class_module, class_mro, is_class
from .vocabulary import LAYER_NAMES, ROLES, SEND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dis import Instruction
    from typing import Dict, FrozenSet, Iterator, List, Optional, Set

#: Code that calls one of these asks which style an application has before it calls it.
_ADAPTERS = frozenset(
    name for way in ("single", "double") for name in (f"guarantee_{way}_callable", f"is_{way}_callable")
) | {"double_to_single_callable", "single_to_double_callable"}

_LOADS_ATTRIBUTE = ("LOAD_ATTR", "LOAD_METHOD")
_LOADS_VARIABLE = ("LOAD_DEREF", "LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_CLASSDEREF")
#: The calls, and how many values lie above the arguments: since 3.13, and before 3.11, a tuple of names.
_CALLS = {"CALL_FUNCTION": 0, "CALL_METHOD": 0, "CALL_FUNCTION_KW": 1, "CALL": 0, "CALL_KW": 1}
if version_info[:2] == (3, 11):
    _CALLS = {"PRECALL": 0}  # it takes the arguments off the stack, before CALL


def argument_counts(holder: object, name: str) -> FrozenSet[int]:
    """Return with how many arguments the code of an object calls an attribute or variable of this name.

    Empty where no call is seen: it is called under another name, with ``*args``, or by other code.

    >>> def middleware(app):
    ...     async def wrapped(scope, receive, send):
    ...         await app(scope, receive, send)
    ...     return wrapped
    >>> sorted(argument_counts(middleware(None), "app"))
    [3]
    """
    found: Set[int] = set()
    for code in _codes(holder):
        if name in code.co_names or name in code.co_freevars or name in code.co_varnames:
            found.update(_counts_in(code, name))
    return frozenset(found)


def called_globals(function: FunctionType) -> Dict[str, FrozenSet[int]]:
    """Return the global variables that a function calls, and with how many arguments: one or three.

    >>> sorted(called_globals(argument_counts.__globals__["adapts_what_it_calls"])["_codes"])
    [1]
    """
    import dis

    found: Dict[str, FrozenSet[int]] = {}
    for code in _codes(function):
        steps = list(dis.get_instructions(code))
        for at, step in enumerate(steps):
            if step.opname == "LOAD_GLOBAL":
                count = _count_of_call(steps, at)
                if count in (1, 3):
                    found[step.argval] = found.get(step.argval, frozenset()) | {count}
    return found


def local_counts(function: FunctionType) -> FrozenSet[int]:
    """Return with how many arguments, one or three, a function calls what local variables hold.

    ``send`` and what is named like it are not counted.

    >>> def application(scope):
    ...     handler = {}[scope["path"]]
    ...     return handler(scope)
    >>> sorted(local_counts(application))
    [1]
    """
    import dis

    found: Set[int] = set()
    for code in _codes(function):
        steps = list(dis.get_instructions(code))
        for at, step in enumerate(steps):
            if step.opname in _LOADS_VARIABLE and ROLES[step.argval] != SEND:
                found.update({_count_of_call(steps, at)} & {1, 3})  # type: ignore[arg-type]  # no None
    return frozenset(found)


def counts_of_middleware(middleware: object) -> FrozenSet[int]:
    """Return with how many arguments a middleware calls what it keeps under a name that is usual for it.

    Read are its own code and the classes and functions of its module that this code names: the helper that
    is made for one connection is often a class of its own.
    """
    found: Set[int] = set()
    seen: List[object] = []
    waiting = [middleware]
    while waiting and len(seen) < 50:
        one = waiting.pop()
        if any(one is other for other in seen):
            continue
        seen.append(one)
        for name in LAYER_NAMES:
            found.update(argument_counts(one, name))
        waiting += _of_same_module(one)
    return frozenset(found)


def _of_same_module(holder: object) -> Iterator[object]:
    """Yield the classes and functions that the code of an object names, of those in its own module."""
    functions = [holder] if type(holder) is FunctionType else methods_of(holder)
    for function in functions:
        module = function.__globals__
        for code in _codes(function):
            for name in _globals_in(code):
                value = module.get(name)
                if is_class(value) and class_module(value) == module.get("__name__"):
                    yield value
                if type(value) is FunctionType and value.__globals__ is module:
                    yield value


def globals_of(function: FunctionType) -> Iterator[str]:
    """Yield the names of the global variables that a function reads."""
    for code in _codes(function):
        yield from _globals_in(code)


def _globals_in(code: CodeType) -> Iterator[str]:
    import dis

    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            yield step.argval


def adapts_what_it_calls(holder: object) -> bool:
    """Return whether an object's code asks for the style of an application, or adapts it, itself."""
    return any(_ADAPTERS.intersection(code.co_names) for code in _codes(holder))


def _codes(holder: object) -> Iterator[CodeType]:
    """Yield the code of a function, or of the methods of an instance's class, and all code inside."""
    waiting: List[CodeType] = []
    if type(holder) is FunctionType:
        waiting.append(holder.__code__)
    else:
        waiting += [each.__code__ for each in methods_of(holder)]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [constant for constant in code.co_consts if type(constant) is CodeType]


def methods_of(holder: object) -> List[FunctionType]:
    """Return the methods of a class, or of the class of an instance."""
    found: List[FunctionType] = []
    for base in class_mro(holder if is_class(holder) else type(holder)):
        found += [each for each in class_dict(base).values() if type(each) is FunctionType]
    return found


def _counts_in(code: CodeType, name: str) -> Iterator[int]:
    import dis

    steps = list(dis.get_instructions(code))
    for at, step in enumerate(steps):
        if step.opname in (*_LOADS_ATTRIBUTE, *_LOADS_VARIABLE) and step.argval == name:
            count = _count_of_call(steps, at)
            if count in (1, 3):  # two: `inner = self.inner(scope)` is called so
                yield count


def _count_of_call(steps: List[Instruction], at: int) -> Optional[int]:
    """Return the number of arguments with which the value loaded at ``at`` is called, None for no call.

    The values on the stack are counted from there on: 1 is the loaded value alone.
    """
    from dis import stack_effect

    load = steps[at]
    above = stack_effect(load.opcode, load.arg, jump=False)
    # An attribute takes the place of its object; with the flag for a method it takes one place more.
    below = depth = above + 1 if load.opname in _LOADS_ATTRIBUTE else above
    for step in steps[at + 1 :]:
        if step.opname == "PUSH_NULL" and depth == below == 1:
            below = depth = 2  # since 3.13 it comes after the callable
            continue
        if step.opname in _CALLS and depth - below - _CALLS[step.opname] == step.arg:
            return step.arg
        depth += stack_effect(step.opcode, step.arg, jump=False)
        if depth < below:
            return None
    return None
