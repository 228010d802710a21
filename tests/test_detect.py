"""What is it: every specimen is driven, and the detector is held to what the drive shows.

The specimens are data in a package, the calls are in `drive.py`. Three things are asked of each: is its
label true, does the detector know it without touching anything, and do the guarantees make of it what they
promise.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib.util
import inspect
import os
import pickle
import signal
import sys
import types
import warnings
from typing import Any, Callable, Dict, Iterator, List

import pytest
from drive import attempt, dispose, drive_double, drive_factory, drive_single, drive_wsgi, http_scope
from specimens import SPECIMENS, Specimen, double, respond, single

import asgi_compat
from asgi_compat import (
    AdapterError,
    DetectionError,
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
)

APPLICATIONS = (Style.SINGLE, Style.DOUBLE, Style.EITHER)
REFUSED = (Style.FACTORY, Style.WSGI, Style.NOT_AN_APP)


def _can_be_made(specimen: Specimen) -> bool:
    if sys.version_info[:2] < specimen.since:
        return False
    return not specimen.requires or importlib.util.find_spec(specimen.requires) is not None


HERE = [specimen for specimen in SPECIMENS if _can_be_made(specimen)]


def each(*styles: Style) -> pytest.MarkDecorator:
    """Parametrise with the specimens of these styles, or with all of them."""
    chosen = [specimen for specimen in HERE if not styles or specimen.style in styles]
    return pytest.mark.parametrize("specimen", chosen, ids=[specimen.name for specimen in chosen])


@pytest.fixture(scope="module", autouse=True)
def executor_of_asgiref() -> None:
    """Start the thread of asgiref's own executor before the tests count threads: it stays until the end."""
    from asgiref.sync import SyncToAsync

    executor = getattr(SyncToAsync, "single_thread_executor", None)  # asgiref before 3.3 has none
    if executor is not None:
        executor.submit(int).result()


@contextlib.contextmanager
def no_warning() -> Iterator[None]:
    """Nothing warns, in particular nothing "was never awaited", neither now nor when it is collected."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


@contextlib.contextmanager
def made(specimen: Specimen) -> Iterator[Any]:
    """A fresh object of the specimen, closed afterwards where it is a coroutine or a generator."""
    value = specimen.make()
    try:
        yield value
    finally:
        dispose(value)


@contextlib.contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Fail instead of hanging."""

    class Hangs(BaseException):
        pass

    def ring(number: int, frame: Any) -> None:
        raise Hangs(f"still at it after {limit} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---------------------------------------------------------------------------------------------
# The trap: what runs while the detector looks.

_OURS = os.path.dirname(os.path.abspath(asgi_compat.__file__))
_MACHINERY = ("enum.py", "dis.py", "opcode.py", "functools.py", "types.py")


@contextlib.contextmanager
def trap() -> Iterator[List[str]]:
    """Record every Python function entered that is neither ours nor of the interpreter's own machinery.

    The specimens' own code, a mock's ``__getattr__``, a proxy's: none of it may run.
    """
    entered: List[str] = []

    def hook(frame: Any, event: str, argument: Any) -> None:
        if event != "call":
            return
        name = frame.f_code.co_filename
        if name == "<string>" and frame.f_back is not None:
            # What namedtuple and dataclass generate belongs to who calls it.
            name = frame.f_back.f_code.co_filename
        if name.startswith((_OURS, "<frozen")) or os.path.basename(name) in _MACHINERY:
            return
        entered.append(f"{name}:{frame.f_code.co_firstlineno} {frame.f_code.co_name}")

    before = sys.getprofile()
    sys.setprofile(hook)
    try:
        yield entered
    finally:
        sys.setprofile(before)
        # The way out of this context manager is itself a call, in contextlib.
        entered[:] = [
            call for call in entered if "contextlib.py" not in call and "test_detect.py" not in call
        ]


def test_the_trap_sees_a_call() -> None:
    """Were the trap blind, the tests below would prove nothing."""
    app = double()
    with trap() as entered:
        app({"type": "http"})
    assert len(entered) == 1 and entered[0].endswith(" app")


def test_the_trap_sees_an_attribute_that_is_asked_for() -> None:
    """A `__getattr__` that answers is code of the user that ran."""
    from unittest import mock

    asked = mock.Mock()
    with trap() as entered:
        asked._asgi_single_callable
    assert any("__getattr__" in call for call in entered)


# ---------------------------------------------------------------------------------------------
# The data itself.


def test_specimens_are_many_and_unlike() -> None:
    """Names are unique, every style is there, and a reason is given exactly where no answer is."""
    names = [specimen.name for specimen in SPECIMENS]
    assert len(names) == len(set(names)) > 300
    assert {specimen.style for specimen in SPECIMENS} == set(Style)
    assert [s.name for s in SPECIMENS if bool(s.why) is not (s.style is Style.UNKNOWN)] == []


@each()
def test_label_is_true(specimen: Specimen) -> None:
    """The labelled call sends http.response.start, and the other call does not."""
    with no_warning():
        with made(specimen) as app:
            as_single = attempt(drive_single, app)
        with made(specimen) as app:
            as_double = attempt(drive_double, app)
        with made(specimen) as app:
            as_wsgi = drive_wsgi(app)
        style = specimen.style
        if style is Style.UNKNOWN:
            return
        if specimen.tolerated:
            assert not as_single.started and not as_double.started
            with made(specimen) as app:
                assert attempt(drive_single, double_to_single_callable(app)).completed
            return
        assert as_single.completed is (style in (Style.SINGLE, Style.EITHER)), as_single
        assert as_double.completed is (style in (Style.DOUBLE, Style.EITHER)), as_double
        assert as_single.started is as_single.completed and as_double.started is as_double.completed
        assert as_wsgi.completed is (style is Style.WSGI), as_wsgi
        assert bool(as_wsgi.statuses) is as_wsgi.completed


@each(Style.FACTORY)
def test_factory_gives_an_application(specimen: Specimen) -> None:
    """Called without arguments it returns, or its coroutine returns, something that serves."""
    with no_warning(), made(specimen) as factory:
        app = drive_factory(factory)
        assert classify(app).style in APPLICATIONS
        assert attempt(drive_single, guarantee_single_callable(app)).completed


@each(Style.NOT_AN_APP)
def test_not_an_app_is_no_factory_either(specimen: Specimen) -> None:
    """Called without arguments it raises, or what it returns serves nothing."""
    with no_warning(), made(specimen) as value:
        try:
            app = drive_factory(value)
        except Exception:
            return
        try:
            assert not attempt(drive_single, app).started and not attempt(drive_double, app).started
        finally:
            dispose(app)


# ---------------------------------------------------------------------------------------------
# The detector.


@each()
def test_verdict(specimen: Specimen) -> None:
    """The style is the label, in words a person can use, and nothing of the user's ran meanwhile.

    The two questions are views on the verdict, and a second look sees the same.
    """
    with no_warning(), made(specimen) as app:
        with trap() as entered:
            verdict = classify(app)
        assert verdict.style is specimen.style, verdict.reason
        assert isinstance(verdict.reason, str) and verdict.reason.strip()
        assert isinstance(verdict.remedy, str) and verdict.remedy.strip()
        assert specimen.remedy in verdict.remedy
        assert verdict.app is app
        assert entered == []
        style = verdict.style
        assert is_single_callable(app) is (style in (Style.SINGLE, Style.EITHER))
        assert is_double_callable(app) is (style in (Style.DOUBLE, Style.EITHER))
        assert style.is_application is (style in APPLICATIONS)
        assert classify(app).style is style


# ---------------------------------------------------------------------------------------------
# The guarantees on every specimen.


@each(*APPLICATIONS)
def test_guarantee_single_runs_it(specimen: Specimen) -> None:
    """Whatever came in, `await app(scope, receive, send)` serves; what was right is the same object."""
    with no_warning(), made(specimen) as app:
        guaranteed = guarantee_single_callable(app)
        if specimen.style is not Style.DOUBLE:
            assert guaranteed is app
        outcome = attempt(drive_single, guaranteed)
        assert outcome.completed, outcome
        assert classify(guaranteed).style in (Style.SINGLE, Style.EITHER)


@each(*APPLICATIONS)
def test_guarantee_double_runs_it(specimen: Specimen) -> None:
    """Whatever came in, `await app(scope)(receive, send)` serves; what was right is the same object."""
    with no_warning(), made(specimen) as app:
        guaranteed = guarantee_double_callable(app)
        if specimen.style is not Style.SINGLE:
            # What only an adapter can call twice is given in one.
            assert (guaranteed is app) is not specimen.tolerated
        outcome = attempt(drive_double, guaranteed)
        assert outcome.completed, outcome
        assert classify(guaranteed).style in (Style.DOUBLE, Style.EITHER)


@each(*REFUSED)
def test_guarantees_refuse_when_wrapping(specimen: Specimen) -> None:
    """A factory, a WSGI application and what is none are refused at once, with what to do about it."""
    with made(specimen) as app:
        for guarantee in (guarantee_single_callable, guarantee_double_callable):
            with pytest.raises(DetectionError) as caught:
                guarantee(app)
            verdict = classify(app)
            assert caught.value.application is app
            assert caught.value.reason == verdict.reason != ""
            assert caught.value.remedy == verdict.remedy != ""
            assert verdict.remedy in str(caught.value)


@each(Style.UNKNOWN)
@pytest.mark.parametrize(
    "guarantee, drive", [(guarantee_single_callable, drive_single), (guarantee_double_callable, drive_double)]
)
def test_guarantee_of_an_unknown_decides_when_called(
    specimen: Specimen, guarantee: Callable[[Any], Any], drive: Callable[..., Any]
) -> None:
    """An unknown that is an application in truth serves; one that is none ends in an error that says so."""
    with no_warning():
        with made(specimen) as app:
            as_single = attempt(drive_single, app)
        with made(specimen) as app:
            as_double = attempt(drive_double, app)
        with made(specimen) as app:
            guaranteed = guarantee(app)
            first = attempt(drive, guaranteed)
            if specimen.forwards:
                # A body never runs twice, so what it raised is what comes out; a mark makes it serve.
                assert type(first.error) is TypeError and not first.started
                assert attempt(drive, guarantee(mark_double(app))).completed
            elif as_single.completed or as_double.completed:
                assert first.completed, first
                # What was decided is remembered, and stays right.
                assert attempt(drive, guaranteed).completed
            elif first.completed:
                pass  # as a factory that takes anything: what it returns is a tolerated instance
            elif as_single.error is None:
                assert first.error is None and not first.started  # a bare AsyncMock says yes to everything
            else:
                own = {type(as_single.error), type(as_double.error)} - {TypeError}
                assert isinstance(first.error, (DetectionError, AdapterError)) or type(first.error) in own, (
                    first
                )
                if isinstance(first.error, DetectionError):
                    assert first.error.reason and first.error.remedy


# ---------------------------------------------------------------------------------------------
# Remedies that name the mistake.


def module_with(**names: Any) -> types.ModuleType:
    module = types.ModuleType("project.asgi")
    vars(module).update(names)
    return module


def wsgi(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [])
    return [b""]


class Consumer:
    """As of Channels 3 and later."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await respond(send)

    @classmethod
    def as_asgi(cls, **initkwargs: Any) -> Any:
        return cls(**initkwargs)


class Middleware:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.mark.parametrize(
    "value, style, words",
    [
        pytest.param(Consumer, Style.FACTORY, [".as_asgi()"], id="consumer"),
        pytest.param(module_with(app=single()), Style.NOT_AN_APP, ["project.asgi.app"], id="module"),
        pytest.param(
            module_with(application=double()),
            Style.NOT_AN_APP,
            ["project.asgi.application"],
            id="module, application",
        ),
        pytest.param((single(),), Style.NOT_AN_APP, ["comma"], id="tuple"),
        pytest.param(wsgi, Style.WSGI, ["a2wsgi"], id="WSGI"),
        pytest.param(lambda: single(), Style.FACTORY, ["call it"], id="factory"),
        pytest.param(None, Style.NOT_AN_APP, ["return"], id="None"),
        pytest.param(
            "project.asgi:app", Style.NOT_AN_APP, ["import string", "project.asgi:app"], id="string"
        ),
        pytest.param(Middleware, Style.NOT_AN_APP, ["Middleware(app"], id="middleware not applied"),
        pytest.param(double(), Style.DOUBLE, ["guarantee_single_callable"], id="double"),
    ],
)
def test_remedy_names_the_mistake(value: Any, style: Style, words: List[str]) -> None:
    """The remedy is what a colleague would say on seeing it."""
    verdict = classify(value)
    assert verdict.style is style
    for word in words:
        assert word in verdict.remedy


def test_remedy_of_an_unknown_names_the_ways_out() -> None:
    """Who is told that nothing is known is told how to say it."""
    remedy = classify(lambda *args: args).remedy
    assert "mark_single" in remedy and "mark_double" in remedy and "register_unwrapper" in remedy


# ---------------------------------------------------------------------------------------------
# The verdict as an object.


async def importable(scope: Any, receive: Any, send: Any) -> None:
    await respond(send)


def test_verdict_cannot_be_changed() -> None:
    """No field can be set, no field deleted, none added."""
    verdict = classify(importable)
    for name in ("style", "reason", "remedy", "app", "nonsense"):
        with pytest.raises(AttributeError, match=name):
            setattr(verdict, name, None)
        with pytest.raises(AttributeError):
            delattr(verdict, name)
    assert verdict.style is Style.SINGLE


def test_verdict_compares_by_its_fields() -> None:
    """Two looks at one object are equal and hash alike; looks at two objects, or at other things, are not."""
    verdict = classify(importable)
    assert verdict == classify(importable) and hash(verdict) == hash(classify(importable))
    assert verdict != classify(single())
    assert verdict != Verdict(Style.DOUBLE, verdict.reason, verdict.remedy, verdict.app)
    assert verdict != Verdict(verdict.style, "other", verdict.remedy, verdict.app)
    assert verdict != (verdict.style, verdict.reason, verdict.remedy, verdict.app)
    assert len({verdict, classify(importable)}) == 1
    assert hash(classify([])) == hash(classify([]))  # of an application that has no hash


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_verdict_pickles(protocol: int) -> None:
    """It goes to another process and is equal there."""
    verdict = classify(importable)
    again = pickle.loads(pickle.dumps(verdict, protocol))
    assert again == verdict and again.style is Style.SINGLE and again.app is importable


def test_verdict_reads_well() -> None:
    """The repr has the style, the reason and the remedy."""
    verdict = classify(wsgi)
    assert repr(verdict).startswith("<Verdict WSGI: ")
    assert verdict.reason in repr(verdict) and verdict.remedy in repr(verdict)


def test_style_knows_the_applications() -> None:
    """Exactly the three styles that a server can call are applications."""
    assert [style for style in Style if style.is_application] == list(APPLICATIONS)


# ---------------------------------------------------------------------------------------------
# Marks.


def any_arguments(*args: Any) -> Any:
    """Nothing but a mark tells what this wants."""
    raise AssertionError("an application is never called to find out what it is")


@pytest.mark.parametrize("mark, style", [(mark_single, Style.SINGLE), (mark_double, Style.DOUBLE)])
def test_mark_decides_what_nothing_else_does(mark: Callable[[Any], Any], style: Style) -> None:
    """The marked object is the same object, and asgiref reads the mark as we do."""
    import asgiref.compatibility

    asgirefs: Any = asgiref.compatibility.is_double_callable

    def app(*args: Any) -> None: ...

    assert classify(app).style is Style.UNKNOWN
    assert mark(app) is app
    assert classify(app).style is style
    assert asgirefs(app) is (style is Style.DOUBLE)


def test_last_mark_counts() -> None:
    """Marking again takes the first mark back."""

    def app(*args: Any) -> None: ...

    assert classify(mark_double(mark_single(app))).style is Style.DOUBLE
    assert classify(mark_single(app)).style is Style.SINGLE


def test_mark_on_a_class_and_on_an_instance() -> None:
    """A class can be marked, its instances too, and neither mark speaks of the other."""

    class App:
        def __init__(self, *args: Any) -> None: ...

        def __call__(self, *args: Any) -> None: ...

    instance = App()
    assert classify(mark_single(instance)).style is Style.SINGLE
    assert classify(App()).style is Style.UNKNOWN
    assert classify(mark_double(App)).style is Style.DOUBLE


class NoAttributes:
    __slots__ = ()

    def __call__(self, *args: Any) -> None: ...

    def method(self, *args: Any) -> None: ...


class Frozen:
    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("frozen")

    def __call__(self, *args: Any) -> None: ...


@pytest.mark.parametrize("mark", [mark_single, mark_double])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(object(), id="object"),
        pytest.param(None, id="None"),
        pytest.param(print, id="builtin"),
        pytest.param(dict, id="builtin class"),
        pytest.param((), id="tuple"),
        pytest.param(NoAttributes(), id="slots"),
        pytest.param(NoAttributes().method, id="bound method"),
        pytest.param(Frozen(), id="frozen"),
    ],
)
def test_mark_of_what_takes_no_attributes(mark: Callable[[Any], Any], value: Any) -> None:
    """It cannot be marked, and the error says what to do instead."""
    with pytest.raises(DetectionError) as caught:
        mark(value)
    assert caught.value.application is value
    assert caught.value.reason and caught.value.remedy
    assert isinstance(caught.value, TypeError)


def test_mark_works_as_a_decorator() -> None:
    """The example of the documentation."""

    @mark_single
    def app(*args: Any) -> Any:
        return respond(args[2])

    assert attempt(drive_single, guarantee_single_callable(app)).completed
    assert attempt(drive_double, guarantee_double_callable(app)).completed


# ---------------------------------------------------------------------------------------------
# Wrappers that are registered.


def wrapper_class() -> Any:
    """A wrapper that hides what it calls: nothing of what it holds is the application itself."""

    class Traced:
        def __init__(self, target: Any) -> None:
            self.held = [target]

        def __call__(self, *args: Any) -> Any:
            return self.held[0](*args)

    return Traced


def test_registered_wrapper_is_looked_through() -> None:
    """Once taught, the detector sees what the wrapper calls; subclasses of the wrapper count."""
    Traced = wrapper_class()
    assert classify(Traced(double())).style is Style.UNKNOWN
    register_unwrapper(Traced, lambda traced: traced.held[0])
    assert classify(Traced(double())).style is Style.DOUBLE
    assert classify(Traced(single())).style is Style.SINGLE
    assert classify(Traced(wsgi)).style is Style.WSGI
    assert classify(Traced(Traced(double()))).style is Style.DOUBLE
    assert classify(type("Sub", (Traced,), {})(single())).style is Style.SINGLE
    assert attempt(drive_single, guarantee_single_callable(Traced(double()))).completed


def test_registering_again_replaces() -> None:
    """The last unwrapper of a class is the one that is asked."""
    Traced = wrapper_class()
    register_unwrapper(Traced, lambda traced: double())
    register_unwrapper(Traced, lambda traced: traced.held[0])
    assert classify(Traced(single())).style is Style.SINGLE


def test_registered_wrapper_of_a_subclass_wins() -> None:
    """The most derived class that is registered is asked, as with methods."""
    Traced = wrapper_class()
    Sub = type("Sub", (Traced,), {})
    register_unwrapper(Sub, lambda traced: double())
    register_unwrapper(Traced, lambda traced: single())
    assert classify(Sub(None)).style is Style.DOUBLE
    assert classify(Traced(None)).style is Style.SINGLE


def test_unwrapper_that_raises_makes_it_unknown() -> None:
    """A broken unwrapper breaks nothing else."""
    Traced = wrapper_class()
    register_unwrapper(Traced, lambda traced: traced.nonsense)
    assert classify(Traced(double())).style is Style.UNKNOWN


def test_unwrapper_that_returns_the_wrapper_ends() -> None:
    """A wrapper that unwraps to itself is no reason to hang."""
    Traced = wrapper_class()
    register_unwrapper(Traced, lambda traced: traced)
    with seconds(5):
        assert classify(Traced(double())).style is Style.UNKNOWN


@pytest.mark.parametrize(
    "arguments", [(single(), len), (Middleware, None), ("Middleware", len), (Middleware, "app")]
)
def test_register_unwrapper_wants_a_class_and_a_function(arguments: Any) -> None:
    """A mistake in the registration is told at once."""
    with pytest.raises(TypeError):
        register_unwrapper(*arguments)


# ---------------------------------------------------------------------------------------------
# Hostile objects: looking never raises and never hangs.


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
def test_hostile_application_is_seen_for_what_it_is(name: str) -> None:
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
def test_hostile_object_that_is_no_application(name: str) -> None:
    """It is refused in the ordinary way, with an error that can be read."""
    value = HOSTILE_OTHERS[name]()
    with seconds(5):
        verdict = classify(value)
        assert verdict.style is Style.NOT_AN_APP, verdict.reason
        for guarantee in (guarantee_single_callable, guarantee_double_callable, double_to_single_callable):
            with pytest.raises(DetectionError) as caught:
                guarantee(value)
            assert str(caught.value)


def test_hostile_class_itself() -> None:
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
def test_cycles_end(make: Callable[[], Any]) -> None:
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
def test_depth_is_survived(build: Callable[[Any], Any], make: Callable[[], Any]) -> None:
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


def test_deep_inheritance_is_survived() -> None:
    """A class at the end of a long line is a class."""
    cls: Any = type(
        "App", (), {"__init__": lambda self, scope: None, "__call__": lambda self, receive, send: None}
    )
    for _ in range(200):
        cls = type("App", (cls,), {})
    with seconds(5):
        assert classify(cls).style is Style.DOUBLE


def test_a_name_that_is_no_string_is_survived() -> None:
    """Dictionaries of functions and instances may hold anything."""

    def app(*args: Any, **kwargs: Any) -> None: ...

    app.__dict__["_asgi_single_callable"] = hostile("__bool__")()
    with seconds(5):
        assert classify(app).style in (Style.UNKNOWN, Style.SINGLE)


def test_unequal_to_everything_is_survived() -> None:
    """The mark's value is never compared, and the verdict of a hostile object can be shown."""
    app = hostile("__repr__", **CALL)()
    assert repr(classify(app)).startswith("<Verdict SINGLE")


# ---------------------------------------------------------------------------------------------
# The driver's own honesty.


def test_driver_tells_a_wrong_call_from_a_failing_application() -> None:
    """What the application raises comes out as it is; what cannot be awaited or called is a WrongShape."""

    async def failing(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise Rage

    outcome = attempt(drive_single, failing)
    assert isinstance(outcome.error, Rage) and outcome.started and not outcome.completed
    with pytest.raises(Rage):
        drive_single(failing)
    with no_warning():
        assert type(attempt(drive_double, single()).error) is TypeError
        assert type(attempt(drive_single, double()).error) is TypeError
        assert type(attempt(drive_double, lambda *args: respond(None)).error).__name__ == "WrongShape"
        assert type(attempt(drive_single, lambda *args: None).error).__name__ == "WrongShape"


def test_driver_gives_up_on_what_never_ends() -> None:
    """Two seconds are the guard."""
    import asyncio

    async def forever(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    with seconds(10):
        assert isinstance(attempt(drive_single, forever).error, asyncio.TimeoutError)


def test_driver_takes_another_scope() -> None:
    """The scope that is passed is the scope that arrives."""
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    scope = http_scope(path="/x")
    drive_single(app, scope=scope)
    assert seen == [scope] and seen[0] is scope


def test_any_arguments_was_never_called() -> None:
    """Looking, asking and guaranteeing call nothing."""
    classify(any_arguments)
    is_single_callable(any_arguments)
    is_double_callable(any_arguments)
    assert inspect.isfunction(any_arguments)
    assert callable(guarantee_single_callable(any_arguments))
    assert callable(guarantee_double_callable(any_arguments))


def _raises(scope):
    raise ValueError("no")


def _raises_or_returns_nothing(scope):
    if scope:
        raise ValueError("no")


def _catches(scope):
    try:
        raise ValueError("no")
    except ValueError:
        pass


def test_what_always_raises_does_not_return_nothing():
    """Up to Python 3.9 the bytecode ends in a `return None` that is never reached."""
    assert classify(_raises).style is Style.DOUBLE
    assert classify(_raises_or_returns_nothing).style is Style.NOT_AN_APP
    assert classify(_catches).style is Style.NOT_AN_APP
