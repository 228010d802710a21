"""What a test needs besides the library: skipped without it, unless this environment promises it.

``ASGI_COMPAT_REQUIRE`` holds the import names that may not be missing, separated by commas; tox sets it.
"""

from __future__ import annotations

import importlib.util
import os
import re
from importlib import metadata

import pytest


def release(name: str, oldest: str) -> None:
    """Skip the calling test where an older release of a package is all that this Python can have.

    >>> release("pytest", "6")
    """
    package(name)
    installed = [int(part) for part in re.findall(r"\d+", metadata.version(name))]
    if installed < [int(part) for part in oldest.split(".")]:
        pytest.skip(f"needs {name} {oldest}")


def package(name: str) -> None:
    """Skip the calling test when ``name`` cannot be imported; fail it when the environment promises it.

    >>> package("asyncio")
    """
    if importlib.util.find_spec(name) is not None:
        return
    promised = [promise.strip() for promise in os.environ.get("ASGI_COMPAT_REQUIRE", "").split(",")]
    if name in promised:
        pytest.fail(f"needs {name}, which ASGI_COMPAT_REQUIRE promises", pytrace=False)
    pytest.skip(f"needs {name}")
