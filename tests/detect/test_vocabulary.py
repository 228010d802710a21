"""The names that carry meaning."""

from __future__ import annotations

import pytest

from asgi_compat._detect import vocabulary
from asgi_compat._detect.vocabulary import APP, PLACES, ROLES, SCOPE, SEND, names_for


@pytest.mark.parametrize(
    "name, role",
    [
        ("scope", SCOPE),
        ("_scope", SCOPE),
        ("SCOPE_", SCOPE),
        ("snd", SEND),
        ("inner", APP),
        ("x", ""),
        ("", ""),
    ],
)
def test_role_of_parameter_name(name: str, role: str) -> None:
    assert ROLES[name] == role


def test_role_lookup_remembers_nothing() -> None:
    """Names come from applications: what is remembered of them would grow without bound."""
    before = len(ROLES)
    assert ROLES["never_seen_before"] == "" and ROLES["__Scope__"] == SCOPE
    assert len(ROLES) == before


def test_places_are_named_once_with_known_uses() -> None:
    names = [name for name, _ in PLACES]
    assert len(names) == len(set(names))
    uses = {use for _, of_name in PLACES for use in of_name.split()}
    assert uses == {"import", "module", "layer", "callable", "parameter"}


def test_import_names_are_also_searched_for_in_modules() -> None:
    """What `serve module` would take is what the remedy for a module names."""
    assert vocabulary.IMPORT_NAMES == ("app", "application")
    assert set(vocabulary.IMPORT_NAMES) <= set(vocabulary.MODULE_NAMES) & set(vocabulary.LAYER_NAMES)


def test_parameters_that_take_an_application_have_its_role() -> None:
    assert {ROLES[name] for name in names_for("parameter")} == {APP}


def test_no_name_has_two_roles() -> None:
    """A later role would silently replace an earlier one."""
    assert (
        ROLES["app"] == APP and ROLES["environ"] == "environ" and ROLES["start_response"] == "start_response"
    )
