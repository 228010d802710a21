# mypy: ignore-errors
"""What a specimen is, and how a section adds one."""

from __future__ import annotations

from typing import Any, Callable, List, NamedTuple, Tuple

from asgi_compat import Style

SINGLE, DOUBLE, EITHER, FACTORY = Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.FACTORY
WSGI, NOT_AN_APP, UNKNOWN = Style.WSGI, Style.NOT_AN_APP, Style.UNKNOWN


class Specimen(NamedTuple):
    """One object that somebody passes as the application."""

    #: Unique, in words.
    name: str
    #: Builds the object; everything it is made of is new.
    make: Callable[[], Any]
    #: What driving it proves, or UNKNOWN.
    style: Style
    #: For UNKNOWN: why no static answer exists. Empty otherwise.
    why: str = ""
    #: The oldest Python on which such an object can be made.
    since: Tuple[int, int] = (3, 8)
    #: The package it needs beside asgiref, or nothing.
    requires: str = ""
    #: It is DOUBLE in the way adapters tolerate: its first call returns a coroutine of the instance, or an
    #: instance that takes (scope, receive, send). A bare ``await app(scope)(receive, send)`` fails. Or it is
    #: SINGLE and takes keywords only, as daphne passes them.
    tolerated: bool = False
    #: It is DOUBLE in truth and UNKNOWN in looks, and called as single it fails *inside*: its own frame had
    #: been entered, so the adapter must not call it again in the other style.
    forwards: bool = False
    #: A word that the remedy must contain.
    remedy: str = ""


#: Every specimen, in the order of the sections.
SPECIMENS: List[Specimen] = []

_STAR = "the body alone says how many of *args it wants"


def add(name: str, style: Style, make: Callable[[], Any], why: str = "", **more: Any) -> None:
    SPECIMENS.append(Specimen(name, make, style, why, **more))


def row(
    name: str, style: Style, why: str = "", **more: Any
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Make the decorated function the maker of a row."""

    def decorate(make: Callable[[], Any]) -> Callable[[], Any]:
        add(name, style, make, why, **more)
        return make

    return decorate


async def respond(send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"specimen"})


class Awaitable:
    """Something that can be awaited and is neither a coroutine nor a Future."""

    def __init__(self, send):
        self.send = send

    def __await__(self):
        return respond(self.send).__await__()
