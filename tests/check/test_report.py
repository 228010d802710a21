"""The rows of a report are public: their names and their order stay."""

from __future__ import annotations

from asgi_compat import check as package
from asgi_compat.check import Conversation, Finding, Note, Options, Report


def test_report_rows_keep_their_fields() -> None:
    """As docs/check.md has them."""
    assert Conversation._fields == ("name", "protocol", "path", "result", "status", "received", "sent")
    assert Finding._fields == (
        "rule",
        "problem",
        "level",
        "event",
        "field",
        "sent",
        "specification",
        "to_asgi3",
        "fixed",
        "conversations",
        "option",
    )
    assert Note._fields == ("rule", "text", "conversations")
    assert Report._fields == ("verdict", "called", "conversations", "findings", "notes")
    assert Options() == (("/",), ("GET", "HEAD", "POST"), (), 5.0, "auto", None, (), False)


def test_public_names_are_there() -> None:
    """Each name of ``__all__``."""
    assert all(hasattr(package, name) for name in package.__all__)


def test_public_classes_and_functions_name_the_package() -> None:
    """Pickles and tracebacks hold after a module has moved."""
    public = [getattr(package, name) for name in package.__all__ if name != "PROBLEMS"]
    assert {one.__module__ for one in public} == {"asgi_compat.check"}
