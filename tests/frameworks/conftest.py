"""Keeps the run short: a process that has all of these frameworks in it is slow to collect."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
from typing import Iterator

import pytest


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """Put what is alive before a test out of the collector's sight.

    `tests/conftest.py` collects after every test, which is how a coroutine that nobody awaited becomes a
    failure of the test that made it. With two dozen frameworks imported, one collection takes a third of
    a second, two thousand times. What a test makes itself is still seen.
    """
    gc.freeze()
    yield


@pytest.fixture(autouse=True, scope="session")
def worker_of_asgiref() -> None:
    """Start the one thread that asgiref keeps for the life of the process, before anybody counts threads."""
    if importlib.util.find_spec("asgiref"):
        from asgiref.sync import sync_to_async

        asyncio.run(sync_to_async(int)())
