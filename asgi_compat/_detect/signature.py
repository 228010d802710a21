"""`CallSignature`: which positional arguments one call of an object still takes.

``__code__`` is read and not `inspect.signature`. A signature follows ``__wrapped__`` and ``__signature__``
and so describes what a wrapper wraps, while the detector asks what the wrapper takes. It also costs thirty
times as much, and `inspect` must not be imported while this package loads.
"""

from __future__ import annotations

import sys
from types import FunctionType

from .attributes import MISSING, class_attribute, instance_dict, is_class, stored_attribute
from .bytecode import (
    ASYNC_GENERATOR,
    COROUTINE,
    GENERATOR,
    ITERABLE_COROUTINE,
    VARARGS,
    VARKEYWORDS,
    kind_of_code,
)
from .vocabulary import RECEIVE, ROLES, SCOPE, SEND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Sequence, Tuple

    #: The recursion that is passed to the modules below `callables`.
    SignatureOf = Callable[..., Optional["CallSignature"]]

#: The arguments of a call of ASGI3, in their order.
PROTOCOL = [SCOPE, RECEIVE, SEND]


class CallSignature:
    """The positional parameters that are still open, and the kind of function that takes them.

    ``names`` are the open positional parameters and ``required`` counts those without default.
    ``varargs`` is true when more are accepted, ``required_keywords`` are the keyword-only parameters
    without default, and ``varkw`` is true when any keyword is accepted. ``kind`` is one of "", "async",
    "generator", "async generator" and "class". ``function`` is the object that was read and ``owner``
    the object to which the method is bound.
    """

    __slots__ = ("names", "required", "varargs", "required_keywords", "varkw", "kind", "function", "owner")

    def __init__(
        self,
        names: Tuple[str, ...],
        required: int = 0,
        varargs: bool = False,
        required_keywords: Tuple[str, ...] = (),
        varkw: bool = False,
        kind: str = "",
        function: Any = None,
        owner: Any = MISSING,
    ) -> None:
        self.names = names
        self.required = required
        self.varargs = varargs
        self.required_keywords = required_keywords
        self.varkw = varkw
        self.kind = kind
        self.function = function
        self.owner = owner

    def takes(self, count: int) -> bool:
        """Return whether a call with that many positional arguments fits."""
        return (
            not self.required_keywords
            and self.required <= count
            and (self.varargs or count <= len(self.names))
        )

    def role(self, index: int) -> str:
        """Return the role that an open parameter plays, "" for none."""
        return ROLES[self.names[index]] if index < len(self.names) else ""

    @property
    def reordered(self) -> bool:
        """Return whether its first three parameters are scope, receive and send in another order."""
        roles = [ROLES[name] for name in self.names[:3]]
        return roles != PROTOCOL and sorted(roles) == sorted(PROTOCOL)

    @property
    def called_by_keyword(self) -> bool:
        """Return whether only a call with the keywords scope, receive and send fits.

        daphne makes that call (4.2.3, `Server.create_application`); uvicorn, hypercorn and granian call by
        position.
        """
        code = getattr(self.function, "__code__", None)
        if not self.required_keywords or code is None:
            return False
        count = code.co_argcount
        taken = {*self.names, *code.co_varnames[count : count + code.co_kwonlyargcount]}
        needed = {*self.names[: self.required], *self.required_keywords}
        return needed.issubset(PROTOCOL) and taken.issuperset(PROTOCOL)

    @property
    def pass_through(self) -> bool:
        """Return whether it takes exactly ``*args``, with or without ``**kwargs``."""
        return self.varargs and not self.names and not self.required_keywords

    def __str__(self) -> str:
        parts = list(self.names)
        if self.varargs:
            parts.append("*args")
        parts.extend([f"{name}=..." for name in self.required_keywords])
        return "(" + ", ".join(parts) + ")"

    def of_class(self, cls: type, function: Any = None) -> CallSignature:
        """Return the same parameters as those of instantiating a class."""
        return CallSignature(
            self.names,
            self.required,
            self.varargs,
            self.required_keywords,
            self.varkw,
            "class",
            self.function if function is None else function,
            cls,
        )

    def bind(
        self, values: Sequence[object], keywords: Sequence[str] = (), owner: object = MISSING
    ) -> Optional[CallSignature]:
        """Return what remains after binding arguments, or None when they do not fit."""
        count = len(values)
        if count > len(self.names) and not self.varargs:
            return None
        left = CallSignature(
            self.names[count:],
            max(0, self.required - count),
            self.varargs,
            tuple([name for name in self.required_keywords if name not in keywords]),
            self.varkw,
            self.kind,
            self.function,
            self.owner if owner is MISSING or self.kind == "class" else owner,
        )
        for keyword in keywords:
            if keyword in left.names:
                left._bind_by_name(keyword, keywords)
            elif not (keyword in self.required_keywords or self.varkw or self._keyword_only(keyword)):
                return None
            if keyword in self.names:
                left.varargs = False
        return left

    def _bind_by_name(self, keyword: str, keywords: Sequence[str]) -> None:
        """Close a positional parameter, and with it those behind it.

        They can only be passed by keyword then: ``partial(app, receive=...)`` takes one positional
        argument.
        """
        at = self.names.index(keyword)
        behind = self.names[at + 1 : self.required]
        self.required_keywords += tuple([name for name in behind if name not in keywords])
        self.names, self.required = self.names[:at], min(self.required, at)

    def _keyword_only(self, name: str) -> bool:
        code = getattr(self.function, "__code__", None)
        if code is None:
            return True
        count = code.co_argcount
        return name in code.co_varnames[: count + code.co_kwonlyargcount]


#: How `asyncio` and `inspect` declare a plain callable a coroutine function: the module, the name of the
#: sentinel in it, and the attribute in which the sentinel is stored.
_ASYNC_MARKS = (
    ("asyncio.coroutines", "_is_coroutine", "_is_coroutine"),
    ("inspect", "_is_coroutine_mark", "_is_coroutine_marker"),
    ("inspect", "_is_coroutine_marker", "_is_coroutine_marker"),  # in the first releases of 3.12
)


def is_marked_async(function: object) -> bool:
    """Return whether a plain callable is declared a coroutine function.

    The sentinels are looked for only in modules that are loaded: marking a function imports them.
    """
    for module, sentinel, attribute in _ASYNC_MARKS:
        mark = getattr(sys.modules.get(module), sentinel, None)
        if mark is None:
            continue
        found = instance_dict(function).get(attribute, MISSING)
        if found is MISSING and type(function) is not FunctionType and not is_class(function):
            found = class_attribute(type(function), attribute)
        if found is mark:
            return True
    # Cython 3 answers for its coroutine functions from C.
    value = stored_attribute(function, "_is_coroutine") if type(function) is not FunctionType else MISSING
    return value is not MISSING and value is not None and value is not False


def signature_of_function(function: Any) -> Optional[CallSignature]:
    """Return the signature of a function written in Python, or of a compiled one with a true ``__code__``."""
    code = function.__code__
    count = code.co_argcount
    names = tuple(code.co_varnames[:count])
    if len(names) != count:
        return None
    flags = code.co_flags
    keywords: Tuple[str, ...] = ()
    if code.co_kwonlyargcount:
        optional = function.__kwdefaults__ or {}
        keyword_only = code.co_varnames[count : count + code.co_kwonlyargcount]
        keywords = tuple([name for name in keyword_only if name not in optional])
    kind = _KIND_OF_FLAGS.get(flags & _ANY_KIND)
    if kind is None:
        kind = kind_of_code(flags)
    if not kind and (type(function) is not FunctionType or function.__dict__) and is_marked_async(function):
        kind = "async"
    defaults = function.__defaults__
    return CallSignature(
        names,
        count - len(defaults) if defaults else count,
        bool(flags & VARARGS),
        keywords,
        bool(flags & VARKEYWORDS),
        kind,
        function,
    )


#: The kind for each combination of flags that a compiler makes; `kind_of_code` reads the others.
_ANY_KIND = GENERATOR | COROUTINE | ITERABLE_COROUTINE | ASYNC_GENERATOR
_KIND_OF_FLAGS = {
    flags: kind_of_code(flags)
    for flags in (0, GENERATOR, COROUTINE, ITERABLE_COROUTINE | GENERATOR, ASYNC_GENERATOR)
}
