"""What kind of application is this object? It is looked at and never called.

`classify` is the pipeline: unwrap until nothing wraps, read the signature once, collect the evidence
once; the first row of a decision table that applies gives the verdict. The tables are in `functions`,
`classes`, `objects`, `partials` and `wrappers`.
"""

from __future__ import annotations

from .classify import ADVISERS
from .classify import classify as classify
from .classify import is_double_callable as is_double_callable
from .classify import is_single_callable as is_single_callable
from .marks import mark_double as mark_double
from .marks import mark_single as mark_single
from .registry import register_unwrapper as register_unwrapper
from .verdict import Style as Style
from .verdict import Verdict as Verdict


def _better_remedy(app: object, remedy: str) -> str:
    """Load the remedies for what is not an application when the first one is asked for."""
    from .advice import advice

    return advice(app, remedy)


ADVISERS.append(_better_remedy)
