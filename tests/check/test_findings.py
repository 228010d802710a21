"""Each finding and each note is there once, with the conversations in which it was seen."""

from __future__ import annotations

from typing import Any

from asgi_compat.check.findings import Findings, Found, note
from asgi_compat.check.report import Finding

from .applications import BODY, START, both_styles, checked, http_only, sends


def found(key: str, conversation: str, rule: str = "A23", sent: str = "x") -> Found:
    return Found(
        (key,), Finding(rule, "repaired", "servers", "event", "field", sent, "", "", True, (conversation,))
    )


def test_findings_same_key_is_one_finding() -> None:
    """The first text stays."""
    findings = Findings()
    findings.extend([found("a", "one"), found("a", "two", sent="y"), found("a", "one"), found("b", "one")])
    first, second = findings.findings()
    assert (first.sent, first.conversations, second.conversations) == ("x", ("one", "two"), ("one",))
    assert ("a",) in findings and ("c",) not in findings


def test_findings_same_note_is_one_note() -> None:
    """By rule and text."""
    findings = Findings()
    findings.extend(
        [note("one", "text"), note("two", "text"), note("one", "text", "A4"), note("one", "text")]
    )
    assert [(one.rule, one.conversations) for one in findings.notes()] == [
        (None, ("one", "two")),
        ("A4", ("one",)),
    ]


def test_findings_ignored_becomes_a_note() -> None:
    """By rule or by problem."""
    for name in ("A23", "repaired"):
        findings = Findings()
        findings.extend([found("a", "one")])
        findings.ignore(["A24", name])
        assert findings.findings() == ()
        assert findings.notes() == (note("one", "ignored: event field x", "A23"),)
    findings = Findings()
    findings.extend([found("a", "one")])
    findings.ignore(["A24", "raised"])
    assert len(findings.findings()) == 1


def test_capitals_in_different_headers_are_one_note() -> None:
    """Django has a Content-Length for each response, and had a note for each."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = scope["method"].encode()
        await send({**START, "headers": [(b"Content-Length", b"%d" % len(body))]})
        await send({**BODY, "body": body})

    report = checked(app, methods=["GET", "TRACE"], pedantic=False)
    (said,) = (note for note in report.notes if note.rule == "A24")
    assert "a name in capitals" in said.text and {"GET /", "TRACE /"} <= set(said.conversations)


def test_letter_of_the_specification_is_a_note_unless_pedantic() -> None:
    """Django sends Content-Type in capitals, and every server makes it lower-case."""
    capitals = both_styles(sends({**START, "headers": [(b"Content-Type", b"text/plain")]}, BODY))[0]
    report = checked(capitals, pedantic=False)
    assert report.findings == ()
    assert any(note.rule == "A24" and "--pedantic" in note.text for note in report.notes)
    assert [row.rule for row in checked(capitals).findings] == ["A24"]
    text = both_styles(sends({**START, "headers": [("Content-Type", "text/plain")]}, BODY))[0]
    assert [row.rule for row in checked(text, pedantic=False).findings] == ["A24"]
