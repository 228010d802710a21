"""What would still be called in the old style is refused, and the line says where."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import chosen, migrate_bytes

INNER = """\
def inner(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
    return instance
"""


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("class App:\n    def __call__(self, scope):\n        return inner(scope)\n"
         "App.__call__ = traced(App.__call__)\n", "__call__ of App is replaced"),
        ("def run(scope):\n    return [a(scope) for a in (inner, inner)][0]\n", "one of several"),
        ("x = list(map(lambda a: a(scope), [inner]))\n", "one of several"),
        ("class App:\n    def __call__(self, scope):\n        return self.stack[0]\n", "cannot be told"),
    ],
    ids=["replaced", "comprehension", "map", "unknown"],
)  # fmt: skip
def test_leftovers_old_style_after_conversion_is_refused(rest: str, reason: str) -> None:
    """The file stays as it is, with the line of what is left."""
    data = (INNER + rest).encode()
    result = migrate_bytes(data)
    assert (result.status, result.after) == ("refused", data)
    assert reason in result.reason
    assert result.line > INNER.count("\n")


def test_leftovers_call_of_a_skipped_rewrite_is_refused() -> None:
    """An application cannot be converted without what calls it."""
    data = (INNER + "async def test():\n    await inner({'type': 'http'})(receive, send)\n").encode()
    result = migrate_bytes(data, rules=chosen(skip=["instances"]))
    assert (result.status, result.line) == ("refused", 6)
    assert "is one skipped?" in result.reason


def test_leftovers_same_module_without_them_is_rewritten() -> None:
    """The application itself is not the reason."""
    assert migrate_bytes(INNER.encode()).status == "rewritten"
