"""Names of one module."""

from __future__ import annotations

import ast

from asgi_compat.migrate.module import Module, dotted, parameters, required_parameters
from asgi_compat.migrate.source import Source

TEXT = b"""
import functools
from functools import partial as p
from .other import App
class C:
    x = 1
    def method(self, scope, extra=None):
        return x, inner
    @staticmethod
    def static(scope): ...
def f(a):
    inner = a
    return lambda b: (a, b, inner, functools.partial, p, App)
"""


def module() -> Module:
    """Return the module."""
    return Module(Source(TEXT))


def test_module_bound_skips_class_scopes() -> None:
    """A method does not see the names of its class."""
    it = module()
    (x,) = it.reads["x"]
    assert it.bound("x", x) == (None, ())


def test_module_imported_gives_full_names() -> None:
    """Whatever the import looks like."""
    it = module()
    names = {it.imported(node) for node in it.nodes if isinstance(node, (ast.Name, ast.Attribute))}
    assert {"functools.partial", ".other.App"} <= names


def test_module_parameters_leave_self_out() -> None:
    """A static method has no self."""
    it = module()
    found = {
        node.name: (
            [p.arg for p in parameters(it, node)],
            [p.arg for p in required_parameters(it, node)],
        )
        for node in it.nodes
        if isinstance(node, ast.FunctionDef)
    }
    assert found["method"] == (["scope", "extra"], ["scope"])
    assert found["static"] == (["scope"], ["scope"])


def test_dotted_other_expressions_have_no_name() -> None:
    """Only names with attributes."""
    assert dotted(ast.parse("a().b", mode="eval").body) == ""
