"""Which calls make an instance of an application."""

from __future__ import annotations

import ast

from .analysing import analysed

TEXT = """
class App:
    def __call__(self, scope):
        async def inner(receive, send): ...
        return inner
    @staticmethod
    def entry(scope):
        async def inner(receive, send): ...
        return inner
def test(scope):
    x = "http.request"
    App.__call__(self, scope)
    App.entry(scope)
    other(scope)
    dict(scope)
"""


def test_application_names_the_scope_also_behind_self() -> None:
    """A method that is called by its class has the object first, a static method has not."""
    analysis = analysed(TEXT)
    calls = [node for node in analysis.module.nodes if isinstance(node, ast.Call)]
    named = {analysis.module.source.segment(call.func): call for call in calls}
    sure = {name: analysis.application(call) for name, call in named.items()}
    assert sure == {"App.__call__": "known", "App.entry": "known", "other": "likely", "dict": ""}
    assert getattr(analysis.scope_argument(named["App.__call__"]), "id", "") == "scope"


def test_makes_single_function_whose_result_takes_three_arguments() -> None:
    """Its result is called at once or by name; two arguments are those of an instance."""
    analysis = analysed(
        "def three(scope): ...\ndef named(scope): ...\ndef two(scope): ...\n"
        "async def app(scope, receive, send):\n"
        "    await three(scope)(scope, receive, send)\n"
        "    response = named(scope)\n"
        "    await response(scope, receive, send)\n"
        "    await two(scope)(receive, send)\n"
    )
    found = {node.name: analysis.makes_single(node) for node in analysis.module.tree.body}  # type: ignore[attr-defined]
    assert found == {"three": True, "named": True, "two": False, "app": False}
