"""Applications of unknown style: the first connection decides, and the style is remembered."""

from __future__ import annotations

from functools import partial

from .._detect import classify
from .._errors import DetectionError
from .._text import safe_repr, summary
from .adapters import DoubleCallable, SingleCallable
from .calling import (
    call_double_and_check,
    call_single,
    fail,
    is_awaitable,
    is_binding_error,
    without_this_frame,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable

    from .._types import ASGI2Instance, Receive, Scope, Send


class StyleProbe:
    """Finds the style of an application with its first connection, and remembers it."""

    __slots__ = ("app", "call")

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app
        #: How a connection calls the application: `probe` until the style is known.
        self.call: Callable[..., Awaitable[Any]] = self.probe

    def probe(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[Any]:
        """Call the application as single-callable, and if it cannot be called so, as double-callable.

        Nothing is awaited between the call and the memory of it. Of a hundred first connections that arrive
        together, each finds its own way or the way that is already known.
        """
        app = self.app
        try:
            result = app(scope, receive, send)
        except BaseException as error:
            if not is_binding_error(error):
                return fail(without_this_frame(error))
            return self.probe_double(scope, receive, send, error)
        if is_awaitable(result):
            self.call = app
            return result  # type: ignore[no-any-return]
        if callable(result):
            # It accepted three arguments and returned an instance: a double-callable whose constructor
            # takes *args. It has run, so this is the instance of this connection.
            return self._continue_with(result, scope, receive, send)
        return fail(self.refusal(f"called with (scope, receive, send) it returned {summary(result)}"))

    def probe_double(
        self, scope: Scope, receive: Receive, send: Send, first: BaseException
    ) -> Awaitable[Any]:
        """Call an application that refused three arguments (with the error ``first``) with the scope."""
        try:
            instance = self.app(scope)
        except BaseException as error:
            if is_binding_error(error):
                return fail(self.refusal(f"it takes neither three arguments ({first}) nor one ({error})"))
            self.call = partial(call_double_and_check, self.app)
            return fail(without_this_frame(error))
        if not callable(instance) and not is_awaitable(instance):
            return fail(self.refusal(f"called with (scope) it returned {summary(instance)}"))
        return self._continue_with(instance, scope, receive, send)

    def _continue_with(
        self, instance: ASGI2Instance, scope: Scope, receive: Receive, send: Send
    ) -> Awaitable[Any]:
        """Remember that the application is double-callable, and go on with the instance it has made."""
        self.call = partial(call_double_and_check, self.app)
        return call_double_and_check(lambda scope: instance, scope, receive, send)

    def refusal(self, seen: str) -> DetectionError:
        """Return the error for an application that can be called in neither style."""
        verdict = classify(self.app)
        reason = f"{verdict.reason}; {seen}"
        return DetectionError(
            f"{safe_repr(self.app)} is not an ASGI application: {reason}. What to do: {verdict.remedy}.",
            application=self.app,
            reason=reason,
            remedy=verdict.remedy,
        )


async def _call_undecided(probe: StyleProbe, scope: Scope, receive: Receive, send: Send) -> Any:
    return await probe.call(scope, receive, send)


class UndecidedSingleCallable(SingleCallable):
    """An application of unknown style, called ``await app(scope, receive, send)``.

    The first connection decides and the style is remembered. Made by `guarantee_single_callable`.
    """

    def __new__(cls, app: Any) -> UndecidedSingleCallable:
        probe = StyleProbe(app)
        self = partial.__new__(cls, _call_undecided, probe)
        self.app = app

        async def __call__(scope: Scope, receive: Receive, send: Send) -> Any:
            return await _call_undecided(probe, scope, receive, send)

        self.__dict__["__call__"] = __call__
        return self


class UndecidedDoubleCallable(DoubleCallable):
    """An application of unknown style, called ``await app(scope)(receive, send)``.

    The first connection decides and the style is remembered. Made by `guarantee_double_callable`.
    """

    def __new__(cls, app: Any) -> UndecidedDoubleCallable:
        single = UndecidedSingleCallable(app)
        self = partial.__new__(cls, call_single, single)
        self.app = app

        def __call__(scope: Scope) -> ASGI2Instance:
            return call_single(single, scope)

        self.__dict__["__call__"] = __call__
        return self
