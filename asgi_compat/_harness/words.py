"""Words for values and numbers in reports."""

from __future__ import annotations


def safe_repr(value: object, most: int = 100) -> str:
    """Return an ASCII repr that fits a line and cannot fail."""
    try:
        if isinstance(value, (str, bytes, bytearray)) and len(value) > most:
            return f"{type(value).__name__} of length {len(value)}"
        if hasattr(type(value), "__next__"):
            return f"a {type(value).__name__}"
        text = ascii(value)
    except Exception:
        return f"a {type(value).__name__}"
    return text if len(text) <= most else f"{text[: most - 3]}..."


def plural(number: int, noun: str) -> str:
    """Return a number of things in words.

    >>> plural(1, "event"), plural(2000, "event")
    ('1 event', '2,000 events')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
