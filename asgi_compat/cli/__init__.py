"""The command line: ``asgi-compat``, which is also ``python -m asgi_compat``.

A subcommand is a row of `COMMANDS`: its name, its help, a function that adds its arguments and one
that runs it and gives the exit status. What a subcommand needs is imported when it runs, so that
``inspect`` loads no server and ``--help`` loads no application.

Exit statuses are part of the interface: the constants below are what ``--help`` prints.
"""

from __future__ import annotations

import argparse
import functools
import inspect
import json
import sys
import types
from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Tuple, Type

from asgi_compat import (
    ASGICompatError,
    DetectionError,
    MissingExtraError,
    Style,
    Verdict,
    __version__,
    classify,
    rules,
)

from .._terminal import OutputError, emit, emit_as_is, owned_streams, reserve_output, say
from .._text import escape

__all__ = ["COMMANDS", "Command", "Layer", "layers", "main"]

#: It ended as it should: a server by Ctrl-C or SIGTERM.
CLEAN = 0
#: What was named is not an application.
NOT_AN_APPLICATION = 1
#: The application does something wrong, `check` says.
FINDINGS = 1
#: The command line contradicts itself, or the server does not have the option.
USAGE = 2
#: The application could not be imported.
NOT_IMPORTED = 3
#: The server's package is not installed.
SERVER_MISSING = 4
#: `check` was interrupted by Ctrl-C; a server ends with 0 then. What shells say of SIGINT.
INTERRUPTED = 130
#: The address cannot be listened on.
NO_ADDRESS = 5
#: The server ended by itself, most often because the application failed at start-up.
SERVER_FAILED = 6
#: Standard output is closed or full, or its reader has ended.
NO_OUTPUT = 7

_EPILOG = f"""\
exit status:
  {CLEAN}  it ended as it should (a server: by Ctrl-C or SIGTERM)
  {NOT_AN_APPLICATION}  what was named is not an application, or check has found something
  {USAGE}  wrong usage, or an option the server does not have
  {NOT_IMPORTED}  the application could not be imported
  {SERVER_MISSING}  the server's package is not installed
  {NO_ADDRESS}  the address cannot be listened on
  {SERVER_FAILED}  the server ended by itself (most often the application failed at start-up)
  {NO_OUTPUT}  the output could not be written: standard output is closed or full, or its reader has ended
"""


class Command(NamedTuple):
    """One subcommand."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    #: Gets the parsed arguments, gives the exit status.
    run: Callable[[argparse.Namespace], int]
    #: Whether standard output is for its result alone: what the application prints goes to stderr.
    prints: bool = True


# --- serve ---------------------------------------------------------------------------------------


def _add_target(parser: argparse.ArgumentParser, *, optional: str = "") -> None:
    parser.add_argument(
        "target",
        metavar="module:app",
        nargs="?" if optional else None,
        help="the import string of the application; a module alone means its app or application" + optional,
    )
    parser.add_argument("--factory", action="store_true", help="call it: what it returns is the application")
    parser.add_argument(
        "--app-dir", default="", metavar="DIR", help="look for the module there (default: here)"
    )


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    _add_target(parser, optional="; the built-in demo when left out")
    # The names stand here a second time, so that --help needs no import: a test compares them.
    parser.add_argument(
        "--server", choices=SERVER_NAMES, default=SERVER_NAMES[0], help="(default: %(default)s)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=8000, help="0 takes any free one (default: %(default)s)"
    )
    parser.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="processes (default: %(default)s)"
    )
    parser.add_argument("--reload", action="store_true", help="start again when the code changes")
    parser.add_argument(
        "--root-path", type=_root_path, default="", metavar="/PATH", help="where a proxy mounts it"
    )
    parser.add_argument(
        "--log-level",
        choices=("critical", "error", "warning", "info", "debug"),
        default="info",
        help="(default: %(default)s)",
    )
    _add_style(parser)
    parser.add_argument(
        "--lifespan",
        choices=("auto", "on", "off"),
        default="auto",
        help="auto answers start-up for an application that does not speak it, off for any"
        " (default: %(default)s)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="raise where a message of the application, or of the server, would be repaired",
    )
    _add_quirks(parser, "a choice that depends on the application, a field of asgi_compat.Quirks")


def _add_style(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--style",
        choices=("auto", "single", "double"),
        default="auto",
        help="single is ASGI3, double is ASGI2; auto finds out (default: %(default)s)",
    )


def _add_quirks(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--quirk",
        dest="quirks",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"{what}; may be repeated",
    )


SERVER_NAMES = ("uvicorn", "hypercorn", "daphne", "granian")


def _number(text: str, low: int, high: int, what: str) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return int(text)


def _port(text: str) -> int:
    return _number(text, 0, 65535, "a port: a number from 0 to 65535")


def _count(text: str) -> int:
    return _number(text, 1, 1024, "a number of processes: 1 or more")


def _root_path(text: str) -> str:
    if text.strip("/") and not text.startswith("/"):
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with a slash: write /{text}")
    return text.rstrip("/")


def _serve(arguments: argparse.Namespace) -> int:
    from ..serve import Options, run

    run(Options(**{name: getattr(arguments, name) for name in Options._fields}), _say)
    return CLEAN


# --- inspect -------------------------------------------------------------------------------------


class Layer(NamedTuple):
    """One layer of a middleware stack."""

    #: 0 is the outermost.
    depth: int
    #: How it was reached from the layer outside it, for example ``".app"``.
    via: str
    verdict: Verdict


#: Where middleware keep what they wrap, the commonest first: as an attribute, or as the name of a
#: variable that a closure holds.
_HOLDERS = (
    "app",
    "_app",
    "inner",
    "_inner",
    "application",
    "_application",
    "asgi_app",
    "wrapped",
    "_wrapped",
    "middleware_stack",
    "router",
    # Starlette before 0.12.
    "lifespan_middleware",
    "error_middleware",
    "exception_middleware",
)

#: Deeper than any real stack; it stops what makes a new layer each time it is asked.
_LIMIT = 64


def layers(app: Any) -> List[Layer]:
    """The verdict of every layer of a middleware stack, outermost first.

    Nothing is called on the way in: no application, no property, no ``__getattr__``. A layer that
    was seen already is not followed again. At most 64 layers are given.

    >>> import functools
    >>> def application(scope): ...
    >>> [layer.via for layer in layers(functools.partial(application))]
    ['', '.func']
    """
    found: List[Layer] = []
    seen = set()
    waiting: List[Tuple[int, str, Any]] = [(0, "", app)]
    while waiting and len(found) < _LIMIT:
        depth, via, layer = waiting.pop(0)
        # A bound method is a new object each time it is read.
        key = (
            (id(getattr(layer, "__self__", None)), id(layer.__func__))
            if _is_method(layer)
            else (0, id(layer))
        )
        if key in seen:
            continue
        seen.add(key)
        found.append(Layer(depth, via, classify(layer)))
        waiting[:0] = [(depth + 1, way, inner) for way, inner in _inside(layer)]
    return found


def _is_method(layer: Any) -> bool:
    return type(layer) is types.MethodType


def _inside(layer: Any) -> List[Tuple[str, Any]]:
    """The layers directly inside one, with the way to each."""
    # Our own adapters are partials too, and hold the application as any middleware does.
    if isinstance(layer, functools.partial) and _stored(layer, "app") is None:
        given = [(f".args[{at}]", value) for at, value in enumerate(layer.args)]
        given += [
            (f".keywords[{name!r}]", value) for name, value in layer.keywords.items() if name in _HOLDERS
        ]
        return [(".func", layer.func)] + [(way, value) for way, value in given if callable(value)]
    holder = layer.__self__ if _is_method(layer) else layer
    ways = [(f".{name}", _stored(holder, name)) for name in (*_HOLDERS, "__wrapped__")]
    function = layer.__func__ if _is_method(layer) else layer
    if type(function) is types.FunctionType and function.__closure__:
        for name, cell in zip(function.__code__.co_freevars, function.__closure__):
            if name in _HOLDERS:
                try:
                    ways.append((f" closure {name}", cell.cell_contents))
                except ValueError:  # the variable has no value yet
                    continue
    # Channels' ProtocolTypeRouter has one for each type of scope.
    mapping = _stored(holder, "application_mapping")
    if isinstance(mapping, dict):
        ways += [(f".application_mapping[{name!r}]", value) for name, value in mapping.items()]
    return [(way, value) for way, value in ways if callable(value) and value is not holder]


def _stored(holder: Any, name: str) -> Any:
    """What an object itself stores under a name, without running any code of its own."""
    if isinstance(holder, type):
        return None
    value = inspect.getattr_static(holder, name, None)
    if isinstance(value, (types.MemberDescriptorType, types.GetSetDescriptorType)):
        try:
            return value.__get__(holder, type(holder))  # a slot: read in C
        except (AttributeError, ValueError):
            return None
    if isinstance(value, (types.FunctionType, staticmethod, classmethod, property)):
        # What its class has under that name is a method, not a layer.
        of_class = any(vars(kind).get(name) is value for kind in type(holder).__mro__)
        return None if of_class else value
    return value


def _inspect_arguments(parser: argparse.ArgumentParser) -> None:
    _add_target(parser)
    parser.add_argument("--json", action="store_true", help="print it for a program to read")


def _inspect(arguments: argparse.Namespace) -> int:
    from ..serve import load

    app = load(arguments.target, app_dir=arguments.app_dir, factory=arguments.factory)
    return _tell_layers(arguments, layers(app))


def _tell_layers(arguments: argparse.Namespace, stack: Sequence[Layer]) -> int:
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
        _emit_json(facts)
    else:
        target = escape(arguments.target)
        emit(_table(target, stack) + "\n" + escape(closing_line(target, stack)))
    return CLEAN if outermost.style in _RUNNABLE else NOT_AN_APPLICATION


def _emit_json(facts: Any) -> None:
    # DEL is the one control character that json leaves as it is.
    emit(json.dumps(facts, indent=2).replace("\x7f", "\\u007f"))


_RUNNABLE = (Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.UNKNOWN)


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
    if len(stack) == _LIMIT:
        lines.append(f"     ... not followed deeper than {_LIMIT} layers")
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
        if layer.depth == 1 and layer.verdict.style in _RUNNABLE and layer.via[1:].isidentifier():
            path = target if ":" in target else f"{target}:app"
            return f"{text}. What it holds is an application: did you mean {path}{layer.via}?"
    return f"{text}."


# --- explain -------------------------------------------------------------------------------------


def _explain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", default="", help="a rule's id (A22), an event or a scope (websocket.close)"
    )
    parser.add_argument("--all", action="store_true", help="everything")
    parser.add_argument("--markdown", action="store_true", help="as Markdown, which docs/rules.md is made of")


def _explain(arguments: argparse.Namespace) -> int:
    from ..explain import explain

    if bool(arguments.what) is arguments.all:
        _say("error: name a rule or an event, as in explain A22, or say --all")
        return USAGE
    try:
        text = explain(arguments.what, markdown=arguments.markdown).rstrip("\n")
    except LookupError as error:
        _say(f"error: {error.args[0]}")
        return USAGE
    emit(text)
    return CLEAN


# --- check ---------------------------------------------------------------------------------------


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    _add_target(parser)
    parser.add_argument(
        "--path",
        dest="paths",
        action="append",
        type=_asked_path,
        metavar="/PATH",
        help="path that is asked for, with a query or without; may be repeated (default: /)",
    )
    parser.add_argument(
        "--method",
        dest="methods",
        action="append",
        type=_method,
        metavar="METHOD",
        help="HTTP method; may be repeated (default: GET, HEAD and POST)",
    )
    parser.add_argument(
        "--subprotocol",
        dest="subprotocols",
        action="append",
        type=_subprotocol,
        default=[],
        metavar="NAME",
        help="offered in every WebSocket; may be repeated",
    )
    parser.add_argument(
        "--timeout",
        type=_timeout,
        default=5.0,
        metavar="SECONDS",
        help="what one conversation may take (default: %(default)g)",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        help="make findings of this rule (A23) or problem (raised) notes; may be repeated",
    )
    _add_style(parser)
    _add_quirks(parser, "a field of asgi_compat.Quirks, for what is said of to_asgi3")
    parser.add_argument("--json", action="store_true", help="print it for a program to read")


def _asked_path(text: str) -> str:
    if not text.startswith("/") or not text.isascii() or not text.isprintable() or " " in text:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a path as it stands in a URL: it begins with a slash and is percent-encoded"
        )
    return text


def _method(text: str) -> str:
    if not text.isascii() or not text.replace("-", "").isalnum():
        raise argparse.ArgumentTypeError(f"{text!r} is not an HTTP method")
    return text.upper()


def _subprotocol(text: str) -> str:
    if not text.isascii() or not text.isprintable() or not text or set(text) & set(' ,;"'):
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a subprotocol: it is one token")
    return text


def _timeout(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.05 to 3600")
    return seconds


def _check(arguments: argparse.Namespace) -> int:
    from ..check import PROBLEMS, Options, as_json, as_text, check
    from ..serve import UsageError, load, quirks

    quirks(arguments.quirks)  # a mistake in them is said before the application is imported
    known = [*PROBLEMS, *(row.id for row in rules() if row.direction == "A")]
    for name in arguments.ignore:
        if name not in known:
            raise UsageError(f"--ignore {name}: it is a rule, A1 to A51, or one of {', '.join(PROBLEMS)}")
    app = load(arguments.target, app_dir=arguments.app_dir, factory=arguments.factory)
    stack = layers(app)
    if stack[0].verdict.style not in _RUNNABLE and (arguments.style == "auto" or not callable(app)):
        return _tell_layers(arguments, stack)
    options = Options(
        paths=arguments.paths or Options().paths,
        methods=arguments.methods or Options().methods,
        subprotocols=arguments.subprotocols,
        timeout=arguments.timeout,
        style=arguments.style,
        quirks=quirks(arguments.quirks, app),
        ignore=arguments.ignore,
    )
    try:
        report = check(app, options)
    except KeyboardInterrupt:
        _say("interrupted, and nothing is known")
        return INTERRUPTED
    if arguments.json:
        _emit_json(as_json(arguments.target, report))
    else:
        emit(as_text(arguments.target, report))
    return FINDINGS if report.findings else CLEAN


COMMANDS: Tuple[Command, ...] = (
    Command(
        "serve", "serve an application of either style, or the built-in demo", _serve_arguments, _serve, False
    ),
    Command("inspect", "say what an application is, layer by layer", _inspect_arguments, _inspect),
    Command("check", "talk to an application and say what it does wrong", _check_arguments, _check),
    Command("explain", "print a rule, an event or the whole table", _explain_arguments, _explain),
)


def _say(line: str) -> None:
    say(f"asgi-compat: {line}")


def _statuses() -> Dict[Type[ASGICompatError], int]:
    from ..serve import AddressError, LoadError, ServerFailedError, UsageError

    return {
        DetectionError: NOT_AN_APPLICATION,
        UsageError: USAGE,
        LoadError: NOT_IMPORTED,
        MissingExtraError: SERVER_MISSING,
        AddressError: NO_ADDRESS,
        ServerFailedError: SERVER_FAILED,
    }


class _Parser(argparse.ArgumentParser):
    """A parser whose help fails as every other output does, and whose errors are escaped."""

    def error(self, message: str) -> NoReturn:
        super().error(escape(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            emit_as_is(message)
        else:
            super()._print_message(message, file)


def _parser() -> _Parser:
    parser = _Parser(
        prog="asgi-compat",
        description="Any ASGI application of either generation, on any ASGI server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"asgi-compat {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="command")
    for command in COMMANDS:
        subparser = subparsers.add_parser(
            command.name,
            help=command.help,
            description=command.help[0].upper() + command.help[1:] + ".",
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(subparser)
        subparser.set_defaults(row=command)
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command and give its exit status.

    `arguments` are those after the program's name, ``sys.argv[1:]`` when None. What can go wrong
    is one sentence on stderr; wrong usage leaves by ``SystemExit(2)``, as argparse does.

    >>> main(["inspect", "asgi_compat.demo:closure_application"])     # doctest: +ELLIPSIS
    asgi_compat.demo:closure_application, outermost first:
      1  double  asgi_compat.demo.closure_application
    ...
    0
    """
    # As a program it owns its streams to the end: an exit handler of the application may print too.
    with owned_streams(restore=arguments is not None):
        try:
            return _run(arguments)
        except KeyboardInterrupt:
            return CLEAN
        except OutputError as error:
            if not error.nobody_reads:
                _say(f"error: standard output: {error.strerror}; nothing can be printed there")
            return NO_OUTPUT
        except ASGICompatError as error:
            _say(f"error: {error}")
            return next(
                (status for kind, status in _statuses().items() if isinstance(error, kind)),
                NOT_AN_APPLICATION,
            )


def _run(arguments: Optional[Sequence[str]]) -> int:
    parser = _parser()
    parsed = parser.parse_args(arguments)
    if parsed.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    if parsed.row.prints:
        reserve_output()
    return int(parsed.row.run(parsed))
