"""The pipeline: from an object to style, reason and remedy.

The order of evidence: an explicit mark that this object itself carries; what the object is once wrappers
are taken off; how many arguments it takes; whether it is a coroutine function. UNKNOWN is an answer:
what cannot be decided is never assumed to be DOUBLE.

Every object goes through `judge`: a plain function straight to its table, other objects through their
marks and wrappers. `judge` is passed to the modules below that look inside an object.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType

from .attributes import is_class
from .callables import DEPTH_LIMIT, signature_of, takes_second_half
from .classes import decide_class
from .functions import decide_function
from .marks import explicit_marks
from .objects import cannot_be_called, decide_not_callable, decide_opaque
from .partials import decide_partial
from .signature import signature_of_function
from .verdict import Style, answer
from .wrappers import unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .signature import CallSignature
    from .verdict import Answer


def judge(value: object, depth: int = 0) -> Answer:
    """Return style, reason and remedy of any object. May raise what a hostile object raises."""
    if depth > DEPTH_LIMIT:
        return answer(Style.UNKNOWN, "a chain of wrappers too long to look through")
    if type(value) is FunctionType and not value.__dict__:
        # A function that carries nothing: neither a mark nor what it wraps.
        signature = signature_of_function(value)
        if signature is not None and not signature.varargs:
            return decide_function(value, signature)
    if cannot_be_called(value):
        return decide_not_callable(value)
    if is_class(value):
        return _judge_class(value)
    return _judge_object(value, depth)


def _judge_object(value: object, depth: int) -> Answer:
    """Return the answer for a callable that is not a class: mark, wrapper, then its own signature."""
    single, double = explicit_marks(value)
    signature = signature_of(value)
    # A mark never outweighs what is certain.
    single = single and (signature is None or signature.takes(3))
    double = double and (signature is None or signature.takes(1))
    if single and double:
        return answer(Style.EITHER, "marked as both single and double callable")
    if single:
        return answer(Style.SINGLE, "marked as single callable")
    if double:
        return answer(Style.DOUBLE, "marked as double callable")
    inside = partial(judge, depth=depth + 1)
    return unwrap(value, signature, inside) or _judge_signature(value, signature, inside)


def _judge_signature(value: Any, signature: Optional[CallSignature], inside: partial[Answer]) -> Answer:
    if signature is None:
        return decide_opaque(value)
    if signature.kind == "class":
        return decide_class(signature.owner, signature)
    bound = decide_partial(value, signature, inside) if issubclass(type(value), partial) else None
    return bound or decide_function(value, signature)


def _judge_class(cls: type) -> Answer:
    """Return the answer for a class, which its mark may be about, or about its instances."""
    found = decide_class(cls)
    single, double = explicit_marks(cls)
    if single is double:
        return found
    # The mark counts where the class could be called that way: ``class Sanic: _asgi_single_callable = True``
    # stays a factory.
    signature = signature_of(cls)
    undecided = found[0] in (Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.UNKNOWN)
    if single:
        if undecided and (signature is None or signature.takes(3)):
            return answer(Style.SINGLE, "class marked as single callable")
    elif (signature is None or signature.takes(1)) and (undecided or takes_second_half(cls)):
        return answer(Style.DOUBLE, "class marked as double callable")
    return found
