"""The exit statuses: part of the interface, and printed by ``--help``."""

from __future__ import annotations

from asgi_compat import ASGICompatError, DetectionError, MissingExtraError

#: It ended as it should: a server by Ctrl-C or SIGTERM.
CLEAN = 0
#: What was named is not an application.
NOT_AN_APPLICATION = 1
#: The application does something wrong, `check` says.
FINDINGS = 1
#: The command line contradicts itself, or the server does not have the option.
USAGE = 2
#: The application could not be imported.
NOT_IMPORTED = 3
#: The server's package is not installed.
SERVER_MISSING = 4
#: The address cannot be listened on.
NO_ADDRESS = 5
#: The server ended by itself, most often because the application failed at start-up.
SERVER_FAILED = 6
#: Standard output is closed or full, or its reader has ended.
NO_OUTPUT = 7
#: `check` was interrupted by Ctrl-C; a server ends with 0 then. What shells say of SIGINT.
INTERRUPTED = 130
EPILOG = f"""\
exit status:
  {CLEAN}  it ended as it should (a server: by Ctrl-C or SIGTERM)
  {NOT_AN_APPLICATION}  what was named is not an application, or check has found something
  {USAGE}  wrong usage, or an option the server does not have
  {NOT_IMPORTED}  the application could not be imported
  {SERVER_MISSING}  the server's package is not installed
  {NO_ADDRESS}  the address cannot be listened on
  {SERVER_FAILED}  the server ended by itself (most often the application failed at start-up)
  {NO_OUTPUT}  the output could not be written: standard output is closed or full, or its reader has ended
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
