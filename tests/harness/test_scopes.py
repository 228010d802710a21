"""Scopes are those of a current server: `to_asgi3` in strict mode finds nothing to repair."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List

import pytest

from asgi_compat import to_asgi3
from asgi_compat._harness.scopes import connection_scope, lifespan_scope, versions


@pytest.mark.parametrize(
    "scope",
    [
        connection_scope("http", "/", b"/", method="GET"),
        connection_scope("websocket", "/a b", b"/a%20b", subprotocols=[]),
        lifespan_scope(),
    ],
    ids=lambda scope: str(scope["type"]),
)
def test_scope_is_accepted_in_strict_mode(scope: Dict[str, Any]) -> None:
    """The application gets the same values."""
    seen: List[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(dict(scope))
        raise LookupError

    async def nothing(*event: Any) -> Any:
        return {"type": "http.disconnect"}

    strict: Any = to_asgi3(app, strict=True, lifespan="on")
    with pytest.raises(LookupError):
        asyncio.run(strict(scope, nothing, nothing))
    assert {key: seen[0].get(key) for key in scope} == scope


def test_connection_scope_fields_replace_defaults() -> None:
    """And nothing is shared between two scopes."""
    one, two = (connection_scope("http", "/", b"/", scheme="https") for _ in range(2))
    assert (
        one["scheme"] == "https" and one["headers"] is not two["headers"] and one["asgi"] is not two["asgi"]
    )


def test_versions_say_how_the_server_calls() -> None:
    """Two calls are version 2.0."""
    assert versions("2.3", doubled=True)["version"] == "2.0" and versions("2.3")["version"] == "3.0"
