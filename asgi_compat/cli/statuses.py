"""The exit statuses: part of the interface, and printed by ``--help``."""

from __future__ import annotations

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

EPILOG = f"""\
exit status:
  {CLEAN}  clean exit (a server: by Ctrl-C or SIGTERM)
  {NOT_AN_APPLICATION}  the target is not an application, or check (or migrate --check) has findings
  {USAGE}  wrong usage, or an option the server does not have
  {NOT_IMPORTED}  the application could not be imported, or migrate refuses a file
  {SERVER_MISSING}  the package of the server is not installed
  {NO_ADDRESS}  cannot bind to the address
  {SERVER_FAILED}  the server stopped by itself (most often the application failed at start-up)
  {NO_OUTPUT}  the result could not be written: standard output is closed or full, or its reader has ended
"""


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
