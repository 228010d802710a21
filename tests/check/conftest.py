"""Waits of `check` for what may still come are short here, where nothing comes."""

from __future__ import annotations

import pytest

from asgi_compat._harness import ending
from asgi_compat.check import lifespan, scripts


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "SETTLE", 0.005)
    monkeypatch.setattr(scripts, "SLOW", 0.0)
    for module in (ending, lifespan):
        monkeypatch.setattr(module, "GRACE", 0.3)
