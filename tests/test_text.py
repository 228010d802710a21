"""Texts are printable ASCII, bounded before they are made, and nothing of the value runs."""

from __future__ import annotations

import functools
import pickle
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asgi_compat import AppMessageError
from asgi_compat._text import describe, own_repr, plural, printable, safe_repr, safe_str, shorten, summary

pytestmark = pytest.mark.filterwarnings("ignore::BytesWarning:hypothesis.*")


class RagingMeta(type):
    """A metaclass that raises for whatever is asked of its classes."""

    def __hash__(cls):
        raise ZeroDivisionError

    def __eq__(cls, other):
        raise ZeroDivisionError

    def __getattribute__(cls, name):
        raise ZeroDivisionError


def raging():
    """Return a class that cannot be asked anything; pytest would ask one of the module's."""
    return RagingMeta("Raging", (), {})


class Hostile:
    """Raises for everything that a repr might ask."""

    def __repr__(self):
        raise SystemExit

    __str__ = __len__ = __iter__ = __hash__ = __repr__
    __class__ = property(__repr__)


class HostileText(str):
    """A str that says something else, and raises when it is looked at."""

    def __repr__(self):
        raise SystemExit

    __str__ = __len__ = __iter__ = __getitem__ = __format__ = encode = isascii = isprintable = __repr__


class HostileList(list):
    """A list that raises when it is looked at."""

    def __repr__(self):
        raise SystemExit

    __len__ = __iter__ = __getitem__ = __repr__


class SilentError(ValueError):
    """An exception whose str raises."""

    def __str__(self):
        raise ZeroDivisionError


LOOP = []
LOOP.append(LOOP)
VALUES = [
    lambda: raging()(),
    raging,
    Hostile,
    lambda: HostileText("x\r\n"),
    lambda: HostileList([1]),
    lambda: SilentError("x"),
    lambda: ValueError("a\r\nb"),
    lambda: type("x\r\n\x1b[31m", (), {"__module__": "y\r\n"})(),
    lambda: type("Odd", (), {"__module__": 5})(),
    lambda: LOOP,
    lambda: 10**5000,
    lambda: "x" * 10**6,
    lambda: b"\x1b" * 60,
    lambda: "\u202e\u2028\ud800\x85\x7f" * 10,
    lambda: [["x" * 39] * 10**5] * 10**5,
    lambda: {n: {n: {n: n}} for n in range(1000)},
    lambda: functools.partial(print, "x" * 10**6),
    lambda: memoryview(b"secret"),
    lambda: HTTPStatus.OK,
]


def is_safe(text, most):
    assert type(text) is str and len(text) <= most
    assert text.isascii() and text.isprintable()


@pytest.mark.parametrize("make", VALUES)
@pytest.mark.parametrize("show", [safe_repr, describe, summary])
def test_text_hostile_value_gives_short_printable_line(show, make):
    is_safe(show(make()), 300)


def test_safe_repr_released_memoryview_does_not_raise():
    view = memoryview(b"secret")
    view.release()
    for show in (safe_repr, describe, summary):
        is_safe(show(view), 200)


@given(
    st.recursive(st.text() | st.binary() | st.integers() | st.none(), st.lists, max_leaves=20),
    st.integers(10, 200),
)
def test_safe_repr_any_value_is_bounded(value, most):
    is_safe(safe_repr(value, most), most)


@given(st.text(), st.integers(4, 100))
def test_printable_any_text_is_bounded_ascii(text, most):
    is_safe(printable(text, most), most)
    assert printable(printable(text, most), most) == printable(text, most)


def test_printable_text_that_is_fine_is_the_same_object():
    text = "http.response.start must be right"
    assert printable(text) is text


@pytest.mark.parametrize("value", ["secret", b"secret", ["secret"], {"secret": 1}, bytearray(b"secret")])
def test_describe_value_with_content_does_not_show_it(value):
    assert "secret" not in describe(value) and "secret" not in summary(value)
    assert "length" in describe(value)


def test_safe_str_says_what_the_exception_says():
    assert safe_str(ValueError("no\ndatabase")) == "no\\ndatabase"
    assert safe_str(KeyError("a")) == "'a'"
    assert safe_str(ValueError()) == "" and safe_str(SilentError("x")) == ""
    assert safe_str(ValueError(Hostile())).startswith("<")
    assert len(safe_str(ValueError("x" * 10**6), 50)) == 50


def test_own_repr_asks_the_object_and_survives_it():
    assert own_repr([1, "\x1b"]) == "[1, '\\x1b']"
    assert "Raging" in own_repr(raging()()) and len(own_repr("x" * 1000)) == 200


def test_plural_and_shorten_say_how_many():
    assert (plural(1, "event"), plural(0, "event"), plural(1000, "byte")) == (
        "1 event",
        "0 events",
        "1,000 bytes",
    )
    assert shorten("abcdef", 5) == "ab..." and shorten("abc", 5) == "abc"


def test_error_any_text_is_escaped_bounded_and_survives_pickling():
    error = AppMessageError("x\r\n2026 ERROR forged \x1b[31m" + "y" * 10**6, got="raw\r\n")
    is_safe(str(error), 2000)
    is_safe(repr(error), 2100)
    assert error.got == "raw\r\n"
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) and again.got == error.got
