"""What could see that an instance is made and called at once."""

from __future__ import annotations

import ast
from typing import Tuple

import pytest

from asgi_compat.migrate.analysis import Analysis
from asgi_compat.migrate.instance_moves import check_move, check_uses
from asgi_compat.migrate.instance_uses import calls_of, uses_of
from asgi_compat.migrate.module import dotted
from asgi_compat.migrate.registry import Refusal

from .analysing import analysed

MIDDLEWARE = """
from functools import partial
class M:
    def __call__(self, scope):
        async def run(receive, send):
            """


def made(body: str) -> Tuple[Analysis, ast.Call]:
    """Return the analysis of a middleware and the call that makes ``inner``."""
    analysis = analysed(MIDDLEWARE + "\n            ".join(body.split("\n")) + "\n        return run\n")
    calls = [node for node in analysis.module.nodes if isinstance(node, ast.Call)]
    return analysis, next(call for call in calls if dotted(call.func) == "self.app")


@pytest.mark.parametrize(
    "body, reason",
    [
        (
            "inner = self.app(scope)\nprint(inner.name)\nawait inner(receive, send)",
            "attribute of",
        ),
        ("inner = self.app(scope)\nif callable(inner):\n await inner(receive, send)", "type of the instance"),
        ("inner = self.app(scope)\nif inner:\n await inner(receive, send)", "looked at before"),
        (
            "inner = self.app(scope)\nkept.append(inner)\nawait inner(receive, send)",
            "something else",
        ),
        ("inner = self.app(scope)", "never called"),
        ("inner = self.app(scope)\nawait inner(receive, send)\nawait inner(receive, send)", "called twice"),
        ("inner = self.app(scope)\nfor x in y:\n await inner(receive, send)", "in a loop"),
        ("inner = None\ninner = self.app(scope)\nawait inner(receive, send)", "something else there"),
    ],
)
def test_check_uses_more_than_a_call_is_refused(body: str, reason: str) -> None:
    """Each has its sentence."""
    analysis, call = made(body)
    uses, calls = uses_of(analysis, call, "inner"), calls_of(analysis, call, "inner")
    with pytest.raises(Refusal, match=reason):
        check_uses(analysis, call, "inner", uses, calls)


def test_check_uses_of_a_partial_with_a_name_is_taken() -> None:
    """``functools.partial(self.asgi, inner=inner)`` is called once, by the server."""
    analysis, call = made("inner = self.app(scope)\nreturn partial(self.asgi, inner=inner)")
    check_uses(analysis, call, "inner", uses_of(analysis, call, "inner"), [])


@pytest.mark.parametrize(
    "body, reason",
    [
        ("inner = self.app(scope)\nscope['user'] = 1\nawait inner(receive, send)", "scope is changed after"),
        (
            "inner = self.app(scope)\ntry:\n await inner(receive, send)\nexcept E:\n pass",
            "instance's",
        ),
        (
            "try:\n inner = self.app(scope)\nexcept E:\n return\nawait inner(receive, send)",
            "constructor's",
        ),
    ],
)
def test_check_move_that_can_be_seen_is_refused(body: str, reason: str) -> None:
    """The application may read the scope when it is made, and raise then."""
    analysis, call = made(body)
    (place,) = calls_of(analysis, call, "inner")
    with pytest.raises(Refusal, match=reason):
        check_move(analysis, call, place)


def test_check_move_over_an_await_warns() -> None:
    """The order changes, which is a sentence and no refusal."""
    analysis, call = made("inner = self.app(scope)\nawait self.begin()\nawait inner(receive, send)")
    (place,) = calls_of(analysis, call, "inner")
    check_move(analysis, call, place)
    assert "is now called after" in analysis.warnings[0][1]
