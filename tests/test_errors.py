"""The exceptions: their kinds, their attributes, and what survives a pickle."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Dict, List, Tuple

import pytest

from asgi_compat import (
    AdapterError,
    AppMessageError,
    ASGICompatDeprecationWarning,
    ASGICompatError,
    ClientDisconnected,
    DetectionError,
    MessageError,
    MissingExtraError,
    ServerMessageError,
)

MESSAGE = {"rule": "A25", "message_type": "http.response.start", "field": "headers", "expected": "bytes"}

#: The class, the kind that people already catch, and the attributes.
ERRORS: List[Tuple[Any, Any, Dict[str, Any]]] = [
    (DetectionError, TypeError, {"application": "app", "reason": "it is a str", "remedy": "pass the app"}),
    (AdapterError, TypeError, {"application": "app", "got": 3}),
    (AppMessageError, ValueError, {**MESSAGE, "got": 3}),
    (ServerMessageError, ValueError, {**MESSAGE, "got": 3}),
    (ClientDisconnected, OSError, {}),
    (MissingExtraError, ImportError, {"extra": "asgi_compat[serve]"}),
]
NAMES = [error.__name__ for error, _, _ in ERRORS]


@pytest.mark.parametrize("error, kind, attributes", ERRORS, ids=NAMES)
def test_error_is_a_kind_that_people_catch(error: Any, kind: Any, attributes: Dict[str, Any]) -> None:
    made = error("what went wrong", **attributes)
    assert isinstance(made, ASGICompatError) and isinstance(made, kind)
    assert str(made) == "what went wrong"
    assert {name: getattr(made, name) for name in attributes} == attributes


@pytest.mark.parametrize("error, kind, attributes", ERRORS, ids=NAMES)
def test_error_is_the_same_after_a_pickle_and_a_copy(
    error: Any, kind: Any, attributes: Dict[str, Any]
) -> None:
    """It crosses the border of a worker process."""
    made = error("what went wrong", **attributes)
    for again in (pickle.loads(pickle.dumps(made)), copy.copy(made)):
        assert type(again) is error and again.args == made.args
        assert {name: getattr(again, name) for name in attributes} == attributes


class LocatedError(AppMessageError):
    """An error whose arguments are not the text that Python would make it of again."""

    def __init__(self, file: str, *, line: int) -> None:
        super().__init__(f"{file}:{line}", field="headers")
        self.line = line


def test_error_of_a_subclass_with_other_arguments_is_the_same_after_a_pickle_and_a_copy() -> None:
    made = LocatedError("app.py", line=3)
    for again in (pickle.loads(pickle.dumps(made)), copy.copy(made)):
        assert type(again) is LocatedError
        assert (str(again), again.field, again.line) == ("app.py:3", "headers", 3)


@pytest.mark.parametrize("error, kind, attributes", ERRORS, ids=NAMES)
def test_error_text_is_one_printable_line(error: Any, kind: Any, attributes: Dict[str, Any]) -> None:
    assert str(error("a\r\nb\x1b[31m\u202e")).isprintable()


@pytest.mark.parametrize("abstract", [ASGICompatError, MessageError])
def test_abstract_error_cannot_be_raised(abstract: Any) -> None:
    with pytest.raises(TypeError, match="is abstract"):
        abstract("text")


def test_attributes_are_empty_where_nothing_is_known() -> None:
    error = AppMessageError("text")
    assert (error.rule, error.message_type, error.field, error.expected, error.got) == (
        None, None, None, "", None,
    )  # fmt: skip
    assert DetectionError("text").application is None and MissingExtraError("text").extra == ""


def test_deprecation_is_seen_without_an_option() -> None:
    """Python shows a UserWarning and hides a DeprecationWarning of a library."""
    assert issubclass(ASGICompatDeprecationWarning, UserWarning)
    assert not issubclass(ASGICompatDeprecationWarning, DeprecationWarning)
