"""Recognise the server of a connection, and keep the functions that are compiled for it."""

from __future__ import annotations

from .._connections import Policy
from .._messages.compile import compile_rules
from .._messages.servers import OWNERS, unneeded
from .profiles import installed_version, read_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional, Tuple

    from .._messages.compile import CompiledRules
    from .._messages.servers import Server
    from .._messages.table import Table
    from .._types import Receive, Scope, Send

#: How many classes are remembered. A program has one or two; the bound is for classes made at run time.
LIMIT = 64
#: A queue or a channel tells nothing: these are asked for ``send`` instead (hypercorn, daphne).
ANONYMOUS = frozenset({("asyncio.queues", "Queue"), ("trio", "MemoryReceiveChannel")})


class Host:
    """The functions for the connections of one server, known or not."""

    __slots__ = ("name", "scopes", "policy", "keeper")

    def __init__(self, name: str, plan: CompiledRules, policy: Policy, keeper: Optional[str]) -> None:
        #: The name of the server's row; "" for an unknown one.
        self.name = name
        self.scopes = plan.scopes
        self.policy = policy
        #: The attribute in which the server keeps the scope; None if it need not be compared.
        self.keeper = keeper


class Hosts:
    """What is compiled for each server, by the class that its ``receive`` belongs to."""

    __slots__ = ("unknown", "by_class", "_compile", "_by_row")

    def __init__(self, unknown: Host, compile_without: Optional[Callable[[Server], Host]]) -> None:
        #: For every server that is not recognised: all rules.
        self.unknown = unknown
        self.by_class: Dict[type, Host] = {}
        self._compile = compile_without
        self._by_row: Dict[str, Host] = {}

    def find(self, scope: Scope, receive: Receive, send: Send) -> Host:
        """Return the host of a connection."""
        owner = getattr(receive, "__self__", None)
        host = self.by_class.get(type(owner))
        if host is None:
            if _name(type(owner)) in ANONYMOUS:
                owner = _owner_of_send(send)
                host = self.by_class.get(type(owner)) or self._remember(type(owner))
            else:
                host = self._remember(type(owner))
        if host.keeper is not None and getattr(owner, host.keeper, None) is not scope:
            return self.unknown  # something in between has given another scope
        return host

    def _remember(self, cls: type) -> Host:
        row = OWNERS.get(_name(cls))
        host = self.unknown
        if row is not None and self._compile is not None and _is_proved(row):
            host = self._by_row.get(row.name) or self._compile(row)
            self._by_row[row.name] = host
        if len(self.by_class) >= LIMIT:
            self.by_class.clear()
        self.by_class[cls] = host
        return host


def compile_host(plan: CompiledRules, table: Table, row: Server) -> Host:
    """Compile the functions for a known server: ``plan`` without the rules that it never needs."""
    table = table.without(unneeded(row, plan.quirks, table.rules))
    smaller = compile_rules(plan.direction, plan.quirks, plan.report, table, strict=plan.strict)
    return Host(row.name, smaller, Policy(smaller, row), row.scope)


def _owner_of_send(send: Send) -> object:
    # daphne's is a partial of a method.
    return getattr(getattr(send, "func", send), "__self__", None)


def _name(cls: type) -> Tuple[str, str]:
    return cls.__module__, cls.__qualname__


def _is_proved(row: Server) -> bool:
    package = row.owners[0][0].partition(".")[0]
    version = installed_version(package, row.distribution)
    return version is not None and read_version(row.since) <= version < read_version(row.before)
