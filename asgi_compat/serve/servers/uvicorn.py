"""Start uvicorn, whose workers and reloader import the application by its string."""

from __future__ import annotations

import importlib
from typing import Any, List

from ..options import TARGET, Options
from ..signals import Signals
from . import Server, Spellings, click_command


def _arguments(options: Options) -> List[str]:
    arguments = [TARGET, "--interface", "asgi3", "--app-dir", options.app_dir]
    if options.reload:
        arguments += ["--reload", "--reload-dir", options.app_dir]
    else:
        arguments += ["--workers", str(options.workers)]
    if options.root_path:
        arguments += ["--root-path", options.root_path]
    if options.log_level != "info":  # its own default, which a --log-config may change
        arguments += ["--log-level", options.log_level]
    if options.grace is not None:
        arguments += ["--timeout-graceful-shutdown", str(options.grace)]
    if options.bound:
        arguments += ["--host", options.host, "--port", str(options.port)]
    return arguments


def _start(arguments: List[str], options: Options, signals: Signals) -> None:
    command = importlib.import_module("uvicorn.main").main
    if options.workers > 1 or options.reload:
        click_command(command, arguments, "UVICORN")
        return
    # uvloop always has a wakeup descriptor of its own.
    signals.release()
    server = importlib.import_module("uvicorn.server").Server
    ordinary = server.handle_exit

    def handle_exit(self: Any, number: int, frame: Any) -> None:
        signals.note(number)
        ordinary(self, number, frame)

    server.handle_exit = handle_exit
    try:
        click_command(command, arguments, "UVICORN")
    finally:
        server.handle_exit = ordinary


def _prefixes_path() -> bool:
    version = importlib.import_module("uvicorn").__version__
    return tuple(int(part) for part in version.split(".")[:2]) >= (0, 26)


SERVER = Server(
    name="uvicorn",
    module="uvicorn",
    pip="asgi_compat[serve]",
    oldest=(0, 13, 4),
    starts="uvicorn.server",
    arguments=_arguments,
    start=_start,
    spellings=Spellings(
        host=("--host",),
        port=("--port",),
        elsewhere={"--uds": "unix:{}", "--fd": "file descriptor {}"},
        tls=("--ssl-certfile",),
        workers=("--workers",),
        env_files=("--env-file",),
    ),
    takes_any=True,
    prefixes_path=_prefixes_path,
)
