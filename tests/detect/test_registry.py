"""Wrappers that are registered."""

from __future__ import annotations

from typing import Any

import pytest
from drive import attempt, drive_single
from specimens import double, single

from asgi_compat import (
    Style,
    classify,
    guarantee_single_callable,
    register_unwrapper,
)
from detect.observing import (
    Middleware,
    seconds,
    wsgi,
)


def wrapper_class() -> Any:
    """A wrapper that hides what it calls: nothing of what it holds is the application itself."""

    class Traced:
        def __init__(self, target: Any) -> None:
            self.held = [target]

        def __call__(self, *args: Any) -> Any:
            return self.held[0](*args)

    return Traced


def test_registered_wrapper_is_unwrapped() -> None:
    """Once taught, the detector sees what the wrapper calls; subclasses of the wrapper count."""
    Traced = wrapper_class()
    assert classify(Traced(double())).style is Style.UNKNOWN
    register_unwrapper(Traced, lambda traced: traced.held[0])
    assert classify(Traced(double())).style is Style.DOUBLE
    assert classify(Traced(single())).style is Style.SINGLE
    assert classify(Traced(wsgi)).style is Style.WSGI
    assert classify(Traced(Traced(double()))).style is Style.DOUBLE
    assert classify(type("Sub", (Traced,), {})(single())).style is Style.SINGLE
    assert attempt(drive_single, guarantee_single_callable(Traced(double()))).completed


def test_registering_again_replaces_the_function() -> None:
    """The last unwrapper of a class is the one that is asked."""
    Traced = wrapper_class()
    register_unwrapper(Traced, lambda traced: double())
    register_unwrapper(Traced, lambda traced: traced.held[0])
    assert classify(Traced(single())).style is Style.SINGLE


def test_registered_wrapper_of_a_subclass_wins() -> None:
    """The most derived class that is registered is asked, as with methods."""
    Traced = wrapper_class()
    Sub = type("Sub", (Traced,), {})
    register_unwrapper(Sub, lambda traced: double())
    register_unwrapper(Traced, lambda traced: single())
    assert classify(Sub(None)).style is Style.DOUBLE
    assert classify(Traced(None)).style is Style.SINGLE


def test_unwrapper_that_raises_gives_unknown() -> None:
    """A broken unwrapper breaks nothing else."""
    Traced = wrapper_class()
    register_unwrapper(Traced, lambda traced: traced.nonsense)
    assert classify(Traced(double())).style is Style.UNKNOWN


def test_unwrapper_that_returns_wrapper_terminates() -> None:
    """A wrapper that unwraps to itself is no reason to hang."""
    Traced = wrapper_class()
    register_unwrapper(Traced, lambda traced: traced)
    with seconds(5):
        assert classify(Traced(double())).style is Style.UNKNOWN


@pytest.mark.parametrize(
    "arguments", [(single(), len), (Middleware, None), ("Middleware", len), (Middleware, "app")]
)
def test_register_unwrapper_with_wrong_arguments_raises(arguments: Any) -> None:
    """A mistake in the registration is told at once."""
    with pytest.raises(TypeError):
        register_unwrapper(*arguments)
