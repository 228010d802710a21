"""Rewrite ASGI2 source as ASGI3 source: the way out.

The text of a file is parsed with `ast`; what an outer half returns is recognised, and edits change the
original text, so that everything that is not rewritten stays as it is. A file of which one place cannot be
rewritten safely is refused as a whole, with the line and the reason.

Invariants

1. The state of one connection stays where it is: on an object or in a closure that belongs to it.
2. An application keeps the name by which it is imported.
3. No code of the file is run, and nothing is imported.
4. What is not sure is refused. What is ASGI3, an adapter, or for both generations is left alone.

>>> from asgi_compat.migrate import migrate_source
>>> print(migrate_source("def app(scope):\\n    return inner(dict(scope))\\n"), end="")
async def app(scope, receive, send):
    await inner(dict(scope), receive, send)
"""

from __future__ import annotations

from . import rewrites as _rewrites
from .files import uncommitted as uncommitted
from .files import write as write
from .proving import Proof as Proof
from .proving import ProofError as ProofError
from .proving import prove as prove
from .registry import REWRITES as REWRITES
from .registry import Rewrite as Rewrite
from .registry import chosen as chosen
from .report import as_html as as_html
from .report import as_json as as_json
from .report import totals as totals
from .rewriting import Result as Result
from .rewriting import migrate_bytes as migrate_bytes
from .running import difference as difference
from .running import migrate_paths as migrate_paths

assert _rewrites.MODULES

__all__ = [
    "REWRITES",
    "Proof",
    "ProofError",
    "RefusedError",
    "Result",
    "Rewrite",
    "as_html",
    "as_json",
    "chosen",
    "difference",
    "migrate_bytes",
    "migrate_paths",
    "migrate_source",
    "prove",
    "totals",
    "uncommitted",
    "write",
]


class RefusedError(ValueError):
    """Source that cannot be migrated safely, with the line and the reason."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"{result.path}:{result.line}: {result.reason}")
        self.result = result


def migrate_source(text: str, path: str = "<source>") -> str:
    """Return ASGI2 source as ASGI3 source. Raises `RefusedError` where that is not safe.

    >>> migrate_source("x = 1")
    'x = 1'
    """
    result = migrate_bytes(text.encode("utf-8"), path)
    if result.reason:
        raise RefusedError(result)
    return result.after.decode("utf-8")
