"""What completes the command in a shell."""

from __future__ import annotations

import sys

import pytest
import requires

from asgi_compat import cli


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_has_the_options_of_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They are added when they are parsed, or here."""
    requires.package("shtab")
    assert cli.main(["--print-completion", shell]) == cli.CLEAN
    printed = capsys.readouterr().out
    for word in ("serve", "explain", "timeout-graceful-shutdown", "subprotocol"):
        assert word in printed


def test_completion_without_shtab_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 4, as for a server."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert cli.main(["--print-completion", "bash"]) == cli.SERVER_MISSING
    assert 'python -m pip install "asgi_compat[completion]"' in capsys.readouterr().err
