"""The tests that drive specimens count threads."""

from __future__ import annotations

import asyncio

import pytest


@pytest.fixture(scope="module", autouse=True)
def executor_of_asgiref() -> None:
    """Start the thread of asgiref's own executor before the tests count threads: it stays until the end."""
    from asgiref.sync import SyncToAsync

    executor = getattr(SyncToAsync, "single_thread_executor", None)  # asgiref before 3.3 has none
    if executor is not None:
        executor.submit(int).result()


@pytest.fixture(scope="module", autouse=True)
def event_loop_of_asgiref() -> None:
    """Run a loop first: asgiref 3.0 asks a thread that never had one for a loop, and never closes it."""
    asyncio.run(asyncio.sleep(0))
