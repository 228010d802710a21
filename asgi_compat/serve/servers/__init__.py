"""The servers that ``serve`` can start: a module each, imported when it is chosen.

To add a server, define a `Server` called ``SERVER`` in a module of this package with its name. A server is
started by its own command line, in this process. What it calls an address, what the server needs and what it
lacks are fields of its row; no other module compares names of servers.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from typing import Any, Callable, Iterator, List, Mapping, NamedTuple, Tuple

from ..options import Options
from ..signals import Signals


def _nothing() -> None:
    pass


def _no() -> bool:
    return False


class Spellings(NamedTuple):
    """How the command line of a server spells what ``serve`` has to know of it. See `arguments.read`."""

    host: Tuple[str, ...] = ()
    port: Tuple[str, ...] = ()
    #: Host and port in one, as in ``-b 127.0.0.1:8000``; any other value is an address of its own.
    bind: Tuple[str, ...] = ()
    #: Option -> how the announcement names its address, as in ``"unix:{}"``.
    elsewhere: Mapping[str, str] = {}
    #: Options that make it speak TLS.
    tls: Tuple[str, ...] = ()
    workers: Tuple[str, ...] = ()
    #: Files of environment variables, which must be read before the application is imported.
    env_files: Tuple[str, ...] = ()


class Server(NamedTuple):
    """A server that ``serve`` can start."""

    name: str
    #: The module that proves it is installed. Importing it must not start anything.
    module: str
    #: The requirement for pip.
    pip: str
    #: The oldest release whose command line has what is given to it.
    oldest: Tuple[int, ...]
    #: What is imported when it starts: a package beside it may be too old for it.
    starts: str
    #: The arguments for its command line, without those that the user gave after ``--``.
    arguments: Callable[[Options], List[str]]
    #: Run its command line with the arguments, until it ends.
    start: Callable[[List[str], Options, Signals], None]
    spellings: Spellings = Spellings()
    #: Whether it calls any application by position, without inspecting it.
    takes_any: bool = False
    #: Whether its workers are forked from this process. The application is not loaded here then: two
    #: processes must not share a connection pool that is opened at import. (granian 2.8 with spawned workers
    #: panics at every other Ctrl-C.)
    forks: bool = False
    #: Option -> why this server lacks it, and what to do.
    lacks: Mapping[str, str] = {}
    #: Option -> the module that it needs besides, and the requirement for pip.
    needs: Mapping[str, Tuple[str, str]] = {}
    #: Whether even a single worker is a child process.
    supervises: bool = False
    #: Whether it puts the root path in front of the path itself, as uvicorn does since 0.26. For the others
    #: `ServedApplication` does: the path means the same on every server.
    prefixes_path: Callable[[], bool] = _no
    #: Whether it sends lifespan events.
    lifespan: bool = True
    #: Called first in a worker process.
    prepare_worker: Callable[[], None] = _nothing

    def watches_workers(self, options: Options) -> bool:
        """Whether this process only watches its workers, and its event loop takes no signals."""
        return options.workers > 1 or options.reload or self.supervises


def click_command(command: Any, arguments: List[str], prefix: str) -> None:
    """Run a command line made with click. It always ends with SystemExit."""
    command.main(args=arguments, prog_name=prefix.lower(), auto_envvar_prefix=prefix)


DEFAULT = "uvicorn"


@lru_cache(maxsize=None)
def _names() -> Tuple[str, ...]:
    """Return the names of the modules of this package, the default first."""
    found = {module.name for module in pkgutil.iter_modules(__path__)}
    return (DEFAULT, *sorted(found - {DEFAULT}))


class _Servers(Mapping[str, Server]):
    """Look up a row by name, and import its module."""

    def __getitem__(self, name: str) -> Server:
        if name not in _names():
            raise KeyError(name)
        row: Server = importlib.import_module(f"{__name__}.{name}").SERVER
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __len__(self) -> int:
        return len(_names())


SERVERS: Mapping[str, Server] = _Servers()
