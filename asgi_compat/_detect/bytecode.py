"""What the code of a function contains and names. Nothing is run.

Two kinds of facts are read: the functions written inside a function (constants of its code), and
operations that have had recognisable names since Python 3.8, so that the answer is the same on every
supported version. `dis` and `opcode` are imported when they are needed: `import asgi_compat` stays light.
"""

from __future__ import annotations

from types import CodeType, FunctionType

from .attributes import MISSING, is_class, stored_attribute
from .vocabulary import APP, ENVIRON, RECEIVE, ROLES, SELF, SEND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, FrozenSet, List, Optional, Tuple

    #: The operations LOAD_CONST, RETURN_VALUE, RETURN_CONST (3.12 and 3.13), RAISE_VARARGS, all jumps, and
    #: LOAD_COMMON_CONSTANT with the argument that loads None (3.15).
    Opcodes = Tuple[int, int, Optional[int], int, FrozenSet[int], Tuple[Optional[int], int]]


#: Flags of a code object (`inspect.CO_*`, which `inspect` would have to be imported for).
VARARGS, VARKEYWORDS, GENERATOR, COROUTINE, ITERABLE_COROUTINE, ASYNC_GENERATOR = 4, 8, 32, 128, 256, 512

#: What `second_half` found: a function of (receive, send), or one of two arguments of other names.
NAMED, COUNTED = "named", "counted"

_ENVIRON_KEYS = frozenset(("PATH_INFO", "REQUEST_METHOD", "QUERY_STRING", "wsgi.input", "SCRIPT_NAME"))


def kind_of_code(flags: int) -> str:
    """Return the kind of function that the flags of a code object declare, as in `CallSignature.kind`."""
    if flags & (COROUTINE | ITERABLE_COROUTINE):
        return "async"
    if flags & ASYNC_GENERATOR:
        return "async generator"
    return "generator" if flags & GENERATOR else ""


def code_of(function: object) -> Optional[CodeType]:
    """Return the code object of a function written in Python, or None."""
    code = getattr(function, "__code__", None)
    return code if type(code) is CodeType else None


def inner_functions(function: object) -> List[Tuple[CodeType, int]]:
    """Return the functions written directly inside one, with the number of arguments a caller passes.

    The ``__call__`` of a class that is written inside counts too, without its ``self``.
    """
    code = code_of(function)
    found: List[Tuple[CodeType, int]] = []
    for constant in code.co_consts if code is not None else ():
        if type(constant) is not CodeType:
            continue
        if constant.co_argcount == 0 and "__qualname__" in constant.co_names:
            for inner in constant.co_consts:
                if type(inner) is CodeType and inner.co_name == "__call__":
                    found.append((inner, inner.co_argcount - 1))
        else:
            found.append((constant, constant.co_argcount))
    return found


def second_half(function: object) -> str:
    """Return whether the body contains the second half of a double-callable: NAMED, COUNTED or ""."""
    best = ""
    for inner, count in inner_functions(function):
        if count != 2:
            continue
        first, second = inner.co_varnames[inner.co_argcount - 2 : inner.co_argcount]
        if first == RECEIVE and second == SEND:
            return NAMED
        role = ROLES[first]
        if role == RECEIVE and ROLES[second] == SEND:
            return NAMED
        if role not in (ENVIRON, SELF):
            best = COUNTED
    return best


def does_nothing(function: object) -> bool:
    """Return whether the code of a function has no name and no constant to do something with."""
    code = code_of(function)
    if code is None or code.co_names or code.co_freevars:
        return False
    # The first constant may be the docstring.
    return all(constant is None for constant in code.co_consts[1:])


def contains_application(function: object) -> bool:
    """Return whether the body contains a function of three arguments: a middleware or a factory."""
    return any(count == 3 for _, count in inner_functions(function))


def contains_decorator(function: object) -> bool:
    """Return whether the body contains a function whose only argument is an application."""
    return any(
        count == 1 and inner.co_argcount and ROLES[inner.co_varnames[0]] == APP
        for inner, count in inner_functions(function)
    )


def contains_wsgi_texts(function: object) -> bool:
    """Return whether a function holds a status line or a key of the WSGI environment."""
    code = getattr(function, "__code__", None)
    texts = [each for each in getattr(code, "co_consts", ()) if type(each) is str]
    return any(text[:3].isdigit() and text[3:4] == " " for text in texts) or bool(
        _ENVIRON_KEYS.intersection(texts)
    )


def unpacks_arguments(function: object) -> bool:
    """Return whether a ``*args`` function takes its arguments apart instead of passing them on.

    Read is only whether any sequence is unpacked, subscripted or measured.
    """
    code = code_of(function)
    if code is None:
        return True
    import dis

    for step in dis.get_instructions(code):
        name = step.opname
        if name.startswith(("UNPACK_", "BINARY_SUBSCR", "BINARY_SLICE", "GET_LEN")):
            return True
        if name == "BINARY_OP" and step.argrepr == "[]":
            return True
        if name.startswith(("LOAD_GLOBAL", "LOAD_NAME")) and step.argval == "len":
            return True
    return False


def passes_on_to_super(function: FunctionType, method: str) -> bool:
    """Return whether a method takes (self, *args, **kwargs) and gives them to the same method of super()."""
    code = function.__code__
    return (
        bool(code.co_flags & VARARGS)
        and code.co_argcount <= 1
        and not code.co_kwonlyargcount
        and method in code.co_names
        and "super" in code.co_names
        and not unpacks_arguments(function)
    )


_opcodes: List[Opcodes] = []


def _read_opcodes() -> Opcodes:
    """Return the numbers of the operations that `returns_nothing` reads, and remember them."""
    import opcode

    numbers = opcode.opmap
    names = "LOAD_CONST", "RETURN_VALUE", "RAISE_VARARGS"
    load, value, throw = [numbers[name] for name in names]
    jumps = frozenset([*opcode.hasjrel, *opcode.hasjabs])
    _opcodes.append((load, value, numbers.get("RETURN_CONST"), throw, jumps, _load_of_none(numbers)))
    return _opcodes[0]


def _load_of_none(numbers: Dict[str, int]) -> Tuple[Optional[int], int]:
    """Return the operation with which Python 3.15 loads None, and its argument; (None, 0) before.

    It is read from a function that returns nothing: the table of common constants is private.
    """
    common = numbers.get("LOAD_COMMON_CONSTANT")
    steps = (lambda: None).__code__.co_code
    for step, argument in zip(steps[::2], steps[1::2]):
        if step == common:
            return common, argument
    return None, 0


def returns_nothing(function: object) -> bool:
    """Return whether every return of a function returns None.

    Read are the two ways to return a constant that CPython has had since 3.8. A code object that reads
    otherwise counts as one that returns something.
    """
    code = getattr(function, "__code__", None)
    if type(code) is not CodeType or code.co_flags & (GENERATOR | ASYNC_GENERATOR):
        return False
    load, value, constant, throw, jumps, none = _opcodes[0] if _opcodes else _read_opcodes()
    steps, constants, found = code.co_code, code.co_consts, False
    at_none = constants.index(None) if None in constants else -1
    nones = (none, (load, at_none), (constant, at_none))
    before = before_argument = -1
    straight = not getattr(code, "co_exceptiontable", b"")
    for step, argument in zip(steps[::2], steps[1::2]):
        if straight:
            if step == throw:
                # Nothing after it is reached: the end of every function, written out up to Python 3.9.
                return found
            straight = step not in jumps
        if step in (value, constant):
            by, at = (constant, argument) if step == constant else (before, before_argument)
            if (by, at) not in nones:
                return False
            found = True
        before, before_argument = step, argument
    return found and not _jumps_to(code, value, jumps)


def _jumps_to(code: CodeType, opcode: int, jumps: FrozenSet[int]) -> bool:
    """Return whether an operation of this kind is reached by a jump, with a value that was loaded elsewhere.

    CPython 3.11 compiles ``return app(scope) if x else None`` to one RETURN_VALUE behind LOAD_CONST None,
    and jumps over the latter; 3.8 to 3.10 and 3.12 and later write two.
    """
    if not jumps.intersection(code.co_code[::2]):
        return False
    import dis

    # It reads bytes (its documentation); the stubs say otherwise.
    jumped_to = dis.findlabels(code.co_code)  # type: ignore[arg-type]
    return any(code.co_code[at] == opcode for at in jumped_to)


def referenced_callables(function: FunctionType, owner: object) -> List[Callable[..., object]]:
    """Return the callables that a function's code names: globals, attributes of its owner, variables."""
    names = function.__code__.co_names
    candidates = [function.__globals__[name] for name in names if name in function.__globals__]
    if owner is not MISSING and not is_class(owner):
        candidates.extend([stored_attribute(owner, name) for name in names])
    for cell in function.__closure__ or ():
        try:
            candidates.append(cell.cell_contents)
        except ValueError:  # the variable has no value yet
            continue
    return [each for each in candidates if each is not MISSING and callable(each)]
