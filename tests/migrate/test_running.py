"""Paths, and the diff."""

from __future__ import annotations

from pathlib import Path

from asgi_compat.migrate import difference, migrate_bytes, migrate_paths


def test_difference_says_that_the_newline_is_missing() -> None:
    """As `diff` does, so that `patch` takes it."""
    text = difference(migrate_bytes(b"def app(scope):\n    return inner(dict(scope))", "x/app.py"))
    assert text.startswith("--- a/x/app.py\n+++ b/x/app.py\n")
    assert text.endswith("+    await inner(dict(scope), receive, send)\n\\ No newline at end of file\n")
    assert text.count("No newline") == 2


def test_migrate_paths_unreadable_file_goes_on(tmp_path: Path) -> None:
    """One file that cannot be read does not hide the others."""
    (tmp_path / "a.py").symlink_to(tmp_path / "nothing")
    (tmp_path / "b.py").write_text("def app(scope:\n")
    (tmp_path / "c.py").write_text("def app(scope):\n    return inner(dict(scope))\n")
    assert [result.status for result in migrate_paths([str(tmp_path)])] == ["unreadable", "rewritten"]
