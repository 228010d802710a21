"""What well-known exceptions of frameworks mean, and what to write."""

from __future__ import annotations

import re
from typing import Tuple

#: The last line of a traceback, and the advice.
HINTS: Tuple[Tuple[str, str], ...] = (
    (
        r"does not support the asynchronous context manager protocol|has no attribute '__aenter__'",
        "a lifespan is an async generator function with one yield, decorated with"
        " contextlib.asynccontextmanager",
    ),
    (
        r"fastapi_\w+ not found in request scope",
        "an APIRouter is not an application by itself: app = FastAPI(); app.include_router(router)",
    ),
    (
        r"No route found for path",
        "the router has no route for this path; a path is matched without its first slash,"
        ' and re_path(r"", get_asgi_application()) as the last route takes the rest of HTTP',
    ),
    (r"'coroutine' object (?:is not|has no)", "an await is missing where the coroutine was made"),
    (
        r"'NoneType' object is not callable",
        "what is called is None: an endpoint, a dispatch or a factory that ends without return",
    ),
    (
        r"KeyError: 'body'",
        "only http.request has a body: look at the type of what receive() returned, and whether a middleware"
        " has read the body before",
    ),
    (r"coroutine '?\S+'? was never awaited", "an await is missing"),
    (
        r"SynchronousOnlyOperation",
        "Django's database is for synchronous code: await database_sync_to_async(function)(...), or the"
        " methods of a query set that begin with a",
    ),
    (
        r"You cannot use AsyncToSync in the same thread",
        "async_to_sync is for synchronous code: await the function here",
    ),
    (
        r"AppRegistryNotReady|Apps aren't loaded yet",
        "call get_asgi_application() before models or consumers are imported",
    ),
    (
        r"got Future .* attached to a different loop|is bound to a different event loop",
        "it was made at import or in another loop: make it at startup, in lifespan",
    ),
    (r"no current event loop|no running event loop", "make it at startup, in lifespan, and not at import"),
    (r"Expected ASGI message|Unexpected ASGI message", "the order of the events that were sent is wrong"),
    (
        r"No response returned",
        "a middleware of BaseHTTPMiddleware returned None, or what it wraps sent nothing: return a response",
    ),
)
_FRAME = re.compile(r'File "([^"]+)", line (\d+), in (.+)')


def hint(said: str) -> str:
    """Return what an exception with this text means, "" where that is not known.

    >>> hint("TypeError: 'coroutine' object is not callable")
    'an await is missing where the coroutine was made'
    """
    return next((advice for pattern, advice in HINTS if re.search(pattern, said)), "")


def of_traceback(text: str) -> str:
    r"""Return the last line of a traceback that came as text, and the line that raised; other text as it is.

    >>> of_traceback('Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\nKeyError: 1')
    'KeyError: 1 (at a.py:3, in f)'
    """
    lines = text.strip().splitlines()
    frames = _FRAME.findall(text)
    if not frames or not lines[0].startswith("Traceback"):
        return text
    path, line, name = frames[-1]
    return f"{lines[-1].strip()} (at {path}:{line}, in {name})"
