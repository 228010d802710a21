"""Lambdas that are outer halves."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import migrate_bytes


@pytest.mark.parametrize(
    "before, after",
    [
        (
            "app = lambda scope: inner(scope)\n",
            "async def app(scope, receive, send):\n    await inner(scope, receive, send)\n",
        ),
        (
            "app: object = lambda scope: inner(scope)\n",
            "async def app(scope, receive, send):\n    await inner(scope, receive, send)\n",
        ),
        (
            "def make(inner):\n    return lambda scope: inner(scope)\n",
            "def make(inner):\n    async def asgi_application(scope, receive, send):\n"
            "        await inner(scope, receive, send)\n    return asgi_application\n",
        ),
        (
            "run(lambda scope: inner(scope))\n",
            "run(lambda scope, receive, send: inner(scope, receive, send))\n",
        ),
    ],
)
def test_lambda_becomes_a_function_where_it_has_a_name_or_is_returned(before: str, after: str) -> None:
    """No server takes a lambda for a single-callable."""
    assert migrate_bytes(before.encode()).after.decode() == after


def test_lambda_with_a_comment_inside_is_refused() -> None:
    """The comment would be lost."""
    result = migrate_bytes(b"app = lambda scope: (  # why\n    inner(scope))\n")
    assert (result.status, result.reason) == ("refused", "a comment or bracket stands inside this lambda")


def test_names_that_are_taken_are_not_hidden() -> None:
    """A function that uses ``send`` for something else gets other parameters."""
    text = "send = print\ndef app(scope):\n    send(scope['path'])\n    return inner(scope)\n"
    result = migrate_bytes(text.encode())
    assert b"async def app(scope, asgi_receive, asgi_send):" in result.after
    assert b"await inner(scope, asgi_receive, asgi_send)" in result.after
