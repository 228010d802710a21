"""Objects that lie and raise: detection, profiles and adapters raise nothing but documented errors."""

from __future__ import annotations

import functools
import sys
import types
from unittest import mock

import pytest
import requires

from asgi_compat import (
    DetectionError,
    Style,
    classify,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    is_double_callable,
    is_single_callable,
    middleware_to_asgi2,
    middleware_to_asgi3,
    profile_of,
    single_to_double_callable,
    to_asgi2,
    to_asgi3,
)


class Ugly(Exception):
    """What the objects of the zoo raise: seen outside, it has come through."""


def ugly(*args, **options):
    raise Ugly


class Double:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        pass


async def single(scope, receive, send):
    pass


#: What an object may do wrong, as attributes of its class.
HABITS = {
    "nothing": {},
    "getattr raises": {"__getattr__": ugly},
    "getattribute raises": {"__getattribute__": ugly},
    "class raises": {"__class__": property(ugly)},
    "class is type": {"__class__": property(lambda self: type)},
    "class is a function": {"__class__": property(lambda self: types.FunctionType)},
    "class is a method": {"__class__": property(lambda self: types.MethodType)},
    "class is a partial": {"__class__": property(lambda self: functools.partial)},
    "class is a module": {"__class__": property(lambda self: types.ModuleType)},
    "class is a str": {"__class__": property(lambda self: str)},
    "class is no class": {"__class__": 5},
    "hash raises": {"__hash__": ugly},
    "no hash": {"__hash__": None},
    "eq raises": {"__eq__": ugly, "__hash__": object.__hash__},
    "repr raises": {"__repr__": ugly},
    "repr is no str": {"__repr__": lambda self: 5},
    "bool raises": {"__bool__": ugly},
    "len raises": {"__len__": ugly},
    "module raises": {"__module__": property(ugly)},
    "module is no str": {"__module__": 5},
    "module is None": {"__module__": None},
    "module is a huge str": {"__module__": "m" * 10**6},
    "name raises": {"__name__": property(ugly), "__qualname__x": property(ugly)},
    "dict raises": {"__dict__": property(ugly)},
    "dict is no dict": {"__dict__": 5},
    "doc raises": {"__doc__": property(ugly)},
    "wrapped raises": {"__wrapped__": property(ugly)},
    "wrapped is itself": {"__wrapped__": property(lambda self: self)},
    "signature raises": {"__signature__": property(ugly)},
    "signature is odd": {"__signature__": 5},
    "call is a property that raises": {"__call__": property(ugly)},
    "call is None": {"__call__": None},
    "call is a str": {"__call__": "x"},
    "call is an object": {"__call__": object()},
    "app raises": {"app": property(ugly), "application": property(ugly), "func": property(ugly)},
    "app is itself": {"app": property(lambda self: self)},
    "marks raise": {"_asgi_single_callable": property(ugly), "_asgi_double_callable": property(ugly)},
    "version raises": {"__version__": property(ugly)},
    "instancecheck": {"__instancecheck__": ugly, "__subclasscheck__": ugly},
    "iter raises": {"__iter__": ugly, "__getitem__": ugly, "__contains__": ugly},
    "slots": {"__slots__": ()},
    "dir raises": {"__dir__": ugly},
    "reduce raises": {"__reduce_ex__": ugly, "__reduce__": ugly},
    "get raises": {"__get__": ugly},
    "set_name": {"__getstate__": ugly, "__sizeof__": ugly},
}


class BrokenMro(type):
    def mro(cls):
        return [cls, object]


class RaisingMeta(type):
    """A metaclass whose classes raise when anything is asked of them but what Python itself needs."""

    armed = False

    def __getattribute__(cls, name):
        if RaisingMeta.armed:
            raise Ugly
        return super().__getattribute__(name)

    def __instancecheck__(cls, other):
        raise Ugly

    __subclasscheck__ = __instancecheck__


class LyingMeta(type):
    __mro__ = 5
    __name__ = property(ugly)
    __module__ = property(ugly)
    __dict__ = property(ugly)
    __bases__ = property(ugly)

    def __eq__(cls, other):
        raise Ugly

    __hash__ = None
    __repr__ = __bool__ = ugly


def build(habit, base):
    """Make a class with a habit; the habit may replace what the base has."""
    return type("Odd", (base,), dict(HABITS[habit]))


def zoo():
    for habit in HABITS:
        if "__call__" not in HABITS[habit]:
            for base in (Double,):
                kind = build(habit, base)
                yield f"class, {habit}", kind
                yield f"object, {habit}", object.__new__(kind)
        plain = type("Odd", (), {"__call__": lambda self, scope: None, **HABITS[habit]})
        yield f"plain object, {habit}", object.__new__(plain)
        meta = type(
            "Meta", (type,), {name: value for name, value in HABITS[habit].items() if name != "__slots__"}
        )
        try:
            yield f"metaclass, {habit}", meta("Odd", (Double,), {})
        except Exception as error:
            assert type(error) in (TypeError, Ugly), error
    yield "broken mro", BrokenMro("Odd", (Double,), {})
    yield "object of a broken mro", object.__new__(BrokenMro("Odd", (Double,), {"__call__": single}))
    yield "raising metaclass", RaisingMeta("Odd", (Double,), {})
    yield "object of a raising metaclass", object.__new__(RaisingMeta("Odd", (Double,), {}))
    yield "lying metaclass", LyingMeta("Odd", (Double,), {})
    yield "object of a lying metaclass", object.__new__(LyingMeta("Odd", (Double,), {}))
    module = types.ModuleType("odd")
    module.app = single
    yield "module", module
    raising = type("Raising", (types.ModuleType,), {"__getattr__": ugly, "__repr__": ugly})("odd")
    yield "module that raises", raising
    for name in ("Mock", "MagicMock", "NonCallableMock", "NonCallableMagicMock", "AsyncMock"):
        yield name, getattr(mock, name)()
    yield "Mock with a spec", mock.Mock(spec=Double)
    yield "Mock with a spec of a class", mock.create_autospec(Double)
    yield "sentinel", mock.sentinel.app
    yield "call", mock.call
    yield "any", mock.ANY
    yield "patched", mock.patch("os.path")
    odd = lambda scope: None  # noqa: E731
    odd.__module__ = None
    yield "function without a module", odd
    odd = lambda scope: None  # noqa: E731
    odd.__module__ = object.__new__(build("repr raises", Double))
    odd.__dict__["__wrapped__"] = odd
    yield "function with an odd module that wraps itself", odd
    partial = functools.partial(single)
    partial.__setstate__((partial, (), {}, {}))
    yield "partial of itself", partial
    yield (
        "method of an object that raises",
        types.MethodType(Double.__call__, object.__new__(build("class raises", Double))),
    )
    for value in (
        None,
        5,
        "app",
        b"app",
        [],
        {},
        NotImplemented,
        ...,
        object,
        type,
        super,
        int,
        len,
    ):
        yield repr(value), value
    yield "property", property()
    yield "generator", (number for number in ())
    yield "weak proxy", __import__("weakref").proxy(single)
    yield "dead weak proxy", __import__("weakref").proxy(type("Gone", (), {"__call__": single})())
    yield "deep partial", functools.reduce(lambda app, _: functools.partial(app), range(3000), single)


ZOO = dict(zoo())

FUNCTIONS = [
    classify,
    profile_of,
    is_single_callable,
    is_double_callable,
    to_asgi3,
    to_asgi2,
    guarantee_single_callable,
    guarantee_double_callable,
    double_to_single_callable,
    single_to_double_callable,
    middleware_to_asgi3,
    middleware_to_asgi2,
]
#: What each may raise, by its documentation: DetectionError is a TypeError.
DOCUMENTED = {"profile_of": (), "classify": (), "is_single_callable": (), "is_double_callable": ()}


@pytest.fixture(autouse=True)
def armed():
    RaisingMeta.armed = True
    yield
    RaisingMeta.armed = False


def attempt(function, app):
    """Call a function with an object; give what it returned, or the documented error."""
    try:
        return function(app)
    except DOCUMENTED.get(function.__name__, (DetectionError, TypeError)) as error:
        assert type(error) in (DetectionError, TypeError) and str(error).isprintable()
        frame = error.__traceback__
        while frame.tb_next is not None:
            frame = frame.tb_next
        # Raised by us, on purpose: not a TypeError of Python's that came out of a descriptor.
        assert frame.tb_frame.f_globals["__name__"].startswith("asgi_compat."), error
        assert "descriptor" not in str(error), error
        return error


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("name", ZOO)
def test_hostile_object_raises_documented_errors_only(name, function):
    attempt(function, ZOO[name])


@pytest.mark.parametrize("name", ZOO)
def test_hostile_object_has_a_verdict_with_a_text(name):
    verdict = classify(ZOO[name])
    assert type(verdict.style) is Style and type(verdict.reason) is str
    assert len(repr(verdict)) < 5000


@pytest.mark.parametrize("name", ZOO)
def test_hostile_object_can_be_said_to_be_an_application(name):
    for style in ("single", "double"):
        for convert in (to_asgi3, to_asgi2):
            attempt(lambda app, convert=convert, style=style: convert(app, style=style), ZOO[name])


@pytest.mark.parametrize("version", [None, 5, "", "x", "2.\u00b2", "9" * 5000, "1" + ".1" * 10**5, ugly])
def test_an_odd_version_of_a_known_package_raises_nothing(version, monkeypatch):
    package = types.ModuleType("bareasgi")
    package.__version__ = version
    monkeypatch.setitem(sys.modules, "bareasgi", package)
    kind = type("Application", (Double,), {"__module__": "bareasgi.application"})
    assert profile_of(kind) is None or profile_of(kind).name == "bareasgi-1"
    to_asgi3(kind)


def test_a_package_whose_version_raises_raises_nothing(monkeypatch):
    package = type("Package", (types.ModuleType,), {"__getattribute__": ugly})("bareasgi")
    monkeypatch.setitem(sys.modules, "bareasgi", package)
    kind = type("Application", (Double,), {"__module__": "bareasgi.application"})
    assert profile_of(kind) is None
    monkeypatch.setitem(sys.modules, "bareasgi", None)
    assert profile_of(kind) is None


PROXIES = {
    "wrapt": lambda app: __import__("wrapt").CallableObjectProxy(app),
    "wrapt function": lambda app: __import__("wrapt").FunctionWrapper(
        app, lambda call, _, args, more: call(*args)
    ),
    "werkzeug": lambda app: __import__("werkzeug.local").local.LocalProxy(lambda: app),
    "werkzeug unbound": lambda app: __import__("werkzeug.local").local.LocalProxy(
        __import__("contextvars").ContextVar("none")
    ),
    "lazy-object-proxy": lambda app: __import__("lazy_object_proxy").Proxy(lambda: app),
    "lazy-object-proxy raises": lambda app: __import__("lazy_object_proxy").Proxy(ugly),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("name", PROXIES)
def test_proxy_raises_documented_errors_only(name, function):
    requires.package({"wrapt": "wrapt", "werkzeug": "werkzeug"}.get(name.split()[0], "lazy_object_proxy"))
    for app in (Double, single, Double({})):
        attempt(function, PROXIES[name](app))
