"""Log that an application has a start-up that did not run."""

from __future__ import annotations

from .._detect import Style
from .._messages.specification import LIFESPAN, STARTED, STARTUP, A
from .._text import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AbstractSet

    from .engine import CompiledApplication

#: Where frameworks keep the functions of a start-up: Starlette since 0.3.10, Quart since 0.6, bareASGI. They
#: are filled by the application, so that an empty one says that there is no start-up.
_HOLDERS = ("router", "lifespan_middleware", "lifespan_handler", "lifespan")
_HANDLERS = ("on_startup", "startup_handlers", "before_serving_funcs")

#: Where Starlette keeps the context of its lifespan.
_CONTEXT = "lifespan_context"

#: What the type of an answer ends with: f"{event['type']}.complete".
_COMPLETE = STARTED[len(STARTUP) :]

_NOTICE = (
    "%s: a connection came and no lifespan event before it, so that its start-up has not run (mounted, in a"
    " test client, or on a server without lifespan); pass on lifespan, or use Quirks(lazy_lifespan=True)"
)


def warn_of_missing_startup(compiled: CompiledApplication) -> None:
    """Log once that the start-up of an application has not run, if it has one.

    A current application on a current server is left alone: without the adapter there is no word either.
    """
    left_alone = compiled.plan.direction == A and compiled.style in (Style.SINGLE, Style.EITHER)
    if compiled.lifespan == "off" or left_alone:
        return
    if has_startup(compiled.app):
        from logging import getLogger

        getLogger("asgi_compat").warning(_NOTICE, safe_repr(compiled.app))


def has_startup(app: object) -> bool:
    """Return whether an application, or one inside it, has something to do at start-up. Nothing of it runs.

    A framework says so by its handlers; other code by naming ``lifespan.startup``.
    """
    from .._detect.constants import named_texts
    from .._detect.layers import layers

    stack = [layer.verdict.app for layer in layers(app)]
    return any(_has_handlers(one) or _answers_startup(named_texts(one)) for one in stack)


def _answers_startup(texts: AbstractSet[str]) -> bool:
    """Whether code that names these texts answers start-up: by its name, or by one that it puts together."""
    return STARTUP in texts or (LIFESPAN[:-1] in texts and any(text.endswith(_COMPLETE) for text in texts))


def _has_handlers(app: object) -> bool:
    from .._detect.attributes import instance_dict

    holders = [instance_dict(app)]
    for name in _HOLDERS:
        holders += [instance_dict(one[name]) for one in list(holders) if name in one]
    if any(bool(type(one.get(name)) is list and one[name]) for one in holders for name in _HANDLERS):
        return True
    return any(_CONTEXT in one and not _is_of_framework(one[_CONTEXT]) for one in holders)


def _is_of_framework(context: object) -> bool:
    """Return whether a context is Starlette's own: an object or a function that runs the handlers.

    FastAPI puts a function of its own around it for each router that is included.
    """
    from types import FunctionType

    named = context if issubclass(type(context), FunctionType) else type(context)
    return str(named.__module__).startswith(("starlette.", "fastapi."))
