"""Transcripts are immutable values that can be read."""

from __future__ import annotations

import copy
import pickle

import pytest

from asgi_compat import testing
from asgi_compat.testing import (
    http,
    run,
)

from .applications import double, single


def test_transcript_is_an_immutable_value() -> None:
    """Immutable, equal by what happened, hashed, pickled and copied."""
    one, other = run(single, http()), run(double, http())
    assert one == other and hash(one) == hash(other) and one.style is not other.style
    assert one != run(single, http("POST")) and one != 3 and not one == "text"
    with pytest.raises(AttributeError, match="status cannot be changed"):
        one.status = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del one._events
    one.events[1].message["status"] = 500
    one.sent[0]["status"] = 500
    one.answer[0]["headers"].append(1)
    assert one == other
    for same in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert same == one and same.style is one.style and same.conversation == one.conversation


def test_transcript_repr_lists_events() -> None:
    """It prints as what it is."""
    assert repr(run(double, http("POST", "/x", body=b"a" * 200))) == (
        "<Transcript of POST /x, called double:\n"
        f"  client       http.request body=b'{'a' * 60}'... (200 bytes) more_body=False\n"
        "  application  http.response.start status=200 headers=[(b'x-a', b'1')]\n"
        f"  application  http.response.body body=b'POST {'a' * 55}'... (205 bytes)\n"
        "  returned>"
    )


def test_public_classes_and_functions_name_the_package() -> None:
    """Pickles and tracebacks hold after a module has moved."""
    public = [getattr(testing, name) for name in testing.__all__ if name != "REPLY"]
    assert {one.__module__ for one in public} == {"asgi_compat.testing"}
    assert pickle.loads(pickle.dumps(testing.REPLY)) is testing.REPLY
