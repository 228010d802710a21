"""The exit statuses."""

from __future__ import annotations

import re

import pytest

import asgi_compat
from asgi_compat import cli, serve
from asgi_compat.cli import statuses


def test_help_documents_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    """The constants, the epilog and the table of errors agree."""
    with pytest.raises(SystemExit) as left:
        cli.main(["serve", "--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    statuses = [int(number) for number in re.findall(r"^  (\d)  \w", printed, re.M)]
    assert statuses == list(range(8))
    for option in (
        "--host",
        "--port",
        "--server",
        "--workers",
        "--reload",
        "--root-path",
        "--log-level",
    ):
        assert option in printed
    for option in ("--factory", "--style", "--app-dir"):
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
