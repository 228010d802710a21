"""One application in both styles, and two applications."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, List

import pytest
from specimens import SPECIMENS

from asgi_compat import Style, to_asgi3
from asgi_compat.testing import (
    REPLY,
    Conversation,
    StillRunning,
    assert_both_styles,
    assert_same,
    compare,
    http,
    lifespan,
    run,
    styles,
    websocket,
)

from .applications import double, made, respond, single

CONVERSATIONS = [
    http("GET", "/"),
    http("POST", "/", body=[b"a", b"", b"b"]),
    http("GET", "/", disconnect=0),
    websocket("/", send=["a", REPLY, b"", "b"], subprotocols=["x"]),
    lifespan(),
]


@pytest.mark.parametrize("adapt", ["shape", "service"])
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=str)
@pytest.mark.parametrize("app", [single, double], ids=["single", "double"])
def test_assert_both_styles_same_events(app: Any, conversation: Conversation, adapt: str) -> None:
    """An application of today's messages, of either style, through either kind of adapter."""
    transcript = assert_both_styles(app, conversation, adapt=adapt)
    assert transcript.style is Style.DOUBLE and transcript.returned and transcript.sent
    assert assert_same(single, double, conversation, adapt=adapt) == run(double, conversation, adapt=adapt)


@pytest.fixture
def asgiref_thread() -> None:
    """Start the thread of asgiref's own executor: it stays until the interpreter ends."""
    from asgiref.sync import SyncToAsync

    executor = getattr(SyncToAsync, "single_thread_executor", None)  # asgiref before 3.3 has none
    if executor is not None:
        executor.submit(int).result()


def test_compare_every_specimen_is_the_same_in_both_styles(asgiref_thread: None) -> None:
    """Hundreds of shapes of applications, each made anew for each call: one transcript, both ways."""
    shapes = [
        specimen
        for specimen in SPECIMENS
        if specimen.style in (Style.SINGLE, Style.DOUBLE, Style.EITHER)
        and not specimen.tolerated  # those run through the adapter only, see below
        and made(specimen)
    ]
    assert len(shapes) > 400
    wrong = []
    for specimen in shapes:
        both = compare(specimen.make, http(), factory=True)
        if not both.same or both.single.status != 200:
            wrong.append(f"{specimen.name}\n{both.difference() or both.single}")
    assert wrong == []


def test_assert_both_styles_broken_adapter_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that swallows an event, one that raises something else, one that leaves a task: each is told."""
    original = styles.guarantee_double_callable

    def broken(change: Callable[[Any, Any, Any, Any], Any]) -> None:
        def guarantee(app: Any) -> Any:
            inner = original(app)

            def adapter(scope: Any) -> Any:
                async def instance(receive: Any, send: Any) -> None:
                    await change(inner(scope), scope, receive, send)

                return instance

            return adapter

        monkeypatch.setattr(styles, "guarantee_double_callable", guarantee)

    async def swallows(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        async def some(event: Any) -> None:
            if event["type"] != "http.response.body":
                await send(event)

        await inner(receive, some)

    async def raises(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        await inner(receive, send)
        raise KeyError("adapter")

    async def leaves(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        tasks.append(asyncio.ensure_future(asyncio.sleep(60)))
        await inner(receive, send)

    async def reads_ahead(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        first = await receive()

        async def again() -> Any:
            await asyncio.sleep(0)
            return first

        await inner(again, send)

    tasks: List[Any] = []
    assert_both_styles(single, http())
    for change, words in (
        (swallows, "- application  http.response.body body=b'GET '\n  returned"),
        (raises, "- returned\n+ raised       KeyError: 'adapter'"),
        (leaves, "  returned\n+ left running sleep"),
    ):
        broken(change)
        with pytest.raises(AssertionError) as caught:
            assert_both_styles(single, http("GET", "/page"))
        assert str(caught.value).startswith("GET /page: called single and called double")
        assert words in str(caught.value)
        assert isinstance(caught.value.__cause__, KeyError) is (change is raises)
    broken(reads_ahead)
    with pytest.raises(StillRunning):
        assert_both_styles(single, http(body=[b"a", b"b"]), timeout=0.2)
    assert all(task.done() for task in tasks)


def test_assert_same_different_answers_raise() -> None:
    """What the owner of an application reads who has made a mistake while migrating it."""

    async def migrated(scope: Any, receive: Any, send: Any) -> None:
        await respond(send, b"GET", status=204)

    with pytest.raises(AssertionError) as caught:
        assert_same(double, migrated, http("GET", "/"))
    assert str(caught.value) == (
        "GET /: the two applications do not answer the same\n"
        "\n"
        "- the old one (called double)\n"
        "+ the new one (called single)\n"
        "\n"
        "http.response.start, status: 200 / 204\n"
        "http.response.body, body: b'GET ' / b'GET'\n"
        "\n"
        "- application  http.response.start status=200 headers=[(b'x-a', b'1')]\n"
        "- application  http.response.body body=b'GET '\n"
        "+ application  http.response.start status=204 headers=[(b'x-a', b'1')]\n"
        "+ application  http.response.body body=b'GET'\n"
        "  returned"
    )

    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("no such table")

    with pytest.raises(AssertionError, match="LookupError: no such table") as caught:
        assert_same(double, fails, http("GET", "/"))
    assert isinstance(caught.value.__cause__, LookupError)


def test_assert_same_old_messages_with_service_are_equal() -> None:
    """Repaired first, an application of then and its successor answer the same; as they are, they do not."""

    def old(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": "200", "headers": {"X-A": "1"}})
            await send({"type": "http.response.content", "content": b"hello"})

        return instance

    async def new(scope: Any, receive: Any, send: Any) -> None:
        await respond(send)

    with pytest.raises(AssertionError, match="status: '200' / 200"):
        assert_same(old, new, http())
    assert assert_same(old, new, http(), adapt="service").body == b"hello"
    assert assert_both_styles(to_asgi3(old), http()).sent[0]["status"] == 200
