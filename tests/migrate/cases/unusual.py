"""Sources that are written in unusual ways, read from a text file: formatters and linters leave it alone.

A source begins with ``==== KIND NAME``, has lines ``key: value`` and then ``----``. The kind is
``rewrite``, ``refuse`` or ``leave``; the keys are those of `_case`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator

from . import INNER, REPLY, Case

_TEXT = Path(__file__).with_suffix(".txt")
_BEGINNINGS = {"reply": REPLY, "inner": INNER, "": ""}


def _read(text: str) -> Iterator[Case]:
    for part in text.split("==== ")[1:]:
        head, _, source = part.partition("\n----\n")
        title, *lines = head.split("\n")
        kind, name = title.split(" ")
        yield _case(kind, name, source, dict(line.split(": ", 1) for line in lines))


def _case(kind: str, name: str, source: str, keys: Dict[str, str]) -> Case:
    return Case(
        f"unusual-{name}",
        _BEGINNINGS[keys.pop("with", "")] + "\n" + source,
        keys.pop("entry", "app").strip("-"),
        refused=keys.pop("reason", ""),
        left=kind == "leave",
        http_only=not keys.pop("websocket", ""),
    )


CASES = list(_read(_TEXT.read_text(encoding="utf-8")))
