"""Check the registered example of one rewrite."""

from __future__ import annotations

from asgi_compat.migrate import REWRITES, chosen, migrate_bytes


def assert_example(name: str) -> None:
    """Assert that the example of a rewrite becomes what its row says, and that the rewrite is named."""
    row = REWRITES[name]
    result = migrate_bytes(row.before.encode())
    assert (result.reason, result.after.decode()) == ("", row.after)
    if name != "unused-imports":
        assert name in result.rewrites


def assert_skipped(name: str) -> None:
    """Assert that a rewrite that is skipped is not done."""
    row = REWRITES[name]
    result = migrate_bytes(row.before.encode(), rules=chosen(skip=[name]))
    assert result.after.decode() != row.after
    assert name not in result.rewrites
