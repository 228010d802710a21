"""Which old framework is which module, in which environment, on which Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple


@dataclass(frozen=True)
class Framework:
    name: str
    title: str
    app: str
    # The newest Python on which this release works, found by trying: 3.13 took away `cgi` (Django 2
    # and 3.0) and `typing.io` (Quart 0.8).
    today: str
    # Servers of today that do not exist for that Python.
    without: Tuple[str, ...] = ()

    @property
    def requirements(self) -> str:
        return f"{self.name}.txt"


# The servers of 2019 need websockets 7.0, which breaks on Python 3.9.
THEN_PYTHON = "3.8"

FRAMEWORKS: Dict[str, Framework] = {
    framework.name: framework
    for framework in (
        Framework("channels-django22", "Channels 2.4.0, Django 2.2.28", "channels_app:app", "3.12"),
        Framework("channels-django30", "Channels 2.4.0, Django 3.0.14", "channels_app:app", "3.12"),
        Framework("starlette", "Starlette 0.11.4", "starlette_app:app", "3.13"),
        Framework("fastapi", "FastAPI 0.27.2", "fastapi_app:app", "3.13"),
        Framework("quart08", "Quart 0.8.1", "quart_app:app", "3.12"),
        # asyncio.Task.current_task() went with Python 3.9. uvicorn has websockets-sansio since 0.35, which
        # does not install on 3.8.
        Framework("quart06", "Quart 0.6.15", "quart_app:app", "3.8", without=("uvicorn-sansio",)),
        Framework("bareasgi", "bareASGI 3.1.0", "bareasgi_app:app", "3.13"),
    )
}
