"""Which rules are alive for the connections of an adapter."""

from __future__ import annotations

import pytest

from asgi_compat import Quirks
from asgi_compat._connections import (
    HttpExchange,
    LegacyHttpExchange,
    Policy,
    RewritingHttpExchange,
    WebSocketSession,
    sessions_of,
)
from asgi_compat._connections.lost import BOUND
from asgi_compat._messages.compile import compile_rules
from asgi_compat._messages.memory import REMEMBERED
from asgi_compat._messages.table import TABLE
from connections.driving import policy_of


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("style", ["single", "double"])
def test_policy_has_every_attribute(direction, style):
    policy = policy_of(direction, style)
    assert all(hasattr(policy, name) for name in Policy.__slots__)


def test_policy_declares_an_attribute_for_every_row():
    declared = {name for name, kind in Policy.__annotations__.items() if kind == "Optional[str]"}
    assert declared == set(REMEMBERED)


def test_policy_of_a_smaller_table_leaves_the_rule_out():
    quirks = Quirks()
    plan = compile_rules("A", quirks, lambda *_: None, TABLE.without({"A31"}))
    policy = Policy(plan)
    assert policy.swallow is None and policy.listens is None and policy.hold == "A28"


@pytest.mark.parametrize("value, patience", [(True, 0), (None, BOUND), (False, float("inf"))])
def test_policy_patience_is_the_choice_of_the_quirk(value, patience):
    assert policy_of(raise_after_disconnect=value).patience == patience


@pytest.mark.parametrize(
    "kind, expected", [("http.request", None), ("http.request.body", "http.request.body")]
)
def test_policy_request_type_is_an_earlier_one_or_none(kind, expected):
    assert policy_of(request_type=kind).request_type == expected
    assert policy_of("B", request_type=kind).request_type is None


@pytest.mark.parametrize(
    "direction, quirks, cls",
    [
        ("A", {}, HttpExchange),
        ("A", {"join_body": True}, RewritingHttpExchange),
        ("A", {"content_keys": True}, RewritingHttpExchange),
        ("A", {"request_type": "http.request.body"}, RewritingHttpExchange),
        ("B", {"join_body": True}, LegacyHttpExchange),
    ],
)
def test_sessions_of_a_policy_are_the_class_that_it_needs(direction, quirks, cls):
    assert sessions_of(policy_of(direction, **quirks)) == {
        "http": cls,
        "websocket": WebSocketSession,
        "lifespan": None,
    }
