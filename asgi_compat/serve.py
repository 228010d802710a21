"""Find an application by its import string and hand it to a real server.

The servers are rows of `SERVERS`: what each cannot do is said there, not asked for in the code.
Each is started through its own public entry point with the import string
``asgi_compat.serve:application``, so that its workers and its reloader are its own. A worker is a
fresh process: what it shall load stands in one environment variable, `VARIABLE`, as JSON, and
`application` is made from it when the server asks for it.

Laws

1. The process that was started loads the application first, so that a mistake is one sentence
   there and not a traceback out of every worker.
2. No server is imported before `run` is called, and then only the chosen one.
3. Between the user's object and the server stands what the server needs, and nothing else.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import dataclasses
import difflib
import errno
import functools
import importlib
import inspect
import json
import logging
import multiprocessing
import os
import pkgutil
import select
import signal
import socket
import sys
import sysconfig
import threading
import time
import traceback
from pathlib import Path
from types import FunctionType, ModuleType, TracebackType
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Set, Tuple, cast

from asgi_compat import (
    PROFILES,
    ASGI3App,
    ASGICompatError,
    DetectionError,
    MissingExtraError,
    Quirks,
    Receive,
    Scope,
    Send,
    Style,
    classify,
    profile_of,
    to_asgi3,
)

from ._terminal import forgive_failed_writes
from ._text import escape

__all__ = [
    "AddressError",
    "LoadError",
    "Options",
    "SERVERS",
    "Server",
    "ServerFailedError",
    "UsageError",
    "VARIABLE",
    "adapt",
    "check_address",
    "load",
    "quirks",
    "run",
]

#: The environment variable that tells a worker process what to load.
VARIABLE = "ASGI_COMPAT_SERVE"
#: The import string every server gets.
TARGET = "asgi_compat.serve:application"
#: The demonstration, served when no application is named.
DEMO = "asgi_compat.demo:application"
#: Seconds an open connection gets after Ctrl-C. All servers take whole seconds, and the promise to
#: the person at the terminal is two.
GRACE = 1


class LoadError(ASGICompatError, ImportError):
    """The import string leads nowhere, or importing it failed. The message is for a person."""


class AddressError(ASGICompatError, OSError):
    """Nothing can listen on that host and port."""


class UsageError(ASGICompatError, ValueError):
    """The options contradict each other, or the chosen server does not have one of them."""


class ServerFailedError(ASGICompatError, RuntimeError):
    """The server ended although nobody asked it to."""


class Options(NamedTuple):
    """What ``serve`` was asked for. It travels to the workers as JSON."""

    #: ``"module:attribute"``, ``"module"``, or None for the demonstration.
    target: Optional[str] = None
    server: str = "uvicorn"
    host: str = "127.0.0.1"
    #: 0 stands for any free port.
    port: int = 8000
    workers: int = 1
    reload: bool = False
    #: Begins with a slash and does not end with one, or is empty.
    root_path: str = ""
    log_level: str = "info"
    factory: bool = False
    #: ``"auto"``, ``"single"`` or ``"double"``.
    style: str = "auto"
    #: ``"auto"``, ``"on"`` or ``"off"``, as in `to_asgi3`.
    lifespan: str = "auto"
    #: Raise where a message would be repaired.
    strict: bool = False
    #: ``NAME=VALUE``, each a field of `Quirks`. It comes out of JSON as a list.
    quirks: Sequence[str] = ()
    #: The directory the module is looked for in; absolute.
    app_dir: str = ""


# --- from an import string to an object ----------------------------------------------------------


def load(target: str, *, app_dir: str = "", factory: bool = False) -> Any:
    """Import ``module:attribute.path`` and give the object.

    `target` may be a module alone: then its ``app``, or else its ``application``, is meant.
    `app_dir` is put first on ``sys.path``; the current directory when empty. With `factory` the
    object is called without arguments and what it returns is given.

    Raises `UsageError` for a target that is no import string, `LoadError` when it leads nowhere
    or importing it raised, and `DetectionError` for an asynchronous factory.

    >>> load("asgi_compat.demo:application").__name__
    'application'
    """
    module_name, colon, path = target.partition(":")
    _check_target(target, module_name, colon, path)
    _put_on_path(app_dir)
    module = _import(module_name, app_dir or os.getcwd())
    found = _attribute(module, target, path)
    return _call_factory(found, target) if factory else found


def _check_target(target: str, module_name: str, colon: str, path: str) -> None:
    if "/" in module_name or "\\" in module_name or module_name.endswith(".py"):
        head, tail = os.path.split(module_name.replace("\\", "/"))
        stem = tail[:-3] if tail.endswith(".py") else tail
        where = f" --app-dir {head}" if head else ""
        raise UsageError(f"{target!r} names a file: name the module, as in {stem}:{path or 'app'}{where}")
    parts = module_name.split(".") + (path.split(".") if colon else [])
    if not all(parts) or any(part != part.strip() for part in parts):
        raise UsageError(
            f"{target!r} is not an import string: write module:attribute, as in myproject.asgi:app"
        )


def _put_on_path(app_dir: str) -> None:
    directory = os.path.abspath(app_dir or os.getcwd())
    if not os.path.isdir(directory):
        raise UsageError(f"--app-dir {app_dir}: there is no such directory")
    if directory not in sys.path[:1]:
        sys.path.insert(0, directory)


def _import(name: str, directory: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        missing = error.name if isinstance(error.name, str) else ""
        # The same name can be missing *inside* the user's code, for another reason.
        if (name == missing or name.startswith(missing + ".")) and not _own_frames(error.__traceback__):
            raise LoadError(_missing_module(name, missing, directory)) from None
        raise LoadError(
            _failed(f"the module {name!r} was found, but its own import failed", error)
        ) from error
    # SystemExit too: a script without `if __name__ == "__main__"` ends the process when imported.
    except BaseException as error:
        raise LoadError(
            _failed(f"the module {name!r} was found, but its own import failed", error)
        ) from error


def _missing_module(name: str, missing: str, directory: str) -> str:
    parent, _, last = missing.rpartition(".")
    if parent:
        package = sys.modules.get(parent)
        folders = getattr(package, "__path__", None)
        if folders is None:
            return f"there is no module {name!r}: {parent!r} is no package; did you mean {parent}:{last}?"
        near = _near(last, [found.name for found in pkgutil.iter_modules(folders)])
        hint = f"did you mean {parent}.{near[0]}?" if near else "is a file missing there?"
        return f"there is no module {name!r}: the package {parent!r} has no {last!r} in it; {hint}"
    for below in sorted(os.listdir(directory)):
        inside = os.path.join(directory, below, last)
        if os.path.isfile(inside + ".py") or os.path.isfile(os.path.join(inside, "__init__.py")):
            where = f"there is one in {below}: add --app-dir {below}"
            return f"there is no module {missing!r} in {directory}; {where}"
    near = _near(missing, [found.name for found in pkgutil.iter_modules([directory])])
    if near:
        return f"there is no module {missing!r} in {directory}; did you mean {near[0]!r}?"
    return (
        f"there is no module {missing!r}, neither in {directory} nor installed: is it spelled right? "
        "Start from the directory it is in, or name that directory with --app-dir"
    )


def _near(name: str, names: List[str]) -> List[str]:
    return difflib.get_close_matches(name.replace("-", "_"), names, n=3, cutoff=0.6)


def _own_frames(trace: Optional[TracebackType]) -> List[traceback.FrameSummary]:
    """The frames of a traceback that lie in files, without ours and the import system's."""
    frames = traceback.extract_tb(trace)
    return [
        frame
        for frame in frames
        if not frame.filename.startswith("<frozen") and frame.filename not in (__file__, importlib.__file__)
    ]


def _place(error: BaseException) -> str:
    """``file:line`` of the innermost frame of the user's own code, or of any code."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = _own_frames(error.__traceback__)
    libraries = tuple(sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    users = [frame for frame in frames if not frame.filename.startswith(libraries)] or frames
    return f"{users[-1].filename}:{users[-1].lineno}" if users else "an unknown place"


def _failed(what: str, error: BaseException) -> str:
    first = _first_line(error)
    advice = "repair that and start again"
    if isinstance(error, ModuleNotFoundError) and error.name and isinstance(error.name, str):
        advice = f"install {error.name.partition('.')[0]!r} in this environment, or correct the name"
    elif isinstance(error, SystemExit):
        advice = 'it ends the program when it is imported: put that under if __name__ == "__main__"'
    return f"{what}: {type(error).__name__}: {first} (at {_place(error)}); {advice}"


#: Characters of somebody else's message that are quoted.
_QUOTED = 500


def _first_line(error: BaseException) -> str:
    """Return the first line of what an exception says, escaped and bounded, whatever its ``__str__`` does."""
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception as failure:
        message = f"its own message could not be read: {type(failure).__name__}"
    lines = message[:_QUOTED].strip().splitlines() if isinstance(message, str) else []
    return escape(lines[0]) if lines else "no message"


def _attribute(module: ModuleType, target: str, path: str) -> Any:
    if not path:
        for name in ("app", "application"):
            if hasattr(module, name):
                return getattr(module, name)
        raise LoadError(
            f"the module {module.__name__!r} has neither 'app' nor 'application'; {_offer(module, '')}"
        )
    found: Any = module
    walked = module.__name__
    for position, name in enumerate(path.split(".")):
        try:
            found = getattr(found, name)
        except AttributeError:
            kind = "module" if position == 0 else "object"
            if position == 0 and _has_submodule(module, name):
                rest = path.partition(".")[2] or "app"
                raise LoadError(
                    f"the package {walked!r} has no attribute {name!r}, but there is a module "
                    f"of that name: did you mean {walked}.{name}:{rest}?"
                ) from None
            raise LoadError(
                f"the {kind} {walked!r} has no attribute {name!r}; {_offer(found, name)}"
            ) from None
        except Exception as error:
            raise LoadError(_failed(f"reading {name!r} of {walked!r} failed", error)) from error
        walked += f"{'.' if position else ':'}{name}"
    return found


def _has_submodule(module: ModuleType, name: str) -> bool:
    folders = getattr(module, "__path__", None)
    return folders is not None and any(found.name == name for found in pkgutil.iter_modules(folders))


def _offer(holder: Any, name: str) -> str:
    """What to write instead of a name that is not there."""
    names = (
        [other for other in vars(holder) if not other.startswith("_")] if hasattr(holder, "__dict__") else []
    )
    near = _near(name, names) if name else []
    if near:
        return f"did you mean {' or '.join(near)}?"
    apps = [
        other
        for other in names
        # A function that was imported from elsewhere is hardly the application a module offers.
        if not isinstance(vars(holder)[other], FunctionType)
        or vars(holder)[other].__module__ == getattr(holder, "__name__", "")
        if _is_offered(vars(holder)[other])
    ]
    if apps:
        choice = "one of them" if len(apps) > 1 else "that"
        return f"it has {' and '.join(apps[:3])}: name {choice} after the colon"
    return "name the application after the colon, as in module:app"


def _is_offered(value: Any) -> bool:
    """An application, and of functions only one that speaks of a scope: most of one argument are none."""
    verdict = classify(value)
    return verdict.style.is_application and (not isinstance(value, FunctionType) or "scope" in verdict.reason)


def _call_factory(factory: Any, target: str) -> Any:
    if not callable(factory):
        raise DetectionError(
            f"{target} cannot be called, so it is no factory: leave out --factory",
            application=factory,
            reason="not callable",
            remedy="leave out --factory",
        )
    try:
        made = factory()
    except Exception as error:
        raise LoadError(_failed(f"the factory {target} was called and failed", error)) from error
    if inspect.iscoroutine(made):
        made.close()  # or Python warns that it was never awaited
        remedy = "make it an ordinary function, and do what has to be awaited at lifespan start-up"
        raise DetectionError(
            f"{target} is an asynchronous factory, and no server calls one: {remedy}",
            application=factory,
            reason="the factory returned a coroutine",
            remedy=remedy,
        )
    return made


# --- from an object to what a server gets --------------------------------------------------------


def adapt(app: Any, options: Options = Options()) -> ASGI3App:
    """The application as every server of today wants it: single-callable, its messages repaired.

    `options` say the style (``"auto"`` to find out, ``"single"`` or ``"double"`` from somebody who
    knows), what is done about lifespan, whether repairs are errors, and the quirks; its target is what
    the message calls the application. Raises `DetectionError` with reason and remedy.

    >>> adapt(lambda scope: print, Options(style="double"))     # doctest: +ELLIPSIS
    <...>
    """
    try:
        return to_asgi3(
            app,
            style=None if options.style == "auto" else options.style,
            lifespan=options.lifespan,
            quirks=quirks(options.quirks, app),
            strict=options.strict,
        )
    except DetectionError:
        verdict = classify(app)
        remedy = verdict.remedy
        if verdict.style is Style.FACTORY:
            remedy = f"{remedy}, or let it be called: add --factory" if remedy else "add --factory"
        raise DetectionError(
            f"{options.target or repr(app)} is not an application ({verdict.reason}):"
            f" {remedy or 'name the application itself'}",
            application=app,
            reason=verdict.reason,
            remedy=verdict.remedy,
        ) from None


def quirks(texts: Sequence[str], app: Any = None) -> Optional[Quirks]:
    """The choices of ``--quirk NAME=VALUE``, or None where nothing was chosen.

    They change the quirks of the profile that ``app`` has (`profile_of`), or of the one that
    ``profile=NAME`` names. A value is a Python literal, ``true``, ``false``, ``none``, or a word as it
    stands. Raises `UsageError` for a name that `Quirks` or `PROFILES` has not, or a value that the
    field does not know.

    >>> quirks(["join_body=true", "receive_keys=one"]).receive_keys
    'one'
    >>> quirks(["profile=articles-2018"])
    Quirks(request_type='http.request.body')
    """
    if not texts:
        return None
    profile = profile_of(app)
    chosen: Dict[str, Any] = {}
    known = [field.name for field in dataclasses.fields(Quirks)]
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--quirk {text}: write NAME=VALUE, as in --quirk join_body=True")
        if name == "profile":
            if value not in PROFILES:
                raise UsageError(f"--quirk {text}: there is no such profile; there are {', '.join(PROFILES)}")
            profile = PROFILES[value]
            continue
        if name not in known:
            near = _near(name, known)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"--quirk {name}: there is no such quirk; {hint}")
        try:
            chosen[name] = ast.literal_eval(_LITERALS.get(value.lower(), value))
        except (ValueError, SyntaxError):
            chosen[name] = value
    try:
        return dataclasses.replace(Quirks() if profile is None else profile.quirks, **chosen)
    except (TypeError, ValueError) as error:
        raise UsageError(f"--quirk: {error}") from None


#: How people write Python's constants on a command line.
_LITERALS = {"true": "True", "false": "False", "none": "None"}


def _tell_repairs(log_level: str) -> None:
    """Let each rule that repaired something say so once, in the process that serves."""
    logger = logging.getLogger("asgi_compat")
    if log_level not in ("info", "debug") or logger.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(_EscapingFormatter("asgi-compat: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _forgive_failed_writes_of_logs() -> None:
    """Let neither the streams of this process raise nor the handlers that have been made with them.

    A worker of uvicorn has configured its log before it asks for the application.
    """
    before = sys.stdout, sys.stderr
    forgive_failed_writes()
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for handler in {handler for logger in (logging.root, *loggers) for handler in logger.handlers}:
        if isinstance(handler, logging.StreamHandler) and handler.stream in before:
            handler.setStream(sys.stdout if handler.stream is before[0] else sys.stderr)


class _EscapingFormatter(logging.Formatter):
    """Escape what a message quotes of an application or a client; a traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return escape(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return escape(super().format(record), keep="\n")


class _Handed:
    """What stands between: it looks single to every server and carries the root path.

    hypercorn takes what has no coroutine ``__call__`` for WSGI, daphne calls by keyword, and
    daphne before 4.1 gives a WebSocket no root path.
    """

    _asgi_single_callable = True

    def __init__(self, app: ASGI3App, root_path: str) -> None:
        self.app = app
        self.root_path = root_path
        #: What is being answered just now, without lifespan.
        self.running: Set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] == "lifespan" or task is None:
            loop = asyncio.get_running_loop()
            if sys.version_info < (3, 12):
                loop.set_exception_handler(_Reporter(loop.get_exception_handler()))
            await self.app(scope, receive, send)
            return
        if self.root_path and not scope.get("root_path"):
            scope = dict(scope, root_path=self.root_path)
        self.running.add(task)
        try:
            await self.app(scope, receive, send)
        finally:
            self.running.discard(task)


class _Reporter:
    """Report what the loop's own handler reports, but no connection that was cancelled at the end.

    Before 3.12 the streams of asyncio ask a cancelled connection for its exception and report what that
    raises, so hypercorn's workers end with a traceback for each WebSocket that is still open. This can go
    with Python 3.11.
    """

    def __init__(self, inner: Optional[Callable[[asyncio.AbstractEventLoop, Dict[str, Any]], Any]]) -> None:
        self.inner = inner

    def __call__(self, loop: asyncio.AbstractEventLoop, context: Dict[str, Any]) -> None:
        if isinstance(context.get("exception"), asyncio.CancelledError):
            return
        if self.inner is None:
            loop.default_exception_handler(context)
        else:
            self.inner(loop, context)


_application: Optional[ASGI3App] = None


def _prepare(options: Options) -> Any:
    """Load, adapt and keep: a single process makes its application once."""
    global _application
    target = options.target or DEMO
    found = load(target, app_dir=options.app_dir, factory=options.factory)
    adapted = adapt(found, options._replace(target=target))
    if options.root_path or not SERVERS[options.server].takes_any:
        adapted = _Handed(adapted, options.root_path)
    _tell_repairs(options.log_level)
    _application = adapted
    return found


def _rehearsed(options: Options) -> str:
    """Load the application in a process of its own, for its description or its mistake."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_rehearse, args=(options, theirs))
    process.start()
    theirs.close()
    try:
        kind, text = ours.recv()
    except EOFError:
        process.join()
        raise LoadError(
            f"importing {options.target} ended the process with status {process.exitcode}: "
            "does the module call os._exit, or crash?"
        ) from None
    finally:
        ours.close()
    # What the application started at import (threads, pools) is not waited for.
    process.terminate()
    process.join()
    if kind:
        raise {error.__name__: error for error in _REHEARSED}[kind](text)
    return str(text)


_REHEARSED = (LoadError, UsageError, DetectionError)


def _rehearse(options: Options, answer: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits for this one
    try:
        kind, text = "", _described(options, _prepare(options))
    except _REHEARSED as error:
        kind, text = type(error).__name__, str(error)
    answer.send((kind, text))
    answer.close()


def worker_application() -> ASGI3App:
    """The application of this process, made from `VARIABLE` unless it is there already.

    hypercorn evaluates what stands behind the colon among the module's own names, where a
    module's ``__getattr__`` is not asked: for it this function is named, and called.
    """
    if _application is None:
        asked = os.environ.get(VARIABLE)
        if asked is None:
            raise LoadError(f"{VARIABLE} is not set: start it with python -m asgi_compat serve")
        options = Options(**json.loads(asked))
        _forgive_failed_writes_of_logs()
        if options.server == "hypercorn" and multiprocessing.parent_process() is not None:
            # The parent sends SIGTERM to all other workers as soon as the first has ended (0.18), in the
            # middle of their lifespan shutdown. They end by its event; one that does not is killed.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _prepare(options)
    assert _application is not None
    return _application


def __getattr__(name: str) -> Any:
    if name == "application":
        return worker_application()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# --- the address ---------------------------------------------------------------------------------


def check_address(host: str, port: int) -> int:
    """Bind the address once for real and give the port, which is a free one when `port` was 0.

    Raises `AddressError` saying what is wrong with it and what to do.

    >>> check_address("127.0.0.1", 0) > 0
    True
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise AddressError(
            f"{host!r} is no address and no name that can be resolved ({_reason(error)}): "
            "--host wants an address of this machine, as in 127.0.0.1, 0.0.0.0 or ::1"
        ) from None
    unavailable: Optional[OSError] = None
    bound = 0
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                if os.name == "posix":
                    # As every server does: else the end of an earlier run would look like a neighbour.
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address[0], bound or port, *address[2:]))
                bound = int(probe.getsockname()[1])
        except OSError as error:
            # localhost often has an IPv6 address on a machine without IPv6: one that works will do.
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                raise AddressError(_address_problem(host, port, error)) from None
            unavailable = error
    if unavailable is not None and not bound:
        raise AddressError(_address_problem(host, port, unavailable))
    return bound


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _address_problem(host: str, port: int, error: OSError) -> str:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} is already in use, so something is listening there: end it, or choose another "
            "with --port (0 takes any free one)"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"this user may not listen on {where}: choose a port above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: --host wants one of its own, or 0.0.0.0 for all"
    return f"nothing can listen on {where}: {_reason(error)}"


# --- who asked for the end -------------------------------------------------------------------------


class _Signals:
    """Knows whether somebody asked the server to end, whichever handler the server puts in place.

    uvicorn sends itself the captured signal once more after its shutdown; a SIGTERM would then
    kill the process, so that here it is the same as Ctrl-C. The supervisors of uvicorn, hypercorn
    and granian set handlers of their own and report a failed worker in no common way: Python
    writes every signal's number to the wakeup descriptor, and that is read afterwards.
    """

    def __init__(self) -> None:
        self._numbers: List[int] = []
        self._over = threading.Event()
        self._watcher: Optional[threading.Thread] = None

    def __enter__(self) -> _Signals:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._term = signal.signal(signal.SIGTERM, _interrupt)
        # A shell starts a background job with SIGINT ignored, and Twisted then leaves it so.
        self._int = signal.signal(signal.SIGINT, signal.default_int_handler)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        _keep_signals_of_forks_apart()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        signal.set_wakeup_fd(self._wakeup)
        signal.signal(signal.SIGTERM, self._term)
        signal.signal(signal.SIGINT, self._int)
        if self._watcher is not None:
            with contextlib.suppress(OSError):
                self._writer.send(b"\0")  # no signal's number; it need not wait for its next look
            self._watcher.join()
        self._reader.close()
        self._writer.close()

    def note(self, number: int) -> None:
        """Remember a signal that was seen elsewhere: an event loop has its own wakeup descriptor."""
        self._numbers.append(number)

    def told(self) -> bool:
        """Whether somebody asked the server to end."""
        with contextlib.suppress(BlockingIOError):
            self._numbers.extend(self._reader.recv(4096))
        return signal.SIGINT in self._numbers or signal.SIGTERM in self._numbers

    def afterwards(self, seconds: float, do: Callable[[], None]) -> None:
        """Call `do` in a thread that long after the signal, unless all is over by then."""

        def watch() -> None:
            while not self._over.is_set() and not self.told():
                select.select([self._reader], [], [], 0.5)
            if not self._over.wait(seconds):
                do()

        self._watcher = threading.Thread(target=watch, name="asgi-compat-signals", daemon=True)
        self._watcher.start()

    @staticmethod
    def supervised(options: Options) -> bool:
        """Whether the server watches worker processes here and so leaves the descriptor alone."""
        return options.workers > 1 or options.reload or options.server == "granian"


_held = threading.local()


@functools.lru_cache(maxsize=None)
def _keep_signals_of_forks_apart() -> None:
    """Let a forked worker (granian's) not write its own signals into its parent's wakeup descriptor.

    Signals wait until the worker has forgotten the descriptor: granian ends the second worker as soon as
    the first one fails, on a busy machine before it has run a line of Python.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_hold_signals, after_in_parent=_release_signals, after_in_child=_forget_wakeup
        )


def _hold_signals() -> None:
    _held.mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


def _release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, _held.mask)


def _forget_wakeup() -> None:
    if threading.current_thread() is threading.main_thread():
        signal.set_wakeup_fd(-1)
    _release_signals()


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


# --- the servers ---------------------------------------------------------------------------------


def _known(function: Callable[..., Any], wanted: Dict[str, Any]) -> Dict[str, Any]:
    """Those keywords that this release of the server has: its time limits came one by one."""
    parameters = inspect.signature(function).parameters
    return {name: value for name, value in wanted.items() if name in parameters}


def _start_uvicorn(options: Options, signals: _Signals) -> None:
    uvicorn = importlib.import_module("uvicorn")
    wanted = {
        "host": options.host,
        "port": options.port,
        "workers": options.workers,
        "reload": options.reload,
        "reload_dirs": [options.app_dir] if options.reload else None,
        "root_path": options.root_path,
        "log_level": options.log_level,
        "interface": "asgi3",
        "timeout_graceful_shutdown": GRACE,
    }
    uvicorn.run(TARGET, **_known(uvicorn.Config, wanted))


def _start_hypercorn(options: Options, signals: _Signals) -> None:
    config = importlib.import_module("hypercorn.config").Config()
    host = f"[{options.host}]" if ":" in options.host else options.host
    config.bind = [f"{host}:{options.port}"]
    config.root_path = options.root_path
    config.loglevel = options.log_level.upper()
    config.accesslog = "-" if options.log_level in ("info", "debug") else None
    # Longer than ours. At its end hypercorn cancels the connections themselves, and before Python
    # 3.11 the taskgroup package it uses there then spins for ever; the applications are cancelled
    # before that, and their connections end of themselves.
    config.graceful_timeout = 2 * GRACE
    config.shutdown_timeout = GRACE
    if options.workers == 1 and not options.reload:
        asyncio.run(_hypercorn_here(config, signals))
        return
    config.application_path = "asgi_compat.serve:worker_application()"
    config.workers = options.workers
    config.use_reloader = options.reload
    # Its time limit does not hold for an open WebSocket (see below), and its parent waits for ever.
    # A worker that is merely slow, on a busy machine, must still get to its lifespan shutdown.
    signals.afterwards(3 * GRACE, _end_workers)
    status = importlib.import_module("hypercorn.run").run(config)
    _join_workers(3 * GRACE)
    if status:
        raise ServerFailedError(f"a worker ended with status {status}")


def _end_workers() -> None:
    for process in multiprocessing.active_children():
        process.kill()


def _join_workers(seconds: float) -> None:
    """Let every worker come to its end: hypercorn (0.18) returns when the first of them has."""
    deadline = time.monotonic() + seconds
    for process in multiprocessing.active_children():
        process.join(max(0.0, deadline - time.monotonic()))
    _end_workers()


async def _hypercorn_here(config: Any, signals: _Signals) -> None:
    serve = importlib.import_module("hypercorn.asyncio").serve
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def tell(number: int) -> None:
        signals.note(number)
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, tell, number)
    application = cast(_Handed, worker_application())
    serving = loop.create_task(serve(application, config, shutdown_trigger=told.wait))
    stopping = loop.create_task(told.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not serving.done():
        await asyncio.wait({serving}, timeout=GRACE)
    if not serving.done():
        # asyncio's wait_closed() waits for open connections since Python 3.12.1, and hypercorn
        # (0.18) calls it before its own time limit begins: an idle WebSocket would hold it for ever.
        for task in application.running:
            task.cancel()
    await serving


def _start_daphne(options: Options, signals: _Signals) -> None:
    level = logging.getLevelName(options.log_level.upper())
    logging.getLogger("daphne").setLevel(level)
    verbosity = {"debug": 2, "info": 1}.get(options.log_level, 0)
    arguments = ["-b", options.host, "-p", str(options.port), "-v", str(verbosity)]
    if options.root_path:
        arguments += ["--root-path", options.root_path]
    interface = importlib.import_module("daphne.cli").CommandLineInterface()
    interface.run([*arguments, TARGET])
    # daphne before 4.2 ends with status 0 when it could not listen.
    if getattr(interface.server, "abort_start", False):
        raise ServerFailedError("it could not listen")


def _start_granian(options: Options, signals: _Signals) -> None:
    granian = importlib.import_module("granian").Granian
    wanted = {
        "address": _numeric(options.host),
        "port": options.port,
        "interface": "asgi",
        "workers": options.workers,
        "reload": options.reload,
        "reload_paths": [Path(options.app_dir)],
        # As uvicorn: a log file that is written there is no reason to start again.
        "reload_filter": importlib.import_module("watchfiles").PythonFilter if options.reload else None,
        "log_level": options.log_level,
        "log_access": options.log_level in ("info", "debug"),
        "url_path_prefix": options.root_path or None,
        "workers_kill_timeout": GRACE,
    }
    server = granian(TARGET, **_known(granian.__init__, wanted))
    # Its own loader turns the module's name into a file's, and fails where the current directory
    # is itself a package.
    server.serve(target_loader=_granian_application)


def _numeric(host: str) -> str:
    """The address of a host as granian wants it, which resolves no names."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return str(found[0][4][0])


def _granian_application(target: str) -> ASGI3App:
    return worker_application()


class Server(NamedTuple):
    """A server this command can start."""

    name: str
    #: The module that proves it is installed. Importing it must not start anything.
    module: str
    #: What to hand to pip.
    pip: str
    start: Callable[[Options, _Signals], None]
    #: Whether it calls by position whatever it is given, without looking at it.
    takes_any: bool
    #: Whether its workers are forked from this process. The application is then not loaded here: a
    #: connection pool that is opened at import must not be shared by two processes. (granian 2.8 with
    #: spawned workers instead panics at every other Ctrl-C, so that is no way out.)
    forks: bool
    #: Option -> why this server does not have it, and what to do.
    lacks: Dict[str, str]
    #: Option -> the further module it needs, and what to hand to pip.
    needs: Dict[str, Tuple[str, str]]


_ONE_PROCESS = "daphne runs one process: start several behind a proxy, or use uvicorn, hypercorn or granian"
_NO_RELOAD = "daphne does not reload: use uvicorn, hypercorn or granian while you work on the code"

SERVERS: Dict[str, Server] = {
    row.name: row
    for row in (
        Server("uvicorn", "uvicorn", "asgi_compat[serve]", _start_uvicorn, True, False, {}, {}),
        Server("hypercorn", "hypercorn", "hypercorn", _start_hypercorn, False, False, {}, {}),
        Server(
            "daphne",
            # Before the application: Twisted allows one reactor, and whoever imports it first chooses.
            "daphne.server",
            "daphne",
            _start_daphne,
            False,
            False,
            {"workers": _ONE_PROCESS, "reload": _NO_RELOAD},
            {},
        ),
        Server(
            "granian",
            "granian",
            "granian",
            _start_granian,
            True,
            True,
            {},
            {"reload": ("watchfiles", "granian[reload]")},
        ),
    )
}


# --- running it ----------------------------------------------------------------------------------


def check_options(options: Options) -> None:
    """Raise `UsageError` for options that do not go together or that the server does not have.

    >>> check_options(Options(server="daphne", workers=2))
    Traceback (most recent call last):
        ...
    asgi_compat.serve.UsageError: --workers: daphne runs one process: ...
    """
    asked = {"workers": options.workers > 1, "reload": options.reload}
    for option, why in SERVERS[options.server].lacks.items():
        if asked[option]:
            raise UsageError(f"--{option}: {why}")
    if asked["workers"] and asked["reload"]:
        raise UsageError(
            "--workers and --reload exclude each other: reload while you work, workers in production"
        )
    if options.factory and options.target is None:
        raise UsageError("--factory: name the factory, as in module:create_app")
    if options.style != "auto" and options.target is None:
        raise UsageError("--style: name the application it is for, as in module:app")
    quirks(options.quirks)


def check_server(options: Options) -> None:
    """Import the chosen server, or raise `MissingExtraError` with the pip line."""
    row = SERVERS[options.server]
    wanted = [(row.module, row.pip, f"--server {row.name} needs {row.name}")]
    for option, (module, pip) in row.needs.items():
        if getattr(options, option):
            wanted.append((module, pip, f"--{option} with {row.name} needs {module}"))
    for module, pip, need in wanted:
        try:
            importlib.import_module(module.partition(".")[0])
            importlib.import_module(module)
        except ImportError as error:
            line = f'python -m pip install "{pip}"'
            if isinstance(error, ModuleNotFoundError) and error.name == module.partition(".")[0]:
                what = f"{need}, which is not installed"
            else:
                what = f"{need}, which is installed but cannot be imported ({error})"
            raise MissingExtraError(f"{what}: {line}", extra=pip) from None


def run(options: Options, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then return.

    `announce` gets one line about what is served, and where, before the server starts. Raises
    `UsageError`, `MissingExtraError`, `LoadError`, `DetectionError`, `AddressError`, or
    `ServerFailedError` when the server ended by itself. It is for the main thread.
    """
    check_options(options)
    check_server(options)
    options = options._replace(app_dir=os.path.abspath(options.app_dir or os.getcwd()))
    found = _rehearsed(options) if SERVERS[options.server].forks else _described(options, _prepare(options))
    options = options._replace(port=check_address(options.host, options.port))
    os.environ[VARIABLE] = json.dumps(options._asdict())
    with contextlib.suppress(OSError):  # the line is a courtesy: a full disk below the log is no reason
        announce(_line(options, found))
    with _Signals() as signals:
        try:
            SERVERS[options.server].start(options, signals)
            problem = ""
        except KeyboardInterrupt:
            return
        except SystemExit as error:
            problem = f"status {error.code}" if error.code else ""
        except ServerFailedError as error:
            problem = str(error)
        except Exception as error:
            problem = f"{type(error).__name__}: {_first_line(error)}"
        if signals.told() or not (problem or signals.supervised(options)):
            return
    # It may have lost a race for the port, and each says so in its own way.
    check_address(options.host, options.port)
    raise ServerFailedError(
        f"{options.server} ended by itself ({problem or 'its workers could not start'}): "
        "its own lines above say why; most often the application failed at start-up"
        " (--lifespan off serves one that has none)"
    )


def _described(options: Options, found: Any) -> str:
    verdict = classify(found)
    if options.style != "auto":
        style, why = f"{options.style}-callable", "--style says so"
    else:
        style, why = _STYLES.get(verdict.style, verdict.style.value), verdict.reason
    what = f"{options.target}" if options.target else "the built-in demo"
    return f"{what} is {style} ({why})"


def _line(options: Options, described: str) -> str:
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{host}:{options.port}{options.root_path}"
    return escape(f"{described}; {options.server} serves it on {url} - Ctrl-C ends it")


_STYLES = {
    Style.SINGLE: "single-callable",
    Style.DOUBLE: "double-callable",
    Style.EITHER: "callable either way",
    Style.UNKNOWN: "of unknown style until its first connection",
}
