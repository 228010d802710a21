"""How is it called? Single to double, double to single, and the guarantees.

Laws

1. Shape only: no message is looked at here, none is changed.
2. One adapter and never two: what already has the shape comes back as the same object, and an adapter
   of the other direction is taken off instead of being wrapped.
3. The body of an application never runs twice. A second call is made only after a TypeError that was
   raised while the arguments were *bound*, which is before any frame of the callee existed.
4. What an application raises is raised where the adapted application is awaited, as it would be by an
   ``async def``, and is not wrapped.

Theory of operation. An adapter is a `functools.partial` of a plain function over the application.
That is not decoration: a partial is called in C, where a class with ``__call__`` goes through a slot
that builds a tuple and looks the method up again, and the function returns the coroutine of the
instance itself instead of awaiting it in one more coroutine, so nothing is paid when a request is
suspended and resumed either (``python -m benchmarks`` prints the figures). What other detectors want
to see, a coroutine function, stands where they look for it: in ``adapter.__call__`` (uvicorn,
hypercorn, sentry-sdk, asgiref) and in ``adapter.func`` (starlette and `inspect`, which strip
partials).
"""

from __future__ import annotations

import sys
from functools import partial

from ._detect import Style, classify, has_coroutine_instances, has_plain_double_call
from ._errors import AdapterError, DetectionError
from ._text import own_repr, safe_repr, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Coroutine, NoReturn, Tuple, Union

    from ._types import ASGI2App, ASGI2Instance, ASGI3App, Receive, Scope, Send


class Adapter(partial):  # type: ignore[type-arg]
    """What both directions share: an ordinary object that stands for the application it holds."""

    #: The application inside.
    app: Any

    if sys.version_info >= (3, 13):
        # A partial is a descriptor from 3.14 on and warns of it in 3.13; an application that is kept
        # as a class attribute must stay itself. Before, `inspect.signature` would mistake it for a
        # built-in method if it had a __get__. This can go when 3.14's behaviour cannot be met.
        def __get__(self, instance: object, owner: object = None) -> Any:
            return self

    # For those who take partials apart: a plain function that needs nothing bound.
    @property
    def func(self) -> Any:
        """The coroutine function, or the plain one, that calls the application."""
        return self.__dict__["__call__"]

    @property
    def args(self) -> Tuple[Any, ...]:
        """Nothing is bound."""
        return ()

    @property
    def keywords(self) -> Any:
        """Nothing is bound."""
        return {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {own_repr(self.app)}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self.app == other.app)

    def __hash__(self) -> int:
        return hash((type(self), self.app))

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.app,)


# ---------------------------------------------------------------------------------------------
# Double to single.


def call_double(app: Any, scope: Any, receive: Any, send: Any) -> Any:
    """The fast path, for applications whose instances are seen to be coroutine functions."""
    try:
        return (instance := app(scope))(receive, send)
    except BaseException as error:
        try:
            instance
        except UnboundLocalError:
            return _constructor_failed(app, error)
        return _instance_failed(app, instance, scope, receive, send, error)


def call_double_and_check(app: Any, scope: Any, receive: Any, send: Any) -> Any:
    """Call the application, for instances that may answer with another awaitable, or with none.

    An adapted application is read as a coroutine function, so what it returns has to be a coroutine:
    `asyncio.create_task`, and with it `asgiref.testing.ApplicationCommunicator`, takes nothing else.
    Asking for the type of the result costs a third of the whole adapter.
    """
    result = call_double(app, scope, receive, send)
    return result if type(result) is _Coroutine else _await_result(app, result)


class SingleCallable(Adapter):
    """A double-callable application that is called ``await app(scope, receive, send)``.

    Made by `double_to_single_callable` and `guarantee_single_callable`.
    """

    _asgi_single_callable = True

    def __new__(cls, app: Any) -> SingleCallable:
        call = call_double if has_coroutine_instances(app) else call_double_and_check
        self = super().__new__(cls, call, app)
        self.app = app

        async def __call__(scope: Scope, receive: Receive, send: Send) -> Any:
            return await call(app, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


async def _nothing() -> None:
    """A coroutine, for its type: `types` has names for these, but its import costs."""


def _nothings() -> Any:
    yield


_coroutine = _nothing()
_Coroutine = type(_coroutine)
_coroutine.close()
del _coroutine
_Generator = type(_nothings())


def _is_awaitable(value: Any) -> bool:
    """What ``await`` takes: objects with ``__await__`` and the generators of `types.coroutine`."""
    if type(value) is _Generator:
        return bool(value.gi_code.co_flags & 256)  # inspect.CO_ITERABLE_COROUTINE
    return hasattr(type(value), "__await__")


def _without_this_frame(error: BaseException) -> BaseException:
    traceback = error.__traceback__
    return error.with_traceback(traceback and traceback.tb_next)


async def _raise(error: BaseException) -> NoReturn:
    try:
        raise error
    finally:
        del error  # the frame is in the traceback of the error: a cycle, were it to stay


def _is_binding_error(error: BaseException) -> bool:
    """Whether a call failed while its arguments were bound, before any frame of the callee.

    To be asked in the ``except`` clause of the function that made the call. Compiled functions
    (Cython, mypyc) add a frame without code for the failed binding itself; they are known by it and by
    the words of the interpreter.
    """
    if not isinstance(error, TypeError) or error.__traceback__ is None:
        return False
    inner = error.__traceback__.tb_next
    if inner is None:
        return True
    return (
        inner.tb_next is None and inner.tb_frame.f_code.co_nlocals == 0 and _speaks_of_arguments(str(error))
    )


def _speaks_of_arguments(message: str) -> bool:
    return "argument" in message and any(
        words in message for words in ("takes", "missing", "required", "expected", "at most", "at least")
    )


def _constructor_failed(app: Any, error: BaseException) -> Coroutine[Any, Any, NoReturn]:
    if _is_binding_error(error):
        verdict = classify(app)
        hint = (
            "it is single-callable: use guarantee_single_callable, which leaves such an application alone"
            if verdict.style is Style.SINGLE
            else verdict.remedy
        )
        wrong = AdapterError(
            f"{safe_repr(app)} was wrapped as a double-callable application, but cannot be called with the"
            f" scope alone: {error} ({verdict.reason}; {hint})",
            application=app,
        )
        wrong.__cause__ = error
        return _raise(wrong)
    return _raise(_without_this_frame(error))


def _instance_failed(
    app: Any, instance: Any, scope: Any, receive: Any, send: Any, error: BaseException
) -> Awaitable[Any]:
    """Two tolerated habits, paid for only by those who have them, and the mistakes."""
    if not _is_binding_error(error):
        return _raise(_without_this_frame(error))
    if callable(instance):
        # def app(scope): return JSONResponse(...): since Starlette 0.12 a response is single-callable.
        try:
            result = instance(scope, receive, send)
        except BaseException as second:
            if not _is_binding_error(second):
                return _raise(_without_this_frame(second))
            return _raise(
                _no_instance(app, instance, "takes neither (receive, send) nor (scope, receive, send)")
            )
        return result if type(result) is _Coroutine else _await_result(app, result)
    if _is_awaitable(instance):
        return _await_instance(app, instance, receive, send, scope)
    return _raise(_no_instance(app, instance, "cannot be called"))


def _no_instance(app: Any, got: Any, what: str) -> AdapterError:
    guess = (
        "has its return statement been forgotten?"
        if got is None
        else "is it a view or a factory instead of an application?"
    )
    return AdapterError(
        f"{safe_repr(app)} was called with the scope and returned {summary(got)}, which {what}; a"
        f" double-callable application returns a callable that takes (receive, send): {guess}",
        application=app,
        got=got,
    )


async def _await_instance(app: Any, constructor: Any, receive: Any, send: Any, scope: Any) -> Any:
    """The constructor was a coroutine function: the instance is what it returns."""
    instance = await constructor
    return await call_double_and_check(lambda scope: instance, scope, receive, send)


async def _await_result(app: Any, result: Any) -> Any:
    """The instance is not an ``async def`` and returned an awaitable of another kind, or nothing."""
    if not _is_awaitable(result):
        raise AdapterError(
            f"the instance of {safe_repr(app)} returned {summary(result)}, which cannot be awaited; is it an"
            " async function that lacks its async?",
            application=app,
            got=result,
        )
    return await result


# ---------------------------------------------------------------------------------------------
# Single to double.


def _call_single(app: Any, scope: Any) -> ASGI2Instance:
    # Exactly these names: daphne up to 2.5 calls instance(receive=..., send=...), and a single-callable
    # application may call its own parameters as it likes.
    def instance(receive: Any, send: Any) -> Any:
        return app(scope, receive, send)

    return instance


class DoubleCallable(Adapter):
    """A single-callable application that is called ``await app(scope)(receive, send)``.

    Made by `single_to_double_callable` and `guarantee_double_callable`.
    """

    _asgi_double_callable = True

    def __new__(cls, app: Any) -> DoubleCallable:
        self = super().__new__(cls, _call_single, app)
        self.app = app

        def __call__(scope: Scope) -> ASGI2Instance:
            return _call_single(app, scope)

        self.__dict__["__call__"] = __call__
        return self


# ---------------------------------------------------------------------------------------------
# Unknown: decided by the first connection.


class _Decision:
    """What is remembered of an application that nothing static is known of."""

    __slots__ = ("app", "call")

    def __init__(self, app: Any) -> None:
        self.app = app
        self.call: Callable[..., Any] = self.decide

    def decide(self, scope: Any, receive: Any, send: Any) -> Any:
        """Call the application in the one style, and if it cannot be called so, in the other.

        Nothing is awaited between the call and the memory of it, so of a hundred first connections
        that arrive together each finds its own way or the way that is already known.
        """
        app = self.app
        try:
            result = app(scope, receive, send)
        except BaseException as error:
            if not _is_binding_error(error):
                return _raise(_without_this_frame(error))
            return self.decide_double(scope, receive, send, error)
        if _is_awaitable(result):
            self.call = app
            return result
        if callable(result):
            # It swallowed three arguments and answered with an instance: a double-callable whose
            # constructor takes *args. It has run, so this is the instance of this connection.
            self.call = partial(call_double_and_check, app)
            return call_double_and_check(lambda scope: result, scope, receive, send)
        return _raise(self.refusal(f"called with (scope, receive, send) it returned {summary(result)}"))

    def decide_double(self, scope: Any, receive: Any, send: Any, first: BaseException) -> Any:
        app = self.app
        try:
            instance = app(scope)
        except BaseException as error:
            if _is_binding_error(error):
                return _raise(self.refusal(f"it takes neither three arguments ({first}) nor one ({error})"))
            self.call = partial(call_double_and_check, app)
            return _raise(_without_this_frame(error))
        if not callable(instance) and not _is_awaitable(instance):
            return _raise(self.refusal(f"called with (scope) it returned {summary(instance)}"))
        self.call = partial(call_double_and_check, app)
        return call_double_and_check(lambda scope: instance, scope, receive, send)

    def refusal(self, seen: str) -> DetectionError:
        verdict = classify(self.app)
        reason = f"{verdict.reason}; {seen}"
        return DetectionError(
            f"{safe_repr(self.app)} is no ASGI application: {reason}. What to do: {verdict.remedy}.",
            application=self.app,
            reason=reason,
            remedy=verdict.remedy,
        )


async def _call_undecided(decision: _Decision, scope: Any, receive: Any, send: Any) -> Any:
    return await decision.call(scope, receive, send)


class UndecidedSingleCallable(SingleCallable):
    """An application of unknown style, called ``await app(scope, receive, send)``.

    The first connection decides and the style is remembered. Made by `guarantee_single_callable`.
    """

    def __new__(cls, app: Any) -> UndecidedSingleCallable:
        decision = _Decision(app)
        self = partial.__new__(cls, _call_undecided, decision)
        self.app = app

        async def __call__(scope: Scope, receive: Receive, send: Send) -> Any:
            return await _call_undecided(decision, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


class UndecidedDoubleCallable(DoubleCallable):
    """An application of unknown style, called ``await app(scope)(receive, send)``.

    The first connection decides and the style is remembered. Made by `guarantee_double_callable`.
    """

    def __new__(cls, app: Any) -> UndecidedDoubleCallable:
        single = UndecidedSingleCallable(app)
        self = partial.__new__(cls, _call_single, single)
        self.app = app

        def __call__(scope: Scope) -> ASGI2Instance:
            return _call_single(single, scope)

        self.__dict__["__call__"] = __call__
        return self


# ---------------------------------------------------------------------------------------------
# The face of this room.


def _refuse(app: Any, style: Style, reason: str, remedy: str) -> DetectionError:
    return DetectionError(
        f"{safe_repr(app)} is no ASGI application: {reason} ({style.value}). What to do: {remedy}.",
        application=app,
        reason=reason,
        remedy=remedy,
    )


def double_to_single_callable(app: ASGI2App) -> ASGI3App:
    """Make a double-callable application callable as ``await app(scope, receive, send)``.

    Takes a double-callable application and returns an adapter whose ``app`` is the application. What
    is known to be single-callable already comes back as it is, and what `single_to_double_callable`
    made is taken off again. The caller's word counts: an object of any other style is wrapped as the
    double-callable it is said to be. Raises `DetectionError` when the object cannot be called at all.

    What the application raises, in either half, is raised where the adapted application is awaited.
    `AdapterError` is raised there when the first call returns something that cannot be called.
    Tolerated: an instance that takes (scope, receive, send), a constructor that is a coroutine
    function. Drop-in for `asgiref.compatibility.double_to_single_callable` (asgiref 3.0 and later);
    the two calls are those of the ASGI specification 3.0, "Legacy Applications".

    >>> def application(scope):
    ...     async def instance(receive, send):
    ...         await send({"type": "http.response.start", "status": 204})
    ...     return instance
    >>> adapted = double_to_single_callable(application)
    >>> adapted.app is application and double_to_single_callable(adapted) is adapted
    True
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, DoubleCallable):
        return given.app  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style in (Style.SINGLE, Style.EITHER):
        return given  # type: ignore[no-any-return]
    if not callable(given):
        raise _refuse(given, verdict.style, verdict.reason, verdict.remedy)
    return SingleCallable(given)


def single_to_double_callable(app: ASGI3App) -> ASGI2App:
    """Make a single-callable application callable as ``await app(scope)(receive, send)``.

    The mirror of `double_to_single_callable`: takes a single-callable application and returns an
    adapter whose ``app`` is the application; what is known to be double-callable already comes back as
    it is, what `double_to_single_callable` made is taken off again. Calling the adapter with the scope
    does nothing but remember it: old servers make instances that they never await (uvicorn 0.4 to 0.6
    probes for lifespan so) and may do it in a thread (daphne 2.1). Both calls take their arguments by
    position or by the names scope, receive and send. Raises `DetectionError` when the object cannot be
    called at all.

    >>> async def application(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 204})
    >>> adapted = single_to_double_callable(application)
    >>> double_to_single_callable(adapted) is application
    True
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, SingleCallable):
        return given.app  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style in (Style.DOUBLE, Style.EITHER):
        return given  # type: ignore[no-any-return]
    if not callable(given):
        raise _refuse(given, verdict.style, verdict.reason, verdict.remedy)
    return DoubleCallable(given)


def guarantee_single_callable(app: Union[ASGI2App, ASGI3App]) -> ASGI3App:
    """Return something that can be called ``await app(scope, receive, send)``, whatever came in.

    Takes an application of either style. A single-callable one comes back as the same object, a
    double-callable one in an adapter, and one that nothing static is known of in an adapter that
    decides at its first connection and remembers. Raises `DetectionError` with ``reason`` and
    ``remedy`` for a factory, a WSGI application and what is no application; for an unknown object that
    takes neither call it is raised at the first connection.

    Drop-in for `asgiref.compatibility.guarantee_single_callable` (asgiref 3.0 and later).

    >>> async def modern(scope, receive, send): ...
    >>> guarantee_single_callable(modern) is modern
    True
    >>> guarantee_single_callable(lambda environ, start_response: [b""])
    Traceback (most recent call last):
        ...
    asgi_compat._errors.DetectionError: <function <lambda> at 0x...> is no ASGI application: ...
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, (SingleCallable, UndecidedDoubleCallable)):
        return given if issubclass(kind, SingleCallable) else UndecidedSingleCallable(given.app)
    if issubclass(kind, DoubleCallable):
        return given.app  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style in (Style.SINGLE, Style.EITHER):
        return given  # type: ignore[no-any-return]
    if verdict.style is Style.DOUBLE:
        return SingleCallable(given)
    if verdict.style is Style.UNKNOWN:
        return UndecidedSingleCallable(given)
    raise _refuse(given, verdict.style, verdict.reason, verdict.remedy)


def guarantee_double_callable(app: Union[ASGI2App, ASGI3App]) -> ASGI2App:
    """Return something that can be called ``await app(scope)(receive, send)``, whatever came in.

    The mirror of `guarantee_single_callable`, with the same errors.

    >>> async def modern(scope, receive, send): ...
    >>> legacy = guarantee_double_callable(modern)
    >>> guarantee_double_callable(legacy) is legacy
    True
    """
    given: Any = app
    kind = type(given)
    if issubclass(kind, (DoubleCallable, UndecidedSingleCallable)):
        return given if issubclass(kind, DoubleCallable) else UndecidedDoubleCallable(given.app)
    if issubclass(kind, SingleCallable):
        return given.app  # type: ignore[no-any-return]
    verdict = classify(given)
    if verdict.style is Style.DOUBLE and not has_plain_double_call(given):
        # What the adapter tolerates an old server does not: it gets the tolerant form, seen as double.
        return DoubleCallable(SingleCallable(given))
    if verdict.style in (Style.DOUBLE, Style.EITHER):
        return given  # type: ignore[no-any-return]
    if verdict.style is Style.SINGLE:
        return DoubleCallable(given)
    if verdict.style is Style.UNKNOWN:
        return UndecidedDoubleCallable(given)
    raise _refuse(given, verdict.style, verdict.reason, verdict.remedy)
