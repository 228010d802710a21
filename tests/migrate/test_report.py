"""The report for the person who plans the work."""

from __future__ import annotations

import json

from asgi_compat.migrate import as_html, as_json, migrate_bytes, totals

RESULTS = [
    migrate_bytes(b"def app(scope):\n    return inner(dict(scope))\n", "a<b>.py"),
    migrate_bytes(b"def app(scope:\n", "broken.py"),
    migrate_bytes(b"x = 1\n", "other.py"),
]


def test_report_json_counts_files_and_idioms() -> None:
    """Files without ASGI2 are only counted."""
    report = json.loads(as_json(RESULTS))
    assert report["totals"] == totals(RESULTS)
    assert report["totals"] == {"rewritten": 1, "unchanged": 1, "refused": 0, "unreadable": 1}
    assert report["idioms"] == {"hands-on": 1}
    assert [row["path"] for row in report["files"]] == ["a<b>.py", "broken.py"]
    assert report["files"][1]["line"] == 1 and "parse" in report["files"][1]["reason"]


def test_report_html_is_one_page_with_names_escaped() -> None:
    """It loads nothing, and a path is text."""
    page = as_html(RESULTS)
    assert "a&lt;b&gt;.py" in page and "a<b>" not in page
    assert "hands-on (1)" in page and "http://" not in page and "src=" not in page
