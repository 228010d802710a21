"""What a module defines."""

from __future__ import annotations

from .analysing import analysed

TEXT = """
class Helper:
    def __init__(self, app, scope): ...
    async def __call__(self, receive, send): ...
class App:
    def __init__(self, scope): ...
    async def __call__(self, receive, send): ...
class Response:
    async def __call__(self, receive, send): ...
def app(scope):
    return App(scope) if scope["type"] == "http" else other(scope)
def other(scope):
    async def inner(receive, send): ...
    return inner
def visit(scope):
    return scope.lookup("x")
"""


def test_analysis_finds_outer_halves_through_each_other() -> None:
    """`app` is one because `other` is."""
    assert {outer.name for outer in analysed(TEXT).outers.values()} == {"app", "other"}


def test_analysis_knows_what_constructors_need() -> None:
    """A class is an application if its constructor needs a scope and nothing else."""
    found = {node.name: (row.scope, row.is_application) for node, row in analysed(TEXT).helpers.items()}
    assert found == {"Helper": ("scope", False), "App": ("scope", True), "Response": (None, False)}
