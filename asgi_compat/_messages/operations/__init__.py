"""Words of the table to functions: what an operation means.

Each takes (value, step, event, scope) and gives None when there is nothing to do, or (what to put there,
whether the specification of today forbids what was there). MISSING in either place means that the key is
not there. An operation on the whole event takes (event, step, scope) and gives the event.
"""

from __future__ import annotations

from .headers import (
    _clean,
    _clean_links,
    _clean_path,
    _framing,
    _header_tuples,
    _headers_in,
    _headers_out,
    _links,
    _listed,
    _one_length,
    _stripped,
    _trailer_framing,
)
from .scopes import (
    _address,
    _asgi2,
    _asgi3,
    _denial,
    _offered,
    _old_client,
    _old_server,
    _placeholder,
    _port,
    _prepend_root,
    _raw_path,
    _strip_raw,
    _strip_root,
    _subprotocols,
    _swap,
    _unix,
    _unquote,
    _ws_scheme,
)
from .values import (
    _body,
    _bool,
    _bytes,
    _decode,
    _dropped,
    _encode,
    _int,
    _missing,
    _none_absent,
    _old_keys,
    _status,
)
from .websocket import _both_keys, _code, _either_key, _one_key, _reason, _send_key, _subprotocol, _token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict


#: Words of the table to functions: on one field, (value, step, event, scope).
OPS: Dict[str, Callable[..., Any]] = {
    "address": _address,
    "asgi2": _asgi2,
    "asgi3": _asgi3,
    "body": _body,
    "bool": _bool,
    "bytes": _bytes,
    "clean": _clean,
    "clean_links": _clean_links,
    "clean_path": _clean_path,
    "code": _code,
    "decode": _decode,
    "denial": _denial,
    "dropped": _dropped,
    "encode": _encode,
    "framing": _framing,
    "trailer_framing": _trailer_framing,
    "header_tuples": _header_tuples,
    "headers_in": _headers_in,
    "headers_out": _headers_out,
    "int": _int,
    "links": _links,
    "listed": _listed,
    "missing": _missing,
    "none_absent": _none_absent,
    "offered": _offered,
    "old_client": _old_client,
    "old_server": _old_server,
    "one_length": _one_length,
    "placeholder": _placeholder,
    "port": _port,
    "prepend_root": _prepend_root,
    "raw_path": _raw_path,
    "reason": _reason,
    "status": _status,
    "strip_root": _strip_root,
    "stripped": _stripped,
    "token": _token,
    "unix": _unix,
    "unquote": _unquote,
    "ws_scheme": _ws_scheme,
}

#: Words of the table to functions: on the whole event, (event, step, scope).
EVENT_OPS: Dict[str, Callable[..., Any]] = {
    "both_keys": _both_keys,
    "either_key": _either_key,
    "old_keys": _old_keys,
    "one_key": _one_key,
    "send_key": _send_key,
    "subprotocol": _subprotocol,
    "subprotocols": _subprotocols,
    "swap": _swap,
}

#: What another field has to follow when an operation changed one: raw_path follows path (A8).
FOLLOWS: Dict[str, Callable[..., Any]] = {"strip_root": _strip_raw}
