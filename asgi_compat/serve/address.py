"""Bind the address once for real, before a server is started."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any, List, Tuple

from .errors import AddressError

#: localhost often has an IPv6 address on a machine without IPv6: another one that works is enough.
_UNAVAILABLE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def check_address(host: str, port: int) -> int:
    """Bind the address once and return the port, a free one when `port` was 0.

    Raises `AddressError` with what is wrong and what to do.

    >>> check_address("127.0.0.1", 0) > 0
    True
    """
    bound = 0
    unavailable: List[OSError] = []
    for family, kind, protocol, _, address in _addresses(host, port):
        try:
            with socket.socket(family, kind, protocol) as probe:
                bound = _bind(probe, (address[0], bound or port, *address[2:]))
        except OSError as error:
            if error.errno not in _UNAVAILABLE:
                raise AddressError(_problem(host, port, error)) from None
            unavailable.append(error)
    if unavailable and not bound:
        raise AddressError(_problem(host, port, unavailable[-1]))
    return bound


def host_in_url(host: str) -> str:
    """Return a host as it stands in a URL: an IPv6 address in brackets.

    >>> host_in_url("::1"), host_in_url("localhost")
    ('[::1]', 'localhost')
    """
    return f"[{host}]" if ":" in host else host


def _addresses(host: str, port: int) -> List[Tuple[Any, Any, int, str, Any]]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise AddressError(
            f"{host!r} is neither an address nor a name that can be resolved ({_reason(error)}): "
            "--host takes an address of this machine, as in 127.0.0.1, 0.0.0.0 or ::1"
        ) from None


def _bind(probe: socket.socket, address: Any) -> int:
    if os.name == "posix":
        # As every server does: otherwise connections of an earlier run keep the address in use.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(address)
    return int(probe.getsockname()[1])


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


#: What the system refuses, and what to do.
_PROBLEMS = {
    errno.EADDRINUSE: (
        "{host}:{port} is already in use: stop what is listening there, or choose another port with --port"
        " (0 takes any free one)"
    ),
    errno.EACCES: "this user may not listen on {host}:{port}: choose a port above 1023 with --port",
    errno.EPERM: "this user may not listen on {host}:{port}: choose a port above 1023 with --port",
    errno.EADDRNOTAVAIL: (
        "{host} is not an address of this machine: use one of its own with --host, or 0.0.0.0 for all"
    ),
}


def _problem(host: str, port: int, error: OSError) -> str:
    text = _PROBLEMS.get(error.errno or 0, "cannot bind to {host}:{port}: {reason}")
    return text.format(host=host, port=port, reason=_reason(error))
