"""Programs of 2017 are named as what they are by `serve`, with what to do, and no server starts."""

from __future__ import annotations

import importlib

import pytest

from asgi_compat import DetectionError, Style, classify, to_asgi3
from asgi_compat.cli import main

UVICORN_0 = "it is an application of uvicorn 0.0, which is older than ASGI2"
DRAFT = "it is an application of the draft of August 2017, which is older than ASGI2"
CHANNELS_1 = "it is a consumer of Channels 1 (ASGI1), which is older than ASGI2"
NAMED = {
    "uvicorn_0:hello_world": UVICORN_0,
    "uvicorn_0:streaming": UVICORN_0,
    "draft:Application": DRAFT,
    "draft:closure": DRAFT,
    "channels_1:ws_connect": CHANNELS_1,
    "channels_1:ws_message": CHANNELS_1,
    "channels_1:Chat": CHANNELS_1,
}


@pytest.mark.parametrize("name", NAMED)
def test_printed_program_that_is_older_is_named(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", f"programs.printed.older.{name}", "--port", "0"]) != 0
    said = capsys.readouterr().err
    assert NAMED[name] in said and "rewrite it as" in said
    module, _, variable = name.partition(":")
    app = getattr(importlib.import_module(f"programs.printed.older.{module}"), variable)
    assert classify(app).style is Style.NOT_AN_APP
    with pytest.raises(DetectionError, match="older than ASGI2"):
        to_asgi3(app)
