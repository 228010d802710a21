"""Sources read from text files, which formatters and linters leave alone.

unusual.txt is written in unusual ways; found.txt has the shapes of middleware and libraries of 2018 and 2019.

A source begins with ``==== KIND NAME``, has lines ``key: value`` and then ``----``. The kind is
``rewrite``, ``refuse`` or ``leave``; the keys are those of `_case`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator

from . import INNER, REPLY, Case

_FOLDER = Path(__file__).resolve().parent
_BEGINNINGS = {"reply": REPLY, "inner": INNER, "": ""}


def _read(stem: str) -> Iterator[Case]:
    text = (_FOLDER / f"{stem}.txt").read_text(encoding="utf-8")
    for part in text.split("==== ")[1:]:
        head, _, source = part.partition("\n----\n")
        title, *lines = head.split("\n")
        kind, name = title.split(" ")
        yield _case(kind, f"{stem}-{name}", source, dict(line.split(": ", 1) for line in lines))


def _case(kind: str, name: str, source: str, keys: Dict[str, str]) -> Case:
    return Case(
        name,
        _BEGINNINGS[keys.pop("with", "")] + "\n" + source,
        keys.pop("entry", "app").strip("-"),
        refused=keys.pop("reason", ""),
        left=kind == "leave",
        http_only=not keys.pop("websocket", ""),
    )


CASES = [case for stem in ("unusual", "found") for case in _read(stem)]
