"""Styles and verdicts as objects."""

from __future__ import annotations

import pickle

import pytest
from specimens import single

from asgi_compat import (
    Style,
    Verdict,
    classify,
)
from detect.observing import (
    APPLICATIONS,
    importable,
    wsgi,
)


def test_verdict_cannot_be_changed() -> None:
    """No field can be set, no field deleted, none added."""
    verdict = classify(importable)
    for name in ("style", "reason", "remedy", "app", "nonsense"):
        with pytest.raises(AttributeError, match=name):
            setattr(verdict, name, None)
        with pytest.raises(AttributeError):
            delattr(verdict, name)
    assert verdict.style is Style.SINGLE


def test_verdict_compares_by_fields() -> None:
    """Two looks at one object are equal and hash alike; looks at two objects, or at other things, are not."""
    verdict = classify(importable)
    assert verdict == classify(importable) and hash(verdict) == hash(classify(importable))
    assert verdict != classify(single())
    assert verdict != Verdict(Style.DOUBLE, verdict.reason, verdict.remedy, verdict.app)
    assert verdict != Verdict(verdict.style, "other", verdict.remedy, verdict.app)
    assert verdict != (verdict.style, verdict.reason, verdict.remedy, verdict.app)
    assert len({verdict, classify(importable)}) == 1
    assert hash(classify([])) == hash(classify([]))  # of an application that has no hash


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_verdict_survives_pickle(protocol: int) -> None:
    """It goes to another process and is equal there."""
    verdict = classify(importable)
    again = pickle.loads(pickle.dumps(verdict, protocol))
    assert again == verdict and again.style is Style.SINGLE and again.app is importable


def test_verdict_repr_has_style_reason_and_remedy() -> None:
    """The repr has the style, the reason and the remedy."""
    verdict = classify(wsgi)
    assert repr(verdict).startswith("<Verdict WSGI: ")
    assert verdict.reason in repr(verdict) and verdict.remedy in repr(verdict)


def test_style_is_application_for_three_styles() -> None:
    """Exactly the three styles that a server can call are applications."""
    assert [style for style in Style if style.is_application] == list(APPLICATIONS)
