"""The analysis of a text, as the tests of the modules of `asgi_compat.migrate` look at it."""

from __future__ import annotations

from asgi_compat.migrate.analysis import Analysis
from asgi_compat.migrate.module import Module
from asgi_compat.migrate.registry import chosen
from asgi_compat.migrate.source import Source


def analysed(text: str) -> Analysis:
    """Return the analysis of a text, its classes and outer halves found."""
    analysis = Analysis(Module(Source(text.encode())), chosen())
    analysis.find_classes()
    analysis.find_outer_halves()
    return analysis
