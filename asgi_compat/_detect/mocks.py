"""What the objects of `unittest.mock` call. The module is not imported: mocks exist only where it is."""

from __future__ import annotations

import sys
from types import FunctionType

from .attributes import MISSING, instance_dict, is_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def called_by_mock(value: object) -> Any:
    """Return what a `unittest.mock` object calls, None when it accepts everything, MISSING when it is none.

    It calls its side effect, or what it wraps.
    """
    mock = sys.modules.get("unittest.mock")
    if mock is None:
        return MISSING
    if not issubclass(type(value), mock.NonCallableMock):
        # create_autospec makes functions that carry their mock.
        inner = instance_dict(value).get("mock") if type(value) is FunctionType else None
        if inner is not None and issubclass(type(inner), mock.NonCallableMock):
            return called_by_mock(inner)
        return MISSING
    own = instance_dict(value)
    effect = own.get("_mock_side_effect")
    delegate = own.get("_mock_delegate")
    if effect is None and delegate is not None:
        effect = getattr(delegate, "side_effect", None)
    if callable(effect) and not (is_class(effect) and issubclass(effect, BaseException)):
        return effect
    return own.get("_mock_wraps")
