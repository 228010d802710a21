"""Read from the arguments of a server's command line what ``serve`` has to know before it starts."""

from __future__ import annotations

import argparse
import importlib
import os
from typing import Any, List, NamedTuple, NoReturn, Optional, Sequence

from asgi_compat import MissingExtraError

from .errors import UsageError
from .options import Options
from .servers import Server

#: A server prints these and ends; nothing is imported for them.
_PRINTS = ("--help", "-h", "--version")


class Given(NamedTuple):
    """What the arguments of a server say, and those that are handed on."""

    arguments: Sequence[str] = ()
    host: Optional[str] = None
    port: Optional[str] = None
    bind: Sequence[str] = ()
    #: The addresses that are no host and port, as the announcement names them.
    elsewhere: Sequence[str] = ()
    tls: bool = False
    workers: Optional[str] = None
    env_files: Sequence[str] = ()


class _Reader(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"after --: {message}")


def only_prints(arguments: Sequence[str]) -> bool:
    """Whether the server prints something about itself and ends, as for ``--help``."""
    return any(argument in _PRINTS for argument in arguments)


def apply(options: Options, server: Server) -> Options:
    """Return the options with what the arguments for the server change: the address, the workers, TLS.

    An address that is a host and a port takes the place of ``--host`` and ``--port``, so that it is tried
    before the server starts; any other is handed on, and `bound` is False then.
    """
    given = read(options.server_arguments, server)
    port = options.port if given.port is None else _number(given.port, "port")
    workers = options.workers if given.workers is None else _number(given.workers, "number of workers")
    return options._replace(
        server_arguments=given.arguments,
        host=options.host if given.host is None else given.host,
        port=port,
        workers=max(1, workers),
        bound=not given.elsewhere,
        address=", ".join(given.elsewhere),
        tls=given.tls,
        env_files=given.env_files,
    )


def read(arguments: Sequence[str], server: Server) -> Given:
    """Return what the arguments of a server say of its address, workers and TLS."""
    spelled = server.spellings
    reader = _Reader(add_help=False, allow_abbrev=False, prog=server.name)
    _add(reader, spelled.host, dest="host")
    _add(reader, spelled.port, dest="port")
    _add(reader, spelled.bind, dest="bind", action="append", default=[])
    _add(reader, spelled.workers, dest="workers")
    # These are the server's to read, too: what is found is put back.
    _add(reader, spelled.tls, dest="tls", action="append", default=[])
    _add(reader, spelled.env_files, dest="env_files", action="append", default=[])
    elsewhere = []
    for spelling in spelled.elsewhere:
        elsewhere.append(reader.add_argument(spelling, action="append", default=[]).dest)
    found, rest = reader.parse_known_args(list(arguments))
    rest += _put_back(spelled.tls, getattr(found, "tls", []))
    rest += _put_back(spelled.env_files, getattr(found, "env_files", []))
    addresses = []
    for dest, (spelling, text) in zip(elsewhere, spelled.elsewhere.items()):
        rest += _put_back((spelling,), getattr(found, dest))
        addresses += [text.format(value) for value in getattr(found, dest)]
    given = Given(
        rest,
        host=getattr(found, "host", None),
        port=getattr(found, "port", None),
        tls=bool(getattr(found, "tls", [])),
        workers=getattr(found, "workers", None),
        elsewhere=addresses,
        env_files=getattr(found, "env_files", []),
    )
    return _with_binds(given, getattr(found, "bind", []), spelled.bind)


def _with_binds(given: Given, binds: Sequence[str], spellings: Sequence[str]) -> Given:
    host, colon, port = binds[0].rpartition(":") if len(binds) == 1 else ("", "", "")
    if colon and port.isdigit() and host and not given.elsewhere:
        return given._replace(host=host.strip("[]"), port=port)
    if not binds:
        return given
    return given._replace(
        arguments=[*given.arguments, *_put_back(spellings, binds)], elsewhere=[*given.elsewhere, *binds]
    )


def _add(reader: argparse.ArgumentParser, spellings: Sequence[str], **how: Any) -> None:
    if spellings:
        reader.add_argument(*spellings, **how)


def _put_back(spellings: Sequence[str], values: Sequence[str]) -> List[str]:
    return [part for value in values for part in (spellings[0], value)]


def _number(text: str, what: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise UsageError(f"after --: {text!r} is not a {what}")
    return int(text)


def load_env_files(options: Options) -> None:
    """Read the files of environment variables that the server would read after the import."""
    if not options.env_files:
        return
    try:
        dotenv = importlib.import_module("dotenv")
    except ImportError:
        raise MissingExtraError(
            'an env file needs python-dotenv, which is not installed: python -m pip install "python-dotenv"',
            extra="python-dotenv",
        ) from None
    for name in options.env_files:
        if not os.path.isfile(name):
            raise UsageError(f"after --: there is no file {name}")
        dotenv.load_dotenv(name)
