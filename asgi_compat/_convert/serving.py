"""Serve one connection: open it, call the application, close it. One function for both directions."""

from __future__ import annotations

from .._connections import DONE, LifespanSession, run_lifespan
from .._errors import ServerMessageError
from .._text import describe
from .startup import prepare_connection, prepare_lifespan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import Receive, Scope, Send
    from .engine import CompiledApplication


async def serve(compiled: CompiledApplication, scope: Scope, receive: Receive, send: Send) -> object:
    """Serve one connection of a server for an application, in the direction that was compiled.

    Everything that closing raises is treated like an exception of the application: what is on its way is
    finished if a rule says so (A41, A44, A45), and the exception is raised.
    """
    hosts = compiled.hosts
    owner = getattr(receive, "__self__", None)
    host = hosts.by_class.get(owner.__class__)
    if host is None:
        host = hosts.find(scope, receive, send)
    elif host.keeper is not None and getattr(owner, host.keeper, None) is not scope:
        host = hosts.unknown  # something in between has given another scope
    try:
        kind = scope["type"]
        given = host.scopes[kind](scope)
    except Exception:
        if read_scope_type(scope) in host.scopes:
            raise
        return await compiled.call(scope, receive, send)  # another protocol: nothing is known about it
    session = compiled.sessions[kind]
    if session is None:
        given = prepare_lifespan(compiled, given)
        lifespan = LifespanSession(host.policy, given, receive, send, compiled.lifespan)
        await run_lifespan(lifespan, compiled.lifespan_call)
        return None
    if compiled.prepares:
        given = await prepare_connection(compiled, given)
    connection = session(host.policy, given, receive, send, scope)
    size = len(given)
    try:
        result = await compiled.invoke(compiled.app, given, connection.receive, connection.send)
        if connection.state != DONE:
            await connection.close(result)
    except BaseException as error:
        copy_new_keys_back(given, size, scope)
        compiled.note_error(error)
        await connection.close_after_error(error, scope)
        raise
    if len(given) != size:
        copy_new_keys_back(given, size, scope)
    return None if compiled.discards else result


def read_scope_type(scope: Scope) -> str:
    """Return the type of a scope. Raises `ServerMessageError`."""
    try:
        kind = scope["type"]
    except Exception:
        kind = None
    if not issubclass(type(kind), str):
        raise ServerMessageError(
            f"scope: got {describe(scope)}, expected a dict with a type, a str; the server gave it",
            field="type",
            got=scope,
        )
    return kind  # type: ignore[no-any-return]


def copy_new_keys_back(given: Scope, size: int, scope: Scope) -> None:
    """Copy keys that the application added to its copy of the scope back to the server's scope.

    Frameworks write ``endpoint`` or ``path_params`` there, and agents outside read them afterwards.
    A dict keeps its order: new keys come after the first ``size`` keys.
    """
    if given is scope or not issubclass(type(scope), dict):
        return
    # A scope of the server's own class may refuse a key. The application has been served all the same, and
    # an exception of its own is the one to see.
    try:
        for key in list(given)[size:]:
            scope.setdefault(key, given[key])
    except Exception:
        pass
