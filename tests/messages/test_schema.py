"""The row types."""

from __future__ import annotations

import pickle

import pytest

from asgi_compat._messages.schema import MISSING, REQUIRED, Rule, Step, Unrepairable


def test_required_pickled_is_same_object() -> None:
    assert pickle.loads(pickle.dumps(REQUIRED)) is REQUIRED and repr(REQUIRED) == "REQUIRED"


def test_missing_repr_is_its_name() -> None:
    assert repr(MISSING) == "MISSING"


@pytest.mark.parametrize("direction", ["A", "B"])
def test_rule_direction_is_first_letter_of_id(direction: str) -> None:
    rule = Rule(f"{direction}99", "http", "path", makes="x", why="y", steps=(Step("path", "decode"),))
    assert rule.direction == direction
    assert (rule.loses, rule.fault, rule.place, rule.renames) == ("", False, "_messages", ())


def test_rule_replaced_stays_a_rule() -> None:
    assert Rule("B1", "*", "", makes="x", why="y")._replace(id="A2").direction == "A"


def test_unrepairable_keeps_what_the_text_of_an_error_needs() -> None:
    error = Unrepairable("bytes", "encode it", b"x-id", found="got int")
    assert (error.expected, error.remedy, error.header, error.found) == (
        "bytes",
        "encode it",
        b"x-id",
        "got int",
    )
