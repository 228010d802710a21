"""Signatures and returns of outer halves."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import RefusedError, migrate_source

INNER = "    async def run(receive, send): await send({'type': 'http.response.start'})\n"


@pytest.mark.parametrize(
    "head, after",
    [
        ("def app(scope):", "async def app(scope, receive, send):"),
        ("def app(scope, /):", "async def app(scope, receive, send, /):"),
        ("def app(scope, option=1):", "async def app(scope, receive, send, option=1):"),
        ("def app(scope, *, option=1):", "async def app(scope, receive, send, *, option=1):"),
        ("def app(config, scope):", "async def app(config, scope, receive, send):"),
        ("def app(scope: dict) -> object:", "async def app(scope: dict, receive, send) -> None:"),
    ],
)
def test_outer_half_signature_gets_receive_and_send(head: str, after: str) -> None:
    """Behind the scope, whatever else there is."""
    assert migrate_source(f"{head}\n{INNER}    return run\n").splitlines()[0] == after


def test_outer_half_that_may_return_nothing_still_raises() -> None:
    """None cannot be called, and the connection failed."""
    text = migrate_source(
        f"def app(scope):\n{INNER}    if scope['type'] == 'http':\n        return run\n    return None\n"
    )
    assert text.endswith('    raise TypeError("no application for this scope")\n')
    assert "        return await run(receive, send)\n" in text


@pytest.mark.parametrize(
    "block", ["try:\n        return run\n    finally:\n        done()", "with lock:\n        return run"]
)
def test_outer_half_return_inside_a_block_is_refused(block: str) -> None:
    """The block would last as long as the connection."""
    with pytest.raises(RefusedError, match="returned inside a"):
        migrate_source(f"def app(scope):\n{INNER}    {block}\n")


def test_outer_half_return_in_a_handler_is_rewritten() -> None:
    """What is raised in a handler is not caught there."""
    text = migrate_source(
        f"def app(scope):\n{INNER}    try:\n        x = table[scope['path']]\n    except KeyError:\n"
        "        return run\n    return x(scope)\n"
    )
    assert "        return await run(receive, send)\n    await x(scope, receive, send)\n" in text
