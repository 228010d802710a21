"""The choices of an application."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from asgi_compat import Quirks
from asgi_compat._convert.quirks import _CHOICES

FIELDS = [field.name for field in dataclasses.fields(Quirks)]


def test_quirks_are_immutable_comparable_and_pickled():
    quirks = Quirks(join_body=True)
    assert quirks == Quirks(join_body=True) != Quirks() and hash(quirks) == hash(Quirks(join_body=True))
    assert pickle.loads(pickle.dumps(quirks)) == quirks
    with pytest.raises(dataclasses.FrozenInstanceError):
        quirks.join_body = False


def test_quirks_have_values_for_every_field_but_the_client():
    assert set(FIELDS) - set(_CHOICES) == {"placeholder_client"}


@pytest.mark.parametrize("name", sorted(_CHOICES))
def test_quirks_take_every_value_of_a_choice_and_no_other(name):
    for value in _CHOICES[name]:
        assert getattr(Quirks(**{name: value}), name) == value
    with pytest.raises(ValueError, match=f"Quirks.{name}: got 'nothing', expected"):
        Quirks(**{name: "nothing"})


@pytest.mark.parametrize("name", sorted(_CHOICES))
def test_quirks_default_is_one_of_the_values(name):
    assert getattr(Quirks(), name) in _CHOICES[name]


@pytest.mark.parametrize("value", [None, ("127.0.0.1", 0)])
def test_quirks_placeholder_client_is_a_host_and_a_port(value):
    assert Quirks(placeholder_client=value).placeholder_client == value


@pytest.mark.parametrize("value", [("127.0.0.1",), ["127.0.0.1", 0], ("127.0.0.1", "0"), (1, 2), "text", 0])
def test_quirks_placeholder_client_of_another_form_is_refused(value):
    with pytest.raises(ValueError, match="placeholder_client"):
        Quirks(placeholder_client=value)


def test_quirks_repr_shows_what_differs_and_can_be_evaluated():
    quirks = Quirks(lazy_lifespan=True, request_type="http.request.body")
    assert repr(quirks) == "Quirks(request_type='http.request.body', lazy_lifespan=True)"
    assert eval(repr(quirks)) == quirks
