"""The proof: it finds the mistakes that experts made."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat.testing import assert_migrated, http, run, websocket

HELD = [http("GET", "/one"), http("GET", "/two")]


async def reply(send: Any, text: str) -> None:
    """Answer with a text."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": text.encode()})


class Old:
    """An ASGI2 application with an instance for each connection."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        self.send = send
        await receive()
        await reply(self.send, self.scope["path"])


class Shared:
    """The same with the state of a connection on a shared object: channels 3.0.0."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.send = scope, send
        await receive()
        await reply(self.send, self.scope["path"])


def test_assert_migrated_right_application_passes() -> None:
    """One instance for each connection."""

    async def new(scope: Any, receive: Any, send: Any) -> None:
        await Old(scope)(receive, send)

    assert_migrated(Old, new)


def test_assert_migrated_shared_state_is_found_together_only() -> None:
    """Alone each conversation is right, and channels 3.0.0 was released with it."""
    assert run(Shared(), HELD[0]).body == b"/one"
    with pytest.raises(AssertionError, match="while others are connected: the migrated application does not"):
        assert_migrated(Old, Shared(), HELD)


def test_assert_migrated_swapped_arguments_are_found() -> None:
    """channels 470ef51 called `(scope, send, receive)`."""

    async def new(scope: Any, receive: Any, send: Any) -> None:
        await Old(scope)(send, receive)

    with pytest.raises(AssertionError, match=r"^GET /one: the migrated application does not do the same"):
        assert_migrated(Old, new, HELD)


def test_assert_migrated_dropped_branch_is_found() -> None:
    """A return that was lost lets the next branch run, too."""

    def old(scope: Any) -> Any:
        async def one(receive: Any, send: Any) -> None:
            await reply(send, "one")

        async def two(receive: Any, send: Any) -> None:
            await reply(send, "two")

        return one if scope["path"] == "/one" else two

    async def new(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/one":
            await reply(send, "one")
        await reply(send, "two")

    with pytest.raises(AssertionError, match="GET /one"):
        assert_migrated(old, new, HELD)


def test_assert_migrated_dropped_probe_is_found() -> None:
    """The old one refused what it was not made for."""

    def old(scope: Any) -> Any:
        if scope["type"] != "http":
            raise NotImplementedError
        return Old(scope)

    async def new(scope: Any, receive: Any, send: Any) -> None:
        await Old(scope)(receive, send)

    with pytest.raises(AssertionError, match="websocket"):
        assert_migrated(old, new, [websocket("/")])


def old_draft(scope: Any) -> Any:
    """An application with the events of 2017."""

    async def instance(receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": "200", "headers": {"X-Old": "yes"}})
        await send({"type": "http.response.content", "content": scope["path"].encode()})

    return instance


def new_draft(body: str = "", header: str = "yes") -> Any:
    """Return the same application with current events."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        headers = [(b"x-old", header.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": (body or scope["path"]).encode()})

    return app


def test_assert_migrated_current_names_and_shapes_are_no_difference() -> None:
    """A client gets the same before and after, in every conversation."""
    assert_migrated(old_draft, new_draft())


@pytest.mark.parametrize("different", [new_draft(body="other"), new_draft(header="no")])
def test_assert_migrated_draft_that_answers_otherwise_is_found(different: Any) -> None:
    """Current names hide nothing that a client sees."""
    with pytest.raises(AssertionError, match=r"http\.response\.content"):
        assert_migrated(old_draft, different, HELD)
