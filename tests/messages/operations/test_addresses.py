"""Operations on addresses."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.schema import MISSING, Unrepairable
from messages.steps import change


@pytest.mark.parametrize(
    ("op", "value", "event", "expected"),
    [
        ("address", MISSING, {}, (None, False)),
        ("address", ["::1", 1, 0, 0], {}, (["::1", 1], True)),
        ("port", ("h", "80"), {}, (("h", 80), True)),
        ("port", ("h", 80), {}, None),
        ("old_client", ["h", 1], {}, (("h", 1), False)),
        ("old_client", (), {}, (None, False)),
        ("old_server", b"/run/x.sock", {}, (("/run/x.sock", None), False)),
        ("old_server", "", {}, (None, False)),
    ],
)
def test_operation_changes_field(op: str, value: Any, event: Any, expected: Any) -> None:
    assert change(op, value, event=event) == expected


@pytest.mark.parametrize(
    ("op", "value", "quirks", "expected"),
    [
        ("placeholder", None, {"placeholder_client": ("h", 1)}, (("h", 1), False)),
        ("placeholder", None, {}, None),
        ("unix", ("/run/x.sock", None), {"unix_server": "none"}, (None, False)),
        ("unix", ("/run/x.sock", None), {}, None),
    ],
)
def test_operation_follows_quirk(op: str, value: Any, quirks: Any, expected: Any) -> None:
    assert change(op, value, **quirks) == expected


@pytest.mark.parametrize(
    ("op", "value"), [("address", "h:80"), ("port", ("h", "x")), ("old_client", 5), ("old_server", 5)]
)
def test_operation_refuses_field(op: str, value: Any) -> None:
    with pytest.raises(Unrepairable):
        change(op, value, event={})


def test_swap_is_a_quirk() -> None:
    event = {"client": 1, "server": 2}
    assert change("swap", event=event) is None
    assert change("swap", event=event, swap_addresses=True) == ({"client": 2, "server": 1}, False)
