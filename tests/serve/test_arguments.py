"""The options of a server's own command line, after ``--``."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Dict, List

import pytest
import requires

from asgi_compat import cli, serve
from asgi_compat.serve import arguments

from .serving import SERVERS, WITH_WORKERS, Running, wait_for

CURL = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@pytest.mark.parametrize(
    "server, given, expected",
    [
        ("uvicorn", "--port 0 --no-access-log", {"port": 0, "server_arguments": ["--no-access-log"]}),
        ("uvicorn", "--uds s.sock", {"bound": False, "address": "unix:s.sock"}),
        ("uvicorn", "--ssl-certfile=c.pem", {"tls": True, "server_arguments": ["--ssl-certfile", "c.pem"]}),
        ("uvicorn", "--workers 3", {"workers": 3, "server_arguments": []}),
        ("uvicorn", "--env-file .env", {"env_files": [".env"], "server_arguments": ["--env-file", ".env"]}),
        ("hypercorn", "-b 0.0.0.0:81 -k trio", {"port": 81, "host": "0.0.0.0", "bound": True}),
        ("hypercorn", "-b [::1]:81", {"port": 81, "host": "::1"}),
        ("hypercorn", "-b a:1 -b b:2", {"bound": False, "address": "a:1, b:2"}),
        ("hypercorn", "-bunix:s", {"address": "unix:s", "server_arguments": ["-b", "unix:s"]}),
        ("daphne", "-e tcp:1 -u s", {"address": "unix:s, tcp:1", "bound": False}),
        ("granian", "--host ::1 --port 7", {"host": "::1", "port": 7}),
    ],
)
def test_apply_reads_address_workers_and_tls(server: str, given: str, expected: Dict[str, Any]) -> None:
    """A host and port take the place of ours; everything else is handed on."""
    options = serve.Options(server=server, server_arguments=given.split())
    applied = arguments.apply(options, serve.SERVERS[server])._asdict()
    assert {name: applied[name] for name in expected} == expected


@pytest.mark.parametrize("given", ["--port", "--port x", "--port 65536", "--workers many"])
def test_apply_mistake_raises_usage_error(given: str) -> None:
    """Before the application is imported."""
    options = serve.Options(server_arguments=given.split())
    with pytest.raises(serve.UsageError, match=r"^after --: "):
        arguments.apply(options, serve.SERVERS["uvicorn"])


def test_load_env_files_missing_file_raises_usage_error(tmp_path: Path) -> None:
    """And without python-dotenv, the line that installs it."""
    requires.package("dotenv")
    with pytest.raises(serve.UsageError, match="there is no file"):
        arguments.load_env_files(serve.Options(env_files=[str(tmp_path / ".env")]))


SOCKETS = {
    "uvicorn": "--uds {}",
    "hypercorn": "--bind unix:{}",
    "daphne": "-u {}",
    "granian": "--uds {}",
}


@CURL
@pytest.mark.skipif(os.name != "posix", reason="needs os.fork")
@pytest.mark.parametrize("server", SERVERS)
def test_run_unix_socket_of_the_server_answers(server: str, project: Path) -> None:
    """`serve module:app -- --uds s.sock`; the first line names the socket."""
    requires.release(server, "2.0" if server == "granian" else "0")
    handed_on = SOCKETS[server].format("s.sock")
    with Running(f"web:double --server {server} -- {handed_on}", project) as running:
        wait_for(lambda: curl(project, "--unix-socket", "s.sock", "http://localhost/x"), running)
        assert f"{server} serves it on unix:" in running.text()
        running.end()


#: The options of each server for a certificate and its key.
TLS = {
    "uvicorn": "--ssl-certfile cert.pem --ssl-keyfile key.pem",
    "hypercorn": "--certfile cert.pem --keyfile key.pem",
    "granian": "--ssl-certificate cert.pem --ssl-keyfile key.pem",
}


@CURL
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
@pytest.mark.parametrize("server", WITH_WORKERS)
def test_run_tls_of_the_server_answers(server: str, project: Path) -> None:
    """The announcement says https. daphne's is an endpoint of Twisted, with packages of its own."""
    requires.package(server)
    asked = (
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost"
    )
    asked += " -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(asked.split(), cwd=str(project), check=True, capture_output=True)
    port = serve.check_address("127.0.0.1", 0)
    with Running(f"web:double --server {server} -- {TLS[server]}", project, port=port) as running:
        url = f"https://127.0.0.1:{port}/x"
        wait_for(lambda: curl(project, "--cacert", "cert.pem", url), running)
        assert f"{server} serves it on https://127.0.0.1:{port} " in running.text()
        running.end()


def curl(project: Path, *options: str) -> bool:
    done = subprocess.run(["curl", "-s", *options], cwd=str(project), capture_output=True, timeout=20)
    return b'"path": "/x"' in done.stdout


@pytest.mark.parametrize("server", SERVERS)
def test_run_option_that_the_server_lacks_is_wrong_usage(server: str, project: Path) -> None:
    """The server says which, the command ends with status 2."""
    requires.package(server)
    with Running(f"web:double --server {server} -- --no-such-option", project) as running:
        assert running.process.wait(60) == cli.USAGE, running.text()
        assert f"{server} does not take these options; see its own lines above" in running.text()
        assert "--no-such-option" in running.text()


@pytest.mark.parametrize("server", SERVERS)
def test_run_help_of_the_server_is_printed(server: str, project: Path) -> None:
    """Nothing is imported for it."""
    requires.package(server)
    printed: List[str] = []
    with Running(f"nowhere:app --server {server} -- --help", project) as running:
        assert running.process.wait(60) == cli.CLEAN
        printed.append(running.text())
    assert "--root-path" in printed[0] or "--url-path-prefix" in printed[0]
