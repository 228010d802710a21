"""Serve one connection, in both directions."""

from __future__ import annotations

from sys import modules

from .._connections import (
    ANY_LENGTH,
    DONE,
    NEW,
    NO_BODY,
    Lifespan,
    OldHttp,
    WebSocket,
    in_this_context,
    is_head,
)
from .._errors import ServerMessageError
from .._messages import specification
from .._messages.events import announced
from .._text import describe
from .startup import mark_started_by_server, with_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from .engine import CompiledApplication


def read_scope_type(scope: Any) -> str:
    """Return the type of a scope. Raises `ServerMessageError`."""
    try:
        kind = scope["type"]
    except Exception:
        kind = None
    if not issubclass(type(kind), str):
        raise ServerMessageError(
            f"a scope is a dict with a type, a str; the server gave {describe(scope)}",
            field="type",
            got=scope,
        )
    return kind  # type: ignore[no-any-return]


def is_of_daphne(scope: Any) -> bool:
    """Whether the scope is one of daphne's: no spec_version, and a client that is a list (A41).

    daphne says ``{"version": "3.0"}``. Starlette's TestClient of 2019 has a list, and says nothing.
    """
    about = scope.get("asgi")
    return type(scope.get("client")) is list and type(about) is dict and "spec_version" not in about


async def serve_old(engine: CompiledApplication, scope: Any, receive: Any, send: Any) -> Any:
    """One connection of a new server for an old application: direction A."""
    try:
        kind = scope["type"]
        given = engine.scopes[kind](scope)
    except Exception:
        if read_scope_type(scope) in engine.scopes:
            raise
        return await engine.call(scope, receive, send)
    if kind == "http":
        policy = engine.policy
        connection: Any = policy.exchange()
        connection.policy = policy
        connection.scope = given
        connection._receive = receive
        connection._send = send
        connection.state = NEW
        connection.length = ANY_LENGTH
        connection.end = DONE
        connection.held = connection.gone = connection.turn = None
        method = given.get("method")
        if (method == "HEAD" if type(method) is str else is_head(given)) and policy.bodiless:
            connection.length = NO_BODY
        if policy.keeps_context and "asgiref.sync" in modules:
            connection._receive, connection._send = in_this_context(receive, send)
    elif kind == "websocket":
        connection = WebSocket(engine.policy, given, receive, send)
        if "A35" in engine.plan.rules and is_of_daphne(scope):
            connection.lacks = "codes"
    else:
        return await Lifespan(engine.policy, given, receive, send, engine.lifespan).run(engine.live)
    size = len(given)
    try:
        result = await engine.invoke(engine.app, given, connection.receive, connection.send)
        if connection.state != DONE:
            await connection.finish()
    except BaseException as error:
        if len(given) != size:
            copy_new_keys_back(given, size, scope)
        await connection.failed(error, is_of_daphne(scope))
        raise
    if len(given) != size:
        copy_new_keys_back(given, size, scope)
    return None if engine.discards else result


def copy_new_keys_back(given: Dict[str, Any], size: int, scope: Any) -> None:
    """Put what the application has added to its copy of the scope into the one that it was made of.

    Frameworks write ``endpoint`` or ``path_params`` there, and agents outside read them afterwards. A
    dict keeps its order: what was added comes after the first ``size`` keys.
    """
    if given is not scope and issubclass(type(scope), dict):
        for key in list(given)[size:]:
            scope.setdefault(key, given[key])


async def serve_new(engine: CompiledApplication, scope: Any, receive: Any, send: Any) -> Any:
    """One connection of an old server for a new application: direction B."""
    kind = read_scope_type(scope)
    if kind not in engine.scopes:
        return await engine.call(scope, receive, send)
    alive = engine.plan.rules
    given = engine.scopes[kind](scope)
    if kind == "lifespan":
        if "B36" in alive and not issubclass(type(given.get("state")), dict):
            made: Dict[str, Any] = {}
            engine.state = made
            given = {**given, "state": made}
        if engine.plan.quirks.lazy_lifespan:
            mark_started_by_server(engine)
        life = Lifespan(engine.policy, given, receive, send, engine.lifespan)
        return await life.run(engine.live)
    given = await with_state(engine, given)
    if kind == "http":
        connection: Any = OldHttp()
        connection.policy = engine.policy
        connection.scope = given
        connection._receive = receive
        connection._send = send
        connection.state = NEW
        connection.length = NO_BODY if is_head(given) and "B20" in alive else ANY_LENGTH
        connection.end = DONE
        connection.held = connection.gone = connection.turn = None
    else:
        connection = WebSocket(engine.policy, given, receive, send)
        if not announced(specification.DENIAL + ".start", scope):
            connection.lacks = "denial"
    size = len(given)
    try:
        result = await engine.call(given, connection.receive, connection.send)
        if connection.state != DONE:
            await connection.finish()
    except BaseException as error:
        if len(given) != size:
            copy_new_keys_back(given, size, scope)
        await connection.failed(error, False)
        raise
    if len(given) != size:
        copy_new_keys_back(given, size, scope)
    return None if engine.discards else result
