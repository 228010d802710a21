"""Fence the examples of docstrings, which the reference shows as Markdown: griffe loads it (mkdocs.yml)."""

from __future__ import annotations

import re
from typing import Any

import griffe

EXAMPLE = re.compile(r"^( *)>>> .*\n?(?:^\1\S.*\n?)*", re.MULTILINE)


def fenced(text: str) -> str:
    """Return a docstring with a fence around each example.

    >>> print(fenced("Text.\\n\\n>>> 1 + 1\\n2\\n"))
    Text.
    <BLANKLINE>
    ```pycon
    >>> 1 + 1
    2
    ```
    <BLANKLINE>
    """
    return EXAMPLE.sub(lambda match: f"```pycon\n{match.group().rstrip()}\n```\n", text)


class FencedExamples(griffe.Extension):
    """Fence the examples of everything that has a docstring."""

    def on_object(self, *, obj: Any, **more: Any) -> None:
        """Change the docstring before it is parsed."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
