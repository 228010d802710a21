"""`asgi_compat.auto`: any server, no module to write."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import requires
from serve.serving import APPLICATION, HANG, wait_for

from asgi_compat import serve

SERVERS = {
    "uvicorn": "uvicorn asgi_compat.auto:application --port {port}",
    "hypercorn": "hypercorn asgi_compat.auto:application --bind 127.0.0.1:{port}",
    "daphne": "daphne asgi_compat.auto:application -p {port}",
    "granian": "granian --interface asgi asgi_compat.auto:application --port {port}",
    "gunicorn": "gunicorn -k asgi asgi_compat.auto:application --bind 127.0.0.1:{port}",
}


class Served:
    """A server that was started by its own command."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log

    def text(self) -> str:
        return self.log.read_text(errors="replace")


@pytest.mark.parametrize("server", SERVERS)
def test_auto_application_answers_on_every_server(server: str, tmp_path: Path) -> None:
    """An application of the first draft, adapted and repaired; each repair is a line in the log."""
    requires.package(server)
    (tmp_path / "web.py").write_text(APPLICATION, encoding="utf-8")
    port = serve.check_address("127.0.0.1", 0)
    command, *arguments = SERVERS[server].format(port=port).split()
    program = shutil.which(command, path=os.path.dirname(sys.executable)) or command
    log = tmp_path / "log"
    with open(log, "wb") as file:
        process = subprocess.Popen(
            [program, *arguments],
            cwd=str(tmp_path), stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            env={**os.environ, "ASGI_COMPAT_APP": "web:of_2017", "NOTES": str(tmp_path / "notes")},
        )  # fmt: skip
        try:
            served = Served(process, log)
            wait_for(lambda: answers(port), served)
            assert "headers: got dict" in served.text() or "(A24" in served.text()
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(HANG)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=20).headers.get("x-old") == "yes"
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(
    "value, says",
    [
        ("", "ASGI_COMPAT_APP is not set: set it to the import string"),
        ("web:nothing", "the module 'web' has no attribute 'nothing'"),
        ("web:create_app", r"web:create_app is not an application .*--factory"),
        ("web:create_app --factory", ""),
        ("web:returning --style double", ""),
    ],
)
def test_auto_import_reads_the_variable(value: str, says: str, tmp_path: Path) -> None:
    """The options of `serve` that say what the application is."""
    (tmp_path / "web.py").write_text(APPLICATION, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from asgi_compat.auto import app, application; assert app is application"],
        cwd=str(tmp_path), capture_output=True, encoding="utf-8", timeout=60,
        env={**os.environ, "ASGI_COMPAT_APP": value, "NOTES": str(tmp_path / "notes")},
    )  # fmt: skip
    assert (done.returncode == 0) is (not says), done.stderr
    assert re.search(says, "".join(done.stderr.splitlines()[-1:])), done.stderr
