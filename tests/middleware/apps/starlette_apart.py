"""Two releases of one package in one process: Starlette 0.11.4 from a folder, and today's, installed.

Both run their own unmodified code. `starlette_then()` is a context in which `import starlette` means
0.11.4; what is imported within keeps the modules it has bound, and after it `starlette` is today's again.
Renaming the package on disk would mean rewriting its absolute imports, and then it would not be the
release any more. It bears no import of starlette inside a function of 0.11.4, which has none;
test_middleware.py holds that.
"""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import contextmanager

THEN = {}


def _take():
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "starlette"}


@contextmanager
def starlette_then():
    """Within, `import starlette` gives 0.11.4 from $MIDDLEWARE_STARLETTE_THEN, if there is such a folder."""
    folder = os.environ.get("MIDDLEWARE_STARLETTE_THEN")
    if not folder:
        yield
        return
    today = _take()
    sys.modules.update(THEN)
    sys.path.insert(0, folder)
    try:
        # Everything else of that folder is today's as well: only starlette may come from it.
        importlib.import_module("starlette")
        sys.path.remove(folder)
        package = sys.modules["starlette"]
        assert package.__version__ == "0.11.4" and package.__file__.startswith(folder), package
        yield
    finally:
        if folder in sys.path:
            sys.path.remove(folder)
        THEN.update(_take())
        sys.modules.update(today)
