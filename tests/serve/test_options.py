"""``--quirk NAME=VALUE``."""

from __future__ import annotations

import argparse
import re
import sys
import types
from dataclasses import replace
from typing import Any

import pytest

from asgi_compat import PROFILES, Quirks, serve


def test_quirks_are_parsed_and_checked() -> None:
    """Literals and words; an unknown name is reported with the nearest one."""
    assert serve.quirks(()) is None
    chosen = serve.quirks(["join_body=True", "placeholder_client=('127.0.0.1', 0)", "receive_keys=both"])
    assert chosen == Quirks(join_body=True, placeholder_client=("127.0.0.1", 0), receive_keys="both")
    for text, says in (
        ("join_body", "NAME=VALUE"),
        ("join_bodies=True", "did you mean join_body?"),
        ("receive_keys=neither", "Quirks.receive_keys: got 'neither', expected 'either' or 'one' or 'both'"),
        ("join_body=maybe", "Quirks.join_body: got 'maybe', expected True or False"),
        ("profile=quart", "--profile quart: there is no such profile; did you mean quart-0.6?"),
        ("profile=zzz", "there is no such profile; there are channels-2.1.1, "),
    ):
        with pytest.raises(serve.UsageError, match=re.escape(says)):
            serve.quirks([text])
    assert serve.quirks(["join_body=true", "defer_start=FALSE", "finish_on_error=none"]) == Quirks(
        join_body=True, defer_start=False
    )


def test_quirks_change_the_profile_of_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the application, or of the profile that is named; they do not replace it."""
    quart = PROFILES["quart-0.6"].quirks
    assert quart != Quirks()
    assert serve.quirks(["profile=quart-0.6"]) == quart
    assert serve.quirks(["join_body=true", "profile=quart-0.6"]) == replace(quart, join_body=True)

    class Quart:
        def __call__(self, scope: object) -> None: ...

    Quart.__module__ = "quart.app"
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)
    assert serve.quirks(["join_body=true"], Quart()) == replace(quart, join_body=True)
    converted = serve.adapt(Quart(), serve.Options(style="double", quirks=["join_body=true"]))
    assert "placeholder_client" in repr(converted) and "join_body" in repr(converted)


@pytest.mark.parametrize(
    "given, typed",
    [
        ({"target": "m:app"}, "m:app"),
        ({"target": "m:make", "factory": True, "app_dir": "my code"}, "m:make --factory --app-dir 'my code'"),
        ({"target": "m:app", "style": "double"}, "m:app --style double"),
        ({"target": "m:app", "style": "auto", "quirks": []}, "m:app"),
        (
            {
                "target": "m:app",
                "quirks": ["join_body=true", "profile=quart-0.6", "receive_keys=a b"],
            },
            "m:app --quirk join_body=true --profile quart-0.6 --quirk 'receive_keys=a b'",
        ),
        ({"target": "--django shop.settings", "django": "shop.settings"}, "--django shop.settings"),
    ],
)
def test_as_typed_repeats_what_says_what_the_application_is(given: Any, typed: str) -> None:
    """Quoted for a shell: advice is copied."""
    assert serve.as_typed(argparse.Namespace(**given)) == typed
