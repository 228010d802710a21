"""The table for people, and docs/rules.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from asgi_compat import TABLE
from asgi_compat.cli import main
from asgi_compat.explain import explain


def command(*line):
    return main(["explain", *line])


def test_a_rule(capsys):
    assert command("a22") == 0
    out = capsys.readouterr().out
    assert out.startswith("A22  http.response.body") and "silent, empty 200" in out and "raises" in out


def test_an_event_and_its_earlier_name():
    text = explain("websocket.close")
    assert "code" in text and "1000" in text and "A35" in text and "None is missing" in text
    assert explain("http.response.content") == explain("http.response.body")


@pytest.mark.parametrize("markdown", [False, True])
def test_everything_has_every_row(markdown):
    text = explain(markdown=markdown)
    for row in TABLE.rules:
        assert row.id in text
    for row in TABLE.events:
        assert row.type in text


def test_every_row_alone():
    for name in [row.id for row in TABLE.rules] + [row.type for row in TABLE.events]:
        assert name in explain(name) and name in explain(name, markdown=True)


def test_unknown_names(capsys):
    assert command("websocket.clsoe") == 2
    assert "did you mean websocket.close" in capsys.readouterr().err
    assert command() == 2 and command("A1", "--all") == 2


def test_the_documentation_is_fresh():
    page = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
    if not page.exists():
        pytest.fail(
            "docs/rules.md is missing: python -m asgi_compat explain --all --markdown > docs/rules.md"
        )
    assert page.read_text("utf-8") == explain(markdown=True), "stale: make it anew as its first lines say"
