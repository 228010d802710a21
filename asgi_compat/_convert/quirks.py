"""The choices that depend on the application."""

from __future__ import annotations

from dataclasses import dataclass, fields

from .._messages.specification import REQUEST, REQUEST_OF_2018
from .._text import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Optional, Tuple


@dataclass(frozen=True, repr=False)
class Quirks:
    """The choices that depend on the application. Every field belongs to a rule and has a default.

    Immutable, comparable, hashable; make one with the fields that differ, and its repr shows those.
    Raises ValueError for a value that a field does not know.

    >>> Quirks(lifespan_cleanup=True).defer_start
    True
    """

    #: A1: a response of current Starlette or FastAPI that is called with (receive, send), as it was until
    #: Starlette 0.12, takes the scope of the connection that it is in.
    response_scope: bool = False
    #: A2: run the constructor of a double-callable application in a thread, because it blocks.
    constructor_in_thread: bool = False
    #: A7: what to put for a client that is None, for example ``("127.0.0.1", 0)``. Quart 0.6 indexes it.
    placeholder_client: Optional[Tuple[str, int]] = None
    #: A7: a server that is a unix socket, ``(path, None)``: ``"keep"`` it or make it ``"none"``.
    unix_server: str = "keep"
    #: A8: take root_path off the front of path, as servers did until 2022. Never on daphne, which puts
    #: no prefix on and lets the client choose root_path. This is a matter of access control: behind a proxy
    #: that strips the prefix itself, in front of a server that is told a root path and puts nothing on
    #: (hypercorn, granian), ``/shop/shop/admin`` arrives as ``/admin``. Set it to False there.
    strip_root_path: bool = True
    #: A14: give the request body in one message. It is held in memory as a whole.
    join_body: bool = False
    #: A14: the type under which the request arrives, for applications of the articles of October 2018.
    request_type: str = REQUEST
    #: A14: give the request body as ``content`` and ``more_content``, its names of 2017.
    content_keys: bool = False
    #: A15, A16: ``"either"`` gives websocket.receive one key and answers None when the other is
    #: indexed; ``"one"`` a plain dict with one key; ``"both"`` a plain dict with both.
    receive_keys: str = "either"
    #: A20: ``True`` says cleanup instead of shutdown at once, ``None`` after shutdown has been let
    #: pass without an answer, ``False`` never.
    lifespan_cleanup: Optional[bool] = None
    #: A27: take a str for a body and encode it as UTF-8. Off: it is refused on every server.
    text_body: bool = False
    #: A28: hold the start of a response until its first body, as the specification demanded from 2018
    #: to 2023. Off: the headers go out at once, and a second start is refused.
    defer_start: bool = True
    #: A32: a subprotocol that the client did not offer: ``"drop"`` it, ``"error"``, or ``"keep"``.
    unoffered_subprotocol: str = "drop"
    #: A34: websocket.send before websocket.accept accepts first. Off: it is refused.
    implicit_accept: bool = False
    #: A38: drop events that nothing announces. Off: they are refused.
    drop_unknown: bool = False
    #: A38: pass on events that nothing announces, to a server that takes more than the specification has.
    #: gunicorn's ``http.response.informational`` passes on gunicorn without it.
    pass_unknown: bool = False
    #: A41, B40: finish the response when the application fails in the middle of it, and raise then, so that
    #: what came looks complete to the client. ``None``: on daphne only.
    finish_on_error: Optional[bool] = None
    #: B6: client and server have changed places (hypercorn 0.1.0).
    swap_addresses: bool = False
    #: B10: percent-decode path (uvicorn below 0.3.18 with httptools).
    unquote_path: bool = False
    #: B11: put root_path in front of path, as it is today.
    prepend_root_path: bool = False
    #: B19: hold one chunk of a body back, so that the last is not empty (uvicorn below 0.3.25).
    hold_last_chunk: bool = False
    #: A31, B22: a send after the client has gone raises `ClientDisconnected`: ``True`` at once, ``None``
    #: when 128 of them have done nothing, ``False`` never.
    raise_after_disconnect: Optional[bool] = None
    #: B27: give websocket.send both keys (hypercorn 0.1).
    both_send_keys: bool = False
    #: A55, B35: run the application's start-up before the first connection of a loop where nobody has sent
    #: lifespan: under a Mount, a test client, or a server without lifespan (daphne).
    lazy_lifespan: bool = False

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                words = " or ".join(map(repr, known))
                raise ValueError(f"Quirks.{name}: got {safe_repr(getattr(self, name))}, expected {words}")
        if self.placeholder_client is not None and not _is_client(self.placeholder_client):
            raise ValueError(
                f"Quirks.placeholder_client: got {safe_repr(self.placeholder_client)}, expected None or"
                " a host and a port, as in ('127.0.0.1', 0)"
            )

    def __repr__(self) -> str:
        said = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        return f"Quirks({', '.join(f'{name}={value!r}' for name, value, usual in said if value != usual)})"


def _is_client(value: object) -> bool:
    return type(value) is tuple and len(value) == 2 and isinstance(value[0], str) and type(value[1]) is int


#: The fields of `Quirks` that are a choice between a few values, and the values.
_CHOICES: Dict[str, Tuple[object, ...]] = {
    "unix_server": ("keep", "none"),
    "request_type": (REQUEST, REQUEST_OF_2018),
    "receive_keys": ("either", "one", "both"),
    "unoffered_subprotocol": ("drop", "error", "keep"),
}

for _field in fields(Quirks):
    if _field.type in ("bool", "Optional[bool]"):
        _CHOICES[_field.name] = (True, False) if _field.type == "bool" else (None, True, False)
