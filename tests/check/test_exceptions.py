"""Exceptions of applications are described in one bounded line."""

from __future__ import annotations

import os
import traceback

from asgi_compat import AppMessageError
from asgi_compat.check.exceptions import LONGEST, at_place, describe, identity, place_in, place_of


class Fails(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")


def caught(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as raised:
        return raised


def test_describe_is_one_bounded_line() -> None:
    """Whatever the exception says of itself."""
    assert describe(ValueError("a\nb")) == "ValueError: a"
    assert len(describe(ValueError("a" * 1000))) == LONGEST
    assert "Fails" in describe(Fails())
    assert describe(AppMessageError("no")) == "AppMessageError: no"


def test_identity_of_an_exception_that_cannot_be_printed() -> None:
    """It fails neither; the same place and text are the same exception."""
    errors = [caught(Fails()) for _ in range(2)]
    assert identity(errors[0]) == identity(errors[1]) != identity(caught(ValueError()))


def test_place_of_is_in_the_application() -> None:
    """File, line and function; nothing for what was never raised."""
    assert place_of(caught(ValueError())).endswith(", in caught") and place_of(ValueError()) == ""
    assert (at_place("x:1, in y"), at_place("")) == (" (at x:1, in y)", "")


def test_place_in_the_standard_library_is_the_last_choice() -> None:
    """What a framework waits in says more than asyncio's own line."""
    library = traceback.FrameSummary(os.__file__, 1, "wait")
    framework = traceback.FrameSummary("/env/site-packages/channels/utils.py", 45, "dispatch")
    own = traceback.FrameSummary("/shop/app.py", 3, "view")
    assert place_in([own, framework, library]) == "/shop/app.py:3, in view"
    assert place_in([framework, library]).endswith("utils.py:45, in dispatch")
    assert place_in([library]).endswith("os.py:1, in wait")
