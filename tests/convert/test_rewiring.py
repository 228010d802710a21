"""`to_asgi3(app, rewire=True)`: mixed stacks answer, and are as they were after `undo`."""

from __future__ import annotations

import asyncio
import functools
import logging
import pickle
from typing import Any, Callable, Dict, List, Tuple

import pytest

from asgi_compat import Quirks, to_asgi2, to_asgi3
from convert import mixed


def get(app: Any, path: str = "/") -> str:
    sent: List[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "asgi": {"version": "3.0"}}
    asyncio.run(app(scope, receive, send))
    return b"".join(event.get("body", b"") for event in sent).decode()


def site(*middleware: Any, app: Any = mixed.current) -> Any:
    return mixed.Site([mixed.Mount("/", app)], [mixed.Entry(each) for each in middleware])


def deep() -> Any:
    """Every kind of joint in one stack."""
    inner = mixed.URLRouter([mixed.Pattern("/", mixed.Consumer), mixed.Pattern("/old", mixed.old)])
    stack = mixed.WithPartial(mixed.WithInstance(mixed.Current(mixed.closure(inner))))
    return mixed.HandsOn(mixed.ProtocolTypeRouter({"http": stack}))


STACKS: Dict[str, Tuple[Callable[[], Any], str]] = {
    "old around current": (lambda: mixed.HandsOn(mixed.current), "old current"),
    "two old": (lambda: mixed.HandsOn(mixed.WithPartial(mixed.current)), "old partial current"),
    "instance": (lambda: mixed.WithInstance(mixed.current), "instance current"),
    "closure": (lambda: mixed.closure(mixed.current), "closure current"),
    "name of its own": (lambda: mixed.OddName(mixed.current), "odd current"),
    "table": (lambda: mixed.ByPath({"/": mixed.current}), "current"),
    "closure of a closure": (lambda: mixed.in_function(mixed.current), "function current"),
    "partial": (lambda: functools.partial(mixed.bound, mixed.current), "bound current"),
    "pairs": (lambda: mixed.ByPrefix([("/", mixed.current)], None), "current"),
    "the rest": (lambda: mixed.ByPrefix([("/x", mixed.old)], mixed.current), "current"),
    "route": (lambda: mixed.Site([mixed.Route("/", mixed.old)], []), "old"),
    "current around old": (lambda: mixed.Current(mixed.old), "new old"),
    "both": (lambda: mixed.Current(mixed.HandsOn(mixed.current)), "new old current"),
    "half back": (lambda: mixed.HalfBack(mixed.current), "half current"),
    "router": (lambda: mixed.ProtocolTypeRouter({"http": mixed.HandsOn(mixed.current)}), "old current"),
    "consumer": (lambda: mixed.URLRouter([mixed.Pattern("/", mixed.Consumer)]), "consumer current"),
    "consumer in old": (lambda: mixed.HandsOn(mixed.Consumer), "old consumer current"),
    "mount": (lambda: site(app=mixed.old), "old"),
    "mount of a stack": (lambda: site(app=mixed.WithPartial(mixed.current)), "partial current"),
    "middleware to come": (
        lambda: site(mixed.HandsOn, mixed.Current, mixed.closure), "old new closure current"),
    "deep": (deep, "old partial instance new closure consumer current"),
    "variable": (lambda: mixed.by_variable, "variable new current"),
    "variable in an instance": (lambda: mixed.ByVariable, "instance new current"),
    "table that is a variable": (lambda: mixed.by_variable_table, "current"),
    "table by a local variable": (lambda: mixed.by_variable_get, "current"),
    "pairs by a local variable": (lambda: mixed.by_variable_pairs, "current"),
    "decorator": (lambda: mixed.copying(mixed.Framework()), "copy new current"),
    "class in a function": (lambda: mixed.stack_in_class(mixed.current), "class current"),
    "variable called with three": (lambda: mixed.single_by_variable, "old old"),
    "table of another name": (lambda: mixed.ByMapping({"/": mixed.current}), "current"),
    "nothing to do": (lambda: mixed.Current(mixed.current), "new current"),
}  # fmt: skip


@pytest.mark.parametrize("name", STACKS)
def test_rewired_stack_answers(name: str) -> None:
    make, expected = STACKS[name]
    app: Any = to_asgi3(make(), rewire=True)
    assert get(app) == expected
    assert bool(app.rewiring.lines) is (name != "nothing to do")
    app.rewiring.undo()  # variables of `mixed` are for all tests


@pytest.mark.parametrize("name", [name for name in STACKS if name != "nothing to do"])
def test_stack_that_is_not_rewired_fails(name: str) -> None:
    """The test above can fail."""
    with pytest.raises(TypeError):
        get(to_asgi3(STACKS[name][0]()))


def test_rewired_consumer_class_gets_as_asgi() -> None:
    app: Any = to_asgi3(mixed.Consumer, rewire=True)  # type: ignore[arg-type]
    assert get(app) == "consumer current"
    assert app.rewiring.lines == ["Consumer, a class of consumers: write Consumer.as_asgi()"]


def test_rewired_stack_serves_both_of_its_routes() -> None:
    assert get(to_asgi3(deep(), rewire=True), "/old") == "old partial instance new closure old"


@pytest.mark.parametrize("style", ["double", None])
def test_rewired_stack_may_be_of_a_given_style(style: Any) -> None:
    assert get(to_asgi3(mixed.HandsOn(mixed.current), style=style, rewire=True)) == "old current"


def test_rewired_stack_for_an_old_server() -> None:
    app = to_asgi2(mixed.HandsOn(mixed.current), rewire=True)
    assert get(lambda scope, receive, send: app(scope)(receive, send)) == "old current"


def test_rewired_old_application_has_its_quirks() -> None:
    def shows_type(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            body = (await receive())["type"].encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})

        return instance

    quirks = Quirks(request_type="http.request.body")
    assert get(to_asgi3(site(app=shows_type), rewire=True, quirks=quirks)) == "http.request.body"


def stored(value: Any) -> Any:
    """What an object of the tests stores, all the way down."""
    if isinstance(value, (list, tuple)):
        return [stored(each) for each in value]
    if isinstance(value, dict):
        return {key: stored(each) for key, each in value.items()}
    if type(value) is functools.partial:
        return stored([value.func, value.args, value.keywords])
    if "by_variable" in getattr(value, "__name__", "").lower().replace("byv", "by_v"):
        return stored([mixed.chosen, mixed.chosen_old, mixed.table, mixed.pairs])
    if getattr(value, "__name__", "") == "Stack":
        value = value.__init__
    if getattr(value, "__closure__", None):
        return [stored(cell.cell_contents) for cell in value.__closure__]
    if type(value).__module__ == mixed.__name__:
        return type(value), stored(vars(value))
    return value


@pytest.mark.parametrize("name", STACKS)
def test_rewiring_undone_leaves_the_stack_as_it_was(name: str) -> None:
    app = STACKS[name][0]()
    before = stored(app)
    adapted: Any = to_asgi3(app, rewire=True)
    assert (stored(app) != before) is (name != "nothing to do")
    adapted.rewiring.undo()
    assert stored(app) == before
    adapted.rewiring.undo()
    assert stored(app) == before


def test_rewired_variable_has_the_attributes_of_what_was_there() -> None:
    before, mixed.chosen.debug = mixed.chosen, "on"
    adapted: Any = to_asgi3(mixed.by_variable, rewire=True)
    assert mixed.chosen is not before and mixed.chosen.debug == "on"
    assert not hasattr(mixed.chosen, "other")
    adapted.rewiring.undo()
    assert mixed.chosen is before
    del before.debug


def test_rewiring_reads_no_code_of_installed_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    code = mixed.by_variable.__code__
    monkeypatch.setattr(
        mixed.by_variable, "__code__", code.replace(co_filename="/x/site-packages/framework/routing.py")
    )
    adapted: Any = to_asgi3(mixed.by_variable, rewire=True)
    assert adapted.rewiring.lines == []


def test_old_application_that_calls_a_current_variable_rightly_keeps_its_repairs() -> None:
    """It is no middleware: what it sends itself is repaired as that of any old application."""
    app: Any = to_asgi3(mixed.CallsRightly, rewire=True)
    assert app.rewiring.lines == [] and get(app) == "content of 2017"


def test_rewiring_undone_leaves_what_others_have_put_there() -> None:
    app = mixed.HandsOn(mixed.current)
    adapted: Any = to_asgi3(app, rewire=True)
    app.inner = "another"
    adapted.rewiring.undo()
    assert app.inner == "another"


class OfClass(mixed.HandsOn):
    inner = mixed.Current(mixed.current)

    def __init__(self) -> None:
        self.name = "class"


def test_rewiring_leaves_classes_alone() -> None:
    """What a class keeps is replaced for the object, and the class has its own."""
    app, other = OfClass(), OfClass()
    kept = OfClass.inner
    adapted: Any = to_asgi3(app, rewire=True)
    assert get(adapted) == "class new current"
    assert OfClass.inner is kept is other.inner is not app.inner
    adapted.rewiring.undo()
    assert vars(app) == {"name": "class"}


def test_rewired_adapter_is_an_ordinary_object() -> None:
    adapted: Any = to_asgi3(mixed.Current(mixed.HandsOn(mixed.current)), rewire=True)
    assert get(pickle.loads(pickle.dumps(adapted))) == "new old current"
    assert to_asgi3(adapted, rewire=True) is adapted and to_asgi3(adapted) is adapted
    assert "rewire=True" in repr(adapted) and "2 replaced" in repr(adapted.rewiring)
    plain: Any = to_asgi3(mixed.current)
    assert plain.rewiring is None


def test_rewiring_is_on_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "asgi_compat"):
        to_asgi3(mixed.HandsOn(mixed.current), rewire=True)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("rewired: HandsOn.inner is called with the scope")


def test_wrong_joint_is_reported_when_it_is_wrapped(caplog: pytest.LogCaptureFixture) -> None:
    app = mixed.Current(mixed.HandsOn(mixed.current))
    before = stored(app)
    to_asgi3(app)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2 and all("middleware_to_asgi3(HandsOn)(current)" in line for line in lines)
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert stored(app) == before


def test_right_stack_has_nothing_on_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "asgi_compat"):
        to_asgi3(mixed.Current(mixed.current))
        to_asgi3(mixed.HandsOn(mixed.old), rewire=True)
    assert caplog.records == []
