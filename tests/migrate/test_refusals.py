"""Applications that are handed on, and parameters that cannot be seen."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import RefusedError, migrate_source

APP = "def app(scope):  # ASGI\n    async def run(receive, send): ...\n    return run\n"


@pytest.mark.parametrize(
    "text",
    [
        "pool.submit(app, scope)",
        "to_thread(app, scope)",
        "list(map(app, scopes))",
        "run_in_threadpool(app, scope)",
    ],
)
def test_refusals_application_handed_on_is_refused(text: str) -> None:
    """The one that calls it cannot be rewritten."""
    with pytest.raises(RefusedError, match=r"asgi\.py:4: the application is handed to"):
        migrate_source(f"{APP}{text}\n", "asgi.py")


def test_refusals_other_functions_may_be_mapped() -> None:
    """Only applications together with a scope."""
    migrate_source(APP.replace("...", "await send({'type': 'http.x'})") + "list(map(str, [1]))\n")
