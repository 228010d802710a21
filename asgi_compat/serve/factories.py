"""Call a factory, and raise an error that names a result that is not an application."""

from __future__ import annotations

from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Optional

from asgi_compat import DetectionError, Style, classify

from .errors import LoadError
from .quoting import import_problem

_AT_START_UP = "make it an ordinary function, and await what it needs at lifespan start-up"

#: Type of what was returned -> what the factory is, and the remedy.
_RETURNED = (
    (CoroutineType, "an asynchronous factory, and no server calls one", _AT_START_UP),
    (
        GeneratorType,
        "a generator function, and calling it makes a generator",
        "return the application in place of yielding it",
    ),
    (
        AsyncGeneratorType,
        "an asynchronous generator function, and calling it makes a generator",
        "return the application in place of yielding it, and do the rest at lifespan start-up",
    ),
)
_CONTEXT_MANAGERS = (
    (
        "_AsyncGeneratorContextManager",
        "an asynccontextmanager, and calling it makes a context manager",
        "write a function that returns the application, and enter the context at lifespan start-up",
    ),
    (
        "_GeneratorContextManager",
        "a contextmanager, and calling it makes a context manager",
        "write a function that returns the application",
    ),
)


def call_factory(factory: Any, target: str) -> Any:
    """Return what a factory makes, or raise `DetectionError` or `LoadError`."""
    if not callable(factory):
        raise _refusal(factory, f"{target} cannot be called, so it is not a factory", "leave out --factory")
    verdict = classify(factory)
    if verdict.style in (Style.SINGLE, Style.DOUBLE):
        what = f"{target} is the application itself ({verdict.reason}), and not a factory"
        raise _refusal(factory, what, "leave out --factory")
    try:
        made = factory()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise LoadError(import_problem(f"the factory {target} was called and failed", error)) from error
    refused = _what_it_is(made)
    if refused is not None:
        what, remedy = refused
        if isinstance(made, CoroutineType):
            made.close()  # or Python warns that it was never awaited
        raise _refusal(factory, f"{target} is {what}", remedy)
    return made


def _what_it_is(made: Any) -> Optional[Any]:
    for kind, what, remedy in _RETURNED:
        if issubclass(type(made), kind):
            return what, remedy
    for name, what, remedy in _CONTEXT_MANAGERS:
        if type(made).__module__ == "contextlib" and type(made).__name__ == name:
            return what, remedy
    return None


def _refusal(factory: Any, what: str, remedy: str) -> DetectionError:
    return DetectionError(f"{what}: {remedy}", application=factory, reason=what, remedy=remedy)
