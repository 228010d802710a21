"""Which functions are outer halves."""

from __future__ import annotations

import ast

from .analysing import analysed

TEXT = """
def adapter(app):
    return lambda scope: lambda receive, send: app(scope, receive, send)
def app(scope):
    async def inner(receive, send): ...
    inner = traced(inner)
    return inner
def unknown(scope):
    if scope["type"] == "http":
        return app(scope)
    return something
"""


def test_outer_half_adapter_is_none_and_unknown_is_noted() -> None:
    """A function that only adapts is left; one that returns something else besides keeps the place."""
    analysis = analysed(TEXT)
    found = {outer.name: outer.unknown is not None for outer in analysis.outers.values()}
    assert found == {"app": False, "unknown": True}
    assert not any(isinstance(node, ast.Lambda) for node in analysis.outers)
