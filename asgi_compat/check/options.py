"""Look for the profile or the quirk that makes a failed conversation go right."""

from __future__ import annotations

import shlex
from typing import Any, Awaitable, Callable, Iterator, List, NamedTuple, Optional, Tuple

from asgi_compat import PROFILES, Quirks

from .observation import Rerun

#: The quirks that may help an application that fails: name and value, the likeliest first.
_CANDIDATES: Tuple[Tuple[str, Any], ...] = (
    ("join_body", True),
    ("content_keys", True),
    ("response_scope", True),
    ("receive_keys", "both"),
    ("receive_keys", "one"),
    ("placeholder_client", ("127.0.0.1", 0)),
    ("unix_server", "none"),
    ("implicit_accept", True),
    ("drop_unknown", True),
    ("text_body", True),
    ("lifespan_cleanup", True),
    ("constructor_in_thread", True),
    ("defer_start", False),
)


class Choice(NamedTuple):
    """An option of the command line, and the quirks that it means."""

    option: str
    quirks: Quirks


def choices() -> Iterator[Choice]:
    """Return what is tried, in order: the profiles that nothing in an object tells, then single quirks."""
    for row in PROFILES.values():
        if row.module is None:
            yield Choice(f"--profile {row.name}", row.quirks)
    for name, value in _CANDIDATES:
        yield quirk(name, value)


def quirk(name: str, value: Any) -> Choice:
    """Return the option for one quirk.

    >>> quirk("placeholder_client", ("127.0.0.1", 0)).option
    '--quirk "placeholder_client=(\\'127.0.0.1\\', 0)"'
    """
    text = f"{name}={value}"
    quoted = f'"{text}"' if shlex.quote(text) != text and '"' not in text else shlex.quote(text)
    return Choice(f"--quirk {quoted}", Quirks(**{name: value}))


async def search(again: Callable[[Quirks], Awaitable[Rerun]], limit: Optional[int] = None) -> Optional[Rerun]:
    """Return how the conversation goes with the first option that helps, None where none does."""
    tried: List[Quirks] = [Quirks()]
    for choice in list(choices())[:limit]:
        if choice.quirks not in tried:
            tried.append(choice.quirks)
            rerun = await again(choice.quirks)
            if rerun.helps:
                return rerun._replace(option=choice.option)
    return None
