"""The errors of ``serve``, one for each exit status of the command."""

from __future__ import annotations

from asgi_compat import ASGICompatError


class LoadError(ASGICompatError, ImportError):
    """The application cannot be imported."""

    __module__ = "asgi_compat.serve"


class AddressError(ASGICompatError, OSError):
    """The server cannot bind to the host and port."""

    __module__ = "asgi_compat.serve"


class UsageError(ASGICompatError, ValueError):
    """Options contradict each other, or the server lacks one of them."""

    __module__ = "asgi_compat.serve"


class ServerFailedError(ASGICompatError, RuntimeError):
    """The server stopped without being asked to."""

    __module__ = "asgi_compat.serve"
