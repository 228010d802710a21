"""Which function or class an expression refers to."""

from __future__ import annotations

import ast

from .analysing import analysed

TEXT = """
import functools
class Base:
    def run(self): ...
class Sub(Base):
    @classmethod
    def make(cls): return cls()
    def go(self): return self.run()
alias = Sub
bound = functools.partial(Sub, 1)
alias(); bound(); Base.run(); unknown()
"""


def test_definition_follows_names_partials_and_bases() -> None:
    """An alias, a partial of a class, `cls`, `self` and the name of a class lead to what they mean."""
    analysis = analysed(TEXT)
    calls = [node for node in analysis.module.nodes if isinstance(node, ast.Call)]
    source = analysis.module.source
    found = {source.segment(call.func): getattr(analysis.callee(call), "name", None) for call in calls}
    assert found == {
        "functools.partial": None, "alias": "Sub", "bound": "Sub", "Base.run": "run", "unknown": None,
        "cls": "Sub", "self.run": "run",
    }  # fmt: skip
