"""What the table says about events and fields, in words."""

from __future__ import annotations

from asgi_compat import TABLE
from asgi_compat.check.specification import RULES, is_about_several_fields, of_field, of_order, of_rule


def test_of_field_names_type_presence_and_place() -> None:
    """Required, left out, or with a default."""
    assert of_field("http.response.start", "status").startswith("int; required (www: Response Start")
    assert "may be left out" in of_field("http.response.start", "headers")
    assert "the default is b''" in of_field("http.response.body", "body")


def test_of_field_without_a_row_falls_back() -> None:
    """To the rule, then to the event, then to nothing."""
    assert of_field("http.response.body", "nothing", "A28") == of_rule("A28") != ""
    assert of_field("http.response.body", "").startswith("http.response.body (www: ")
    assert of_field("nothing", "") == "" and of_rule("A23") == "" and of_rule(None) == ""


def test_of_order_is_known_for_what_is_kept_in_order() -> None:
    """For every other event what the event is."""
    assert of_order("http.response.start") and of_order("websocket.accept")
    assert of_order("lifespan.startup.complete")


def test_rules_are_all_rows() -> None:
    """By id; some are about several fields."""
    assert set(RULES) >= {repair.rule for repair in TABLE.repairs}
    several = [one for one in TABLE.repairs if not one.field]
    assert several and all(is_about_several_fields(one.rule, one.event) for one in several)
    assert not is_about_several_fields("A23", "http.response.body")
