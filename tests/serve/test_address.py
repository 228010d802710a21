"""The address is bound once, and what the system refuses is explained."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

import pytest

from asgi_compat import serve


@pytest.mark.parametrize(
    "number, said",
    [
        (errno.EACCES, r"may not listen on 127\.0\.0\.1:80: choose a port above 1023"),
        (errno.EADDRINUSE, r"127\.0\.0\.1:80 is already in use"),
        (errno.EADDRNOTAVAIL, r"127\.0\.0\.1 is not an address of this machine"),
        (errno.ENOBUFS, r"cannot bind to 127\.0\.0\.1:80: "),
    ],
)
def test_check_address_refusal_is_explained(number: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal is simulated: root may bind any port."""

    class Refusing(socket.socket):
        def bind(self, address: Any) -> None:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(serve.AddressError, match=said):
        serve.check_address("127.0.0.1", 80)


def test_check_address_port_0_returns_a_free_port() -> None:
    """A port in use is refused."""
    port = serve.check_address("127.0.0.1", 0)
    assert 0 < port < 65536 and serve.check_address("127.0.0.1", port) == port
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen(1)
        with pytest.raises(serve.AddressError, match="already in use"):
            serve.check_address("127.0.0.1", port)
