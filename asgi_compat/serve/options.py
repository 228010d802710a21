"""What ``serve`` was asked for, and the quirks of the command line."""

from __future__ import annotations

import ast
import dataclasses
from typing import Any, Dict, NamedTuple, Optional, Sequence

from asgi_compat import PROFILES, Quirks, profile_of

from .errors import UsageError
from .suggesting import near_names

#: The environment variable that tells a worker process what to load.
VARIABLE = "ASGI_COMPAT_SERVE"
#: The import string every server gets.
TARGET = "asgi_compat.serve:application"
#: The demonstration, served when no application is named.
DEMO = "asgi_compat.demo:application"
#: Seconds an open connection gets after Ctrl-C. All servers take whole seconds, and the promise to
#: the person at the terminal is two.
GRACE = 1


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
            near = near_names(name, known)
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
