"""Classes whose instances take receive and send."""

from __future__ import annotations

import ast

from .analysing import analysed

TEXT = """
import typing
class Pair(typing.NamedTuple):
    scope: dict
    async def __call__(self, receive, send): ...
class Other:
    def __init__(self, environ): self.path = environ["path"]
    async def __call__(self, receive, send): ...
class Wrong:
    def __init__(self, scope): ...
    async def __call__(self, request, response, more): ...
SCOPE = "http.request"
"""


def test_read_class_finds_fields_and_scopes_of_other_names() -> None:
    """A NamedTuple has a constructor of its fields; a parameter whose keys are read is a scope."""
    helpers = analysed(TEXT).helpers
    found = {node.name: (row.scope, row.is_application) for node, row in helpers.items()}
    assert found == {"Pair": ("scope", True), "Other": ("environ", True)}
    assert all(isinstance(node, ast.ClassDef) for node in helpers)
