"""``explain``: what it is asked for."""

from __future__ import annotations

from typing import List

import pytest

from asgi_compat import cli


@pytest.mark.parametrize(
    "arguments, says",
    [
        ([], "name a rule or an event"),
        (["A22", "--all"], "name a rule or an event"),
        (["A2222"], "A2222 is neither a rule"),
    ],
)
def test_explain_wrong_question_is_usage_error(
    arguments: List[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, and nothing on standard output."""
    assert cli.main(["explain", *arguments]) == cli.USAGE
    printed = capsys.readouterr()
    assert printed.err.startswith("asgi-compat: error: ") and says in printed.err and printed.out == ""


def test_explain_ends_in_one_line_break(capsys: pytest.CaptureFixture[str]) -> None:
    """Text and Markdown alike."""
    for arguments in (["A22"], ["--all"], ["--all", "--markdown"]):
        assert cli.main(["explain", *arguments]) == cli.CLEAN
        out = capsys.readouterr().out
        assert out.endswith("\n") and not out.endswith("\n\n")
