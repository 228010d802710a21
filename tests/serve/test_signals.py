"""Who asked a server to stop."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from asgi_compat import serve


def test_signals_exit_closes_thread_and_descriptors() -> None:
    """Neither a waiting thread nor an open descriptor is left."""
    with serve.signals.Signals() as signals:
        signals.afterwards(60, lambda: pytest.fail("nobody asked"))
        assert "asgi-compat-signals" in {thread.name for thread in threading.enumerate()}
    assert "asgi-compat-signals" not in {thread.name for thread in threading.enumerate()}
    assert signals._reader.fileno() == signals._writer.fileno() == -1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_signals_forked_worker_signal_does_not_stop_parent(project: Path) -> None:
    """However early the signal comes: the server as a whole was not asked to stop."""
    code = """if 1:
        import os, signal
        # The first hook of all: asyncio has one for the descriptor, too, since Python 3.12.
        os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGTERM))
        from asgi_compat import serve
        with serve.signals.Signals(forks=True) as signals:
            # As granian's: it goes on, and whoever runs is not ended by it.
            came = []
            signal.signal(signal.SIGTERM, lambda *_: came.append(1))
            worker = os.fork()
            if not worker:
                os._exit(3 + len(came))
            status = os.waitpid(worker, 0)[1] >> 8
            print("worker", status, "asked to end", signals.told())
            os.kill(os.getpid(), signal.SIGTERM)
            print("asked to end", signals.told())
        """
    (project / "forks.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "forks.py"],
        cwd=str(project), capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("worker 4 asked to end False\nasked to end True\n", "")
