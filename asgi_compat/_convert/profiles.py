"""Which framework of which version needs which quirks.

A package is asked for its version only if it is already imported, and only when an application is wrapped.
"""

from __future__ import annotations

import re
from collections import namedtuple
from functools import partial
from sys import modules

from .._detect import Style, classify
from .._messages.specification import CONTENT, MORE_BODY, MORE_CONTENT, REQUEST_OF_2018
from .._text import safe_repr
from .quirks import Quirks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, NamedTuple, Optional, Tuple

#: A framework of some versions and its quirks. ``module`` is the package or module that the application's
#: class comes from (None: nothing in an object tells it, so it is chosen by name), ``distribution`` what
#: it is called on the index, ``since`` and ``before`` the versions, the first in and the second out.
if TYPE_CHECKING:

    class Profile(NamedTuple):
        """A row of `PROFILES`."""

        name: str
        module: Optional[str]
        distribution: Optional[str]
        since: Optional[str]
        before: Optional[str]
        quirks: Quirks
        why: str
else:
    Profile = namedtuple("Profile", "name module distribution since before quirks why")

#: The frameworks that are known, by name. Applied on their own when ``quirks`` is None, by the class,
#: the module and the installed version of the application; by name with ``quirks="articles-2018"``.
PROFILES: Dict[str, Profile] = {
    row.name: row
    for row in (
        Profile(
            "channels-2.1.1",
            "channels",
            "channels",
            "2.1.1",
            "2.1.2",
            Quirks(constructor_in_thread=True),
            "calls async_to_sync in the constructor half of AuthMiddleware",
        ),
        Profile(
            "channels-2",
            "channels",
            "channels",
            "2",
            "3",
            Quirks(),
            'asks "text" in message and indexes code',
        ),
        Profile(
            "starlette-cleanup",
            "starlette",
            "starlette",
            "0.3.6",
            "0.5.5",
            Quirks(lifespan_cleanup=True),
            "asserts lifespan.cleanup",
        ),
        Profile(
            "starlette-2",
            "starlette",
            "starlette",
            "0.5.5",
            "0.12",
            Quirks(),
            "supports shutdown; indexes text and bytes",
        ),
        Profile(
            "quart-0.6",
            "quart",
            "quart",
            "0.6",
            "0.9",
            Quirks(placeholder_client=("127.0.0.1", 0)),
            "indexes client, and text when bytes is empty",
        ),
        Profile(
            "bareasgi-1",
            "bareasgi",
            "bareasgi",
            "1",
            "3.2",
            Quirks(),
            "omits headers and empty chunks, including the last",
        ),
        Profile(
            "wsgi-to-asgi",
            "asgiref.wsgi",
            "asgiref",
            "2",
            "3.2.2",
            Quirks(join_body=True),
            "treats the first event of the body as the whole body",
        ),
        Profile(
            "articles-2018",
            None,
            None,
            None,
            None,
            Quirks(response_scope=True, request_type=REQUEST_OF_2018),
            "asserts http.request.body on receive; code that names it and never http.request",
        ),
        Profile(
            "articles-2018-content",
            None,
            None,
            None,
            None,
            Quirks(response_scope=True, request_type=REQUEST_OF_2018, content_keys=True),
            "the same, and reads content and more_content",
        ),
        Profile(
            "draft-2017",
            None,
            None,
            None,
            None,
            Quirks(content_keys=True),
            "has content and more_content in both directions; code that names the latter and never more_body",
        ),
    )
}


#: The leading number of a part of a version: int() takes no more digits than a few thousand.
_NUMBER = re.compile("[0-9]{1,18}(?![0-9])").match


def read_version(text: str) -> Tuple[int, ...]:
    """Read the leading numbers of a version: 0.12.0b3 is (0, 12, 0)."""
    out = []
    for part in text.split(".", 9)[:9]:
        found = _NUMBER(part)
        if found is None:
            break
        out.append(int(found.group()))
        if found.group() != part:
            break
    return tuple(out)


def installed_version(module: str, distribution: str) -> Optional[Tuple[int, ...]]:
    """The version of a package, if it is imported; from its metadata, or what it says of itself."""
    package = modules.get(module)
    if package is None:
        return None
    try:
        from importlib.metadata import version

        return read_version(version(distribution))
    except Exception:
        said = text_attribute(package, "__version__")
        return None if said is None else read_version(said)


def text_attribute(obj: object, name: str) -> Optional[str]:
    """Return an attribute that is a plain str; None for everything else, and for one that raises."""
    try:
        value = getattr(obj, name)
    except Exception:
        return None
    return value if type(value) is str else None


#: The own ``__mro__`` of a class, whatever its metaclass says.
_MRO = type.__dict__["__mro__"].__get__


def inside_partials(app: object) -> Any:
    """Return what partials call, at most 100 deep: a partial may hold itself."""
    for _ in range(100):
        if not issubclass(type(app), partial):
            break
        app = partial.__dict__["func"].__get__(app)
    return app


def class_modules(app: object) -> Iterable[str]:
    """The modules that an application's class comes from, the nearest first. Runs none of its code."""
    from types import FunctionType, MethodType

    # Always the type and never __class__, which proxies answer with that of the object inside.
    app = inside_partials(app)
    if type(app) is MethodType:
        app = app.__self__
    if type(app) is FunctionType:
        names = [app.__module__]
    else:
        cls = app if issubclass(type(app), type) else type(app)
        own = type.__dict__["__dict__"].__get__
        names = [own(base).get("__module__") for base in _MRO(cls)]
    return [name for name in names if type(name) is str]


def profile_of(app: object) -> Optional[Profile]:
    """Return the row of `PROFILES` that is chosen for an application where none is named, or None.

    It is found by the packages that the application's class comes from and their installed versions;
    a package that is not imported is not asked for. The application inside a proxy or an old middleware is
    looked at too. A double-callable whose code names ``"http.request.body"`` and never
    ``"http.request"`` is of the articles of 2018. The row has ``name``, ``module``,
    ``distribution``, ``since`` (in) and ``before`` (out), ``quirks`` and ``why``. Raises nothing.

    >>> print(profile_of(lambda scope: None))
    None
    """
    row = _profile_of_class(app)
    if row is not None or classify(app).style in _CURRENT:
        return row
    from .._detect.layers import layers

    stack = [layer.verdict for layer in layers(app)]
    for verdict in stack[1:]:
        # The rules of old applications are not for a current one inside an old middleware.
        if verdict.style in _CURRENT:
            return None
        row = _profile_of_class(verdict.app)
        if row is not None:
            return row
    return _profile_by_texts([verdict.app for verdict in stack])


_CURRENT = (Style.SINGLE, Style.FACTORY)


def _profile_of_class(app: object) -> Optional[Profile]:
    """Return the row of the package that the application's class comes from."""
    for module in class_modules(app):
        for row in PROFILES.values():
            if row.module is not None and f"{module}.".startswith(f"{row.module}."):
                # A row with a module has the three other columns too.
                version = installed_version(row.module, row.distribution)  # type: ignore[arg-type]
                if version is None:
                    continue
                if read_version(row.since) <= version < read_version(row.before):  # type: ignore[arg-type]
                    return row
    return None


def _profile_by_texts(stack: Iterable[object]) -> Optional[Profile]:
    """Return the row for code that knows a request under earlier names only."""
    from .._detect.constants import named_texts

    texts = frozenset().union(*map(named_texts, stack))
    old_keys = MORE_BODY not in texts
    if REQUEST_OF_2018 in texts and Quirks().request_type not in texts:
        return PROFILES["articles-2018-content" if old_keys and CONTENT in texts else "articles-2018"]
    return PROFILES["draft-2017"] if old_keys and MORE_CONTENT in texts else None


#: Packages whose Request reads the body.
_STARLETTE = ("starlette", "fastapi")

#: A middleware whose code names one of these packages may query the database in its first half.
_DJANGO = ("django", "channels", "rest_framework")


def resolve_middleware_quirks(middleware: object, quirks: object) -> Quirks:
    """Return the quirks of an old middleware: those given, or a thread for one of Channels beside Django 3.

    Since version 3 Django raises SynchronousOnlyOperation for a query on the event loop. A middleware of
    Channels 2 queried in ``__call__(scope)``: its servers ran that in a thread once, or nobody minded.
    """
    if quirks is not None:
        return resolve_quirks(middleware, quirks)
    version = installed_version("django", "django")
    if version is None or version < (3,):
        return Quirks()
    from .._detect.constants import named_packages

    return Quirks(constructor_in_thread=not named_packages(middleware).isdisjoint(_DJANGO))


def _without_type_for_starlette(app: object, quirks: Quirks) -> Quirks:
    """Return the quirks of the articles without their type of request, for code that reads it with Starlette.

    Its Request passes over an event that it does not know, and waits for the next one for ever.
    """
    if not quirks.response_scope or quirks.request_type != REQUEST_OF_2018:
        return quirks
    from dataclasses import replace

    from .._detect.constants import named_packages, named_texts

    if named_packages(app).isdisjoint(_STARLETTE) or REQUEST_OF_2018 in named_texts(app):
        return quirks
    return replace(quirks, request_type=Quirks().request_type)


def resolve_quirks(app: object, quirks: object) -> Quirks:
    """Return the quirks of an application: those given, those of a named profile, or those of its own."""
    if quirks is None:
        row = profile_of(app)
        return Quirks() if row is None else row.quirks
    if isinstance(quirks, str):
        if quirks not in PROFILES:
            raise ValueError(
                f"quirks: got {safe_repr(quirks)}, expected one of the profiles {', '.join(PROFILES)}"
            )
        quirks = PROFILES[quirks]
    if isinstance(quirks, Profile):
        quirks = quirks.quirks
    if isinstance(quirks, Quirks):
        return _without_type_for_starlette(app, quirks)
    raise TypeError(f"quirks: got {safe_repr(quirks)}, expected a Quirks, the name of a profile or None")
