"""The detector as a whole: looking at a hostile object never raises and never hangs."""

from __future__ import annotations

import functools
import types
from typing import Any, Callable, Dict, List

import pytest
from drive import attempt, drive_double, drive_single
from specimens import double, respond, single

from asgi_compat import (
    DetectionError,
    Style,
    classify,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    is_double_callable,
    is_single_callable,
)
from detect.observing import (
    module_with,
    seconds,
    wsgi,
)


class Rage(Exception):
    """What hostile objects raise."""


def rage(*args: Any, **kwargs: Any) -> Any:
    raise Rage


def hostile(name: str, base: Any = (), **more: Any) -> Any:
    return type("Hostile", base, {name: rage, **more})


async def _call(self: Any, scope: Any, receive: Any, send: Any) -> None:
    await respond(send)


#: What an object of a hostile class can still be: an application like any other.
CALL = {"__call__": _call}


class RagingMeta(type):
    def __getattribute__(cls, name: str) -> Any:
        raise Rage

    def __instancecheck__(cls, instance: object) -> bool:
        raise Rage

    def __subclasscheck__(cls, subclass: type) -> bool:
        raise Rage

    def __eq__(cls, other: object) -> bool:
        raise Rage

    def __hash__(cls) -> int:
        raise Rage

    def __repr__(cls) -> str:
        raise Rage


class RagingClass(metaclass=RagingMeta):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await respond(send)


class RagingMro(type):
    def mro(cls) -> List[type]:
        return [cls, object]

    # Written so, and not as a decorated function, because the type checker holds that it cannot be.
    locals()["__dict__"] = property(rage)

    @property
    def __mro__(cls) -> Any:
        raise Rage

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise Rage


class RagingMroClass(metaclass=RagingMro):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await respond(send)


def raging_property(name: str) -> Any:
    return type("Hostile", (), {name: property(rage), **CALL})()


HOSTILE_APPLICATIONS: Dict[str, Callable[[], Any]] = {
    "__getattr__": lambda: hostile("__getattr__", **CALL)(),
    "__getattribute__": lambda: hostile("__getattribute__", **CALL)(),
    "__class__": lambda: raging_property("__class__"),
    "__dict__": lambda: raging_property("__dict__"),
    "__wrapped__": lambda: raging_property("__wrapped__"),
    "__name__": lambda: raging_property("__name__"),
    "__module__": lambda: raging_property("__module__"),
    "__doc__": lambda: raging_property("__doc__"),
    "__signature__": lambda: raging_property("__signature__"),
    "__code__": lambda: raging_property("__code__"),
    "app": lambda: raging_property("app"),
    "mark single": lambda: raging_property("_asgi_single_callable"),
    "mark double": lambda: raging_property("_asgi_double_callable"),
    "_is_coroutine": lambda: raging_property("_is_coroutine"),
    "_is_coroutine_marker": lambda: raging_property("_is_coroutine_marker"),
    "__eq__": lambda: hostile("__eq__", **CALL)(),
    "__hash__": lambda: hostile("__hash__", **CALL)(),
    "__bool__": lambda: hostile("__bool__", **CALL)(),
    "__len__": lambda: hostile("__len__", **CALL)(),
    "__iter__": lambda: hostile("__iter__", **CALL)(),
    "__await__": lambda: hostile("__await__", **CALL)(),
    "__repr__": lambda: hostile("__repr__", **CALL)(),
    "__str__": lambda: hostile("__str__", **CALL)(),
    "__get__": lambda: hostile("__get__", **CALL)(),
    "__dir__": lambda: hostile("__dir__", **CALL)(),
    "metaclass": lambda: RagingClass(),
    "metaclass with properties": lambda: RagingMroClass(),
}


@pytest.mark.parametrize("name", HOSTILE_APPLICATIONS)
def test_hostile_application_is_single(name: str) -> None:
    """An application that raises when it is asked for anything is an application all the same."""
    app = HOSTILE_APPLICATIONS[name]()
    assert attempt(drive_single, app).completed
    with seconds(5):
        verdict = classify(app)
        assert verdict.style is Style.SINGLE, verdict.reason
        assert guarantee_single_callable(app) is app
        adapted = guarantee_double_callable(app)
    assert attempt(drive_double, adapted).completed


HOSTILE_OTHERS: Dict[str, Callable[[], Any]] = {
    "not callable, everything raises": lambda: hostile(
        "__getattribute__", __repr__=rage, __eq__=rage, __bool__=rage
    )(),
    "not callable, __repr__ raises": lambda: hostile("__repr__")(),
    "not callable, __class__ raises": lambda: type("Hostile", (), {"__class__": property(rage)})(),
    "not callable, metaclass raises": lambda: type.__call__(RagingMeta, "X", (), {})(),
    "str subclass whose format raises": lambda: hostile("__format__", (str,), __repr__=rage, __str__=rage)(
        "x"
    ),
    "dict subclass whose access raises": lambda: hostile("__getitem__", (dict,), get=rage, __repr__=rage)(),
    "tuple subclass whose access raises": lambda: hostile(
        "__getitem__", (tuple,), __iter__=rage, __len__=rage
    )((1,)),
    "tuple that holds a hostile object": lambda: (hostile("__getattribute__", __repr__=rage)(),),
    "module subclass whose access raises": lambda: hostile("__getattribute__", (types.ModuleType,))("x"),
    "module with a hostile app": lambda: module_with(app=hostile("__getattribute__")()),
    "module whose __getattr__ raises": lambda: module_with(__getattr__=rage),
}


@pytest.mark.parametrize("name", HOSTILE_OTHERS)
def test_hostile_object_is_not_an_app(name: str) -> None:
    """It is refused in the ordinary way, with an error that can be read."""
    value = HOSTILE_OTHERS[name]()
    with seconds(5):
        verdict = classify(value)
        assert verdict.style is Style.NOT_AN_APP, verdict.reason
        for guarantee in (guarantee_single_callable, guarantee_double_callable, double_to_single_callable):
            with pytest.raises(DetectionError) as caught:
                guarantee(value)
            assert str(caught.value)


def test_hostile_class_is_classified() -> None:
    """A class whose metaclass raises at everything is looked at without asking it."""
    for cls in (RagingClass, RagingMroClass):
        with seconds(5):
            assert classify(cls).style in (Style.FACTORY, Style.UNKNOWN)


def cycle_of_one() -> Any:
    def app(*args: Any, **kwargs: Any) -> None: ...

    app.__wrapped__ = app  # type: ignore[attr-defined]
    return app


def cycle_of_two() -> Any:
    def one(*args: Any, **kwargs: Any) -> None: ...

    def two(*args: Any, **kwargs: Any) -> None: ...

    one.__wrapped__, two.__wrapped__ = two, one  # type: ignore[attr-defined]
    return one


def cycle_of_proxies() -> Any:
    Traced = type("Traced", (), {"__call__": lambda self, *args, **kwargs: self.app(*args, **kwargs)})
    one, two = Traced(), Traced()
    one.app, two.app = two, one
    return one


def cycle_of_a_partial() -> Any:
    app: Any = functools.partial(len)
    app.__setstate__((app, (), {}, {}))
    return app


def cycle_of_a_closure() -> Any:
    def app(*args: Any, **kwargs: Any) -> Any:
        return app(*args, **kwargs)

    return app


def cycle_of_a_call() -> Any:
    class App:
        pass

    App.__call__ = App()  # type: ignore[method-assign, assignment]
    return App()


def endless_getattr() -> Any:
    class Endless:
        def __getattr__(self, name: str) -> Any:
            return Endless()

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            return self.app(*args, **kwargs)

    return Endless()


CYCLES = [
    cycle_of_one,
    cycle_of_two,
    cycle_of_proxies,
    cycle_of_a_partial,
    cycle_of_a_closure,
    cycle_of_a_call,
    endless_getattr,
]


@pytest.mark.parametrize("make", CYCLES, ids=lambda make: make.__name__)
def test_cycle_of_wrappers_terminates(make: Callable[[], Any]) -> None:
    """A wrapper that leads back to itself leads nowhere, and that is the answer."""
    with seconds(5):
        app = make()
        assert classify(app).style in (Style.UNKNOWN, Style.NOT_AN_APP)
        assert not is_single_callable(app) and not is_double_callable(app)


DEPTH = 10000


def deep_partials(app: Any) -> Any:
    for _ in range(DEPTH):
        app = functools.partial(app)
        app.keep = True  # Python melts a partial of a partial into one unless the inner one has attributes
    return app


def deep_wraps(app: Any) -> Any:
    def layer(inner: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return inner(*args, **kwargs)

        wrapper.__wrapped__ = inner  # type: ignore[attr-defined]
        return wrapper

    for _ in range(DEPTH):
        app = layer(app)
    return app


def deep_proxies(app: Any) -> Any:
    Traced = type("Traced", (), {"__call__": lambda self, *args, **kwargs: self.app(*args, **kwargs)})
    for _ in range(DEPTH):
        outer = Traced()
        outer.app = app
        app = outer
    return app


def deep_methods(app: Any) -> Any:
    for _ in range(DEPTH):
        app = types.MethodType(app, object)
    return app


def flatten(app: Any) -> None:
    """Take a deep chain apart from the outside in: freeing it at one stroke recurses in C on old Pythons."""
    while app is not None:
        inner = getattr(app, "__wrapped__", None) or getattr(app, "func", None) or getattr(app, "app", None)
        if getattr(app, "__dict__", None):
            app.__dict__.clear()
        app = inner


@pytest.mark.parametrize(
    "build", [deep_partials, deep_wraps, deep_proxies, deep_methods], ids=lambda f: f.__name__
)
@pytest.mark.parametrize(
    "make", [single, double, lambda: None, lambda: wsgi], ids=["single", "double", "None", "WSGI"]
)
def test_ten_thousand_layers_are_classified(build: Callable[[Any], Any], make: Callable[[], Any]) -> None:
    """Ten thousand layers are looked through or given up on, and never end in a RecursionError."""
    inner = make()
    if inner is None and build in (deep_partials, deep_methods):
        inner = print
    app = build(inner)
    with seconds(20):
        style = classify(app).style
        if build is not deep_methods:  # each of which binds one more argument
            assert style in (classify(inner).style, Style.UNKNOWN)
        try:
            guarantee_single_callable(app)
        except DetectionError as error:
            assert str(error)
    flatten(app)


def test_deep_inheritance_is_classified() -> None:
    """A class at the end of a long line is a class."""
    cls: Any = type(
        "App", (), {"__init__": lambda self, scope: None, "__call__": lambda self, receive, send: None}
    )
    for _ in range(200):
        cls = type("App", (cls,), {})
    with seconds(5):
        assert classify(cls).style is Style.DOUBLE


def test_mark_of_hostile_type_is_ignored() -> None:
    """Dictionaries of functions and instances may hold anything."""

    def app(*args: Any, **kwargs: Any) -> None: ...

    app.__dict__["_asgi_single_callable"] = hostile("__bool__")()
    with seconds(5):
        assert classify(app).style in (Style.UNKNOWN, Style.SINGLE)


def test_verdict_of_hostile_object_has_a_repr() -> None:
    """The mark's value is never compared, and the verdict of a hostile object can be shown."""
    app = hostile("__repr__", **CALL)()
    assert repr(classify(app)).startswith("<Verdict SINGLE")
