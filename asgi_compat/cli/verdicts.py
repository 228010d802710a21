"""Print the layers of a stack, as text or JSON, and what to do with the outermost."""

from __future__ import annotations

import argparse
import json
from types import FunctionType, MethodType
from typing import Any, Dict, List, Sequence

from asgi_compat import Style

from .._detect.layers import LIMIT, Layer
from .._terminal import emit
from .._text import class_name, escape, safe_repr
from .statuses import CLEAN, NOT_AN_APPLICATION

#: Styles that can be served.
RUNNABLE = (Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.UNKNOWN)

#: Types whose repr can be large, and is bounded before it is made.
_BUILTIN = (str, bytes, bytearray, int, list, tuple, dict, set, frozenset)
#: Characters of a repr that are shown.
_LONGEST = 120


def print_layers(arguments: argparse.Namespace, stack: Sequence[Layer]) -> int:
    """Print a stack as the arguments ask for it, and return the exit status."""
    style = stack[0].verdict.style
    layers = [_facts(layer) for layer in stack]
    if arguments.json:
        emit_json({"target": escape(arguments.target), "style": style.value, "layers": layers})
    else:
        target = escape(arguments.target)
        emit("\n".join([*_table(target, layers), escape(closing_line(target, stack))]))
    return CLEAN if style in RUNNABLE else NOT_AN_APPLICATION


def emit_json(facts: Any) -> None:
    """Print a result for programs."""
    # DEL is the one control character that json does not escape.
    emit(json.dumps(facts, indent=2).replace("\x7f", "\\u007f"))


def _facts(layer: Layer) -> Dict[str, Any]:
    """Return what is printed of a layer. These are the keys of the JSON, all texts escaped."""
    verdict = layer.verdict
    return {
        "depth": layer.depth,
        "via": escape(layer.via.strip()),
        "repr": _shown(verdict.app),
        "type": _dotted_name(type(verdict.app)),
        "style": verdict.style.value,
        "reason": escape(verdict.reason),
        "remedy": escape(verdict.remedy),
    }


def _shown(app: Any) -> str:
    """Return the name of a function or class, or else the repr; one bounded line."""
    kind = type(app)
    if issubclass(kind, (type, FunctionType, MethodType)):
        return _dotted_name(app)
    if any(kind is one for one in _BUILTIN):  # a metaclass may define ==
        return safe_repr(app, _LONGEST)
    try:
        text = str.__str__(repr(app))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        text = f"<{_dotted_name(kind)}, whose repr raises {class_name(type(error))}>"
    return _shortened(text)


def _dotted_name(named: Any) -> str:
    try:
        return _shortened(f"{named.__module__}.{named.__qualname__}")
    except Exception:  # a metaclass may override them
        return class_name(type(named), full=True)


def _shortened(text: str) -> str:
    text = escape(text[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _table(target: str, layers: Sequence[Dict[str, Any]]) -> List[str]:
    styles = max(len(layer["style"]) for layer in layers)
    lines = [f"{target}, outermost first:"]
    for number, layer in enumerate(layers, 1):
        inset = "  " * layer["depth"]
        name = (f"{layer['via']} = " if layer["via"] else "") + layer["repr"]
        lines.append(f"{number:>3}  {layer['style']:<{styles}}  {inset}{name}")
        indent = " " * (styles + 7) + inset
        lines += [indent + layer["reason"]] if layer["reason"] else []
        lines += [f"{indent}-> {layer['remedy']}"] if layer["remedy"] else []
    if len(layers) == LIMIT:
        lines.append(f"     ... not followed deeper than {LIMIT} layers")
    return lines


_CLOSING = {
    Style.SINGLE: "guarantee_single_callable returns it unchanged.",
    Style.EITHER: "guarantee_single_callable returns it unchanged: both calls work.",
    Style.DOUBLE: (
        "To serve it: python -m asgi_compat serve {target}. In code: to_asgi3(app); for the call alone,"
        " guarantee_single_callable(app)."
    ),
    Style.UNKNOWN: "guarantee_single_callable wraps it in an adapter that decides on the first connection.",
}
_REFUSED = "guarantee_single_callable refuses it"


def closing_line(target: str, stack: Sequence[Layer]) -> str:
    """Return what to do with the outermost layer, or what to write instead.

    >>> from asgi_compat import Verdict
    >>> closing_line("m:app", [Layer(0, "", Verdict(Style.SINGLE, "", "", None))])
    'guarantee_single_callable returns it unchanged.'
    """
    outermost = stack[0].verdict
    if outermost.style in _CLOSING:
        return _CLOSING[outermost.style].format(target=target) + _profile_of(outermost.app)
    if outermost.style is Style.FACTORY:
        return f"{_REFUSED}: {outermost.remedy}."
    for layer in stack[1:]:
        if layer.depth == 1 and layer.verdict.style in RUNNABLE and layer.via[1:].isidentifier():
            path = target if ":" in target else f"{target}:app"
            return f"{_REFUSED}. It holds an application: did you mean {path}{layer.via}?"
    return f"{_REFUSED}."


def _profile_of(app: Any) -> str:
    from asgi_compat import profile_of  # the whole service, which --help does not need

    profile = profile_of(app)
    return "" if profile is None else f" Its quirks: the profile {profile.name} ({profile.why})."
