"""One file from bytes to bytes."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import RefusedError, chosen, migrate_bytes, migrate_source


def test_migrate_source_refused_names_path_and_line() -> None:
    """The error is the line that the command prints."""
    text = "def app(scope):\n    with x:\n        return inner(dict(scope))\n"
    with pytest.raises(RefusedError, match=r"^a\.py:3: it is returned inside a with"):
        migrate_source(text, "a.py")


def test_migrate_bytes_without_asgi_is_the_same_object() -> None:
    """Nothing is parsed."""
    data = b"print('x'\n"
    assert migrate_bytes(data).after is data


def test_migrate_bytes_adds_functools_after_future_imports() -> None:
    """Where it is needed and not there."""
    data = (
        b'"""Doc."""\nfrom __future__ import annotations\n\nclass H:\n    def __init__(self, app, scope):\n'
        b"        self.inner = app(scope)\n    async def __call__(self, receive, send):\n"
        b"        await self.inner(receive, send)\n"
    )
    after = migrate_bytes(data).after
    assert after.startswith(
        b'"""Doc."""\nfrom __future__ import annotations\n\nimport functools\n\n\nclass H'
    )
    assert b"self.inner = functools.partial(app, scope)" in after


def test_migrate_bytes_only_one_rewrite_leaves_what_needs_another() -> None:
    """An outer half of two idioms is left when one of them is not chosen."""
    data = (
        b"def app(scope):\n    async def run(receive, send): ...\n    if scope['type'] == 'http':\n"
        b"        return run\n    return other(scope)\n"
    )
    assert migrate_bytes(data, rules=chosen(["closures"])).status == "unchanged"
    assert migrate_bytes(data, rules=chosen(["closures", "hands-on"])).status == "rewritten"
