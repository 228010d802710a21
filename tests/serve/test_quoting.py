"""An exception of user code is quoted in one line, whatever it does."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat.serve import quoting


class Mute(Exception):
    def __str__(self) -> str:
        raise ValueError("no")


@pytest.mark.parametrize(
    "error, said",
    [
        (ValueError("first\nsecond"), "first"),
        (ValueError(), "no message"),
        (ValueError(" \n "), "no message"),
        (ValueError("\x1b[31m \u202e"), "\\x1b[31m \\u202e"),
        (SyntaxError(5), "no message"),
        (Mute(), "its own message could not be read: ValueError"),
    ],
)
def test_first_line_is_one_printable_line(error: BaseException, said: str) -> None:
    """Empty, blank, hostile and failing messages."""
    assert quoting.first_line(error) == said


def test_first_line_is_bounded() -> None:
    """A message may be a megabyte."""
    assert len(quoting.first_line(ValueError("x" * 1_000_000))) == 500


@pytest.mark.parametrize(
    "error, remedy",
    [
        (ModuleNotFoundError("no", name="a.b"), "install 'a' in this environment"),
        (ModuleNotFoundError("no", name=5), "fix it and try again"),
        (SystemExit(2), "__main__"),
        (ValueError("no"), "fix it and try again"),
    ],
)
def test_import_problem_names_the_remedy(error: BaseException, remedy: str) -> None:
    """What was done, the exception, the place, the remedy."""
    text = quoting.import_problem("importing it failed", error)
    assert text.startswith(f"importing it failed: {type(error).__name__}: ") and remedy in text


def test_import_problem_place_is_the_innermost_user_frame() -> None:
    """Frames of the standard library are left out where there are others."""
    import json

    try:
        json.loads("{")
    except ValueError as caught:
        error: Any = caught
    assert f"(at {__file__}:" in quoting.import_problem("reading it failed", error)
    assert "(at an unknown place)" in quoting.import_problem("reading it failed", ValueError("never raised"))


def test_import_problem_syntax_error_is_placed_in_its_file() -> None:
    """The frame is the import system's; the error knows better. A file name may be anything."""
    assert "(at app.py:3)" in quoting.import_problem("x", SyntaxError("no", ("app.py", 3, 1, "")))
    error = SyntaxError("no")
    error.filename = 5  # type: ignore[assignment]
    assert "(at an unknown place)" in quoting.import_problem("x", error)
