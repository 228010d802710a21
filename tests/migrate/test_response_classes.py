"""Which expressions are responses, and where their scope is."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.response_classes import is_response, scope_seen_from

from .analysing import analysed

IMPORTS = """
from starlette.responses import JSONResponse
from shop import Kind
def made():
    return JSONResponse(1)
def given():
    return Kind()
"""


@pytest.mark.parametrize(
    "value, response",
    [
        ("JSONResponse({})", True),
        ("Kind()", False),
        ("self.make_response()", False),
        ("made()", True),
        ("given()", False),
        ("resp", True),
        ("other", False),
        ("resp.body", False),
    ],
)
def test_is_response_by_class_function_or_name(value: str, response: bool) -> None:
    """A function that returns nothing but responses makes one."""
    analysis = analysed(IMPORTS + f"async def f(resp, other):\n x = {value}\n")
    assign = next(node for node in analysis.module.nodes if isinstance(node, ast.Assign))
    assert is_response(analysis, assign.value) is response


@pytest.mark.parametrize(
    "text, name",
    [
        ("async def f(asgi_scope, *, a=1):\n x()", "asgi_scope"),
        ("async def f(*, child_scope):\n x()", "child_scope"),
        ("def f():\n scope = {}\n x()", "scope"),
        ("class A:\n def a(self):\n  self.scope = 1\n def b(self):\n  x()", "self.scope"),
        ("scope = {}\ndef f():\n x()", "scope"),
        ("def f():\n x()", ""),
    ],
)
def test_scope_seen_from_a_call(text: str, name: str) -> None:
    """The nearest function that has one gives it."""
    analysis = analysed(text)
    (call,) = (node for node in analysis.module.nodes if isinstance(node, ast.Call))
    assert scope_seen_from(analysis, call) == name
