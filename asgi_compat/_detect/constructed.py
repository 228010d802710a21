"""The evidence about a class: what instantiating takes, and what instances take and can do."""

from __future__ import annotations

from .attributes import MISSING, class_name, has_class_attribute
from .callables import signature_of_instances
from .functions import decide_call
from .methods import raw_call
from .verdict import Style
from .vocabulary import ENVIRON, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .signature import CallSignature


class Constructed:
    """The evidence about a class: what the constructor takes, and what the instances take and can do."""

    __slots__ = (
        "awaitable",
        "call",
        "callable",
        "cls",
        "double",
        "first",
        "first_of_instances",
        "name",
        "opaque",
        "signature",
        "single",
        "wsgi",
    )

    #: What instantiating takes.
    signature: CallSignature

    def __init__(self, cls: type, signature: Optional[CallSignature]) -> None:
        raw = raw_call(cls)
        self.cls = cls
        self.name = class_name(cls)
        #: What calling an instance takes.
        self.call = call = signature_of_instances(cls)
        self.callable = raw is not MISSING and raw is not None
        #: Instances can be called, and nothing tells what they take.
        self.opaque = self.callable and call is None
        self.awaitable = has_class_attribute(cls, "__await__")
        #: The roles of the first parameters, "" for none.
        self.first = signature.role(0) if signature is not None else ""
        self.first_of_instances = call.role(0) if call is not None else ""
        #: Instances take (environ, start_response).
        self.wsgi = self.first_of_instances == ENVIRON and self.instances_take(2)
        self.double = self.single = False
        if signature is not None:
            self.signature = signature
            #: It is called with the scope, and its instances with (receive, send).
            self.double = (
                signature.takes(1)
                and self.instances_take(2)
                and not self.wsgi
                and (self.first == SCOPE or not self.instances_take(3))
            )
            #: It is called with all three arguments, and its instances are awaited.
            self.single = self.awaitable and signature.takes(3)

    def instances_take(self, count: int) -> bool:
        """Return whether an instance is seen to take that many positional arguments."""
        return self.call is not None and self.call.takes(count)

    @property
    def style_of_instances(self) -> Style:
        """The style that instances have by themselves."""
        return decide_call(self.call, "")[0] if self.call is not None else Style.UNKNOWN

    @property
    def instances_are_applications(self) -> bool:
        """Whether instances are applications by themselves."""
        return self.instances_take(3) or self.style_of_instances.is_application
