"""Print the layers of a stack, as text or JSON, and what to do with the outermost."""

from __future__ import annotations

import argparse
import json
from types import FunctionType, MethodType
from typing import Any, Dict, List, Sequence

from asgi_compat import Style

from .._detect.joints import Joint, slashed_routes, wrong_joints
from .._detect.layers import LIMIT, Layer
from .._terminal import emit
from .._text import escape, name_of_class, plural, safe_repr
from .statuses import CLEAN, NOT_AN_APPLICATION

#: Raised when a key of the JSON is renamed or removed; new keys may be added at any time.
JSON_VERSION = 1
#: Styles that can be served.
RUNNABLE = (Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.UNKNOWN)

#: Types whose repr can be large, and is bounded before it is made.
_BUILTIN = (str, bytes, bytearray, int, list, tuple, dict, set, frozenset)
#: Characters of a repr that are shown.
_LONGEST = 120


def print_layers(arguments: argparse.Namespace, stack: Sequence[Layer]) -> int:
    """Print a stack as the arguments ask for it, and return the exit status."""
    from ..serve import command_line

    style = stack[0].verdict.style
    joints = wrong_joints(stack[0].verdict.app)
    command = command_line("serve", arguments, *(["--rewire"] if joints else []))
    layers = [_facts(layer, joints) for layer in stack]
    if arguments.json:
        emit_json(
            {
                "version": JSON_VERSION,
                "target": escape(arguments.target),
                "style": style_name(style),
                "layers": layers,
                "next": escape(closing_line(arguments.target, stack, command)),
            }
        )
    else:
        target = escape(arguments.target)
        emit(
            "\n".join(
                [
                    *_table(target, layers),
                    *_summary(joints, [layer["wrong"] for layer in layers], command),
                    *[escape(f"{line}.") for line in slashed_routes(stack[0].verdict.app)],
                    escape(closing_line(target, stack, command)),
                ]
            ),
            "inspect",
        )
    return CLEAN if style in RUNNABLE else NOT_AN_APPLICATION


def emit_json(facts: Any) -> None:
    """Print a result for programs."""
    # DEL is the one control character that json does not escape.
    emit(json.dumps(facts, indent=2).replace("\x7f", "\\u007f"))


def emit_error(message: str, status: int) -> None:
    """Print an error for programs; people read the same sentence on standard error."""
    emit_json({"version": JSON_VERSION, "error": {"message": escape(message), "status": status}})


def style_name(style: Style) -> str:
    """Return the name of a style for programs.

    >>> style_name(Style.NOT_AN_APP)
    'not_an_app'
    """
    return style.name.lower()


def _summary(joints: Sequence[Joint], said: Sequence[str], command: str) -> List[str]:
    """Return what is wrong and not said of a layer, and what to do."""
    if not joints:
        return []
    wrong = dict.fromkeys(escape(joint.describe()) for joint in joints)
    return [
        *[line for line in wrong if line not in said],
        f"{plural(len(joints), 'layer')} called the wrong way: write what is said there, or"
        f" to_asgi3(app, rewire=True), or run: {escape(command)}",
    ]


def _wrong(layer: Layer, joints: Sequence[Joint]) -> str:
    """Return what is wrong with the place of a layer, or with a variable that it calls, "" for nothing."""
    app = layer.verdict.app
    for joint in joints:
        same = joint.place.value is app and joint.place.via == layer.via and joint.path == layer.path
        if same or (joint.is_variable and joint.holder is app):
            return joint.describe()
    return ""


def _facts(layer: Layer, joints: Sequence[Joint] = ()) -> Dict[str, Any]:
    """Return what is printed of a layer. These are the keys of the JSON, all texts escaped."""
    verdict = layer.verdict
    return {
        "depth": layer.depth,
        "via": escape(layer.via.strip()),
        "path": escape(layer.path),
        "repr": _shown(verdict.app),
        "type": _dotted_name(type(verdict.app)),
        "style": style_name(verdict.style),
        "reason": escape(verdict.reason),
        "remedy": escape(verdict.remedy),
        "missing": escape(layer.missing),
        "wrong": escape(_wrong(layer, joints)),
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
        text = f"<{_dotted_name(kind)}, whose repr raises {name_of_class(type(error))}>"
    return _shortened(text)


def _dotted_name(named: Any) -> str:
    try:
        return _shortened(f"{named.__module__}.{named.__qualname__}")
    except Exception:  # a metaclass may override them
        return name_of_class(type(named), full=True)


def _shortened(text: str) -> str:
    text = escape(text[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _table(target: str, layers: Sequence[Dict[str, Any]]) -> List[str]:
    words = [Style[layer["style"].upper()].value for layer in layers]
    styles = max(map(len, words))
    lines = [f"{target}, outermost first:"]
    paths: Dict[int, str] = {}
    for number, layer in enumerate(layers, 1):
        inset = "  " * layer["depth"]
        name = (f"{layer['via']} = " if layer["via"] else "") + layer["repr"]
        name += f"  (at {layer['path']})" if layer["path"] != paths.get(layer["depth"] - 1, "") else ""
        paths[layer["depth"]] = layer["path"]
        lines.append(f"{number:>3}  {words[number - 1]:<{styles}}  {inset}{name}")
        indent = " " * (styles + 7) + inset
        lines += [indent + layer["reason"]] if layer["reason"] else []
        if layer["wrong"]:
            lines.append(f"{indent}!! {layer['wrong']}")
        elif layer["remedy"]:
            lines.append(f"{indent}-> {layer['remedy']}")
        lines += [indent + layer["missing"]] if layer["missing"] else []
    if len(layers) == LIMIT:
        lines.append(f"     ... not followed deeper than {LIMIT} layers")
    return lines


_CLOSING = {
    Style.SINGLE: "guarantee_single_callable returns it unchanged.",
    Style.EITHER: "guarantee_single_callable returns it unchanged: both calls work.",
    Style.DOUBLE: (
        "To serve it: {command}. In code: to_asgi3(app); for the call alone, guarantee_single_callable(app)."
    ),
    Style.UNKNOWN: "guarantee_single_callable wraps it in an adapter that decides on the first connection.",
}
_REFUSED = "guarantee_single_callable refuses it"


def closing_line(target: str, stack: Sequence[Layer], command: str = "") -> str:
    """Return what to do with the outermost layer, or what to write instead.

    `command` is the one that serves it, with the options that were given.

    >>> from asgi_compat import Verdict
    >>> closing_line("m:app", [Layer(0, "", Verdict(Style.SINGLE, "", "", None))])
    'guarantee_single_callable returns it unchanged.'
    """
    outermost = stack[0].verdict
    if outermost.style in _CLOSING:
        line = _CLOSING[outermost.style].format(command=command or f"python -m asgi_compat serve {target}")
        return line + _profile_of(outermost.app) + _missing(outermost.app)
    if outermost.style is Style.FACTORY:
        return f"{_REFUSED}: {outermost.remedy}."
    for layer in stack[1:]:
        if layer.depth == 1 and layer.verdict.style in RUNNABLE and layer.via[1:].isidentifier():
            path = target if ":" in target else f"{target}:app"
            return f"{_REFUSED}. It holds an application: did you mean {path}{layer.via}?"
    return f"{_REFUSED}."


def _missing(app: Any) -> str:
    from ..serve import missing_protocol

    missing = missing_protocol(app)
    return f" It{missing[len('; it') :]}." if missing else ""


def _profile_of(app: Any) -> str:
    from asgi_compat import profile_of  # the whole service, which --help does not need

    profile = profile_of(app)
    return "" if profile is None else f" Its quirks: the profile {profile.name} ({profile.why})."
