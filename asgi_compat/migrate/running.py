"""Migrate files and folders, and compare before and after."""

from __future__ import annotations

import difflib
import re
from typing import FrozenSet, Iterable, Iterator, List, Optional

from .files import python_files
from .project import Project
from .rewriting import Result, migrate_bytes

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def migrate_paths(paths: Iterable[str], rules: Optional[FrozenSet[str]] = None) -> Iterator[Result]:
    """Yield what becomes of each file; nothing is written.

    Raises FileNotFoundError for a path that is not there.
    """
    from .registry import chosen

    rules = chosen() if rules is None else rules
    files = {}
    order: List[Result] = []
    for path in python_files(paths):
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            order.append(Result(path, "unreadable", b"", b"", 1, f"it cannot be read: {error.strerror}"))
            continue
        order.append(Result(path, "unchanged", b"", b""))
        files[path] = data
    project = Project(files.items(), rules)
    for result in order:
        if result.path in files:
            yield migrate_bytes(files[result.path], result.path, rules=rules, project=project)
        else:
            yield result


def difference(result: Result) -> str:
    """Return the unified diff of one file, ``""`` if nothing changes."""
    if result.before == result.after:
        return ""
    before, after = (_LINE.findall(data.decode(result.encoding)) for data in (result.before, result.after))
    lines = difflib.unified_diff(
        before, after, f"a/{result.path.lstrip('/')}", f"b/{result.path.lstrip('/')}"
    )
    return "".join(
        line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
