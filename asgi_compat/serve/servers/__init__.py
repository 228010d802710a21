"""The servers that ``serve`` can start: a file each, imported when it is asked for.

A server is a `Server` called ``SERVER`` in a module of this package, and the module's name in `NAMES`. What
it needs and what it cannot do are fields of its row; no other module asks which server it is.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any, Callable, Dict, Iterator, Mapping, NamedTuple, Tuple

from ..options import Options
from ..signals import Signals


def _nothing() -> None:
    pass


class Server(NamedTuple):
    """A server this command can start."""

    name: str
    #: The module that proves it is installed. Importing it must not start anything.
    module: str
    #: What to hand to pip.
    pip: str
    start: Callable[[Options, Signals], None]
    #: Whether it calls by position whatever it is given, without looking at it.
    takes_any: bool = False
    #: Whether its workers are forked from this process. The application is then not loaded here: a
    #: connection pool that is opened at import must not be shared by two processes. (granian 2.8 with
    #: spawned workers instead panics at every other Ctrl-C, so that is no way out.)
    forks: bool = False
    #: Option -> why this server does not have it, and what to do.
    lacks: Mapping[str, str] = {}
    #: Option -> the further module it needs, and what to hand to pip.
    needs: Mapping[str, Tuple[str, str]] = {}
    #: Whether a single worker is a process of its own, too.
    supervises: bool = False
    #: Called first in a worker process that has a parent.
    prepare_worker: Callable[[], None] = _nothing

    def watches_workers(self, options: Options) -> bool:
        """Whether the server watches worker processes here, and so leaves the wakeup descriptor alone."""
        return options.workers > 1 or options.reload or self.supervises


def supported_keywords(function: Callable[..., Any], wanted: Dict[str, Any]) -> Dict[str, Any]:
    """Those keywords that this release of the server has: its time limits came one by one."""
    parameters = inspect.signature(function).parameters
    return {name: value for name, value in wanted.items() if name in parameters}


#: The default is the first.
NAMES = ("uvicorn", "hypercorn", "daphne", "granian")


class _Servers(Mapping[str, Server]):
    """The rows by name."""

    def __getitem__(self, name: str) -> Server:
        if name not in NAMES:
            raise KeyError(name)
        row: Server = importlib.import_module(f"{__name__}.{name}").SERVER
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


SERVERS: Mapping[str, Server] = _Servers()
