"""Start uvicorn, whose workers and reloader import the application by its string."""

from __future__ import annotations

import importlib

from ..options import GRACE, TARGET, Options
from ..signals import Signals
from . import Server, supported_keywords


def _start(options: Options, signals: Signals) -> None:
    uvicorn = importlib.import_module("uvicorn")
    wanted = {
        "host": options.host,
        "port": options.port,
        "workers": options.workers,
        "reload": options.reload,
        "reload_dirs": [options.app_dir] if options.reload else None,
        "root_path": options.root_path,
        "log_level": options.log_level,
        "interface": "asgi3",
        "timeout_graceful_shutdown": GRACE,
    }
    uvicorn.run(TARGET, **supported_keywords(uvicorn.Config, wanted))


SERVER = Server(
    name="uvicorn",
    module="uvicorn",
    pip="asgi_compat[serve]",
    start=_start,
    takes_any=True,
)
