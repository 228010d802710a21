"""Symptoms are rows in words with gaps."""

from __future__ import annotations

from pathlib import Path

from asgi_compat.check import PROBLEMS
from asgi_compat.check.symptoms import SYMPTOMS


def test_every_problem_is_documented() -> None:
    """What a finding can be is what `PROBLEMS` says, and the documentation."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "check.md").read_text("utf-8")
    for problem in PROBLEMS:
        assert f"`{problem}`" in page
    assert {row.problem for row in SYMPTOMS.values()} | {"repaired", "refused"} == set(PROBLEMS)
