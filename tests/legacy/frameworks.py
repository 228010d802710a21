"""Which old framework is which module, in which environment, on which Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple


@dataclass(frozen=True)
class Framework:
    name: str
    # The file in docs/constraints/ that holds beside today's servers.
    constraints: str
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
        Framework(
            "channels-django22",
            "channels-2.4-django-2.2",
            "Channels 2.4.0, Django 2.2.28",
            "channels_app:app",
            "3.12",
        ),
        Framework(
            "channels-django30",
            "channels-2.4-django-3.0",
            "Channels 2.4.0, Django 3.0.14",
            "channels_app:app",
            "3.12",
        ),
        Framework("starlette", "starlette-0.11", "Starlette 0.11.4", "starlette_app:app", "3.13"),
        Framework("fastapi", "fastapi-0.27", "FastAPI 0.27.2", "fastapi_app:app", "3.13"),
        Framework("quart08", "quart-0.8", "Quart 0.8.1", "quart_app:app", "3.12"),
        # asyncio.Task.current_task() went with Python 3.9. uvicorn has websockets-sansio since 0.35, which
        # does not install on 3.8.
        Framework(
            "quart06", "quart-0.6", "Quart 0.6.15", "quart_app:app", "3.8", without=("uvicorn-sansio",)
        ),
        Framework("bareasgi", "bareasgi-3.1", "bareASGI 3.1.0", "bareasgi_app:app", "3.13"),
    )
}
