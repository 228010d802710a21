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
