"""Run one operation on one value or event, as `apply_steps` does."""

from __future__ import annotations

from typing import Any, Dict, Optional

from asgi_compat import Quirks
from asgi_compat._messages.operations import OPERATIONS
from asgi_compat._messages.schema import MISSING, BoundStep
from asgi_compat._messages.table import TABLE


def change(
    op: str,
    value: Any = MISSING,
    on: str = "",
    field: str = "",
    event: Optional[Dict[str, Any]] = None,
    scope: Any = None,
    direction: str = "A",
    **quirks: Any,
) -> Any:
    """Return the change that the operation makes: None, or the new value and whether the old one was wrong.

    ``on`` and ``field`` name the row whose default it uses. For an operation on a whole event, ``event`` is
    that event and ``value`` is not used.
    """
    operation = OPERATIONS[op]
    rows = [row for row in TABLE.fields if row.type == on]
    row: Any = tuple(rows) if operation.on_event else next((row for row in rows if row.name == field), None)
    act: Any = operation.act
    step = BoundStep(
        "A1", on, field or None, row, op, act, operation.follow, True, Quirks(**quirks), direction
    )
    given = {} if event is None else event
    return act(given, step, scope) if operation.on_event else act(value, step, given, scope)
