"""The options of ``serve``, and the quirks of the command line."""

from __future__ import annotations

import ast
import dataclasses
import os
import shlex
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from asgi_compat import PROFILES, Quirks, profile_of

from .errors import UsageError
from .suggesting import near_names

#: The environment variable that tells a worker process what to load.
VARIABLE = "ASGI_COMPAT_SERVE"
#: The environment variable of `asgi_compat.auto`: an import string and options.
NAMED = "ASGI_COMPAT_APP"
#: The import string every server gets.
TARGET = "asgi_compat.serve:application"
#: The demonstration, served when no application is named.
DEMO = "asgi_compat.demo:application"


class Options(NamedTuple):
    """The options of ``serve``. Workers get them as JSON."""

    #: ``"module:attribute"``, ``"module"``, or None for the demonstration.
    target: Optional[str] = None
    server: str = "uvicorn"
    host: str = "127.0.0.1"
    #: 0 for any free port.
    port: int = 8000
    workers: int = 1
    reload: bool = False
    #: Begins with a slash and does not end with one, or is empty.
    root_path: str = ""
    log_level: str = "info"
    factory: bool = False
    #: The settings module of Django, which is set up before the import.
    django: str = ""
    #: ``"auto"``, ``"single"`` or ``"double"``.
    style: str = "auto"
    #: ``"auto"``, ``"on"`` or ``"off"``, as in `to_asgi3`.
    lifespan: str = "auto"
    #: Raise where a message would be repaired.
    strict: bool = False
    #: Replace layers that call each other the wrong way, as in `to_asgi3`.
    rewire: bool = False
    #: ``"text"`` or ``"json"``: write a line for each scope, event and repair; "" not to.
    trace: str = ""
    #: ``NAME=VALUE``, each a field of `Quirks`. JSON makes it a list.
    quirks: Sequence[str] = ()
    #: The directory of the module; absolute.
    app_dir: str = ""
    #: Seconds that open requests get after Ctrl-C or SIGTERM; None for the server's own default.
    grace: Optional[int] = None
    #: For the server's own command line.
    server_arguments: Sequence[str] = ()
    #: Whether the server gets `host` and `port`, and what the arguments for the server name instead.
    bound: bool = True
    address: str = ""
    tls: bool = False
    #: Files of environment variables, read before the application is imported.
    env_files: Sequence[str] = ()


#: How people write Python's constants on a command line.
_LITERALS = {"true": "True", "false": "False", "none": "None"}


def quirks(texts: Sequence[str], app: Any = None) -> Optional[Quirks]:
    """Return the quirks of ``--quirk NAME=VALUE``, or None when there is no such option.

    They change the quirks of the profile of ``app`` (`profile_of`), or of the one that ``profile=NAME``
    names. A value is a Python literal, ``true``, ``false``, ``none``, or a plain word. Raises `UsageError`
    for a name that `Quirks` or `PROFILES` does not have, or a value that the field does not take.

    >>> quirks(["join_body=true", "receive_keys=one"]).receive_keys
    'one'
    >>> quirks(["profile=draft-2017"])
    Quirks(content_keys=True)
    """
    if not texts:
        return None
    profile = profile_of(app)
    chosen: Dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--quirk {text}: write NAME=VALUE, as in --quirk join_body=True")
        if name == "profile":
            profile = _profile(value)
        else:
            chosen[_quirk_name(name)] = _value(value)
    try:
        return dataclasses.replace(Quirks() if profile is None else profile.quirks, **chosen)
    except (TypeError, ValueError) as error:
        raise UsageError(f"--quirk: {error}") from None


def _profile(name: str) -> Any:
    if name not in PROFILES:
        near = near_names(name, PROFILES)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PROFILES)}"
        raise UsageError(f"--profile {name}: there is no such profile; {hint}")
    return PROFILES[name]


def _quirk_name(name: str) -> str:
    known = [field.name for field in dataclasses.fields(Quirks)]
    if name not in known:
        near = near_names(name, known)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        raise UsageError(f"--quirk {name}: there is no such quirk; {hint}")
    return name


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(_LITERALS.get(text.lower(), text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


_IMPORT = ("factory", "django", "app_dir")
#: The options that say what the application is, which advice repeats, for each command that takes them.
_REPEATED = {
    "serve": (*_IMPORT, "style", "quirks", "rewire"),
    "check": (*_IMPORT, "style", "quirks"),
    "inspect": _IMPORT,
}


def command_line(command: str, arguments: Any, *more: str) -> str:
    """Return a command to run about the same application, quoted for a shell.

    `arguments` are those of a command, or `Options`; the options of them are repeated that `command` takes.
    `more` are further options. All advice is made here.

    >>> command_line("check", Options("m:make", factory=True, app_dir="my code", rewire=True))
    "python -m asgi_compat check m:make --factory --app-dir 'my code'"
    """
    target = arguments.target
    words = [] if target is None or target.startswith("--") else [target]
    for name in _REPEATED[command]:
        value = getattr(arguments, name, None)
        if name == "app_dir" and value == os.getcwd():
            continue  # workers have the absolute path
        for one in value if isinstance(value, (list, tuple)) else [value]:
            words += _option(name, one)
    words += [word for word in more if word not in words]
    return f"python -m asgi_compat {command} {' '.join(map(shlex.quote, words))}".rstrip()


def _option(name: str, value: Any) -> List[str]:
    if not value or value == "auto":
        return []
    if name == "quirks":
        head, _, rest = value.partition("profile=")
        return ["--profile", rest] if not head and rest else ["--quirk", value]
    option = f"--{name.replace('_', '-')}"
    return [option] if value is True else [option, value]
