"""Cases of migration as data: source of ASGI2, and what must become of it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import List, NamedTuple

#: What most cases do when they are reached.
REPLY = """
async def reply(send, text, status=200):
    await send({"type": "http.response.start", "status": status, "headers": [(b"x-text", text.encode())]})
    await send({"type": "http.response.body", "body": text.encode()})
"""
#: An application that middleware can wrap.
INNER = (
    REPLY
    + """
def inner(scope):
    async def instance(receive, send):
        await reply(send, scope["path"] + str(scope.get("user", "")))
    return instance
"""
)


class Case(NamedTuple):
    """One source. Without a refusal it is rewritten; `entry` is driven before and after."""

    name: str
    source: str
    #: The name of the application in the source; "" for what cannot be driven.
    entry: str = "app"
    #: Part of the reason for which it is refused.
    refused: str = ""
    #: Whether it is left as it is, without a word.
    left: bool = False
    #: Text that must, and must not, be in the result.
    has: str = ""
    lacks: str = ""
    http_only: bool = True
    #: Says that the behaviour changes on purpose: names of 2017 become current ones.
    modernised: bool = False


def all_cases() -> List[Case]:
    """Return the cases of every file of this folder."""
    names = sorted(info.name for info in iter_modules(__path__))
    return [case for name in names for case in import_module(f"{__name__}.{name}").CASES]
