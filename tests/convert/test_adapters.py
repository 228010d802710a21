"""The adapters themselves: equality, pickles, texts and calls."""

from __future__ import annotations

import asyncio
import pickle

import pytest

from asgi_compat import DetectionError, Quirks, Style, to_asgi2, to_asgi3
from asgi_compat._convert.adapters import ToAsgi2, ToAsgi3, as_single, open_new, rebuild, style_of
from asgi_compat._convert.engine import DEFAULT_OPTIONS

OTHER = {"type": "other", "answer": 42}


def double(scope):
    async def instance(receive, send):
        return scope["answer"]

    return instance


async def single(scope, receive, send):
    return scope["answer"]


BOTH = [(to_asgi3, double), (to_asgi3, single), (to_asgi2, double), (to_asgi2, single)]


@pytest.mark.parametrize("convert, app", BOTH)
def test_adapters_of_one_application_and_the_same_options_are_equal(convert, app):
    one, same, another = convert(app), convert(app), convert(app, quirks=Quirks(join_body=True))
    assert one == same and hash(one) == hash(same) and one != another and one != app


def test_adapters_of_two_directions_differ():
    assert to_asgi3(single) != to_asgi2(single)


@pytest.mark.parametrize("convert, app", BOTH)
def test_adapter_is_pickled_with_its_options(convert, app):
    one = convert(app, lifespan="off", quirks=Quirks(join_body=True))
    again = pickle.loads(pickle.dumps(one))
    assert again == one and again.compiled.options == one.compiled.options


def test_rebuild_makes_an_adapter_of_the_class():
    assert type(rebuild(ToAsgi2, single, tuple(DEFAULT_OPTIONS))) is ToAsgi2


@pytest.mark.parametrize("cls, name", [(ToAsgi3, "ToAsgi3"), (ToAsgi2, "ToAsgi2")])
def test_adapter_repr_shows_the_options_that_differ(cls, name):
    assert repr(cls(single)).startswith(f"<{name} of ") and "lifespan" not in repr(cls(single))
    options = DEFAULT_OPTIONS._replace(lifespan="off", strict=True)
    assert repr(cls(single, options)).endswith(", lifespan='off', strict=True>")


@pytest.mark.parametrize("app", [double, single])
def test_adapter_is_called_as_its_direction_says(app):
    assert asyncio.run(to_asgi3(app)(OTHER, None, None)) == 42
    assert asyncio.run(to_asgi2(app)(OTHER)(None, None)) == 42
    assert asyncio.run(to_asgi2(app)(OTHER)(receive=None, send=None)) == 42


@pytest.mark.parametrize("app", [double, single])
def test_adapter_has_a_call_of_its_own_that_tools_can_look_at(app):
    assert asyncio.run(to_asgi3(app).__dict__["__call__"](OTHER, None, None)) == 42
    assert asyncio.run(to_asgi2(app).__dict__["__call__"](OTHER)(None, None)) == 42


def test_open_new_calls_nothing_before_the_second_call():
    called = []

    def app(scope):
        called.append(scope)

    open_new(ToAsgi2(app, DEFAULT_OPTIONS._replace(style="double")).compiled, OTHER)
    assert called == []


@pytest.mark.parametrize("given, style", [("double", Style.DOUBLE), (Style.SINGLE, Style.SINGLE)])
def test_style_of_takes_what_is_given(given, style):
    assert style_of(lambda *arguments: None, given) is style


@pytest.mark.parametrize("app, style", [(single, Style.SINGLE), (double, Style.DOUBLE)])
def test_style_of_asks_the_detector_otherwise(app, style):
    assert style_of(app, None) is style


@pytest.mark.parametrize("given", [None, "single", "double"])
def test_style_of_what_cannot_be_called_is_refused(given):
    with pytest.raises(DetectionError):
        style_of(7, given)


def test_as_single_leaves_a_single_callable_as_it_is():
    assert as_single(single, None) is single and as_single(double, "single") is double
    assert asyncio.run(as_single(double, "double")(OTHER, None, None)) == 42
