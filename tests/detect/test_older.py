"""What is older than ASGI2: one case for each row that names it."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat import Style, classify, to_asgi3
from asgi_compat._detect import older
from asgi_compat._detect.older import decide_channels_1, decide_older
from asgi_compat._detect.signature import signature_of_function


def uvicorn_0(message: Any, channels: Any) -> None: ...


def draft(type: Any, reply: Any, channel_layer: Any, application_channel: Any) -> None: ...


def consumer(message: Any) -> None:
    message.reply_channel.send({})


@pytest.mark.parametrize(
    "function, remedy",
    [(uvicorn_0, older.UVICORN_0), (draft, older.DRAFT), (consumer, older.CONSUMER_1)],
)
def test_older_function_is_named_as_what_it_is(function: Any, remedy: str) -> None:
    found = decide_older(signature_of_function(function), "it")
    assert found == (Style.NOT_AN_APP, "it", remedy)
    assert classify(function).remedy == remedy and "older than ASGI2" in remedy


@pytest.mark.parametrize("parameters", ["scope", "request", "message, channel", "type, x", "x, reply", ""])
def test_older_other_function_is_left_to_the_tables(parameters: str) -> None:
    space: Any = {}
    exec(f"def f({parameters}): return len", space)
    assert decide_older(signature_of_function(space["f"]), "it") is None
    assert decide_older(None, "it") is None


def test_older_is_refused_by_the_whole_service() -> None:
    with pytest.raises(TypeError, match=r"uvicorn 0\.0, which is older than ASGI2"):
        to_asgi3(uvicorn_0)  # type: ignore[arg-type]


def test_channels_layer_of_either_generation_is_told_apart() -> None:
    def sync(self: Any, *args: Any) -> None: ...

    async def asynchronous(self: Any, *args: Any) -> None: ...

    old = type("Old", (), {"send": sync, "receive": sync, "new_channel": sync})
    new = type("New", (), {"send": asynchronous, "receive": asynchronous, "new_channel": asynchronous})
    half = type("Half", (), {"send": sync, "receive": sync})
    for value, remedy in ((old, older.LAYER_1), (old(), older.LAYER_1), (new(), older.LAYER)):
        found = decide_channels_1(value)
        assert found is not None and found[2] == remedy
    assert decide_channels_1(half) is None and decide_channels_1(half()) is None
