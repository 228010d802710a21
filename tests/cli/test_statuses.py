"""The exit statuses."""

from __future__ import annotations

import re
from typing import List

import pytest

import asgi_compat
from asgi_compat import cli, serve
from asgi_compat.cli import statuses

SERVE = [0, 1, 2, 3, 4, 5, 6, 130]
LOADS = [0, 1, 2, 3, 7, 130]


@pytest.mark.parametrize(
    "command, expected",
    [("serve", SERVE), ("inspect", LOADS), ("check", LOADS), ("explain", [0, 2, 7, 130])],
)
def test_help_lists_the_statuses_that_a_command_returns(
    command: str, expected: List[int], capsys: pytest.CaptureFixture[str]
) -> None:
    """And no other."""
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    assert [int(number) for number in re.findall(r"^  (\d+)  \w", printed, re.MULTILINE)] == expected


def test_help_of_serve_documents_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, and that others are handed on."""
    with pytest.raises(SystemExit):
        cli.main(["serve", "--help"])
    printed = capsys.readouterr().out
    for option in (
        "--host",
        "--port",
        "--server",
        "--workers",
        "--reload",
        "--root-path",
        "--log-level",
        "--factory",
        "--style",
        "--app-dir",
        "--profile",
        "--django",
        "--timeout-graceful-shutdown",
        "--traceback",
        "[-- options of the server]",
    ):
        assert option in printed


@pytest.mark.parametrize(
    "error, status",
    [
        (asgi_compat.DetectionError("no"), 1),
        (asgi_compat.AdapterError("no"), 1),
        (serve.UsageError("no"), 2),
        (serve.LoadError("no"), 3),
        (asgi_compat.MissingExtraError("no", extra="x"), 4),
        (serve.AddressError("no"), 5),
        (serve.ServerFailedError("no"), 6),
    ],
)
def test_status_of_error(error: asgi_compat.ASGICompatError, status: int) -> None:
    """The numbers are public: scripts read them."""
    assert statuses.status_of(error) == status
