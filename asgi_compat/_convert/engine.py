"""An application, its options and the functions compiled for them.

The rules are compiled when an application is wrapped, never while a request is served.
"""

from __future__ import annotations

from collections import namedtuple
from functools import partial

from .._adapt import SingleCallable, call_double, call_double_and_check
from .._connections import Policy, run_in_thread, sessions_of
from .._detect import Style
from .._detect.doubles import has_coroutine_instances
from .._messages import specification
from .._messages.compile import compile_rules
from .._messages.errors import safe_type, strict_error
from .._messages.table import OF_DOUBLES, OF_SINGLES, RULES
from .._text import safe_repr
from .profiles import resolve_quirks
from .recognition import Host, Hosts, compile_host
from .repair_lines import describe_repair, log_repair
from .responses import remedy_for, with_response_scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Dict, Optional, Type

    from .._errors import MessageError
    from .._messages.table import Table
    from .._types import ASGI2Instance, Event

    OnRepair = Callable[[str, Any, Any], Any]

    from .._types import ASGI3App, ASGIApp, Receive, Scope, Send


class RepairReporter:
    """Who is told of a repair: the log once a rule, the caller's function each time; strict raises."""

    __slots__ = ("name", "strict", "on_repair", "logged")

    def __init__(self, name: str, strict: bool, on_repair: Optional[OnRepair]) -> None:
        self.name = name
        self.strict = strict
        self.on_repair = on_repair
        self.logged: Dict[str, object] = {}

    def __call__(
        self,
        blame: Type[MessageError],
        rule: str,
        before: object,
        after: object,
        field: Optional[str],
        row: object,
    ) -> None:
        if self.strict and row != "quiet":
            raise strict_error(blame, rule, before, field, row, _MAKES[rule]) from None
        mine = object()
        # One step: of two threads that repair at the same time, one writes to the log.
        if self.logged.setdefault(rule, mine) is mine:
            kind = before.get("type") if type(before) is dict else None
            line = describe_repair(before, after, field, _MAKES[rule])
            log_repair(f"{self.name}: repaired {safe_type(kind)}: {line} ({rule})")
        if self.on_repair is not None:
            self.on_repair(rule, before, after)


_MAKES = {row.id: row.makes for row in RULES}


class CompiledApplication:
    """An application, its options and the functions compiled for them."""

    __slots__ = (
        "app", "options", "style", "call", "invoke", "lifespan_call", "plan", "policy", "scopes", "discards",
        "state", "loops", "lifespan", "sessions", "prepares", "hosts", "noted",
    )  # fmt: skip

    def __init__(
        self, direction: str, app: ASGIApp, options: Options, style: Style, call: ASGI3App, table: Table
    ) -> None:
        self.app = app
        self.noted = False
        self.options = options
        self.style = style
        quirks = resolve_quirks(app, options.quirks)
        apart = OF_DOUBLES if style not in (Style.DOUBLE, Style.UNKNOWN) else OF_SINGLES
        table = table.without(apart)
        listener = RepairReporter(safe_repr(app), options.strict, options.on_repair)
        self.plan = compile_rules(direction, quirks, listener, table, strict=options.strict)
        self.policy = Policy(self.plan)
        #: The functions for the connections of known servers, compiled when one is seen. The rows are about
        #: current servers, and old servers call double-callables.
        self.hosts = Hosts(
            Host("", self.plan, self.policy, None),
            partial(compile_host, self.plan, table) if direction == specification.A else None,
        )
        #: The class of a connection, by the type of its scope.
        self.sessions = sessions_of(self.policy)
        self.scopes = self.plan.scopes
        self.lifespan = options.lifespan
        self.discards = self.policy.discards is not None
        self.call = self._choose_call(call)
        #: What a lifespan is run by: the same, but for an old middleware (`AdaptedMiddlewareStack`).
        self.lifespan_call: ASGI3App = self.call
        #: The same, called with the application first: one call less for those whose way is known.
        self.invoke: Callable[..., Awaitable[object]] = self._invoke_call
        if self.call is app:
            self.invoke = _invoke_single
        elif type(self.call) is SingleCallable:
            self.invoke = call_double if has_coroutine_instances(app) else call_double_and_check
        #: What start-up left in scope["state"], when no server keeps it (B13, B36).
        self.state: Optional[Event] = None
        #: The start-up of each loop, where it is ours to run (A55, B35).
        self.loops: Any = None
        if self.policy.lazy_lifespan:
            # Made here and not when it is needed: two threads may need it at the same time.
            from weakref import WeakKeyDictionary

            self.loops = WeakKeyDictionary()
        #: Whether a connection may have to wait for the start-up, be given its state, or be the first one
        #: without a start-up.
        self.prepares = True

    def _choose_call(self, call: ASGI3App) -> ASGI3App:
        """Return what is called with (scope, receive, send), and what the quirks put around it."""
        quirks = self.plan.quirks
        if self.policy.constructs_in_thread and self.style is Style.DOUBLE:
            call = partial(call_in_thread, self.app)
        if quirks.response_scope and self.plan.direction == specification.A:
            call = with_response_scope(self.app, call)
        return call

    def note_error(self, error: BaseException) -> None:
        """Write the remedy for an exception of the application to the log, once, where one is known."""
        remedy = "" if self.noted else remedy_for(self.app, error)
        if remedy:
            self.noted = True
            from logging import getLogger

            getLogger("asgi_compat").warning("%s", remedy)

    def _invoke_call(self, app: object, scope: Scope, receive: Receive, send: Send) -> Awaitable[object]:
        return self.call(scope, receive, send)


def _invoke_single(app: ASGI3App, scope: Scope, receive: Receive, send: Send) -> Awaitable[object]:
    return app(scope, receive, send)


#: What an adapter was asked for.
Options = namedtuple("Options", "style lifespan quirks strict on_repair rewire", defaults=(False,))

DEFAULT_OPTIONS = Options(None, "auto", None, False, None)


async def call_in_thread(app: Any, scope: Scope, receive: Receive, send: Send) -> object:
    """Call the constructor in a thread, then await the instance here (A2)."""

    def construct() -> ASGI2Instance:
        # asgiref refuses a class whose __call__ is a coroutine function, which most of these are.
        instance: ASGI2Instance = app(scope)
        return instance

    instance = await run_in_thread(construct)
    return await instance(receive, send)
