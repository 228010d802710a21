"""The operation on subprotocols."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.schema import Unrepairable
from messages.steps import change

LINE = b"sec-websocket-protocol"


@pytest.mark.parametrize(
    ("subprotocols", "headers", "direction", "expected"),
    [
        (["a"], [(LINE, b"a")], "A", None),
        ([], [(LINE, b"a, b ,")], "A", (["a", "b"], [(LINE, b"a, b ,")])),
        ([b"a", " b"], [(LINE, b"x")], "A", (["a", "b"], [(LINE, b"x")])),
        (["a", "b"], [], "A", (["a", "b"], [(LINE, b"a, b")])),
        (["a", "b"], [], "B", None),
        (None, [], "A", ([], [])),
        ((), [], "A", None),
    ],
)
def test_subprotocols_and_header_agree(
    subprotocols: Any, headers: Any, direction: str, expected: Any
) -> None:
    event = {"subprotocols": subprotocols, "headers": headers}
    found = change("subprotocols", event=event, direction=direction)
    wanted = None if expected is None else ({"subprotocols": expected[0], "headers": expected[1]}, False)
    assert found == wanted


@pytest.mark.parametrize("value", ["ab", [1], {"a": 1}])
def test_subprotocols_other_types_are_refused(value: Any) -> None:
    with pytest.raises(Unrepairable):
        change("subprotocols", event={"subprotocols": value, "headers": []})
