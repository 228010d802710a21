"""``check``: its options, and that it changes a profile as ``serve`` does."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any, List

import pytest

import asgi_compat
from asgi_compat import cli


def test_check_quirk_changes_the_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A quirk that is said does not take the place of those that the framework has."""
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)
    monkeypatch.setattr(sys, "path", list(sys.path))
    source = "class Quart:\n    def __call__(self, scope): return scope\nQuart.__module__ = 'quart.app'\n"
    (tmp_path / "asked_by_check.py").write_text(source + "app = Quart()\n", encoding="utf-8")
    seen: List[Any] = []

    def stand_in(app: Any, options: Any) -> Any:
        seen.append(options.quirks)
        raise KeyboardInterrupt

    monkeypatch.setattr("asgi_compat.check.check", stand_in)
    arguments = ["check", "asked_by_check:app", "--app-dir", str(tmp_path), "--style", "double"]
    assert cli.main([*arguments, "--quirk", "join_body=true"]) == 130
    sys.modules.pop("asked_by_check")
    quart = asgi_compat.PROFILES["quart-0.6"].quirks
    assert [(one.join_body, one.placeholder_client) for one in seen] == [(True, quart.placeholder_client)]


@pytest.mark.parametrize("name", ["A99", "B1", "nothing", "a23"])
def test_check_unknown_ignore_is_usage_error(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the application is imported; the ids are those of the rules there are."""
    assert cli.main(["check", "nowhere:app", "--ignore", name]) == cli.USAGE
    said = capsys.readouterr().err
    ids = [row.id for row in asgi_compat.rules() if row.direction == "A"]
    assert f"--ignore {name}: expected a rule, {ids[0]} to {ids[-1]}, or one of " in said


def test_check_wrong_quirk_is_reported_before_the_import(capsys: pytest.CaptureFixture[str]) -> None:
    """The module does not exist, and is not asked for."""
    assert cli.main(["check", "nowhere:app", "--quirk", "no_such=1"]) == cli.USAGE
    assert "there is no such quirk" in capsys.readouterr().err
