# mypy: ignore-errors
"""Wrappers that pass through what they get: the style is that of what is inside."""

from __future__ import annotations

import contextlib
import functools
from functools import partial, update_wrapper, wraps

from .plain_forms import PLAIN_FORMS
from .specimen import SINGLE, add


def through_partial(app):
    return partial(app)


def through_two_partials(app):
    return partial(partial(app))


def through_wraps(app):
    @wraps(app)
    def wrapper(*args, **kwargs):
        return app(*args, **kwargs)

    return wrapper


def through_args_alone(app):
    @wraps(app)
    def wrapper(*args):
        return app(*args)

    return wrapper


def through_two_wraps(app):
    return through_wraps(through_wraps(app))


def through_bare_closure(app):
    def wrapper(*args, **kwargs):
        return app(*args, **kwargs)

    return wrapper


def through_decorator_object(app):
    class Timed:
        def __init__(self, function):
            update_wrapper(self, function)
            self.function = function

        def __call__(self, *args, **kwargs):
            return self.function(*args, **kwargs)

    return Timed(app)


def through_proxy_app(app):
    class Traced:
        def __init__(self, app):
            self.app = app

        def __call__(self, *args, **kwargs):
            return self.app(*args, **kwargs)

    return Traced(app)


def through_proxy_private_app(app):
    class Traced:
        def __init__(self, app):
            self._app = app

        def __call__(self, *args, **kwargs):
            return self._app(*args, **kwargs)

    return Traced(app)


def through_slots_proxy(app):
    class Traced:
        __slots__ = ("wrapped",)

        def __init__(self, app):
            self.wrapped = app

        def __call__(self, *args, **kwargs):
            return self.wrapped(*args, **kwargs)

    return Traced(app)


def through_getattr_proxy(app):
    class Proxy:
        def __init__(self, target):
            self._target = target

        def __getattr__(self, name):
            return getattr(self.__dict__["_target"], name)

        def __call__(self, *args, **kwargs):
            return self._target(*args, **kwargs)

    return Proxy(app)


def through_bound_pass_through(app):
    class Agent:
        def __init__(self, application):
            self.application = application

        def trace(self, *args, **kwargs):
            return self.application(*args, **kwargs)

    return Agent(app).trace


def through_static_call(app):
    class Holder:
        __call__ = staticmethod(app)

    return Holder()


def through_singledispatch(app):
    return functools.singledispatch(app)


def through_context_decorator(app):
    class Timer(contextlib.ContextDecorator):
        def __enter__(self):
            return self

        def __exit__(self, *exc):
            return False

    return Timer()(app)


def through_partial_of_wraps(app):
    return partial(through_wraps(app))


PASS_THROUGH = (
    through_partial,
    through_two_partials,
    through_wraps,
    through_args_alone,
    through_two_wraps,
    through_bare_closure,
    through_decorator_object,
    through_proxy_app,
    through_proxy_private_app,
    through_slots_proxy,
    through_getattr_proxy,
    through_bound_pass_through,
    through_static_call,
    through_singledispatch,
    through_context_decorator,
    through_partial_of_wraps,
)

for _wrap in PASS_THROUGH:
    for _form, _style in PLAIN_FORMS:
        add(
            f"{_wrap.__name__[8:].replace('_', ' ')} over {_form.__name__.replace('_', ' ')}",
            _style,
            partial(lambda wrap, form: wrap(form()), _wrap, _form),
        )


def through_async_wraps(app):
    @wraps(app)
    async def wrapper(*args, **kwargs):
        return await app(*args, **kwargs)

    return wrapper


def through_async_closure(app):
    async def wrapper(*args, **kwargs):
        return await app(*args, **kwargs)

    return wrapper


def through_async_proxy(app):
    class Traced:
        def __init__(self, app):
            self.app = app

        async def __call__(self, *args, **kwargs):
            await self.app(*args, **kwargs)

    return Traced(app)


for _wrap in (through_async_wraps, through_async_closure, through_async_proxy):
    for _form, _style in PLAIN_FORMS:
        if _style is SINGLE:
            add(
                f"{_wrap.__name__[8:].replace('_', ' ')} over {_form.__name__.replace('_', ' ')}",
                SINGLE,
                partial(lambda wrap, form: wrap(form()), _wrap, _form),
            )
