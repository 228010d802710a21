"""Which outer halves are adapters, and which are applications with an endpoint of three arguments."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.adapters import maker_of

from .analysing import analysed

OUTER = """
def {name}({given}):
    def outer(scope):
        async def inner(receive, send):
            {more}await {given}(scope, receive, send)
        return inner
    return outer
TYPE = "http.request"
"""


@pytest.mark.parametrize(
    ("name", "given", "more", "is_adapter"),
    [
        ("wrap", "app", "", True),
        ("wrap", "asgi_application", "", True),
        ("single_to_double", "handler", "", True),
        ("LegacyServer", "f", "", True),
        ("wrap", "handler", "", False),
        ("route", "endpoint", "", False),
        ("wrap", "mapping", "", False),
        ("wrap", "app", "await receive(); ", False),
    ],
)
def test_adapter_is_told_from_endpoint_by_names(name: str, given: str, more: str, is_adapter: bool) -> None:
    """It is given an application and does nothing else, or it has the name of what converts."""
    analysis = analysed(OUTER.format(name=name, given=given, more=more))
    assert (bool(analysis.adapters), bool(analysis.outers)) == (is_adapter, not is_adapter)


def test_adapter_global_application_is_none() -> None:
    """A single-callable of the module, or of another one, is not given."""
    text = "import site\n" + OUTER.format(name="wrap", given="app", more="").replace(
        "await app", "await site.app"
    )
    assert len(analysed(text).outers) == 1


def test_maker_of_method_is_class_and_of_closure_is_outermost_function() -> None:
    """They are what is called to get the adapter."""
    text = "class A:\n    def __call__(self): ...\ndef f():\n    def g():\n        return lambda: 0\n"
    text += "x = lambda: 1\n"
    analysis = analysed(text)
    found = {
        getattr(node, "name", node.lineno): getattr(maker_of(analysis, node), "name", None)
        for node in ast.walk(analysis.module.tree)
        if isinstance(node, (ast.FunctionDef, ast.Lambda))
    }
    assert found == {"__call__": "A", "f": "f", "g": "f", 5: "f", 6: None}
