"""The exit statuses: part of the interface, and printed by ``--help``."""

from __future__ import annotations

from typing import Dict, Iterable, Mapping

from asgi_compat import ASGICompatError, DetectionError, MissingExtraError

#: Clean exit: a server after Ctrl-C or SIGTERM.
CLEAN = 0
#: The target is not an application.
NOT_AN_APPLICATION = 1
#: `check` found something that the application gets wrong.
FINDINGS = 1
#: Options contradict each other, or the server does not have one.
USAGE = 2
#: `migrate --check` found something to rewrite.
WOULD_CHANGE = 1
#: `migrate` refused a file, or could not read or write it.
REFUSED = 3
#: The application could not be imported.
NOT_IMPORTED = 3
#: The package of the server is not installed.
SERVER_MISSING = 4
#: The server cannot bind to the address.
NO_ADDRESS = 5
#: The server stopped by itself, most often because the application failed at start-up.
SERVER_FAILED = 6
#: Standard output is closed or full, or its reader has ended.
NO_OUTPUT = 7
#: Interrupted by Ctrl-C: 128 + SIGINT, as shells report it. A server exits with 0 then, and with this one
#: after a second Ctrl-C.
INTERRUPTED = 130

#: What each status means, where a command says nothing else.
_MEANINGS: Dict[int, str] = {
    CLEAN: "clean exit",
    NOT_AN_APPLICATION: "the target is not an application",
    USAGE: "wrong usage",
    NOT_IMPORTED: "the application could not be imported",
    SERVER_MISSING: "the package of the server is not installed, or too old",
    NO_ADDRESS: "cannot bind to the address",
    SERVER_FAILED: "the server stopped by itself (most often the application failed at start-up)",
    NO_OUTPUT: "the result could not be written: standard output is closed or full, or its reader has ended",
    INTERRUPTED: "interrupted by Ctrl-C",
}
#: The statuses of a command that prints a result.
PRINTS = (CLEAN, USAGE, NO_OUTPUT, INTERRUPTED)
#: Those of a command that prints one about an application.
LOADS = (CLEAN, NOT_AN_APPLICATION, USAGE, NOT_IMPORTED, NO_OUTPUT, INTERRUPTED)


def describe_statuses(statuses: Iterable[int], meanings: Mapping[int, str] = {}) -> str:
    """Return the paragraph of ``--help`` about the exit statuses of a command."""
    lines = [f"  {status}  {meanings.get(status, _MEANINGS[status])}" for status in sorted(statuses)]
    return "\n".join(["exit status:", *lines, ""])


def status_of(error: ASGICompatError) -> int:
    """Return the exit status for an error of this package."""
    from ..serve import AddressError, LoadError, ServerFailedError, UsageError

    statuses = {
        DetectionError: NOT_AN_APPLICATION,
        UsageError: USAGE,
        LoadError: NOT_IMPORTED,
        MissingExtraError: SERVER_MISSING,
        AddressError: NO_ADDRESS,
        ServerFailedError: SERVER_FAILED,
    }
    return next((status for kind, status in statuses.items() if isinstance(error, kind)), NOT_AN_APPLICATION)
