"""Signatures that compilers write as text."""

from __future__ import annotations

from typing import Optional

import pytest

from asgi_compat._detect.text_signature import signature_of_text


@pytest.mark.parametrize(
    "text, expected",
    [
        ("()", "()"),
        ("(scope)", "(scope)"),
        ("app(scope, receive, send)", "(scope, receive, send)"),
        ("(scope, /, receive)", "(scope, receive)"),
        ("($module, scope, /)", "(scope)"),
        ("(scope: Dict[str, int], receive)", "(scope, receive)"),
        ("(scope, *args, **kwargs)", "(scope, *args)"),
        ("(scope, *, option, other=1)", "(scope, option=...)"),
        ("(scope=(1, 2), receive={'a': [3]})", "(scope, receive)"),
        ("(int scope)", "(scope)"),
        ("(3)", None),
    ],
)
def test_signature_of_text_reads_parameters(text: str, expected: Optional[str]) -> None:
    signature = signature_of_text(text, None)
    assert (signature and str(signature)) == expected


def test_signature_of_text_counts_required_parameters() -> None:
    signature = signature_of_text("(scope, receive=None, *, option=1)", None)
    assert signature is not None
    assert [count for count in range(4) if signature.takes(count)] == [1, 2]
