"""Tables, routes and middleware to be applied, each in the shape of the framework that has it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from asgi_compat._detect.routers import added, mapped, routed


async def single(scope: Any, receive: Any, send: Any) -> None: ...


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


def view(request: Any) -> Any:
    return None


class Kept:
    """A router, or a route of one, that stores these attributes."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def test_mapped_of_protocol_type_router_has_the_type_as_path() -> None:
    table = {"http": single, "websocket": double}
    first, second = mapped(Kept(application_mapping=table))
    assert (first.via, first.value, first.path) == (".application_mapping['http']", single, "http")
    assert second.owner is table and second.key == "websocket" and second.kind == "item"


def test_mapped_of_other_table_holds_applications_only() -> None:
    """A dict named `apps` may hold anything; that of a ProtocolTypeRouter holds applications."""
    assert [place.path for place in mapped(Kept(apps={"/": single, "/x": 1, 3: double}))] == ["/", ""]
    assert list(mapped(Kept(apps=[single]))) == []


ROUTES = {
    "mount": (Kept(path="/shop", app=single, endpoint=None), ".routes[0].app", "/shop"),
    "host": (Kept(host="a.example", app=single), ".routes[0].app", "a.example"),
    "path of Django": (Kept(pattern=Kept(_route="chat/"), callback=single), ".routes[0].callback", "chat/"),
    "re_path of Django": (Kept(pattern=Kept(_regex="^ws$"), callback=single), ".routes[0].callback", "^ws$"),
    "function of the scope": (Kept(path="/old", app=view, endpoint=double), ".routes[0].app", "/old"),
    "router included by FastAPI": (
        Kept(original_router=single, include_context=Kept(prefix="/api")),
        ".routes[0].original_router",
        "/api",
    ),
    "included without prefix": (Kept(original_router=single), ".routes[0].original_router", ""),
}


@pytest.mark.parametrize("name", ROUTES)
def test_routed_of_route_gives_place_and_path(name: str) -> None:
    route, via, path = ROUTES[name]
    (place,) = routed(Kept(routes=[route]))
    assert (place.via, place.path, place.owner) == (via, path, route)
    assert place.value is getattr(route, "endpoint", None) or place.value is single


def test_routed_of_view_gives_nothing() -> None:
    """Starlette wraps a function of the request itself, and what it makes of it is not a layer."""
    assert list(routed(Kept(routes=[Kept(path="/", app=single, endpoint=view)]))) == []


def test_routed_of_pairs_gives_the_application_of_each() -> None:
    routes = [("/a", single), ("/b", double)]
    assert [(place.via, place.key) for place in routed(Kept(routes=routes))] == [
        (".routes[0][1]", (0, 1)),
        (".routes[1][1]", (1, 1)),
    ]
    assert list(routed(Kept(routes=tuple(routes)))) == [], "a tuple cannot be given another pair"


def test_routed_of_something_else_named_routes_gives_nothing() -> None:
    assert list(routed(Kept(routes=single))) == [] == list(routed(SimpleNamespace()))


def test_added_of_middleware_to_be_applied_gives_the_classes() -> None:
    (place,) = added(Kept(user_middleware=[Kept(cls=Kept)]))
    assert (place.via, place.value, place.key) == (".user_middleware[0].cls", Kept, "cls")
    assert list(added(Kept(user_middleware=None))) == []
