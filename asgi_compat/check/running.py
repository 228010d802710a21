"""Check an application: run a session and report it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Iterator

from asgi_compat import ASGIApp, classify
from asgi_compat._harness.loop import interrupting, run_to_end

from .report import ConversationResult, Options, Report
from .session import Session

#: The defaults: one object for all calls, because it is immutable.
DEFAULTS = Options()


def check(app: ASGIApp, options: Options = DEFAULTS) -> Report:
    """Talk to an application and return what it does wrong, as rows.

    `app` is an application of either style. It is called natively: lifespan, HTTP and WebSocket
    conversations are held with it on an event loop made for it, in this thread, startup first and shutdown
    last. `options` say which paths, methods and subprotocols, and how many seconds a conversation may take;
    the whole takes at most a few times that for each conversation. `Report.findings` is empty when nothing
    is wrong. Raises `DetectionError` for what is not an application, RuntimeError inside a running event
    loop, and nothing that the application raises.

    >>> async def application(scope, receive, send):
    ...     assert scope["type"] == "http"
    ...     await send({"type": "http.response.start", "status": "200", "headers": []})
    ...     await send({"type": "http.response.body", "body": b"hello"})
    >>> report = check(application)
    >>> [(row.rule, row.event, row.field, row.sent, row.to_asgi3) for row in report.findings]
    [('A23', 'http.response.start', 'status', "'200'", '200')]
    >>> report.conversations[0].name, report.conversations[0].result
    ('GET /', '200, 5 bytes')
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise RuntimeError("check() runs an event loop of its own: call it where none runs, or in a thread")
    session = Session(app, options, classify(app))
    with _without_log(), interrupting(session.monitor, options.timeout):
        run_to_end(session.run(), session.on_task_error)
    return _report(session)


@contextlib.contextmanager
def _without_log() -> Iterator[None]:
    """Keep what adapters log out of the output: each conversation makes some, and findings say the same."""
    logger = logging.getLogger("asgi_compat")
    disabled, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = disabled


def _report(session: Session) -> Report:
    style = session.options.style
    called = session.verdict.style.value if style == "auto" else style
    rows = [
        ConversationResult(
            one.name, one.protocol, one.script.path, one.result, one.status, one.received, one.sent
        )
        for one in session.seen
    ]
    return Report(
        session.verdict,
        "single" if called == "either" else called,
        tuple(rows),
        session.findings.findings(),
        session.findings.notes(),
    )
