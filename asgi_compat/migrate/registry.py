"""The rewrites by name, and the kinds of things that an outer half may return."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Callable, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional

from .source import Edit

if TYPE_CHECKING:
    from .analysis import Analysis
    from .recognition import OuterHalf

#: Makes the call of what is returned out of it: takes the names of receive and send.
MakeCall = Callable[[str, str], List[Edit]]


class Rewrite(NamedTuple):
    """One idiom of ASGI2, and what becomes of it."""

    name: str
    summary: str
    before: str
    after: str


class Leaf(NamedTuple):
    """An expression that an outer half returns, and how it is called instead."""

    rule: str
    node: ast.expr
    call: MakeCall
    #: Whether it proves that the function is an outer half.
    strong: bool = True


class Refusal(Exception):
    """A reason to leave a file as it is, with the line that it is about."""

    def __init__(self, node: ast.AST, reason: str) -> None:
        super().__init__(reason)
        self.line: int = getattr(node, "lineno", 1)
        self.reason = reason


Recognise = Callable[["Analysis", "OuterHalf", ast.expr], Optional[Leaf]]
Apply = Callable[["Analysis"], None]

REWRITES: Dict[str, Rewrite] = {}
#: Asked in this order what a returned expression is.
RECOGNISERS: List[Recognise] = []
#: Called in this order once the outer halves are known.
STEPS: List[Apply] = []
_recognisers: Dict[int, Recognise] = {}
_steps: Dict[int, Apply] = {}


def register(name: str, summary: str, before: str, after: str) -> Rewrite:
    """Add a rewrite."""
    if name in REWRITES:
        raise ValueError(f"{name!r} is already a rewrite; use another name")
    row = REWRITES[name] = Rewrite(name, summary, before, after)
    return row


def recogniser(place: int) -> Callable[[Recognise], Recognise]:
    """Add a function that recognises what an outer half returns; those with a lower place are asked first."""

    def add(function: Recognise) -> Recognise:
        _check_free(_recognisers, place)
        _recognisers[place] = function
        RECOGNISERS[:] = [_recognisers[at] for at in sorted(_recognisers)]
        return function

    return add


def step(place: int) -> Callable[[Apply], Apply]:
    """Add a function that rewrites what it finds in a module; those with a lower place come first."""

    def add(function: Apply) -> Apply:
        _check_free(_steps, place)
        _steps[place] = function
        STEPS[:] = [_steps[at] for at in sorted(_steps)]
        return function

    return add


def _check_free(taken: Mapping[int, Callable[..., object]], place: int) -> None:
    if place in taken:
        found = taken[place]
        raise ValueError(f"place {place} is taken by {found.__module__}.{found.__name__}; use a free one")


def chosen(only: Iterable[str] = (), skip: Iterable[str] = ()) -> FrozenSet[str]:
    """Return the names of the rewrites to do. Raises ValueError for a name that is none.

    >>> sorted(chosen(only=["closures"]))
    ['closures']
    """
    only, skip = list(only), list(skip)
    for name in [*only, *skip]:
        if name not in REWRITES:
            raise ValueError(f"{name!r} is not a rewrite; there are {', '.join(sorted(REWRITES))}")
    return frozenset(only or REWRITES) - frozenset(skip)
