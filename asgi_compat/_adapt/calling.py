"""The calls themselves: call a double-callable with three arguments, a single-callable with one.

The functions here return the coroutine of the application instead of awaiting it in one more coroutine, so
nothing is paid when a request is suspended and resumed. An exception becomes a coroutine that raises it:
it is raised where the adapted application is awaited.
"""

from __future__ import annotations

from .._detect import Style, classify
from .._errors import AdapterError
from .._text import safe_repr, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Coroutine, Generator, NoReturn

    from .._types import ASGI2App, ASGI2Instance, ASGI3App, Receive, Scope, Send


async def _nothing() -> None:
    """Do nothing; only the type of the coroutine is needed. `types` has a name for it and costs an import."""


def _nothings() -> Generator[None, None, None]:
    yield


_coroutine = _nothing()
COROUTINE_TYPE = type(_coroutine)
_coroutine.close()
del _coroutine
_GENERATOR: Any = type(_nothings())


# -- awaitables and failures ------------------------------------------------------------------------


def is_awaitable(value: Any) -> bool:
    """Return whether ``await`` accepts it: ``__await__``, or a generator of `types.coroutine`."""
    if type(value) is _GENERATOR:
        return bool(value.gi_code.co_flags & 256)  # inspect.CO_ITERABLE_COROUTINE
    return hasattr(type(value), "__await__")


async def fail(error: BaseException) -> NoReturn:
    """Raise an exception of the application where it is awaited."""
    try:
        raise error
    finally:
        del error  # its traceback has this frame: the two would keep each other alive


def without_this_frame(error: BaseException) -> BaseException:
    """Return the error without the frame of the adapter that caught it."""
    traceback = error.__traceback__
    return error.with_traceback(traceback and traceback.tb_next)


def is_binding_error(error: BaseException) -> bool:
    """Return whether a call failed while its arguments were bound, before any frame of the callee.

    It must be called in the ``except`` clause of the function that made the call. Compiled functions
    (Cython, mypyc) add a frame without code for the failed binding itself; they are recognised by it and by
    the words of the interpreter.
    """
    if not isinstance(error, TypeError) or error.__traceback__ is None:
        return False
    inner = error.__traceback__.tb_next
    if inner is None:
        return True
    return inner.tb_next is None and inner.tb_frame.f_code.co_nlocals == 0 and _is_about_arguments(str(error))


def _is_about_arguments(message: str) -> bool:
    return "argument" in message and any(
        words in message for words in ("takes", "missing", "required", "expected", "at most", "at least")
    )


# -- a double-callable, called with three arguments ---------------------------------------------------


def call_double(app: ASGI2App, scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
    """Call a double-callable application whose instances are seen to be coroutine functions."""
    try:
        return (instance := app(scope))(receive, send)
    except BaseException as error:
        try:
            instance
        except UnboundLocalError:
            return _constructor_failed(app, error)
        return _instance_failed(app, instance, scope, receive, send, error)


def call_double_and_check(app: ASGI2App, scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
    """Call a double-callable application whose instances may return another awaitable, or none.

    An adapted application is read as a coroutine function, so it has to return a coroutine:
    `asyncio.create_task`, and with it `asgiref.testing.ApplicationCommunicator`, accepts nothing else.
    Checking the type of the result costs a third of the whole adapter.
    """
    result = call_double(app, scope, receive, send)
    return result if type(result) is COROUTINE_TYPE else _await_result(app, result)


def _constructor_failed(app: ASGI2App, error: BaseException) -> Coroutine[Any, Any, NoReturn]:
    if not is_binding_error(error):
        return fail(without_this_frame(error))
    verdict = classify(app)
    hint = verdict.remedy
    if verdict.style is Style.SINGLE:
        hint = "it is single-callable: use guarantee_single_callable, which leaves such an application alone"
    wrong = AdapterError(
        f"{safe_repr(app)} was wrapped as a double-callable application, but cannot be called with the"
        f" scope alone: {error} ({verdict.reason}; {hint})",
        application=app,
    )
    wrong.__cause__ = error
    return fail(wrong)


def _instance_failed(
    app: ASGI2App,
    instance: Any,
    scope: Scope,
    receive: Receive,
    send: Send,
    error: BaseException,
) -> Awaitable[Any]:
    """Accept two kinds of instances that the specification does not know; refuse the others."""
    if not is_binding_error(error):
        return fail(without_this_frame(error))
    if callable(instance):
        # def app(scope): return JSONResponse(...): since Starlette 0.12 a response is single-callable.
        try:
            result = instance(scope, receive, send)
        except BaseException as second:
            if not is_binding_error(second):
                return fail(without_this_frame(second))
            return fail(
                _no_instance(app, instance, "takes neither (receive, send) nor (scope, receive, send)")
            )
        return result if type(result) is COROUTINE_TYPE else _await_result(app, result)
    if is_awaitable(instance):
        return _await_instance(instance, scope, receive, send)
    return fail(_no_instance(app, instance, "cannot be called"))


def _no_instance(app: ASGI2App, got: object, what: str) -> AdapterError:
    guess = "is it a view or a factory instead of an application?"
    if got is None:
        from .._detect.advice import missing_return

        guess = missing_return(app)
    return AdapterError(
        f"{safe_repr(app)} was called with the scope and returned {summary(got)}, which {what}; a"
        f" double-callable application returns a callable that takes (receive, send): {guess}",
        application=app,
        got=got,
    )


async def _await_instance(
    constructor: Awaitable[ASGI2Instance], scope: Scope, receive: Receive, send: Send
) -> Any:
    """Await a constructor that is a coroutine function, and call the instance that it returns."""
    instance = await constructor
    return await call_double_and_check(lambda scope: instance, scope, receive, send)


async def _await_result(app: ASGI2App, result: Awaitable[Any]) -> Any:
    """Await the result of an instance that is not an ``async def``, if it is an awaitable of another kind."""
    if not is_awaitable(result):
        raise AdapterError(
            f"the instance of {safe_repr(app)} returned {summary(result)}, which cannot be awaited; did"
            " you forget `async`?",
            application=app,
            got=result,
        )
    return await result


# -- a single-callable, called with the scope -----------------------------------------------------------


def call_single(app: ASGI3App, scope: Scope) -> ASGI2Instance:
    """Return an instance that calls a single-callable application.

    Its parameters have exactly these names: daphne up to 2.5 calls ``instance(receive=..., send=...)``, and
    a single-callable application may use any names.
    """

    def instance(receive: Receive, send: Send) -> Awaitable[Any]:
        return app(scope, receive, send)

    return instance


def call_by_keyword(app: Any, scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
    """Call a single-callable application by keyword, as daphne does."""
    try:
        result = app(scope=scope, receive=receive, send=send)
    except BaseException as error:
        return fail(without_this_frame(error))
    return result if type(result) is COROUTINE_TYPE else _await_result(app, result)
