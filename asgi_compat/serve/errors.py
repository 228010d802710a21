"""The errors of ``serve``, one for each exit status of the command."""

from __future__ import annotations

from typing import Any

from asgi_compat import ASGICompatError


class LoadError(ASGICompatError, ImportError):
    """The application cannot be imported."""

    __module__ = "asgi_compat.serve"

    def __init__(self, *args: Any, lines: str = "") -> None:
        super().__init__(*args)
        #: Code to copy, printed below the sentence.
        self.lines = lines


class AddressError(ASGICompatError, OSError):
    """The server cannot bind to the host and port."""

    __module__ = "asgi_compat.serve"


class UsageError(ASGICompatError, ValueError):
    """Options contradict each other, or the server lacks one of them."""

    __module__ = "asgi_compat.serve"


class ServerFailedError(ASGICompatError, RuntimeError):
    """The server stopped without being asked to."""

    __module__ = "asgi_compat.serve"
