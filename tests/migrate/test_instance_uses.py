"""Where instances are made, and what is done with them."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.analysis import Analysis
from asgi_compat.migrate.instance_uses import calls_of, is_adapter, is_instance, parent_of, target_of, uses_of
from asgi_compat.migrate.module import dotted

from .analysing import analysed

MIDDLEWARE = """
class M:
    def __call__(self, scope):
        async def run(receive, send):
            {body}
        return run
"""


def application_call(analysis: Analysis) -> ast.Call:
    """Return the call of ``self.app`` or ``app``."""
    calls = [node for node in analysis.module.nodes if isinstance(node, ast.Call)]
    return next(call for call in calls if dotted(call.func) in ("app", "self.app"))


@pytest.mark.parametrize(
    "body, instance",
    [
        ("inner = self.app(scope); await inner(receive, send)", True),
        ("await self.app(scope)(receive, send)", True),
        ("await self.app(scope, receive, send)", False),
        ("self.app(scope)", True),
        ("value = self.app(scope.name)", False),
    ],
)
def test_is_instance_call_with_the_scope_alone(body: str, instance: bool) -> None:
    """An application that is called with the scope alone makes an instance."""
    analysis = analysed(MIDDLEWARE.format(body=body))
    assert is_instance(analysis, application_call(analysis)) is instance


def test_uses_and_calls_of_an_instance_are_found_by_name() -> None:
    """Every read of the name is a use; a call has two arguments."""
    body = "inner = self.app(scope); run_later(inner); await inner(receive, send)"
    analysis = analysed(MIDDLEWARE.format(body=body))
    call = application_call(analysis)
    target = target_of(analysis.module.parents[call], call)
    assert target == "inner"
    assert len(uses_of(analysis, call, target)) == 2
    assert [ast.dump(found.func) for found in calls_of(analysis, call, target)] == [
        ast.dump(ast.parse("inner", mode="eval").body)
    ]


def test_parent_of_argument_with_a_name_is_the_call() -> None:
    """``partial(run, inner=inner)`` hands on as ``partial(run, inner)`` does."""
    analysis = analysed("f(1, inner=x)")
    (use,) = analysis.module.reads["x"]
    assert isinstance(parent_of(analysis.module, use), ast.Call)


@pytest.mark.parametrize("parameters, adapter", [("scope, receive, send", True), ("receive, send", False)])
def test_is_adapter_single_callable_with_a_double_one(parameters: str, adapter: bool) -> None:
    """It is made to call the old application, and stays."""
    text = "def wrap(app, scope=None):\n async def new(%s):\n  await app(scope)(receive, send)\n return new\n"
    analysis = analysed(text % parameters)
    assert is_adapter(analysis, application_call(analysis)) is adapter
