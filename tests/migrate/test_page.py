"""The page that tells how to leave ASGI2."""

from __future__ import annotations

from pathlib import Path

from asgi_compat.migrate.report import rewrites_as_markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "leave-asgi2.md"


def test_page_has_every_rewrite_before_and_after() -> None:
    """The table at its end is made of the rewrites, whose examples run in tests/migrate/rewrites."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.endswith("## Every rewrite\n\n" + rewrites_as_markdown()), (
        "replace what follows `## Every rewrite` by asgi_compat.migrate.report.rewrites_as_markdown()"
    )
