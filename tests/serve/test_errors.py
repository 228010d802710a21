"""The errors of ``serve``."""

from __future__ import annotations

import pickle
from typing import Type

import pytest

from asgi_compat import ASGICompatError, serve


@pytest.mark.parametrize(
    "kind, builtin",
    [
        (serve.LoadError, ImportError),
        (serve.AddressError, OSError),
        (serve.UsageError, ValueError),
        (serve.ServerFailedError, RuntimeError),
    ],
)
def test_error_is_caught_by_its_builtin_and_survives_pickling(
    kind: Type[ASGICompatError], builtin: Type[Exception]
) -> None:
    """It names the public package as its module."""
    error = pickle.loads(pickle.dumps(kind("what is wrong")))
    assert type(error) is kind and isinstance(error, builtin) and str(error) == "what is wrong"
    assert kind.__module__ == "asgi_compat.serve"
