"""Hold a conversation with an application, with or without startup and shutdown."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, Optional, Union

from asgi_compat import ASGIApp, Style
from asgi_compat._harness.ending import task_name
from asgi_compat._harness.script import Conversation

from .on_trio import converse_on_trio, runs_trio
from .session import Lifespan, LiveConversation, end_all, serve
from .styles import CallOptions, Middleware, prepare
from .transcript import Transcript

#: How long a conversation may last, in seconds. It costs nothing where applications end.
TIMEOUT = 5.0
#: How many turns of the loop the tasks of an application have to end by themselves after it has ended.
TURNS = 10


def _check(conversation: Conversation) -> None:
    if not isinstance(conversation, Conversation):
        raise TypeError(
            f"conversation: got {conversation!r}, expected what http(), websocket() or lifespan() returns"
        )


async def _converse(
    app: Any, conversation: Conversation, options: CallOptions, *, own_loop: bool
) -> Transcript:
    _check(conversation)
    before = asyncio.all_tasks()
    call, style = prepare(app, options)
    life = Lifespan(call, style) if options.lifespan else None
    try:
        if life is not None:
            await life.start(options.timeout)
            state = life.client.conversation.scope.get("state")
            if state is not None and "state" not in conversation.scope:
                conversation = conversation._replace(scope={**conversation.scope, "state": state})
        transcript = await _hold(
            LiveConversation(call, style, serve(conversation)), options.timeout, own_loop
        )
        if life is not None:
            await life.stop(options.timeout)
        return transcript
    finally:
        if life is not None:
            await life.close()
        if own_loop:
            # Tasks that startup began. asyncio.run() would wait for ever for one that ignores cancellation.
            await end_all(asyncio.all_tasks() - before)


async def _hold(session: LiveConversation, timeout: float, own_loop: bool) -> Transcript:
    before = asyncio.all_tasks()
    try:
        transcript = await session.end(timeout)
        if not own_loop:
            return transcript
        for _ in range(TURNS):
            if not asyncio.all_tasks() - before:
                return transcript
            await asyncio.sleep(0)
        return session.transcript(sorted(task_name(task) for task in asyncio.all_tasks() - before))
    finally:
        await session.close()
        if own_loop:
            await end_all(asyncio.all_tasks() - before)


async def converse(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    style: Union[str, Style, None] = None,
    adapt: str = "shape",
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Hold a conversation with an application on the running event loop, of asyncio or of trio.

    The arguments and errors are those of `run`. Tasks that the application leaves running are neither ended
    nor reported: on a loop that others use as well they may belong to anybody.

    >>> async def app(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 204})
    ...     await send({"type": "http.response.body"})
    >>> import asyncio
    >>> from asgi_compat.testing import http
    >>> asyncio.run(converse(app, http("GET", "/"))).status
    204
    """
    options = CallOptions(style, adapt, lifespan, factory, middleware, timeout)
    _check(conversation)
    if runs_trio():
        call, called = prepare(app, options)
        return await converse_on_trio(call, called, conversation, lifespan=lifespan, timeout=timeout)
    return await _converse(app, conversation, options, own_loop=False)


def run(
    app: Union[ASGIApp, Callable[[], ASGIApp]],
    conversation: Conversation,
    *,
    style: Union[str, Style, None] = None,
    adapt: str = "shape",
    lifespan: bool = False,
    factory: bool = False,
    middleware: Optional[Middleware] = None,
    timeout: float = TIMEOUT,
) -> Transcript:
    """Hold a conversation with an application on an event loop of its own.

    ``style`` is ``"single"`` or ``"double"``, and ``adapt`` how the application becomes that (`in_style`).
    Without a style it is called in its own (`classify`; unknown counts as single), and through `to_asgi3`
    with ``adapt="service"``. ``lifespan=True`` starts it first and shuts it down afterwards, on the same
    loop; an application that raises before it has received anything has no lifespan support. With
    ``factory=True``, ``app`` is called without arguments and returns the application. ``middleware`` is
    called with the application in that style, and what it returns is called in the same.

    What the application raises is in the transcript; it is not raised. Raises `StillRunning` when it has not
    ended ``timeout`` seconds after it began, or after each of startup and shutdown (cancelling it may take
    4 seconds more; what blocks the event loop cannot be ended); AssertionError when startup or shutdown
    fails; `DetectionError` for what is not an application; RuntimeError inside a running event loop;
    ValueError or TypeError for any other argument.

    >>> from asgi_compat.testing import websocket
    >>> def app(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "websocket.accept"})
    ...         event = await receive()
    ...         event = await receive()
    ...         await send({"type": "websocket.send", "text": event["text"].upper()})
    ...     return instance
    >>> print(run(app, websocket("/", send=["hello"])))
    websocket /, called double:
      application  websocket.accept
      client       websocket.connect
      client       websocket.receive text='hello'
      application  websocket.send text='HELLO'
      returned
    """
    try:
        asyncio.get_running_loop()
        running = True
    except RuntimeError:
        running = runs_trio()
    if running:
        raise RuntimeError(
            "run() and what is built on it start an event loop of their own, and here one is running:"
            " use `await converse(app, conversation)`"
        )
    options = CallOptions(style, adapt, lifespan, factory, middleware, timeout)
    return asyncio.run(_converse(app, conversation, options, own_loop=True))
