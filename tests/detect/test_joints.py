"""`wrong_joints`: which layer calls which the wrong way, and the line to write."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from convert import mixed

from asgi_compat import middleware_to_asgi3, to_asgi2, to_asgi3
from asgi_compat._detect.joints import lacks_http, lines, slashed_routes, wrong_joints


def site(*middleware: Any, app: Any = mixed.current) -> Any:
    return mixed.Site([mixed.Mount("/", app)], [mixed.Entry(each) for each in middleware])


WRONG: Dict[str, Any] = {
    "old around current": (
        lambda: mixed.HandsOn(mixed.current),
        ["HandsOn.inner is called with the scope, and current takes (scope, receive, send): "
         "write middleware_to_asgi3(HandsOn)(current)"],
    ),
    "partial": (lambda: mixed.WithPartial(mixed.Current(mixed.current)), [
        "WithPartial.app is called with the scope, and Current takes (scope, receive, send): "
        "write middleware_to_asgi3(WithPartial)(Current)"]),
    "instance": (lambda: mixed.WithInstance(mixed.current), [
        "WithInstance.inner is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(WithInstance)(current)"]),
    "closure": (lambda: mixed.closure(mixed.current), [
        "closure closure app is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(closure)(current)"]),
    "name of its own": (lambda: mixed.OddName(mixed.current), [
        "OddName.site is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(OddName)(current)"]),
    "table": (lambda: mixed.ByPath({"/": mixed.current, "/old": mixed.old}), [
        "ByPath.apps['/'] is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(ByPath)(current)"]),
    "variable": (lambda: mixed.by_variable, [
        "by_variable variable chosen is called with the scope, and Current takes (scope, receive, send): "
        "write guarantee_double_callable(chosen)(scope)"]),
    "entry of a variable": (lambda: mixed.by_variable_table, [
        "by_variable_table variable table['/'] is called with the scope, and current takes "
        "(scope, receive, send): write guarantee_double_callable(table['/'])(scope)"]),
    "pairs by a local variable": (lambda: mixed.by_variable_pairs, [
        "by_variable_pairs variable pairs[0][1] is called with the scope, and current takes "
        "(scope, receive, send): write guarantee_double_callable(pairs[0][1])(scope)"]),
    "decorator": (lambda: mixed.copying(mixed.Framework()), [
        "copying closure inner is called with the scope, and Framework takes (scope, receive, send): "
        "write middleware_to_asgi3(copying)(Framework)"]),
    "class in a function": (lambda: mixed.stack_in_class(mixed.current), [
        "stack_in_class closure inner is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(stack_in_class)(current)"]),
    "variable called with three": (lambda: mixed.single_by_variable, [
        "single_by_variable variable chosen_old is called with (scope, receive, send), and HandsOn takes the "
        "scope: write to_asgi3(chosen_old)"]),
    "mapping": (lambda: mixed.ByMapping({"/": mixed.current, "/old": mixed.old}), [
        "ByMapping.mapping['/'] is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(ByMapping)(current)"]),
    "current around old": (lambda: mixed.Current(mixed.old), [
        "Current.app is called with (scope, receive, send), and old takes the scope: write to_asgi3(old)"]),
    "half back": (lambda: mixed.HalfBack(mixed.current), [
        "HalfBack.app is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(HalfBack)(current)"]),
    "router": (lambda: mixed.ProtocolTypeRouter({"http": mixed.HandsOn(mixed.current)}), [
        "ProtocolTypeRouter.application_mapping['http'] is called with (scope, receive, send), and HandsOn "
        "takes the scope: write middleware_to_asgi3(HandsOn)(current)",
        "HandsOn.inner is called with the scope, and current takes (scope, receive, send): "
        "write middleware_to_asgi3(HandsOn)(current)"]),
    "consumer": (lambda: mixed.URLRouter([mixed.Pattern("/", mixed.Consumer)]), [
        "URLRouter.routes[0].callback is Consumer, a class of consumers: write Consumer.as_asgi()"]),
    "mount": (lambda: site(app=mixed.old), [
        "Site.routes[0].app is called with (scope, receive, send), and old takes the scope: "
        "write to_asgi3(old)"]),
    "middleware to come": (lambda: site(mixed.HandsOn, mixed.Current, mixed.closure), [
        "Site.user_middleware[0].cls is HandsOn, a middleware of ASGI2: "
        "write Middleware(middleware_to_asgi3(HandsOn))",
        "Site.user_middleware[2].cls is closure, a middleware of ASGI2: "
        "write Middleware(middleware_to_asgi3(closure))"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_joints_are_named_with_the_line_to_write(name: str) -> None:
    make, expected = WRONG[name]
    assert list(lines(wrong_joints(make()))) == expected


def decides(app: Any) -> Any:
    """As asgiref's adapters, and agents that serve both generations."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await app(scope)(receive, send)

    return wrapped


class Asks:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from asgiref.compatibility import guarantee_single_callable as adapt

        handler = self.app
        await adapt(handler)(scope, receive, send)


class Forks:
    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, scope: Any, receive: Any = None, send: Any = None) -> Any:
        return self.app(scope) if receive is None else self.app(scope, receive, send)


RIGHT: Dict[str, Any] = {
    "current": lambda: mixed.Current(mixed.Current(mixed.current)),
    "old": lambda: mixed.HandsOn(mixed.WithInstance(mixed.closure(mixed.old))),
    "adapter": lambda: mixed.Current(to_asgi3(mixed.HandsOn(mixed.old))),
    "adapter of asgiref": lambda: mixed.Current(decides(mixed.old)),
    "adapted middleware": lambda: mixed.Current(middleware_to_asgi3(mixed.HandsOn)(mixed.current)),
    "other direction": lambda: mixed.HandsOn(to_asgi2(mixed.current)),
    "asks for the style": lambda: Asks(mixed.old),
    "forks": lambda: Forks(mixed.old),
    "consumer with as_asgi": lambda: mixed.URLRouter([mixed.Pattern("/", mixed.Consumer.as_asgi())]),
    "function of a request": lambda: mixed.Site([mixed.Route("/", lambda request: None)], []),
    "current middleware to come": lambda: site(mixed.Current, middleware_to_asgi3(mixed.HandsOn)),
    "no stack": lambda: mixed.old,
    "nothing": lambda: None,
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_joints_are_not_named(name: str) -> None:
    joints: List[Any] = wrong_joints(RIGHT[name]())
    assert joints == []


@pytest.mark.parametrize(
    "module, mapping, lacks",
    [
        ("channels.routing", {"websocket": mixed.current}, True),
        ("channels.routing", {"http": mixed.current}, False),
        ("mine.routing", {"websocket": mixed.current}, False),
        ("channels.routing", None, False),
    ],
)
def test_lacks_http_router_of_channels_is_seen_inside(module: str, mapping: Any, lacks: bool) -> None:
    """By its name, its module and its mapping; a middleware around it changes nothing."""
    kind = type("ProtocolTypeRouter", (), {"__module__": module, "__call__": mixed.Current.__call__})
    router: Any = kind()
    router.application_mapping = mapping
    assert lacks_http(router) is lacks
    assert lacks_http(mixed.Current(router)) is lacks


class RoutePattern:
    def __init__(self, route):
        self._route = route


class RegexPattern:
    def __init__(self, regex):
        self._regex = regex


@pytest.mark.parametrize(
    "pattern, instead",
    [
        (RoutePattern("/ws/chat/"), "'ws/chat/'"),
        (RegexPattern("^/ws/$"), "'^ws/$'"),
        (RoutePattern("ws/chat/"), ""),
        (RegexPattern(r"^ws/(?P<room>[^/]+)/$"), ""),
        (object(), ""),
    ],
)
def test_slashed_routes_of_channels_are_told(pattern, instead):
    """URLRouter takes the first slash off the path before it matches."""
    route = mixed.Pattern("ws", mixed.current)
    route.pattern = pattern
    found = list(slashed_routes(mixed.Current(mixed.URLRouter([route]))))
    assert [f"write {instead}" in line for line in found] == ([True] if instead else [])
