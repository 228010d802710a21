"""The report as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from asgi_compat.check import as_json, as_text

from .applications import (
    BODY,
    START,
    both_styles,
    checked,
    http_only,
    sends,
    the_one,
)


def test_as_text_is_ascii_and_fits() -> None:
    """Whatever the application sends, and however long."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({**START, "headers": {"x-\xe9": "\xe9" * 500}})
        raise ValueError("\u20ac" * 300)

    text = as_text("m:app", checked(app))
    assert max(map(len, text.splitlines())) <= 320
    assert "A24  http.response.start: headers  [forbidden by the specification]" in text
    assert "explain A24" in text


def test_as_json_is_complete_and_documented() -> None:
    """It can be dumped, and every key is documented."""
    report = checked(both_styles(sends({**START, "status": "200"}, BODY))[1])
    facts = json.loads(json.dumps(as_json("m:app", report)))
    assert (facts["target"], facts["style"], facts["called"]) == ("m:app", "double", "double")
    assert facts["findings"][0]["conversations"] == list(the_one(report).conversations)
    page = (Path(__file__).resolve().parents[2] / "docs" / "check.md").read_text("utf-8")
    for rows in ("conversations", "findings", "notes"):
        for key in facts[rows][0]:
            assert key in page, key
