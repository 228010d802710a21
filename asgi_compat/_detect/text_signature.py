"""Signatures that compilers write as text: ``(scope, receive, send, *, option=1)``."""

from __future__ import annotations

from .signature import CallSignature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional


def _split_parameters(text: str) -> List[str]:
    """Split the text between the parentheses of a signature at the commas that are outside brackets."""
    inside = text[text.find("(") + 1 : text.rfind(")")] + ","
    depth, start, parts = 0, 0, []
    for at, character in enumerate(inside):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(inside[start:at].strip())
            start = at + 1
    return [part for part in parts if part and part != "/" and not part.startswith("$")]


def signature_of_text(text: str, value: object) -> Optional[CallSignature]:
    """Return the signature that a compiler wrote as ``(scope, receive, send, *, option=1)``.

    >>> str(signature_of_text("f(scope, /, receive=(1, 2), *, option)", None))
    '(scope, receive, option=...)'
    """
    signature = CallSignature((), function=value)
    keyword_only = False
    for part in _split_parameters(text):
        if part.startswith("**"):
            signature.varkw = True
        elif part.startswith("*"):
            signature.varargs = signature.varargs or part != "*"
            keyword_only = True
        else:
            name = part.split("=")[0].split(":")[0].strip().split(" ")[-1]
            if not name.isidentifier():
                return None
            optional = "=" in part
            if not keyword_only:
                signature.names += (name,)
                signature.required += not optional
            elif not optional:
                signature.required_keywords += (name,)
    return signature
