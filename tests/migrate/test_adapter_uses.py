"""An adapter between the styles is refused where one side of it would change."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import migrate_bytes

TEXT = """
def double(app):
    def outer(scope):
        async def instance(receive, send):
            await app(scope, receive, send)
        return instance
    return outer
def old(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start"})
    return instance
async def new(scope, receive, send): ...
"""


@pytest.mark.parametrize(
    ("rest", "line"),
    [
        ("made = double(new)\n", 0),
        ("made: object = double(new)\n", 0),
        ("made = double(new)\nrun(made)\n", 13),
        ("\nrun(double(new))\n", 14),
        ("apps['/'] = double(new)\n", 13),
        ("@double\nasync def made(scope, receive, send): ...\n", 0),
        ("@double\nasync def made(scope, receive, send): ...\nrun(made)\n", 14),
    ],
    ids=["named", "annotated", "name-read", "argument", "stored", "decorated", "decorated-read"],
)
def test_adapter_result_that_is_read_is_refused(rest: str, line: int) -> None:
    """A name that nothing here reads is for a server of ASGI2; the rest may be called as ASGI3 is."""
    result = migrate_bytes((TEXT + rest).encode())
    assert (result.status, result.line) == ("refused" if line else "rewritten", line)
    assert ("double adapts to ASGI2" in result.reason) is bool(line)


def test_adapter_in_file_without_applications_is_left() -> None:
    """Nothing changes on either side of it."""
    data = (TEXT.split("def old")[0] + "run(double(new))\n").encode()
    assert migrate_bytes(data).status == "unchanged"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("from uvicorn.middleware.asgi2 import ASGI2Middleware\napp = ASGI2Middleware(old)\n", "refused"),
        ("import asgiref.compatibility as c\napp = c.double_to_single_callable(old)\n", "refused"),
        ("from asgi_compat import to_asgi2\nrun(to_asgi2(new))\n", "refused"),
        ("from asgi_compat import to_asgi3\napp = to_asgi3(old)\n", "rewritten"),
        ("from asgiref.compatibility import guarantee_single_callable as g\napp = g(old)\n", "rewritten"),
        ("from asgi_compat import to_asgi2\napp = to_asgi2(new)\n", "rewritten"),
    ],
)
def test_adapter_of_another_package_is_known_by_name(line: str, status: str) -> None:
    """Those that look at what they are given take both."""
    assert migrate_bytes((TEXT + line).encode()).status == status
