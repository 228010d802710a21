"""Print the layers of a stack, as text or JSON, and what to do with the outermost."""

from __future__ import annotations

import argparse
import json
import types
from typing import Any, Sequence

from asgi_compat import Style

from .._detect.layers import LIMIT, Layer
from .._terminal import emit
from .._text import escape
from .statuses import CLEAN, NOT_AN_APPLICATION


def print_layers(arguments: argparse.Namespace, stack: Sequence[Layer]) -> int:
    """Print a stack as the arguments ask for it, and return the exit status."""
    outermost = stack[0].verdict
    if arguments.json:
        facts = {
            "target": arguments.target,
            "style": outermost.style.value,
            "layers": [
                {
                    "depth": layer.depth,
                    "via": escape(layer.via.strip()),
                    "repr": _shown(layer.verdict.app),
                    "type": _type_name(layer.verdict.app),
                    "style": layer.verdict.style.value,
                    "reason": escape(layer.verdict.reason),
                    "remedy": escape(layer.verdict.remedy),
                }
                for layer in stack
            ],
        }
        emit_json(facts)
    else:
        target = escape(arguments.target)
        emit(_table(target, stack) + "\n" + escape(closing_line(target, stack)))
    return CLEAN if outermost.style in RUNNABLE else NOT_AN_APPLICATION


def emit_json(facts: Any) -> None:
    """Print a result for programs."""
    # DEL is the one control character that json leaves as it is.
    emit(json.dumps(facts, indent=2).replace("\x7f", "\\u007f"))


RUNNABLE = (Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.UNKNOWN)


def _shown(app: Any) -> str:
    """Return the name of a function or class, or else the repr, escaped and at most 120 characters long."""
    if isinstance(app, (type, types.FunctionType, types.MethodType)):
        return _dotted_name(app)
    try:
        text = "".join(repr(app))  # a plain str, whatever subclass of it came
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        text = f"<{_type_name(app)}, whose repr raises {type(error).__name__}>"
    return _shortened(text)


def _dotted_name(named: Any) -> str:
    try:
        return _shortened(f"{named.__module__}.{named.__qualname__}")
    except Exception:  # of a metaclass
        return _shortened(object.__repr__(named))


def _type_name(app: Any) -> str:
    return _dotted_name(type(app))


def _shortened(text: str) -> str:
    text = escape(text[:121])
    return text if len(text) <= 120 else text[:117] + "..."


def _table(target: str, stack: Sequence[Layer]) -> str:
    names = [
        "  " * layer.depth
        + (f"{escape(layer.via.strip())} = " if layer.via else "")
        + _shown(layer.verdict.app)
        for layer in stack
    ]
    styles = max(len(layer.verdict.style.value) for layer in stack)
    lines = [f"{target}, outermost first:"]
    for number, (layer, name) in enumerate(zip(stack, names), 1):
        lines.append(f"{number:>3}  {layer.verdict.style.value:<{styles}}  {name}")
        indent = " " * (styles + 7) + "  " * layer.depth
        if layer.verdict.reason:
            lines.append(indent + escape(layer.verdict.reason))
        if layer.verdict.remedy:
            lines.append(f"{indent}-> {escape(layer.verdict.remedy)}")
    if len(stack) == LIMIT:
        lines.append(f"     ... not followed deeper than {LIMIT} layers")
    return "\n".join(lines)


_CLOSING = {
    Style.SINGLE: "guarantee_single_callable gives it back as it is.",
    Style.EITHER: "guarantee_single_callable gives it back as it is: both calls work.",
    Style.DOUBLE: (
        "To serve it: python -m asgi_compat serve {target}. In code: to_asgi3(app); for the call alone,"
        " guarantee_single_callable(app)."
    ),
    Style.UNKNOWN: "guarantee_single_callable wraps it in an adapter that finds out on the first connection.",
}


def closing_line(target: str, stack: Sequence[Layer]) -> str:
    """What to do with the outermost layer, or what to write instead.

    >>> from asgi_compat import Verdict
    >>> closing_line("m:app", [Layer(0, "", Verdict(Style.SINGLE, "", "", None))])
    'guarantee_single_callable gives it back as it is.'
    """
    outermost = stack[0].verdict
    if outermost.style in _CLOSING:
        from asgi_compat import profile_of  # the whole service, which --help does not need

        profile = profile_of(outermost.app)
        quirks = f" Its quirks: the profile {profile.name} ({profile.why})." if profile is not None else ""
        return _CLOSING[outermost.style].format(target=target) + quirks
    text = "guarantee_single_callable refuses it"
    if outermost.style is Style.FACTORY:
        return f"{text}: it has to be called first. With --factory this command calls it."
    for layer in stack[1:]:
        if layer.depth == 1 and layer.verdict.style in RUNNABLE and layer.via[1:].isidentifier():
            path = target if ":" in target else f"{target}:app"
            return f"{text}. What it holds is an application: did you mean {path}{layer.via}?"
    return f"{text}."
