"""Operations: what a step does to one field, or to a whole scope or event.

An operation returns None when there is nothing to do, or a pair: the new value, and whether the current
specification forbids the old one. MISSING in either place means that the key is not there. It raises
`Unrepairable` for a value that it cannot repair.

Operations of one event are applied in the order of their phases; in one phase, in the order of the rules.
To add one, write a function in the module of its subject and register it::

    @field_operation("upper", TYPE)
    def upper(value, step, event, scope): ...
"""

from __future__ import annotations

from . import addresses, headers, paths, scopes, subprotocols, values, websocket
from .registry import OPERATIONS, Operation, phase_of

__all__ = [
    "OPERATIONS",
    "Operation",
    "addresses",
    "headers",
    "paths",
    "phase_of",
    "scopes",
    "subprotocols",
    "values",
    "websocket",
]
