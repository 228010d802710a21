"""The whole service: to_asgi3, to_asgi2, their middleware forms, the choices and who gets which.

Laws

1. One adapter and never two: what is already converted comes back as it is, or is made anew of the
   application inside it when it is asked for with other options.
2. The rules are compiled when an application is wrapped, never while a request is served.
3. What is known of a framework is a row of `PROFILES`. Nothing else here names one.
4. A package is asked for its version only if it is already imported, and only when wrapping.

Theory of operation. The adapters are made like those of `_adapt`: partials of a coroutine function
over an `_Engine`, which holds the compiled plan. One request costs one coroutine (the same that
asgiref's adapter has), one object for the memory of the connection, one copy of the scope, and one
coroutine for each receive and send.
"""

from __future__ import annotations

import re
from collections import namedtuple
from dataclasses import dataclass, fields
from functools import partial
from sys import modules

from . import _rules
from ._adapt import (
    Adapter,
    DoubleCallable,
    SingleCallable,
    call_double,
    call_double_and_check,
    guarantee_double_callable,
    guarantee_single_callable,
)
from ._connection import (
    ANY_LENGTH,
    DONE,
    NEW,
    NO_BODY,
    Lifespan,
    OldHttp,
    Policy,
    WebSocket,
    in_this_context,
    is_head,
)
from ._detect import Style, classify
from ._detect.doubles import has_coroutine_instances
from ._errors import AppMessageError, ServerMessageError
from ._normalise import announced, blame_for, compile_table, safe_type
from ._rules import TABLE
from ._rules import rules as rules
from ._text import describe, own_repr, safe_repr, safe_str, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, NamedTuple, Optional, Tuple, Union

    from ._types import ASGI2App, ASGI3App

    OnRepair = Callable[[str, Any, Any], Any]


@dataclass(frozen=True, repr=False)
class Quirks:
    """The choices that depend on the application. Every field belongs to a rule and has a default.

    Immutable, comparable, hashable; make one with the fields that differ, and its repr shows those.
    Raises ValueError for a value that a field does not know.

    >>> Quirks(lifespan_cleanup=True).defer_start
    True
    """

    #: A2: run the constructor of a double-callable application in a thread, because it blocks.
    constructor_in_thread: bool = False
    #: A7: what to put for a client that is None, for example ``("127.0.0.1", 0)``. Quart 0.6 indexes it.
    placeholder_client: Optional[Tuple[str, int]] = None
    #: A7: a server that is a unix socket, ``(path, None)``: ``"keep"`` it or make it ``"none"``.
    unix_server: str = "keep"
    #: A8: take root_path off the front of path, as servers did until 2022. Never on daphne, which puts
    #: no prefix on and lets the client choose root_path. This is a matter of access control: behind a proxy
    #: that strips the prefix itself, in front of a server that is told a root path and puts nothing on
    #: (hypercorn, granian), ``/shop/shop/admin`` arrives as ``/admin``. Set it to False there.
    strip_root_path: bool = True
    #: A14: give the request body in one message. It is held in memory as a whole.
    join_body: bool = False
    #: A14: the type under which the request arrives, for applications of the articles of October 2018.
    request_type: str = "http.request"
    #: A14: give the request body as ``content`` and ``more_content``, its names of 2017.
    content_keys: bool = False
    #: A15, A16: ``"either"`` gives websocket.receive one key and answers None when the other is
    #: indexed; ``"one"`` a plain dict with one key; ``"both"`` a plain dict with both.
    receive_keys: str = "either"
    #: A20: ``True`` says cleanup instead of shutdown at once, ``None`` after shutdown has been let
    #: pass without an answer, ``False`` never.
    lifespan_cleanup: Optional[bool] = None
    #: A27: take a str for a body and encode it as UTF-8. Off: it is refused on every server.
    text_body: bool = False
    #: A28: hold the start of a response until its first body, as the specification demanded from 2018
    #: to 2023. Off: the headers go out at once, and a second start is refused.
    defer_start: bool = True
    #: A32: a subprotocol that the client did not offer: ``"drop"`` it, ``"error"``, or ``"keep"``.
    unoffered_subprotocol: str = "drop"
    #: A34: websocket.send before websocket.accept accepts first. Off: it is refused.
    implicit_accept: bool = False
    #: A38: drop events that nothing announces. Off: they are refused.
    drop_unknown: bool = False
    #: A41: finish the response when the application fails in the middle of it, and raise then, so that
    #: what came looks complete to the client. ``None``: on daphne only.
    finish_on_error: Optional[bool] = None
    #: B6: client and server have changed places (hypercorn 0.1.0).
    swap_addresses: bool = False
    #: B10: percent-decode path (uvicorn below 0.3.18 with httptools).
    unquote_path: bool = False
    #: B11: put root_path in front of path, as it is today.
    prepend_root_path: bool = False
    #: B19: hold one chunk of a body back, so that the last is not empty (uvicorn below 0.3.25).
    hold_last_chunk: bool = False
    #: B22: send raises OSError once the client has gone, instead of doing nothing.
    raise_after_disconnect: bool = False
    #: B27: give websocket.send both keys (hypercorn 0.1).
    both_send_keys: bool = False
    #: B35: run the application's start-up before the first connection of a loop, on a server that
    #: speaks no lifespan (daphne).
    lazy_lifespan: bool = False

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                words = " or ".join(map(repr, known))
                raise ValueError(f"Quirks.{name} is {words}, not {safe_repr(getattr(self, name))}")
        if self.placeholder_client is not None and not _is_client(self.placeholder_client):
            raise ValueError(
                "Quirks.placeholder_client is None or a host and a port, as in ('127.0.0.1', 0), not"
                f" {safe_repr(self.placeholder_client)}"
            )

    def __repr__(self) -> str:
        said = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        return f"Quirks({', '.join(f'{name}={value!r}' for name, value, usual in said if value != usual)})"


def _is_client(value: Any) -> bool:
    return type(value) is tuple and len(value) == 2 and isinstance(value[0], str) and type(value[1]) is int


#: The fields of `Quirks` that are a choice between a few values, and the values.
_CHOICES: Dict[str, Tuple[Any, ...]] = {
    "unix_server": ("keep", "none"),
    "request_type": ("http.request", "http.request.body"),
    "receive_keys": ("either", "one", "both"),
    "unoffered_subprotocol": ("drop", "error", "keep"),
}
for _field in fields(Quirks):
    if _field.type in ("bool", "Optional[bool]"):
        _CHOICES[_field.name] = (True, False) if _field.type == "bool" else (None, True, False)

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
            "knows shutdown; indexes text and bytes",
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
            "leaves out headers and empty chunks, also the last",
        ),
        Profile(
            "wsgi-to-asgi",
            "asgiref.wsgi",
            "asgiref",
            "2",
            "3.2.2",
            Quirks(join_body=True),
            "takes the first event of the body for all of it",
        ),
        Profile(
            "articles-2018",
            None,
            None,
            None,
            None,
            Quirks(request_type="http.request.body"),
            "asserts http.request.body on receive",
        ),
        Profile(
            "draft-2017",
            None,
            None,
            None,
            None,
            Quirks(content_keys=True),
            "content and more_content in both directions",
        ),
    )
}


#: The leading number of a part of a version: int() takes no more digits than a few thousand.
_NUMBER = re.compile("[0-9]{1,18}(?![0-9])").match


def _version(text: str) -> Tuple[int, ...]:
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


def _installed(module: str, distribution: str) -> Optional[Tuple[int, ...]]:
    """The version of a package, if it is imported; from its metadata, or what it says of itself."""
    package = modules.get(module)
    if package is None:
        return None
    try:
        from importlib.metadata import version

        return _version(version(distribution))
    except Exception:
        said = _text_attribute(package, "__version__")
        return None if said is None else _version(said)


def _text_attribute(obj: Any, name: str) -> Optional[str]:
    """Return an attribute that is a plain str; None for everything else, and for one that raises."""
    try:
        value = getattr(obj, name)
    except Exception:
        return None
    return value if type(value) is str else None


#: The own ``__mro__`` of a class, whatever its metaclass says.
_MRO = type.__dict__["__mro__"].__get__


def _inside_partials(app: Any) -> Any:
    """Return what partials call, at most 100 deep: a partial may hold itself."""
    for _ in range(100):
        if not issubclass(type(app), partial):
            break
        app = partial.__dict__["func"].__get__(app)
    return app


def _modules(app: Any) -> Iterable[str]:
    """The modules that an application's class comes from, the nearest first. Runs none of its code."""
    from types import FunctionType, MethodType

    # Always the type and never __class__, which proxies answer with that of the object inside.
    app = _inside_partials(app)
    if type(app) is MethodType:
        app = app.__self__
    if type(app) is FunctionType:
        names = [app.__module__]
    else:
        cls = app if issubclass(type(app), type) else type(app)
        own = type.__dict__["__dict__"].__get__
        names = [own(base).get("__module__") for base in _MRO(cls)]
    return [name for name in names if type(name) is str]


def profile_of(app: Any) -> Optional[Profile]:
    """Give the row of `PROFILES` that is chosen for an application when nobody says one, or None.

    It is found by the packages that the application's class comes from and their installed versions;
    a package that is not imported is not asked for. The row has ``name``, ``module``,
    ``distribution``, ``since`` (in) and ``before`` (out), ``quirks`` and ``why``. Raises nothing.

    >>> print(profile_of(lambda scope: None))
    None
    """
    for module in _modules(app):
        for row in PROFILES.values():
            if row.module is not None and f"{module}.".startswith(f"{row.module}."):
                # A row with a module has the three other columns too.
                version = _installed(row.module, row.distribution)  # type: ignore[arg-type]
                if version is None:
                    continue
                if _version(row.since) <= version < _version(row.before):  # type: ignore[arg-type]
                    return row
    return None


def _chosen(app: Any, quirks: Any) -> Quirks:
    if quirks is None:
        row = profile_of(app)
        return Quirks() if row is None else row.quirks
    if isinstance(quirks, str):
        if quirks not in PROFILES:
            raise ValueError(f"quirks={safe_repr(quirks)} is none of the profiles {', '.join(PROFILES)}")
        return PROFILES[quirks].quirks
    if isinstance(quirks, Profile):
        return quirks.quirks
    if isinstance(quirks, Quirks):
        return quirks
    raise TypeError(f"quirks is a Quirks, the name of a profile or None, not {safe_repr(quirks)}")


class _Listener:
    """Who is told of a repair: the log once a rule, the caller's function each time; strict raises."""

    __slots__ = ("name", "strict", "on_repair", "logged")

    def __init__(self, name: str, strict: bool, on_repair: Optional[OnRepair]) -> None:
        self.name = name
        self.strict = strict
        self.on_repair = on_repair
        self.logged: Dict[str, Any] = {}

    def __call__(
        self, blame: Any, rule: str, before: Any, after: Any, field: Optional[str], row: Any
    ) -> None:
        if self.strict and row != "quiet":
            makes = _MAKES[rule]
            raise blame_for(blame, rule, before, field, makes, "strict: repaired otherwise") from None
        mine: Any = object()
        # One step: of two threads that repair at the same time, one writes to the log.
        if self.logged.setdefault(rule, mine) is mine:
            from logging import getLogger

            kind = before.get("type") if isinstance(before, dict) else None
            getLogger("asgi_compat").info(
                "%s: repaired %s (%s: %s)", self.name, safe_type(kind), rule, _MAKES[rule]
            )
        if self.on_repair is not None:
            self.on_repair(rule, before, after)


_MAKES = {row.id: row.makes for row in _rules.RULES}


class _Engine:
    """An application, its options and the functions compiled for them."""

    __slots__ = (
        "app", "options", "style", "call", "invoke", "live", "plan", "policy", "scopes", "discards", "state",
        "loops", "lifespan",
    )  # fmt: skip

    def __init__(
        self, direction: str, app: Any, options: _Options, style: Style, call: Any, table: Any
    ) -> None:
        self.app = app
        self.options = options
        self.style = style
        quirks = _chosen(app, options.quirks)
        apart = _rules.OF_DOUBLES if style not in (Style.DOUBLE, Style.UNKNOWN) else _rules.OF_SINGLES
        table = _less(table, apart)
        listener = _Listener(safe_repr(app), options.strict, options.on_repair)
        self.plan = compile_table(direction, quirks, listener, table, strict=options.strict)
        self.policy = Policy(self.plan)
        self.scopes = self.plan.scopes
        self.lifespan = options.lifespan
        self.discards = ("A3" if direction == _rules.A else "B3") in self.plan.rules
        self.call = call
        if quirks.constructor_in_thread and "A2" in self.plan.rules and style is Style.DOUBLE:
            self.call = partial(_call_in_thread, app)
        #: What a lifespan is run by: the same, but for an old middleware (`InNewStack`).
        self.live: Any = self.call
        #: The same, called with the application first: one call less for those whose way is known.
        self.invoke: Any = self._invoke_call
        if self.call is app:
            self.invoke = _invoke_single
        elif type(self.call) is SingleCallable:
            self.invoke = call_double if has_coroutine_instances(app) else call_double_and_check
        #: What start-up left in scope["state"], when no server keeps it (B13, B36).
        self.state: Optional[Dict[str, Any]] = None
        #: The start-up of each loop, where it is ours to run (B35).
        self.loops: Any = None
        if quirks.lazy_lifespan:
            # Made here and not when it is needed: two threads may need it at the same time.
            from weakref import WeakKeyDictionary

            self.loops = WeakKeyDictionary()

    def _invoke_call(self, app: Any, scope: Any, receive: Any, send: Any) -> Any:
        return self.call(scope, receive, send)


def _invoke_single(app: Any, scope: Any, receive: Any, send: Any) -> Any:
    return app(scope, receive, send)


def _less(table: Any, ids: Any) -> Any:
    return table._replace(
        rules=tuple(row for row in table.rules if row.id not in ids),
        repairs=tuple(row for row in table.repairs if row.rule not in ids),
    )


#: What an adapter was asked for.
_Options = namedtuple("_Options", "style lifespan quirks strict on_repair")
_USUAL = _Options(None, "auto", None, False, None)


async def _call_in_thread(app: Any, scope: Any, receive: Any, send: Any) -> Any:
    """Call the constructor in a thread, then await the instance here (A2)."""
    from asgiref.sync import sync_to_async

    def construct() -> Any:
        # asgiref refuses a class whose __call__ is a coroutine function, which most of these are.
        return app(scope)

    try:
        constructor = sync_to_async(construct, thread_sensitive=False)
    except TypeError:
        constructor = sync_to_async(construct)  # asgiref before 3.1, which knows no other threads
    instance = await constructor()
    return await instance(receive, send)


def _kind(scope: Any) -> str:
    try:
        kind = scope["type"]
    except Exception:
        kind = None
    if not isinstance(kind, str):
        raise ServerMessageError(
            f"a scope is a dict with a type, a str; the server gave {describe(scope)}",
            field="type",
            got=scope,
        )
    return kind


def _on_daphne(scope: Any) -> bool:
    """Whether the scope is one of daphne's: no spec_version, and a client that is a list (A41).

    daphne says ``{"version": "3.0"}``. Starlette's TestClient of 2019 has a list, and says nothing.
    """
    about = scope.get("asgi")
    return type(scope.get("client")) is list and isinstance(about, dict) and "spec_version" not in about


async def _serve_old(engine: _Engine, scope: Any, receive: Any, send: Any) -> Any:
    """One connection of a new server for an old application: direction A."""
    try:
        kind = scope["type"]
        given = engine.scopes[kind](scope)
    except Exception:
        if _kind(scope) in engine.scopes:
            raise
        return await engine.call(scope, receive, send)
    if kind == "http":
        policy = engine.policy
        connection: Any = policy.exchange()
        connection.policy = policy
        connection.scope = given
        connection._receive = receive
        connection._send = send
        connection.state = NEW
        connection.length = ANY_LENGTH
        connection.end = DONE
        connection.held = connection.gone = connection.turn = None
        method = given.get("method")
        if method.__class__ is str and method == "HEAD" and policy.bodiless:
            connection.length = NO_BODY
        if policy.keeps_context and "asgiref.sync" in modules:
            connection._receive, connection._send = in_this_context(receive, send)
    elif kind == "websocket":
        connection = WebSocket(engine.policy, given, receive, send)
        if "A35" in engine.plan.rules and _on_daphne(scope):
            connection.lacks = "codes"
    else:
        return await Lifespan(engine.policy, given, receive, send, engine.lifespan).run(engine.live)
    size = len(given)
    try:
        result = await engine.invoke(engine.app, given, connection.receive, connection.send)
        if connection.state != DONE:
            await connection.finish()
    except BaseException as error:
        if len(given) != size:
            _show(given, size, scope)
        await connection.failed(error, _on_daphne(scope))
        raise
    if len(given) != size:
        _show(given, size, scope)
    return None if engine.discards else result


def _show(given: Dict[str, Any], size: int, scope: Any) -> None:
    """Put what the application has added to its copy of the scope into the one that it was made of.

    Frameworks write ``endpoint`` or ``path_params`` there, and agents outside read them afterwards. A
    dict keeps its order: what was added comes after the first ``size`` keys.
    """
    if given is not scope and isinstance(scope, dict):
        for key in list(given)[size:]:
            scope.setdefault(key, given[key])


async def _serve_new(engine: _Engine, scope: Any, receive: Any, send: Any) -> Any:
    """One connection of an old server for a new application: direction B."""
    kind = _kind(scope)
    if kind not in engine.scopes:
        return await engine.call(scope, receive, send)
    alive = engine.plan.rules
    given = engine.scopes[kind](scope)
    if kind == "lifespan":
        if "B36" in alive and not isinstance(given.get("state"), dict):
            made: Dict[str, Any] = {}
            engine.state = made
            given = {**given, "state": made}
        if engine.plan.quirks.lazy_lifespan:
            _started_by_server(engine)
        life = Lifespan(engine.policy, given, receive, send, engine.lifespan)
        return await life.run(engine.live)
    given = await _with_state(engine, given)
    if kind == "http":
        connection: Any = OldHttp()
        connection.policy = engine.policy
        connection.scope = given
        connection._receive = receive
        connection._send = send
        connection.state = NEW
        connection.length = NO_BODY if is_head(given) and "B20" in alive else ANY_LENGTH
        connection.end = DONE
        connection.held = connection.gone = connection.turn = None
    else:
        connection = WebSocket(engine.policy, given, receive, send)
        if not announced(_rules.DENIAL + ".start", scope):
            connection.lacks = "denial"
    size = len(given)
    try:
        result = await engine.call(given, connection.receive, connection.send)
        if connection.state != DONE:
            await connection.finish()
    except BaseException as error:
        if len(given) != size:
            _show(given, size, scope)
        await connection.failed(error, False)
        raise
    if len(given) != size:
        _show(given, size, scope)
    return None if engine.discards else result


# Start-up where the server speaks no lifespan (B35).


async def _with_state(engine: _Engine, given: Any) -> Any:
    """Put into a scope what start-up has left (B13), of this loop where the start-up is ours (B35)."""
    alive, state = engine.plan.rules, engine.state
    if engine.loops is not None and "B35" in alive:
        own = await _started(engine)
        state = engine.state if own is None else own
    if state is None or "B13" not in alive or isinstance(given.get("state"), dict):
        return given
    return {**given, "state": state.copy()}


def _started_by_server(engine: _Engine) -> None:
    from asyncio import get_running_loop

    loop = get_running_loop()
    if loop not in engine.loops:
        future = loop.create_future()
        future.set_result(None)
        engine.loops[loop] = future, None, None


async def _started(engine: _Engine) -> Any:
    """Wait until the application has started on this loop; start it if nobody has. Give the state it left.

    Threads may run a loop each, and each has a start-up and a state of its own.
    """
    from asyncio import get_running_loop, shield

    loop = get_running_loop()
    entry = engine.loops.get(loop)
    if entry is None:
        future, state = loop.create_future(), {}  # type: ignore[var-annotated]
        entry = engine.loops[loop] = future, loop.create_task(_live(engine, future, state)), state
    await shield(entry[0])
    return entry[2]


async def _live(engine: _Engine, started: Any, state: Any) -> None:
    """Be the server of the application's lifespan: start-up now, shutdown when the loop ends the task."""
    from asyncio import CancelledError, current_task

    steps = iter(("lifespan.startup", "lifespan.shutdown"))

    async def receive() -> Dict[str, Any]:
        step = next(steps, None)
        if step == "lifespan.shutdown":
            from ._connection import forever

            try:
                await forever()
            except CancelledError:
                # asyncio.run cancels what is left at the end and waits for it: time for the shutdown.
                uncancel = getattr(current_task(), "uncancel", None)
                if uncancel is not None:
                    uncancel()
        return {"type": step or "lifespan.shutdown"}

    async def send(event: Any) -> None:
        if event["type"] == "lifespan.startup.complete" and not started.done():
            started.set_result(None)

    scope = engine.scopes["lifespan"]({"type": "lifespan"})
    try:
        life = Lifespan(engine.policy, {**scope, "state": state}, receive, send, engine.lifespan)
        await life.run(engine.live)
    except Exception as error:
        if started.done():
            raise
        started.set_exception(RuntimeError(f"the application failed to start: {safe_str(error)}"))
        started.exception()
    finally:
        if not started.done():
            started.set_result(None)


# The adapters.


class _Converted(Adapter):
    """What both directions share: equality, pickling and repr with the options."""

    engine: _Engine

    def __repr__(self) -> str:
        options = self.engine.options
        shown = [
            f"{name}={getattr(options, name)!r}"
            for name in options._fields
            if getattr(options, name) != getattr(_USUAL, name)
        ]
        return f"<{type(self).__name__} of {own_repr(self.app)}{', ' if shown else ''}{', '.join(shown)}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = self.engine, other.engine
        return bool(self.app == other.app and mine.options == theirs.options)

    def __hash__(self) -> int:
        return hash((type(self), self.app))

    def __reduce__(self) -> Tuple[Any, ...]:
        return _rebuild, (type(self), self.app, tuple(self.engine.options))


def _rebuild(cls: Any, app: Any, options: Tuple[Any, ...]) -> Any:
    return cls(app, _Options(*options))


class ToAsgi3(_Converted):
    """An application of either style, single-callable and fit for every modern server. Made by `to_asgi3`."""

    _asgi_single_callable = True

    def __new__(cls, app: Any, options: _Options = _USUAL, table: Any = TABLE) -> ToAsgi3:
        style, call = _style(app, options.style), _single(app, options.style)
        engine = _Engine(_rules.A, app, options, style, call, table)
        self = partial.__new__(cls, _serve_old, engine)
        self.app = app
        self.engine = engine

        async def __call__(scope: Any, receive: Any, send: Any) -> Any:
            return await _serve_old(engine, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


class ToAsgi2(_Converted):
    """An application of either style, double-callable and fit for every old server. Made by `to_asgi2`."""

    _asgi_double_callable = True

    def __new__(cls, app: Any, options: _Options = _USUAL, table: Any = TABLE) -> ToAsgi2:
        style, call = _style(app, options.style), _single(app, options.style)
        engine = _Engine(_rules.B, app, options, style, call, table)
        self = partial.__new__(cls, _open_new, engine)
        self.app = app
        self.engine = engine

        def __call__(scope: Any) -> Any:
            return _open_new(engine, scope)

        self.__dict__["__call__"] = __call__
        return self


def _open_new(engine: _Engine, scope: Any) -> Any:
    """The first call of an old server: it remembers the scope and does nothing else (B2)."""

    # Exactly these names: daphne up to 2.5 calls instance(receive=..., send=...) (B1).
    def instance(receive: Any, send: Any) -> Any:
        return _serve_new(engine, scope, receive, send)

    return instance


_DOUBLE = (Style.DOUBLE, "double")
_SINGLE = (Style.SINGLE, "single")


def _single(app: Any, said: Any) -> Any:
    """What the engine calls with (scope, receive, send), by what was said of the application's style."""
    if said in _DOUBLE:
        return SingleCallable(app)
    return app if said in _SINGLE else guarantee_single_callable(app)


def _style(app: Any, said: Any) -> Style:
    if not callable(app):
        guarantee_single_callable(app)  # refuses, with the reason and the remedy
    if said in _DOUBLE:
        return Style.DOUBLE
    if said in _SINGLE:
        return Style.SINGLE
    return classify(app).style


def _options(style: Any, lifespan: str, quirks: Any, strict: bool, on_repair: Any) -> _Options:
    if style is not None and style not in _DOUBLE and style not in _SINGLE:
        raise ValueError(f"style is 'single', 'double' or None, not {safe_repr(style)}")
    if lifespan not in ("auto", "on", "off"):
        raise ValueError(f"lifespan is 'auto', 'on' or 'off', not {safe_repr(lifespan)}")
    if on_repair is not None and not callable(on_repair):
        raise TypeError(f"on_repair is a function of (rule, before, after), not {safe_repr(on_repair)}")
    return _Options(style, lifespan, quirks, bool(strict), on_repair)


def _convert(cls: Any, app: Any, options: _Options) -> Any:
    if issubclass(type(app), _Converted) and type(app) is not InNewStack:
        if type(app) is cls and options in (_USUAL, app.engine.options):
            return app
        kept = app.engine.options
        app = app.app
        if options == _USUAL:
            # The other direction of something that was already told what it is.
            options = kept
    elif issubclass(type(app), SingleCallable) and options.style is None:
        # It is double-callable inside, and that is what the rules are about.
        if type(app) is SingleCallable:
            options = options._replace(style="double")
        app = app.app
    elif issubclass(type(app), DoubleCallable) and options.style is None:
        if type(app) is DoubleCallable:
            options = options._replace(style="single")
        app = app.app
    return cls(app, options)


def to_asgi3(
    app: Union[ASGI2App, ASGI3App],
    *,
    style: Union[str, Style, None] = None,
    lifespan: str = "auto",
    quirks: Union[str, Quirks, Profile, None] = None,
    strict: bool = False,
    on_repair: Optional[OnRepair] = None,
) -> ASGI3App:
    """Make any application single-callable and fit for every server of today, messages included.

    Takes an application of either style and returns an adapter that is called ``await app(scope,
    receive, send)`` and applies the rules A1 to A51 (`rules`). ``style`` is ``"single"``, ``"double"``
    or None to look (`classify`). ``lifespan``: ``"auto"`` answers for an application that fails before
    its first ``receive()`` and reports one that fails after it as ``lifespan.startup.failed``; ``"on"``
    passes everything through; ``"off"`` answers without calling it. ``quirks`` are the choices of the
    rules, a `Quirks`, the name of one of `PROFILES`, or None to choose by the application's class and
    version. With ``strict`` nothing that the specification forbids is repaired: `AppMessageError` or
    `ServerMessageError` is raised. ``on_repair(rule, event before, event after)`` is called at each
    repair; the first of each rule is logged on ``asgi_compat`` at INFO.

    What cannot be repaired raises `AppMessageError` out of ``send`` before anything reaches the
    server. Raises `DetectionError` for what is no application, ValueError or TypeError for an
    argument that is none of these. An application that is already converted is returned as it is.

    >>> import asyncio
    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": "200"})
    ...         await send({"type": "http.response.content", "content": b"hello"})
    ...     return instance
    >>> sent = []
    >>> async def request():
    ...     async def receive():
    ...         return {"type": "http.request"}
    ...     async def send(event):
    ...         sent.append(event)
    ...     scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    ...     await to_asgi3(old)(scope, receive, send)
    >>> asyncio.run(request())
    >>> sent[0]
    {'type': 'http.response.start', 'status': 200, 'headers': []}
    >>> sent[1]
    {'type': 'http.response.body', 'body': b'hello', 'more_body': False}
    """
    options = _options(style, lifespan, quirks, strict, on_repair)
    return _convert(ToAsgi3, app, options)  # type: ignore[no-any-return]


def to_asgi2(
    app: Union[ASGI2App, ASGI3App],
    *,
    style: Union[str, Style, None] = None,
    lifespan: str = "auto",
    quirks: Union[str, Quirks, Profile, None] = None,
    strict: bool = False,
    on_repair: Optional[OnRepair] = None,
) -> ASGI2App:
    """Make any application double-callable and fit for every server from before ASGI 3, messages included.

    The mirror of `to_asgi3`, with the same arguments and errors and the rules B1 to B39: the adapter is
    called ``await app(scope)(receive, send)``, by position or by these names. The first call only
    remembers the scope.

    >>> async def new(scope, receive, send): ...
    >>> is_double = to_asgi2(new)({"type": "http"})
    >>> callable(is_double)
    True
    """
    options = _options(style, lifespan, quirks, strict, on_repair)
    return _convert(ToAsgi2, app, options)  # type: ignore[no-any-return]


# Middleware.


class InNewStack(ToAsgi3):
    """What an old middleware made of the application that it wraps, for a stack of today.

    Not the whole service. The scope and what is received belong to the application inside, which is
    of today and gets them as they are. What goes out may be the middleware's own, and is repaired.
    """

    wrapped: Any

    def __repr__(self) -> str:
        return f"<InNewStack of {own_repr(self.app)}>"

    def __new__(cls, stack: Any, wrapped: Any) -> InNewStack:
        self: Any = super().__new__(cls, stack, _IN_STACK, _SENT_ONLY)
        self.wrapped = wrapped
        self.engine.live = partial(_live_past, self.engine.live, guarantee_single_callable(wrapped))
        return self  # type: ignore[no-any-return]

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.app, self.wrapped)


_IN_STACK = _Options(None, "on", Quirks(), False, None)
_SENT_ONLY = _rules.sent_only()


async def _live_past(call: Any, wrapped: Any, scope: Any, receive: Any, send: Any) -> None:
    """Run a lifespan through an old middleware, or past one that does not know it.

    Servers of its day showed it http and websocket only. CookieMiddleware of Channels 2 raises
    ValueError for a scope without headers, and without this the application inside would never start.
    Nobody has asked for lifespan.startup then, so it is still there for the one inside.
    """
    asked = False

    async def listen() -> Any:
        nonlocal asked
        asked = True
        return await receive()

    try:
        await call(scope, listen, send)
    except Exception as error:
        if asked:
            raise
        from logging import getLogger

        getLogger("asgi_compat").info(
            "a middleware does not speak lifespan (it raised %s); going past it", safe_repr(error)
        )
    if not asked:
        await wrapped(scope, receive, send)


class _Middleware:
    """A middleware of the one generation as one of the other: it adapts both ends."""

    def __init__(self, middleware: Any) -> None:
        if not callable(middleware):
            raise TypeError(
                f"a middleware is called with the application that it wraps; {safe_repr(middleware)} is not"
                " callable"
            )
        if not issubclass(type(middleware), type) and classify(middleware).style is Style.SINGLE:
            raise TypeError(
                f"{safe_repr(middleware)} is an application already, called with (scope, receive, send):"
                " pass the middleware's class or factory, which is called with the application that it wraps"
            )
        #: The middleware inside.
        self.middleware = middleware
        inner = _inside_partials(middleware)
        # Starlette and others show their stack by these.
        self.__name__ = _text_attribute(inner, "__name__") or type_name(inner)
        self.__doc__ = _text_attribute(inner, "__doc__")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {own_repr(self.middleware)}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self.middleware == other.middleware)

    def __hash__(self) -> int:
        return hash((type(self), self.middleware))

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.middleware,)


class MiddlewareToAsgi3(_Middleware):
    """Made by `middleware_to_asgi3`."""

    def __call__(self, app: Any, *args: Any, **options: Any) -> ASGI3App:
        inner = app.app if type(app) is InNewStack else guarantee_double_callable(app)
        made = self.middleware(inner, *args, **options)
        if classify(made).style is Style.SINGLE:
            # It is of today itself, and was given an application of the other style.
            single: ASGI3App = self.middleware(guarantee_single_callable(app), *args, **options)
            return single
        return InNewStack(made, app)


class MiddlewareToAsgi2(_Middleware):
    """Made by `middleware_to_asgi2`."""

    def __call__(self, app: Any, *args: Any, **options: Any) -> ASGI2App:
        made = self.middleware(guarantee_single_callable(app), *args, **options)
        if classify(made).style is Style.DOUBLE:
            double: ASGI2App = self.middleware(guarantee_double_callable(app), *args, **options)
            return double
        return guarantee_double_callable(made)


def middleware_to_asgi3(middleware: Callable[..., ASGI2App]) -> Callable[..., ASGI3App]:
    """Make an ASGI2 middleware usable around ASGI3 applications, in ASGI3 stacks.

    Takes a class, a factory or a partial that is called with the application it wraps (by position)
    and options, and returns a callable that is called in the same way, with an application of either
    style as ``app``, and gives a single-callable application. Several inside each other leave no
    adapters between them. The scope and what is received go through as they are; what is sent is
    repaired event by event (A22 to A27 and the like), because it may be the middleware's own. A
    middleware that fails on a lifespan scope before it asks for an event is gone past, because it
    was written before there was one. Raises TypeError for what cannot be called, and what the
    middleware raises.

    >>> class Old:
    ...     def __init__(self, inner, option=0):
    ...         self.inner, self.option = inner, option
    ...     def __call__(self, scope):
    ...         return self.inner({**scope, "option": self.option})
    >>> async def new(scope, receive, send):
    ...     print(scope["option"])
    >>> import asyncio
    >>> asyncio.run(middleware_to_asgi3(Old)(new, option=1)({"type": "http"}, None, None))
    1
    """
    # Not isinstance, which asks the object for its __class__.
    given: Any = middleware
    if issubclass(type(given), MiddlewareToAsgi2):
        return given.middleware  # type: ignore[no-any-return]
    return given if issubclass(type(given), MiddlewareToAsgi3) else MiddlewareToAsgi3(given)


def middleware_to_asgi2(middleware: Callable[..., ASGI3App]) -> Callable[..., ASGI2App]:
    """Make an ASGI3 middleware usable around ASGI2 applications, in ASGI2 stacks.

    The mirror of `middleware_to_asgi3`.

    >>> class New:
    ...     def __init__(self, app):
    ...         self.app = app
    ...     async def __call__(self, scope, receive, send):
    ...         await self.app({**scope, "seen": True}, receive, send)
    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         print(scope["seen"])
    ...     return instance
    >>> import asyncio
    >>> asyncio.run(middleware_to_asgi2(New)(old)({"type": "http"})(None, None))
    True
    """
    given: Any = middleware
    if issubclass(type(given), MiddlewareToAsgi3):
        return given.middleware  # type: ignore[no-any-return]
    return given if issubclass(type(given), MiddlewareToAsgi2) else MiddlewareToAsgi2(given)


__all__ = [
    "PROFILES", "AppMessageError", "Profile", "Quirks", "ToAsgi2", "ToAsgi3", "middleware_to_asgi2",
    "middleware_to_asgi3", "profile_of", "rules", "to_asgi2", "to_asgi3",
]  # fmt: skip
