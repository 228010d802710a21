"""The errors of ``serve``, one for each exit status of the command."""

from __future__ import annotations

from asgi_compat import ASGICompatError


class LoadError(ASGICompatError, ImportError):
    """The import string leads nowhere, or importing it failed. The message is for a person."""

    __module__ = "asgi_compat.serve"


class AddressError(ASGICompatError, OSError):
    """Nothing can listen on that host and port."""

    __module__ = "asgi_compat.serve"


class UsageError(ASGICompatError, ValueError):
    """The options contradict each other, or the chosen server does not have one of them."""

    __module__ = "asgi_compat.serve"


class ServerFailedError(ASGICompatError, RuntimeError):
    """The server ended although nobody asked it to."""

    __module__ = "asgi_compat.serve"
