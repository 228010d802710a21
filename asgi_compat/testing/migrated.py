"""Prove a migration: hold the same conversations with the old application and the new one."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Set

from asgi_compat import TABLE, ASGIApp, Style, rules
from asgi_compat._harness.script import Conversation

from .answer import answer
from .conversations import http, lifespan, websocket
from .running import TIMEOUT, converse, run
from .session import StillRunning
from .transcript import Transcript

#: Events of 2017 that are two today: the current types, each with the names of its fields, also earlier ones.
SPLITS: Dict[Any, Dict[str, Set[str]]] = {
    split.was: {
        kind: {name for row in TABLE.fields if row.type == kind for name in (row.name, *row.was)}
        for kind in split.becomes
    }
    for rule in rules()
    for split in rule.splits
}
#: How often each conversation is held while the others are.
TOGETHER = 2

#: How many conversations may not end before no more are held.
PATIENCE = 2


class Difference(NamedTuple):
    """The first conversation in which two applications do not do the same."""

    conversation: Conversation
    #: Whether other conversations went on at the same time.
    together: bool
    text: str
    error: Optional[BaseException]


def conversations() -> List[Conversation]:
    """Return conversations that differ from one another, so that mixed up connections show.

    >>> [conversation.name for conversation in conversations()][:2]
    ['lifespan', 'GET /']
    """
    return [
        lifespan(),
        http("GET", "/"),
        http("GET", "/one", query="name=one", headers={"x-name": "one", "accept-encoding": "gzip"}),
        http("POST", "/two", body=[b"two-a", b"two-b"], headers={"cookie": "session=two"}),
        http("HEAD", "/three", headers={"authorization": "Bearer three"}),
        websocket("/ws/four", send=["four", b"4"], query="token=four"),
        websocket("/ws/five", send=["five"], subprotocols=["chat"]),
    ]


def first_difference(
    old: ASGIApp,
    new: ASGIApp,
    held: Sequence[Conversation],
    *,
    timeout: float = TIMEOUT,
    unended: Optional[List[Conversation]] = None,
) -> Optional[Difference]:
    """Return the first conversation in which two applications differ, alone or with all the others.

    ``old`` is called double and ``new`` single, whatever they look like. Events of 2017 and
    2018 that got current names and shapes do not count as different: a client gets the same.

    ``unended`` gets the conversations that the old application does not end in time. Each takes twice the
    ``timeout``, so that with such a list no more are held after ``PATIENCE`` of them.
    """
    waited: List[Conversation] = []
    for conversation in held:
        pair = [_alone(app, conversation, style, timeout) for app, style in _styles(old, new)]
        if not _are_the_same(*pair):
            return _difference(conversation, pair, together=False)
        if pair[0].running and unended is not None:
            waited.append(conversation)
            unended.append(conversation)
            if len(waited) == PATIENCE:
                return None
    many = [each for each in held if each.scope["type"] != "lifespan" and each not in waited] * TOGETHER
    before, after = (asyncio.run(_together(app, many, style, timeout)) for app, style in _styles(old, new))
    for conversation, *pair in zip(many, before, after):
        if not _are_the_same(*pair):
            return _difference(conversation, pair, together=True)
    return None


def _styles(old: Any, new: Any) -> Any:
    return ((old, Style.DOUBLE), (new, Style.SINGLE))


def _are_the_same(before: Transcript, after: Transcript) -> bool:
    """Return whether two applications received the same and left a client with the same."""
    if before == after:
        return True
    one, other = (
        (each.received, each.left, each.running, repr(each.error), answer(_in_current_shape(each.sent)))
        for each in (before, after)
    )
    return one == other


def _in_current_shape(sent: Iterable[Any]) -> Iterator[Any]:
    """Yield events as the rewrites event-names and event-shapes of `migrate` would have them written."""
    for event in sent:
        if not isinstance(event, dict):
            yield event
            continue
        shaped = dict(event)
        if "headers" in shaped:
            shaped["headers"] = _pairs_of_bytes(shaped["headers"])
        if isinstance(shaped.get("status"), str) and shaped["status"].isdecimal():
            shaped["status"] = int(shaped["status"])
        parts = SPLITS.get(shaped.get("type"))
        if parts is None:
            yield shaped
            continue
        for kind, fields in parts.items():
            yield {"type": kind, **{name: value for name, value in shaped.items() if name in fields}}


def _pairs_of_bytes(headers: Any) -> Any:
    try:
        pairs = [tuple(pair) for pair in (headers.items() if isinstance(headers, dict) else headers)]
        return [tuple(map(_as_bytes, pair)) for pair in pairs]
    except (TypeError, ValueError):
        return headers


def _as_bytes(value: Any) -> Any:
    if type(value) is int:
        value = str(value)
    return value.encode("latin-1") if isinstance(value, str) else value


def _alone(app: Any, conversation: Conversation, style: Style, timeout: float) -> Transcript:
    try:
        return run(_exactly(app, style), conversation, style=style, timeout=timeout)
    except StillRunning as error:
        assert error.transcript is not None
        return error.transcript


async def _together(app: Any, held: Sequence[Conversation], style: Style, timeout: float) -> List[Transcript]:
    async def one(conversation: Conversation) -> Transcript:
        try:
            return await converse(_exactly(app, style), conversation, style=style, timeout=timeout)
        except StillRunning as error:
            assert error.transcript is not None
            return error.transcript

    return list(await asyncio.gather(*map(one, held)))


def _exactly(app: Any, style: Style) -> Any:
    """Return an application that nobody has to detect."""
    if style is Style.DOUBLE:

        def double(scope: Any) -> Any:
            return app(scope)

        return double

    async def single(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return single


def _difference(conversation: Conversation, pair: Sequence[Transcript], *, together: bool) -> Difference:
    names = "the old one (called double)", "the new one (called single)"
    text = pair[0].difference(pair[1], names=names)
    return Difference(conversation, together, text, pair[0].error or pair[1].error)


def assert_migrated(
    old: ASGIApp,
    new: ASGIApp,
    held: Optional[Iterable[Conversation]] = None,
    *,
    timeout: float = TIMEOUT,
) -> None:
    """Assert that an application does as ASGI3 what it did as ASGI2.

    ``old`` is called double, ``new`` single, in each of the conversations, first alone and then in all of
    them at once: state that has moved to a shared object shows only then. Without conversations those of
    `conversations` are held. Raises AssertionError with the first difference.

    >>> def old(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": 200, "headers": []})
    ...         await send({"type": "http.response.body", "body": scope["path"].encode()})
    ...     return instance
    >>> async def new(scope, receive, send):
    ...     await old(scope)(receive, send)
    >>> from asgi_compat.testing import http
    >>> assert_migrated(old, new, [http("GET", "/one"), http("GET", "/two")])
    """
    __tracebackhide__ = True
    found = first_difference(old, new, conversations() if held is None else list(held), timeout=timeout)
    if found is not None:
        where = " while others are connected" if found.together else ""
        raise AssertionError(
            f"{found.conversation.name}{where}: the migrated application does not do the same\n\n{found.text}"
        ) from found.error
