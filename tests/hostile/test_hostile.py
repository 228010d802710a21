"""Random hostile conversations with the library: nothing that the validator forbids may happen.

The first examples are the same everywhere. ASGI_COMPAT_HOSTILE_SECONDS says how long the run may take: five
seconds unless tox gives it thirty.
"""

from __future__ import annotations

import os

import pytest

from .run import run

SECONDS = float(os.environ.get("ASGI_COMPAT_HOSTILE_SECONDS", "5"))
#: Both directions get half of the time.
DIRECTIONS = ("A", "B")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_hostile_conversations_break_no_rule(direction: str) -> None:
    """Each failure is a line with its seed: python -m tests.hostile --examples 1 --seed N --direction D."""
    result = run(0, seconds=SECONDS / len(DIRECTIONS), direction=direction)
    # Pyodide plays thirty a second, beside other work.
    assert result.examples > 20
    assert not result.failures, result.report()
