"""The option that helps is found by trying."""

from __future__ import annotations

import asyncio
from typing import Any, List

from asgi_compat import Quirks
from asgi_compat.check.observation import Rerun
from asgi_compat.check.options import choices, search

from .applications import BODY, START, checked, the_one


class Article:
    """An application of an article of 2018, whose code does not show the name of its event."""

    def __init__(self, scope: Any) -> None:
        assert scope["type"] == "http"

    async def __call__(self, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == ".".join(("http", "request", "body"))
        await send(START)
        await send(BODY)


def test_profile_that_helps_is_found_and_named() -> None:
    """In the finding, for programs, and in the line that serves it."""
    finding = the_one(checked(Article))
    assert finding.fixed and finding.option == "--profile articles-2018"
    assert finding.to_asgi3 == "helps with --profile articles-2018: 200, 5 bytes"


def test_search_tries_each_choice_once_and_stops_at_the_first_that_helps() -> None:
    """Profiles without a module come first."""
    tried: List[Quirks] = []

    async def again(quirks: Quirks) -> Rerun:
        tried.append(quirks)
        return Rerun("200", quirks.join_body)

    found = asyncio.run(search(again))
    assert found is not None and found.option == "--quirk join_body=True"
    assert len(tried) == len(set(tried)) and tried[-1] == Quirks(join_body=True)


def test_search_without_success_is_none() -> None:
    """It is bounded."""

    async def again(quirks: Quirks) -> Rerun:
        return Rerun("no", False)

    assert asyncio.run(search(again)) is None and asyncio.run(search(again, 2)) is None


def test_choices_are_options_of_the_command_line() -> None:
    """Quoted for a shell."""
    texts = [choice.option for choice in choices()]
    assert texts[0].startswith("--profile ") and len(texts) == len(set(texts))
    assert "--quirk \"placeholder_client=('127.0.0.1', 0)\"" in texts
