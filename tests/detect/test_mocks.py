"""What the objects of `unittest.mock` call."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from asgi_compat._detect.attributes import MISSING
from asgi_compat._detect.mocks import called_by_mock


def application(scope: Any) -> None: ...


@pytest.mark.parametrize(
    "make, called",
    [
        (lambda: mock.Mock(side_effect=application), application),
        (lambda: mock.AsyncMock(side_effect=application), application),
        (lambda: mock.Mock(wraps=application), application),
        (lambda: mock.create_autospec(application, side_effect=application), application),
        (lambda: mock.Mock(), None),
        (lambda: mock.Mock(side_effect=ValueError), None),
        (lambda: mock.Mock(side_effect=[1, 2]), None),
        (lambda: application, MISSING),
        (lambda: object(), MISSING),
    ],
)
def test_called_by_mock_is_side_effect_or_what_it_wraps(make: Any, called: Any) -> None:
    assert called_by_mock(make()) is called


def test_called_by_mock_counts_no_call() -> None:
    asked = mock.Mock(side_effect=application)
    called_by_mock(asked)
    assert asked.mock_calls == [] and asked.method_calls == []
