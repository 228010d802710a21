"""Classes: what instantiating takes, and what the instances can do.

A class is called first with what its constructor takes; its instances are then called or awaited. One
table, of which the first row that applies decides.
"""

from __future__ import annotations

from types import FunctionType

from .attributes import (
    MISSING,
    class_attribute,
    class_dict,
    class_module,
    class_mro,
    class_name,
    class_qualified_name,
    has_class_attribute,
    is_any_of,
)
from .bytecode import does_nothing, second_half
from .callables import signature_of
from .compiled import is_pythons_module
from .constructed import Constructed
from .decision import always, decide, decide_if_any
from .functions import decide_function
from .methods import raw_call
from .older import decide_channels_1, decide_older
from .signature import signature_of_function
from .verdict import REMEDIES, Style, answer
from .vocabulary import APP, RECEIVE, SCOPE, SEND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer

    Outcome = Callable[[Constructed], Answer]

# -- classes that are no application, whatever they take -------------------------------------------------


def _is_written_in_python(cls: type) -> bool:
    kinds = [type(each) for each in class_dict(cls).values()]
    return any(is_any_of(kind, FunctionType, staticmethod, classmethod) for kind in kinds)


def _is_exception(cls: type) -> bool:
    plain = class_attribute(cls, "__call__") is class_attribute(cls, "__await__")
    return plain and is_any_of(BaseException, *class_mro(cls))


def _is_abstract(cls: type) -> bool:
    own = class_dict(cls)
    return bool(own.get("__abstractmethods__")) or own.get("_is_protocol") is True


def _is_builtin(cls: type) -> bool:
    module = class_module(cls)
    return module == "typing" or (is_pythons_module(module) and not _is_written_in_python(cls))


def _never(what: str) -> Callable[[type], Answer]:
    return lambda cls: answer(Style.NOT_AN_APP, f"{class_name(cls)} is {what}")


NEVER: Rows[type, Optional[Answer]] = (
    (_is_exception, _never("an exception class")),
    (_is_abstract, _never("an abstract class: it has no instances")),
    (_is_builtin, _never("a built-in class of Python")),
    (lambda cls: issubclass(cls, type), _never("a metaclass")),
)

# -- classes by what they and their instances take -------------------------------------------------------


def _takes(style: Style, adding: str) -> Outcome:
    return lambda cls: answer(style, f"class {cls.name} that takes {cls.signature}{adding}")


#: How the reason for a middleware class ends.
NOT_APPLIED = "is a middleware that is not applied yet"


def _unapplied(cls: Constructed) -> Answer:
    return answer(
        Style.NOT_AN_APP,
        f"class {cls.name} {NOT_APPLIED}",
        f"apply it: pass {cls.name}(app)",
    )


def _of_applications(cls: Constructed) -> str:
    kind = "double-callable" if cls.style_of_instances is Style.DOUBLE else "single-callable"
    return f"class {cls.name} whose instances are {kind} applications"


_PROTOCOL_REMEDY = "write it as (scope, receive, send), in this order"


def _older(cls: Constructed) -> Optional[Answer]:
    """Return the answer for a class whose constructor or instances are older than ASGI2, or None."""
    found = decide_older(cls.signature, f"class {cls.name} that takes {cls.signature}")
    if found is None and cls.first != SCOPE:
        found = decide_older(cls.call, f"class {cls.name} whose instances take {cls.call}")
    return found


def _has_other_order(cls: Constructed) -> bool:
    """Return whether the class, or its instances, take arguments of the protocol in another order."""
    if cls.signature.takes(3) and cls.signature.reordered:
        return True
    if cls.call is None or cls.call.reordered:
        return cls.call is not None
    swapped = cls.double and cls.call.role(0) == SEND and cls.call.role(1) == RECEIVE
    # The order does not matter to code that uses neither: hypercorn 0.5.4 tests with such a class.
    return swapped and not does_nothing(raw_call(cls.cls))


def _as_asgi(cls: Constructed) -> str:
    """Return the remedy for a class that makes one instance for each connection."""
    remedy, path = f"call .as_asgi(): pass {cls.name}.as_asgi()", class_qualified_name(cls.cls)
    if "<locals>" in path:
        return remedy
    return f"{remedy}, or serve {class_module(cls.cls)}:{path}.as_asgi --factory"


#: Instances can be called or awaited.
CONSTRUCTED: Rows[Constructed, Answer] = (
    (
        _has_other_order,
        lambda cls: answer(
            Style.NOT_AN_APP,
            f"class {cls.name} that takes {cls.signature} and whose instances take {cls.call}",
            _PROTOCOL_REMEDY,
        ),
    ),
    (
        lambda cls: cls.signature.required and cls.first == APP and (cls.opaque or cls.instances_take(3)),
        _unapplied,
    ),
    (
        lambda cls: cls.opaque,
        lambda cls: answer(
            Style.UNKNOWN, f"class {cls.name} whose instances have no readable signature (compiled code)"
        ),
    ),
    (
        lambda cls: cls.double and cls.single and cls.signature.pass_through,
        lambda cls: answer(
            Style.UNKNOWN,
            f"class {cls.name} takes {cls.signature} and its instances are callable and awaitable",
        ),
    ),
    (lambda cls: cls.double and cls.single, _takes(Style.EITHER, ", callable and awaitable")),
    (
        lambda cls: cls.double,
        _takes(Style.DOUBLE, " and whose instances are called with (receive, send)"),
    ),
    (lambda cls: cls.single, _takes(Style.SINGLE, " and whose instances are awaited")),
    (lambda cls: cls.call is None, _takes(Style.NOT_AN_APP, ", with awaitable instances")),
    (
        lambda cls: cls.wsgi,
        lambda cls: answer(
            Style.NOT_AN_APP,
            f"class {cls.name} whose instances are WSGI applications",
            f"make an instance and {REMEDIES[Style.WSGI]}",
        ),
    ),
    (
        lambda cls: (
            cls.signature.takes(1)
            and cls.first == SCOPE
            and cls.instances_take(3)
            and cls.first_of_instances != RECEIVE
        ),
        _takes(Style.DOUBLE, " and whose instances take (scope, receive, send)"),
    ),
    (
        lambda cls: not cls.instances_are_applications,
        lambda cls: answer(
            Style.NOT_AN_APP,
            f"class {cls.name} that takes {cls.signature} and whose instances take {cls.call}",
        ),
    ),
    # Channels 3 and later.
    (
        lambda cls: cls.signature.takes(0) and class_attribute(cls.cls, "as_asgi") is not MISSING,
        lambda cls: answer(
            Style.FACTORY,
            _of_applications(cls),
            _as_asgi(cls),
        ),
    ),
    (
        lambda cls: cls.signature.takes(0),
        lambda cls: answer(Style.FACTORY, _of_applications(cls), f"make an instance: pass {cls.name}()"),
    ),
    (lambda cls: cls.first == APP, _unapplied),
    (
        always,
        lambda cls: answer(
            Style.NOT_AN_APP,
            f"{_of_applications(cls)}, which needs {cls.signature}",
            f"make an instance: pass {cls.name}(...)",
        ),
    ),
)

# -- instances that can be neither called nor awaited ------------------------------------------------------


def _made_by_new(cls: type) -> Optional[Answer]:
    """Return the answer for a ``__new__`` that is the application, or makes it, instead of an instance."""
    new: Any = class_attribute(cls, "__new__")
    new = new.__func__ if type(new) is staticmethod else new
    if type(new) is not FunctionType:
        return None
    made = signature_of_function(new)
    made = made and made.bind((cls,))
    if made is None or not (made.kind or made.takes(3) or second_half(new)):
        return None
    style, reason, remedy = decide_function(new, made)
    return style, f"class {class_name(cls)} whose __new__ is a {reason}", remedy


def _is_iterated(cls: type) -> bool:
    """Return whether instances are iterated by a method written in Python: how WSGI answers."""
    methods = [class_attribute(cls, name) for name in ("__iter__", "__getitem__")]
    written = FunctionType in [type(each) for each in methods]
    return written and (has_class_attribute(cls, "__iter__") or has_class_attribute(cls, "__getitem__"))


def _decide_plain_class(cls: Constructed) -> Answer:
    made = _made_by_new(cls.cls) or decide_channels_1(cls.cls)
    if made is not None:
        return made
    signature = cls.signature
    if signature.takes(2) and not signature.takes(1) and _is_iterated(cls.cls):
        if not is_any_of(tuple, *class_mro(cls.cls)):
            return answer(
                Style.WSGI, f"class {cls.name} that takes {signature} and whose instances are iterated"
            )
    return answer(Style.NOT_AN_APP, f"{cls.name} is a plain class: its instances cannot be called")


def _called_through_metaclass(cls: type) -> Optional[CallSignature]:
    """Return what the ``__call__`` of a metaclass written in Python takes, when it does not pass it on."""
    meta = class_attribute(type(cls), "__call__")
    if type(meta) is not FunctionType:
        return None
    signature = signature_of_function(meta)
    signature = signature and signature.bind((cls,))
    if signature is None or (signature.kind != "async" and signature.pass_through):
        return None
    return signature


def _decide_metaclass(cls: type, meta: CallSignature) -> Optional[Answer]:
    """Return the answer for a class whose metaclass answers itself, or None where it makes an instance."""
    what = f"class {class_name(cls)} whose metaclass takes {meta}"
    if meta.takes(3) and (meta.kind == "async" or not meta.takes(1)):
        return answer(Style.SINGLE, what)
    if meta.takes(1) and second_half(meta.function):
        return answer(Style.DOUBLE, f"{what} and contains the instance")
    return None


def decide_class(cls: type, bound: Optional[CallSignature] = None) -> Answer:
    """Return the answer for a class, or for a partial of one that leaves the signature ``bound``."""
    found = decide_if_any(NEVER, cls)
    if found is not None:
        return found
    signature = bound or signature_of(cls)
    meta = _called_through_metaclass(cls) if bound is None else None
    if meta is not None:
        found = _decide_metaclass(cls, meta)
        if found is not None:
            return found
        signature = meta.of_class(cls)
    constructed = Constructed(cls, signature)
    if signature is None:
        return _decide_silent_class(constructed)
    if not constructed.callable and not constructed.awaitable:
        return _decide_plain_class(constructed)
    return _older(constructed) or decide(CONSTRUCTED, constructed)


def _decide_silent_class(cls: Constructed) -> Answer:
    """Return the answer for a class of which nothing tells what instantiating takes."""
    if raw_call(cls.cls) is MISSING and not cls.awaitable:
        return answer(Style.NOT_AN_APP, f"{cls.name} is a plain class: its instances cannot be called")
    return answer(Style.UNKNOWN, f"class {cls.name} has no readable signature (compiled code)")
