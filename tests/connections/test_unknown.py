"""Events that are not called as they should be."""

from __future__ import annotations

from collections import OrderedDict, UserDict

import pytest
from messages.cases import http, websocket

from asgi_compat import AppMessageError
from asgi_compat._connections.unknown import announced_names, read_sent, resolve_event
from connections.driving import Reports, policy_of

ON_WEBSOCKET = "does not belong to a scope of type websocket; refuse with websocket.close"

MINE = {"type": "http.response.mine"}


class Text(str):
    """A str that is not quite one."""


@pytest.mark.parametrize("event", [{"type": Text("x")}, OrderedDict(type="x"), UserDict(type="x")])
def test_read_sent_gives_a_dict_whose_type_is_a_str(event):
    kind, out = read_sent(event)
    assert type(kind) is str and type(out) is dict and out == {"type": "x"} and type(out["type"]) is str


@pytest.mark.parametrize("event", [None, 7, "text", [1], {"type": None}, {"type": b"x"}, {}])
def test_read_sent_refuses_what_is_no_event(event):
    with pytest.raises(AppMessageError) as caught:
        read_sent(event)
    assert caught.value.rule == "A38"


def test_resolve_event_earlier_name_is_renamed_and_reported():
    reports = Reports()
    policy = policy_of(reports=reports)
    kind, function, event = resolve_event(policy, "http", {"type": "http.response.content"}, http())
    assert kind == event["type"] == "http.response.body" and function is policy.http[kind]
    assert reports == ["A21"]


def test_resolve_event_that_was_two_has_no_function():
    kind, function, event = resolve_event(policy_of(), "http", {"type": "http.response"}, http())
    assert (kind, function) == ("http.response", None) and event["type"] == kind


def test_resolve_event_that_the_scope_announces_goes_on():
    scope = {**http(), "extensions": {"http.response.mine": {}}}
    assert resolve_event(policy_of(), "http", MINE, scope) == ("http.response.mine", None, MINE)


@pytest.mark.parametrize(
    "quirks, kind",
    [({"pass_unknown": True}, "http.response.mine"), ({"drop_unknown": True}, None)],
)
def test_resolve_event_that_nothing_announces_is_the_choice_of_a_quirk(quirks, kind):
    reports = Reports()
    found = resolve_event(policy_of(reports=reports, **quirks), "http", MINE, http())
    assert found == (kind, None, MINE) and reports == ([] if kind else ["A38"])


@pytest.mark.parametrize(
    "protocol, scope, event, words",
    [
        ("http", http(), MINE, "spelling"),
        ("http", http(), {"type": "http.response.push"}, "extensions"),
        ("http", http(), {"type": "websocket.send"}, "does not belong to a scope of type http"),
        ("websocket", websocket(), {"type": "http.response.start"}, "websocket.close"),
    ],
)
def test_resolve_event_that_nothing_announces_is_refused_with_a_remedy(protocol, scope, event, words):
    with pytest.raises(AppMessageError) as caught:
        resolve_event(policy_of(), protocol, event, scope)
    assert words in str(caught.value) and caught.value.rule == "A38"


@pytest.mark.parametrize("kind, rule", [("http.response.trailers", "B23"), ("http.response.push", "B25")])
def test_resolve_event_of_an_extension_is_dropped_for_an_old_server(kind, rule):
    policy = policy_of("B", "single")
    assert resolve_event(policy, "http", {"type": kind}, http())[0] is None
    policy.plan.rules = policy.plan.rules - {rule}
    with pytest.raises(AppMessageError):
        resolve_event(policy, "http", {"type": kind}, http())


def test_resolve_event_of_a_file_is_refused_for_an_old_server_while_its_rule_is_there():
    policy, event = policy_of("B", "single"), {"type": "http.response.pathsend", "path": "/"}
    with pytest.raises(AppMessageError) as caught:
        resolve_event(policy, "http", event, http())
    assert caught.value.rule == "B24"
    policy.plan.rules = policy.plan.rules - {"B24"}
    assert resolve_event(policy, "http", event, http()) == ("http.response.pathsend", None, event)


@pytest.mark.parametrize("extensions", [None, 7, {}, {1: 2}])
def test_announced_names_of_odd_extensions_are_nothing(extensions):
    assert announced_names({"extensions": extensions}) == "nothing"


def test_announced_names_are_sorted():
    assert announced_names({"extensions": {"b": {}, "a": {}}}) == "['a', 'b']"


@pytest.mark.parametrize("kind", ["http.response.trailers", "http.response.early_hint", "http.response.push"])
@pytest.mark.parametrize("direction", "AB")
def test_unknown_event_of_http_on_a_websocket_is_refused_also_where_http_drops_it(direction, kind):
    with pytest.raises(AppMessageError, match=ON_WEBSOCKET):
        resolve_event(policy_of(direction), "websocket", {"type": kind}, websocket())


@pytest.mark.parametrize("kind", ["http.response", "http.response.content", "http.request.start"])
def test_unknown_event_of_http_by_an_earlier_name_on_a_websocket_says_what_to_send(kind):
    with pytest.raises(AppMessageError, match=ON_WEBSOCKET) as caught:
        resolve_event(policy_of(), "websocket", {"type": kind}, websocket())
    assert caught.value.rule == "A38"


@pytest.mark.parametrize(
    "kind", ["http.request", "http.disconnect", "websocket.receive", "lifespan.shutdown"]
)
@pytest.mark.parametrize("protocol, scope", [("http", http()), ("websocket", websocket())])
def test_unknown_event_that_the_server_sends_says_to_receive_it(protocol, scope, kind):
    with pytest.raises(AppMessageError, match=r"is an event that the server sends; call receive\(\)"):
        resolve_event(policy_of(), protocol, {"type": kind}, scope)
