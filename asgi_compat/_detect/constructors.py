"""What instantiating a class takes: ``__init__`` and ``__new__`` of its resolution order."""

from __future__ import annotations

from functools import partialmethod
from types import FunctionType

from .attributes import (
    MISSING,
    BuiltinNew,
    SlotWrapper,
    class_attribute,
    class_dict,
    class_mro,
    class_name,
    class_text_signature,
    instance_dict,
    is_any_of,
    stored_attribute,
)
from .bytecode import passes_on_to_super
from .methods import instance_call, unwrapped_method
from .signature import CallSignature
from .text_signature import signature_of_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Iterator, Optional, Tuple

    from .signature import SignatureOf

    Parameters = Tuple[Tuple[str, ...], bool]

#: Constructors of built-in types, which say nothing about themselves: by the id of the function, the
#: optional positional parameters and whether any number is accepted. None: it takes no argument.
_BUILTIN_CONSTRUCTORS: Dict[int, Optional[Parameters]] = {
    id(class_dict(kind)[name]): parameters
    for kinds, parameters in (
        ((object,), None),
        ((dict, list, tuple, set, frozenset, str, bytes, int, float), (("value",), False)),
        ((BaseException,), ((), True)),
    )
    for kind in kinds
    for name in ("__init__", "__new__")
    if name in class_dict(kind)
}


def _constructors(cls: type) -> Iterator[Tuple[str, Any]]:
    """Yield ``__init__`` and ``__new__`` of the classes in resolution order, the nearest first."""
    for name in ("__init__", "__new__"):
        for base in class_mro(cls):
            raw = class_dict(base).get(name, MISSING)
            if raw is not MISSING:
                yield name, unwrapped_method(raw.__func__ if type(raw) is staticmethod else raw)


def signature_of_class(cls: type, depth: int, signature_of: SignatureOf) -> Optional[CallSignature]:
    """Return what instantiating takes. A constructor that passes everything to super's is skipped."""
    found: Dict[str, Optional[CallSignature]] = {}
    for name, raw in _constructors(cls):
        if name in found:
            continue
        if id(raw) in _BUILTIN_CONSTRUCTORS:
            found[name] = _signature_of_builtin(cls, raw)
        elif is_any_of(type(raw), SlotWrapper, BuiltinNew):
            # A constructor written in C says nothing. One written in Python that was found before it says
            # everything (a Python class over a cdef class of Cython), and so does a compiler's signature.
            if name == "__init__" or found.get("__init__") is None:
                return _signature_of_class_in_c(cls)
        elif type(raw) is partialmethod:
            found[name] = signature_of(instance_call(cls, raw), depth)
        else:
            signature = _signature_in_python(cls, raw, depth, signature_of)
            if signature is None:
                return None
            if type(raw) is not FunctionType or not passes_on_to_super(raw, name):
                found[name] = signature
    narrowest = _narrowest(cls, found.values())
    return narrowest and narrowest.of_class(cls)


def _without_constructor(cls: type) -> Optional[CallSignature]:
    """Return what instantiating takes with object's own constructors, or some that pass all on to them."""
    return _signature_of_struct(cls) if _is_made_in_c(cls) else CallSignature((), function=cls)


def _is_made_in_c(cls: type) -> bool:
    """Return whether a metaclass written in C makes the instances, without ``__init__`` and ``__new__``."""
    call = class_attribute(type(cls), "__call__")
    return type(call) is SlotWrapper and call is not class_dict(type)["__call__"]


def _signature_of_struct(cls: type) -> Optional[CallSignature]:
    """Return the fields of a class of msgspec 0.18 and later as its parameters, or None for others.

    Those that can be matched by position can be passed so. Defaults are those of the last fields.
    """
    kept = [
        stored_attribute(cls, f"__{name}__") for name in ("struct_fields", "struct_defaults", "match_args")
    ]
    fields, defaults, names = kept
    if not (type(fields) is type(defaults) is type(names) is tuple):
        return None
    needed = fields[: len(fields) - len(defaults)]
    needed += tuple(
        [
            name
            for name, default in zip(fields[len(needed) :], defaults)
            if class_name(type(default)) == "NoDefaultType"
        ]
    )
    return CallSignature(
        names,
        len([name for name in names if name in needed]),
        required_keywords=tuple([name for name in needed if name not in names]),
        function=cls,
    )


def _signature_of_builtin(cls: type, raw: object) -> Optional[CallSignature]:
    parameters = _BUILTIN_CONSTRUCTORS[id(raw)]
    if parameters is None:
        return None
    names, varargs = parameters
    return CallSignature(names, varargs=varargs, kind="class", function=cls)


def _signature_of_class_in_c(cls: type) -> Optional[CallSignature]:
    text = class_text_signature(cls)
    signature = signature_of_text(text, cls) if text and not text.startswith("($") else None
    return signature and signature.of_class(cls)


def _signature_in_python(
    cls: type, raw: object, depth: int, signature_of: SignatureOf
) -> Optional[CallSignature]:
    signature = signature_of(raw, depth)
    if signature is not None and signature.pass_through and "__wrapped__" in instance_dict(raw):
        signature = signature_of(instance_dict(raw)["__wrapped__"], depth)
    return signature and signature.bind((cls,))


def _narrowest(cls: type, found: Iterable[Optional[CallSignature]]) -> Optional[CallSignature]:
    """Return the signature that accepts least: both constructors get the same arguments."""
    signatures = [each for each in found if each is not None]
    if not signatures:
        return _without_constructor(cls)
    if len(signatures) == 1:
        return signatures[0]
    return max(signatures, key=lambda each: (not each.pass_through, each.required, -len(each.names)))
