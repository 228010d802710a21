"""What is left of one module."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.vendor import module
from asgi_compat.vendor.module import Module

SOURCE = '''"""A module."""

from __future__ import annotations

import enum
from os import path as path, sep

from .attributes import MISSING
from .._text import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: A comment.
LIMIT, FEW = 1, 2


def classify(value: Any) -> Any:  # a comment at the end
    """Say what it is.

    At length.
    """
    from .judging import judge

    return judge(
        value,
    )


class Helper:
    """Only a docstring."""


def used(value: Any) -> Any:
    """Return it."""
    return value
'''


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Module:
    monkeypatch.setattr(module, "INSTEAD", {"_detect/made_up": SOURCE})
    return Module("_detect/made_up")


def test_module_names_are_those_at_its_top(made_up: Module) -> None:
    assert made_up.names() == ["LIMIT", "FEW", "classify", "Helper", "used"]


def test_module_needs_what_it_imports_before_it_runs_and_later(made_up: Module) -> None:
    assert made_up.needs == ["_detect/attributes", "_text"]
    assert made_up.needs_later == ["_detect/judging"]
    assert made_up.imports == {("enum", ""), ("os", "path"), ("os", "sep")}


def test_module_text_has_no_imports_comments_and_long_docstrings(made_up: Module) -> None:
    """A public name keeps its first line, and what has nothing else its docstring."""
    assert made_up.text().split("\n") == [
        "LIMIT, FEW = 1, 2",
        "",
        "def classify(value: Any) -> Any:",
        '    """Say what it is."""',
        "    return judge(",
        "        value,)",
        "",
        "class Helper:",
        '    """Only a docstring."""',
        "",
        "def used(value: Any) -> Any:",
        "    return value",
    ]


def test_module_drops_a_statement_with_its_decorators(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "@first\n@second\ndef gone():\n    return 1\n\n\nLEFT = 1\n"
    monkeypatch.setattr(module, "INSTEAD", {"_detect/made_up": source})
    made_up = Module("_detect/made_up")
    statement = made_up.tree.body[0]
    assert isinstance(statement, ast.FunctionDef) and not made_up.drops(statement)
    made_up.drop(statement)
    assert made_up.drops(statement) and made_up.text() == "LEFT = 1"


def test_module_that_is_left_out_has_something_instead() -> None:
    assert Module("_detect/advice").names() == ["advice", "missing_return"]
    assert len(list(Module("_detect/advice").lines())) < 8
