"""What a type checker must understand of this library. Read by mypy (test_typing.py), never run.

It is copied into an empty folder first and reads the library as it is installed, as a user's code does.
"""

from __future__ import annotations

import functools
from typing import Any, Awaitable, Callable, List, MutableMapping, Optional, Tuple, Type, Union

from typing_extensions import assert_type

import asgi_compat
from asgi_compat import (
    AdapterError,
    AppMessageError,
    ASGI2App,
    ASGI2Instance,
    ASGI3App,
    ASGIApp,
    ASGICompatDeprecationWarning,
    ASGICompatError,
    DetectionError,
    Message,
    MessageError,
    MissingExtraError,
    Receive,
    Scope,
    Send,
    ServerMessageError,
    Style,
    Verdict,
    classify,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    is_double_callable,
    is_single_callable,
    mark_double,
    mark_single,
    register_unwrapper,
    single_to_double_callable,
)
from asgi_compat.testing import (
    REPLY,
    Comparison,
    Conversation,
    Event,
    StillRunning,
    Transcript,
    assert_both_styles,
    assert_same,
    compare,
    converse,
    http,
    in_style,
    lifespan,
    run,
    websocket,
)

# -- applications, as people write them --------------------------------------------------------


async def single(scope: Scope, receive: Receive, send: Send) -> None:
    """The plain form of today."""


def closure(scope: Scope) -> ASGI2Instance:
    """The plain form of 2018."""

    async def instance(receive: Receive, send: Send) -> None: ...

    return instance


def partially(scope: Scope) -> Callable[[Receive, Send], Awaitable[None]]:
    """The form with functools.partial."""
    return functools.partial(single, scope)


class Consumer:
    """The form with a class: what is called with the scope is the class."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, receive: Receive, send: Send) -> None: ...


class Framework:
    """An object that is a single-callable application."""

    routes: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class OtherNames:
    """Servers call by position, so the names of the parameters are nobody's business."""

    async def __call__(
        self,
        s: MutableMapping[str, Any],
        r: Callable[[], Awaitable[MutableMapping[str, Any]]],
        w: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> str:
        return ""


as_single: ASGI3App = single
as_single = Framework()
as_single = OtherNames()
as_double: ASGI2App = closure
as_double = partially
as_double = Consumer
either: ASGIApp = single
either = closure

# -- the words ---------------------------------------------------------------------------------


async def words(scope: Scope, receive: Receive, send: Send) -> None:
    """Scope and Message are mappings of anything."""
    assert_type(scope["type"], Any)
    message: Message = await receive()
    assert_type(message, MutableMapping[str, Any])
    assert_type(await send({"type": "http.response.start"}), None)
    await closure(scope)(receive, send)


# -- detection ---------------------------------------------------------------------------------


def detection(unknown: object, app: Union[ASGI2App, ASGI3App]) -> None:
    """The two questions narrow, on both sides."""
    verdict = classify(unknown)
    assert_type(verdict, Verdict)
    assert_type(verdict.style, Style)
    assert_type(verdict.reason, str)
    assert_type(verdict.remedy, str)
    if is_single_callable(unknown):
        assert_type(unknown, ASGI3App)
    if is_double_callable(unknown):
        assert_type(unknown, ASGI2App)
    if is_double_callable(app):
        assert_type(app, ASGI2App)
    else:
        assert_type(app, ASGI3App)


assert_type(mark_single(Framework()).routes, int)
assert_type(mark_double(Consumer), Type[Consumer])


@mark_double
def marked(scope: Scope) -> ASGI2Instance:
    """A mark does not change the type."""
    return Consumer(scope)


assert_type(marked({}), ASGI2Instance)


class Traced:
    """Some agent's wrapper."""

    target: Any


assert_type(register_unwrapper(Traced, lambda traced: traced.target), None)

# -- adapters ----------------------------------------------------------------------------------

assert_type(double_to_single_callable(closure), ASGI3App)
assert_type(double_to_single_callable(Consumer), ASGI3App)
assert_type(single_to_double_callable(single), ASGI2App)
assert_type(single_to_double_callable(Framework()), ASGI2App)
assert_type(guarantee_single_callable(closure), ASGI3App)
assert_type(guarantee_single_callable(single), ASGI3App)
assert_type(guarantee_single_callable(either), ASGI3App)
assert_type(guarantee_double_callable(single), ASGI2App)
assert_type(guarantee_double_callable(closure), ASGI2App)


async def called(scope: Scope, receive: Receive, send: Send) -> None:
    """What comes back is called as its type says."""
    await guarantee_single_callable(closure)(scope, receive, send)
    await guarantee_double_callable(single)(scope)(receive, send)


# -- testing -----------------------------------------------------------------------------------

assert_type(http("GET", "/", headers={"accept": "*/*"}, body=[b"a", b"b"]), Conversation)
assert_type(websocket("/", send=["a", b"b", REPLY], close=None), Conversation)
assert_type(in_style(closure, "single"), Union[ASGI2App, ASGI3App])
assert_type(run(Consumer, lifespan(), style=Style.SINGLE, timeout=1), Transcript)
assert_type(compare(single, http()), Comparison)
assert_type(assert_both_styles(closure, http(), ignore_headers=["date"]), Transcript)
assert_type(assert_same(closure, Framework(), http(), adapt="service"), Transcript)


def create() -> Framework:
    """Makes the application."""
    return Framework()


async def transcripts() -> None:
    """What happened has types too."""
    transcript = await converse(create, http(), factory=True)
    assert_type(transcript.status, Optional[int])
    assert_type(transcript.headers, List[Tuple[bytes, bytes]])
    assert_type(transcript.body, bytes)
    assert_type(transcript.messages, List[Union[str, bytes]])
    assert_type(transcript.events, Tuple[Event, ...])
    assert_type(transcript.error, Optional[BaseException])
    assert_type(compare(single, http()).single.difference(transcript, view="answer"), str)


def still_running(error: StillRunning) -> None:
    """It is an AssertionError with what happened until then."""
    as_assertion: AssertionError = error
    assert_type(error.transcript, Optional[Transcript])
    assert as_assertion


# -- errors ------------------------------------------------------------------------------------


def takes_type_error(error: TypeError) -> None: ...


def takes_value_error(error: ValueError) -> None: ...


def takes_import_error(error: ImportError) -> None: ...


def errors(error: ASGICompatError) -> None:
    """Each is also a kind that people catch already."""
    if isinstance(error, DetectionError):
        takes_type_error(error)
        assert_type(error.reason, str)
        assert_type(error.remedy, str)
    if isinstance(error, (AppMessageError, ServerMessageError)):
        takes_value_error(error)
        as_message_error: MessageError = error
        assert_type(as_message_error.expected, str)
    if isinstance(error, MissingExtraError):
        takes_import_error(error)
        assert_type(error.extra, str)
    if isinstance(error, AdapterError):
        takes_type_error(error)
        assert_type(error.application, Any)
    warning: Type[UserWarning] = ASGICompatDeprecationWarning
    assert_type(warning("gone soon").args, Tuple[Any, ...])


assert_type(asgi_compat.__version__, str)
