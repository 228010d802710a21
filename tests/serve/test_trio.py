"""`serve` with hypercorn's trio worker. The environment of the servers has both."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import requires

from .serving import HANG, Running, notes


@pytest.fixture(autouse=True)
def with_trio() -> None:
    """Nothing here can be run without them."""
    requires.package("hypercorn")
    requires.package("trio")


def test_run_trio_worker_of_hypercorn_answers(project: Path) -> None:
    """`-k trio`: another event loop, without a warning."""
    with Running("web:double --server hypercorn -- -k trio", project) as running:
        assert running.wait().get("/x")["path"] == "/x"
        assert "Warning" not in running.text()
        running.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("kind", ["http", "lifespan"])
def test_run_trio_worker_of_hypercorn_signal_in_the_application_ends_it(
    kind: str, number: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is answered, the shutdown of the application runs, and the status is 0."""
    monkeypatch.setenv("STRUCK", kind)
    (project / "struck.py").write_text(
        "import os, web\n"
        "async def app(scope, receive, send):\n"
        "    if scope['type'] == os.environ['STRUCK']:\n"
        f"        os.kill(os.getpid(), {int(number)})\n"
        "    await web.single(scope, receive, send)\n"
    )
    with Running("struck:app --server hypercorn -- -k trio", project) as running:
        if kind == "http":
            assert running.wait().get("/x")["path"] == "/x"
        assert running.process.wait(HANG) == 0, running.text()
        assert "Traceback" not in running.text(), running.text()
    served = ["lifespan.startup", "lifespan.shutdown"] if kind == "http" else []
    assert notes(project) == ["import", *served]
