"""Interfaces that are older than ASGI2: named as what they are, so that nobody looks for an adapter.

| what | called with | where |
|---|---|---|
| uvicorn 0.0 | ``await app(message, channels)``, ``channels["reply"].send`` | uvicorn up to 0.0.15 |
| draft of ASGI2 | ``app(type, reply, ...)``, then ``instance(message)`` | channels 28ab011, 2017-08 |
| ASGI1 | nothing: a server and workers talk over a channel layer | Channels 1, daphne 1 |
"""

from __future__ import annotations

from types import CodeType, FunctionType

from .attributes import MISSING, class_attribute, class_name, is_class, stored_attribute
from .bytecode import COROUTINE
from .decision import decide_if_any
from .verdict import Style, answer
from .vocabulary import CHANNELS, REPLY, REQUEST, TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer

_REWRITE = "no adapter bridges it: rewrite it as `async def app(scope, receive, send)`"
UVICORN_0 = f"it is an application of uvicorn 0.0, which is older than ASGI2; {_REWRITE}"
DRAFT = f"it is an application of the draft of August 2017, which is older than ASGI2; {_REWRITE}"
CONSUMER_1 = (
    "it is a consumer of Channels 1 (ASGI1), which is older than ASGI2; no adapter bridges it: rewrite it as"
    " a consumer of Channels 2 or later, and pass the ProtocolTypeRouter that leads to it"
)
LAYER_1 = (
    "it is a channel layer of Channels 1 (ASGI1), which is older than ASGI2: no application, and no adapter"
    " bridges it; move to Channels 2 or later and pass its ProtocolTypeRouter"
)
LAYER = "it is a channel layer, over which consumers talk: pass the application, such as ProtocolTypeRouter"


def _is_draft(signature: CallSignature) -> bool:
    return signature.role(0) == TYPE and signature.role(1) == REPLY


def _is_of_uvicorn_0(signature: CallSignature) -> bool:
    return signature.role(0) == REQUEST and signature.role(1) == CHANNELS and signature.takes(2)


def _replies_on_a_channel(signature: CallSignature) -> bool:
    """Return whether a function of (message, ...) names the reply channel, as consumers of Channels 1 do."""
    code = getattr(signature.function, "__code__", None)
    return (
        type(code) is CodeType
        and signature.role(0) == REQUEST
        and signature.takes(1)
        and "reply_channel" in code.co_names
    )


def _no_app(remedy: str) -> Callable[[CallSignature], Answer]:
    return lambda signature: answer(Style.NOT_AN_APP, "", remedy)


#: What calling it takes.
OLDER: Rows[CallSignature, Optional[Answer]] = (
    (_is_draft, _no_app(DRAFT)),
    (_is_of_uvicorn_0, _no_app(UVICORN_0)),
    (_replies_on_a_channel, _no_app(CONSUMER_1)),
)


def decide_older(signature: Optional[CallSignature], what: str) -> Optional[Answer]:
    """Return the answer for what has an interface older than ASGI2, or None. ``what`` describes it."""
    if signature is None:
        return None
    found = decide_if_any(OLDER, signature)
    return found and (found[0], what, found[2])


# -- Channels 1: layers and consumers, which are not called ---------------------------------------------

#: Methods that every channel layer has, of ASGI1 and of Channels 2 and later.
_LAYER_METHODS = ("send", "receive", "new_channel")


def _is_layer_class(cls: type) -> bool:
    return all(class_attribute(cls, name) is not MISSING for name in _LAYER_METHODS)


def _layer_class(value: object) -> Optional[type]:
    """Return the class of a channel layer, of a layer in the wrapper of Channels 1, or None."""
    if is_class(value):
        return value if _is_layer_class(value) else None
    if _is_layer_class(type(value)):
        return type(value)
    inner = stored_attribute(value, "channel_layer")
    return type(inner) if inner is not MISSING and _is_layer_class(type(inner)) else None


def _is_coroutine_method(cls: type, name: str) -> bool:
    method = class_attribute(cls, name)
    return type(method) is FunctionType and bool(method.__code__.co_flags & COROUTINE)


def decide_channels_1(value: object) -> Optional[Answer]:
    """Return the answer for a channel layer or a consumer class of Channels 1, or None."""
    what = class_name(value) if is_class(value) else f"an instance of {class_name(type(value))}"
    layer = _layer_class(value)
    if layer is not None:
        remedy = LAYER if _is_coroutine_method(layer, "send") else LAYER_1
        return answer(Style.NOT_AN_APP, f"{what}, which has {', '.join(_LAYER_METHODS)}", remedy)
    # BaseConsumer of Channels 1 has these two; from 2 on neither.
    if is_class(value) and all(
        class_attribute(value, name) is not MISSING for name in ("as_route", "channel_names")
    ):
        return answer(Style.NOT_AN_APP, f"class {what} with as_route and channel_names", CONSUMER_1)
    return None
