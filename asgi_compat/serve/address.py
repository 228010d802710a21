"""The address is bound once for real, before a server is started."""

from __future__ import annotations

import errno
import os
import socket
from typing import Optional

from .errors import AddressError


def check_address(host: str, port: int) -> int:
    """Bind the address once for real and give the port, which is a free one when `port` was 0.

    Raises `AddressError` saying what is wrong with it and what to do.

    >>> check_address("127.0.0.1", 0) > 0
    True
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise AddressError(
            f"{host!r} is no address and no name that can be resolved ({_reason(error)}): "
            "--host wants an address of this machine, as in 127.0.0.1, 0.0.0.0 or ::1"
        ) from None
    unavailable: Optional[OSError] = None
    bound = 0
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                if os.name == "posix":
                    # As every server does: else the end of an earlier run would look like a neighbour.
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address[0], bound or port, *address[2:]))
                bound = int(probe.getsockname()[1])
        except OSError as error:
            # localhost often has an IPv6 address on a machine without IPv6: one that works will do.
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                raise AddressError(_address_problem(host, port, error)) from None
            unavailable = error
    if unavailable is not None and not bound:
        raise AddressError(_address_problem(host, port, unavailable))
    return bound


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _address_problem(host: str, port: int, error: OSError) -> str:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} is already in use, so something is listening there: end it, or choose another "
            "with --port (0 takes any free one)"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"this user may not listen on {where}: choose a port above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: --host wants one of its own, or 0.0.0.0 for all"
    return f"nothing can listen on {where}: {_reason(error)}"
