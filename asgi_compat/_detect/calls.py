"""The evidence about one call, and the verdicts that several tables share."""

from __future__ import annotations

from .annotations import VALUES, return_name
from .attributes import MISSING, class_name, is_class
from .bytecode import returns_nothing, second_half
from .decision import always, decide
from .verdict import REMEDIES, Style, answer
from .vocabulary import APP, ROLES, SELF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer

    Outcome = Callable[["Call"], Answer]


class Call:
    """The evidence: one call signature, what its parameters are, and what is in the function's body."""

    __slots__ = ("_half", "first", "maximum", "minimum", "signature", "third", "what")

    def __init__(self, signature: CallSignature, what: str) -> None:
        names = signature.names
        self.signature = signature
        #: How a reason describes it, for example "function that takes (scope)".
        self.what = what
        #: How many positional arguments fit: from ``minimum`` to ``maximum``. None fits where a keyword
        #: argument is required.
        self.minimum = signature.required
        self.maximum = -1 if signature.required_keywords else len(names)
        if signature.varargs and not signature.required_keywords:
            self.maximum = 1 << 30
        #: The roles of the first and the third parameter, "" for none.
        self.first = ROLES[names[0]] if names else ""
        self.third = ROLES[names[2]] if len(names) > 2 else ""
        self._half: Optional[str] = None

    @property
    def half(self) -> str:
        """NAMED, COUNTED or "": the second half of a double-callable in the body. It is read once."""
        if self._half is None:
            self._half = second_half(self.signature.function)
        return self._half

    @property
    def second(self) -> str:
        """The role of the second parameter, "" for none."""
        return self.signature.role(1)

    def takes(self, count: int) -> bool:
        """Return whether a call with that many positional arguments fits."""
        return self.minimum <= count <= self.maximum

    def without_half(self) -> Call:
        """Return the same evidence as if the body contained nothing."""
        call = Call(self.signature, self.what)
        call._half = ""
        return call


# -- verdicts --------------------------------------------------------------------------------------


def is_(style: Style, adding: str = "") -> Outcome:
    """Return the verdict of a style, with the call and ``adding`` as the reason."""
    remedy = REMEDIES[style]
    return lambda call: (style, call.what + adding, remedy)


def not_an_app(remedy: str, adding: str = "") -> Outcome:
    """Return the verdict NOT_AN_APP with a remedy of its own."""
    return lambda call: (Style.NOT_AN_APP, call.what + adding, remedy)


def by(rows: Rows[Call, Answer]) -> Outcome:
    """Return the verdict of another table."""
    return lambda call: decide(rows, call)


def _options(call: Call) -> str:
    missing = ", ".join([f"{name}=..." for name in call.signature.required_keywords])
    return f"bind the missing options: functools.partial(app, {missing})"


#: It takes more, or other, arguments than a server passes.
INCOMPLETE: Rows[Call, Answer] = (
    (
        lambda call: call.signature.called_by_keyword,
        lambda call: answer(
            Style.SINGLE,
            f"{call.what}, by keyword only",
            "guarantee_single_callable(app) adapts it for servers other than daphne, which call by position",
        ),
    ),
    (
        lambda call: call.signature.required_keywords,
        lambda call: answer(Style.NOT_AN_APP, call.what, _options(call)),
    ),
    (
        lambda call: call.first == SELF,
        not_an_app("it is a method taken from the class: take it from an instance"),
    ),
    (
        lambda call: call.first == APP,
        not_an_app("it is a middleware: bind the application it wraps with functools.partial"),
    ),
    (always, not_an_app("bind what is not scope, receive and send with functools.partial")),
)


def _returns_its_own_type(call: Call) -> bool:
    owner = call.signature.owner
    if owner is MISSING or is_class(owner):
        return False
    return return_name(call.signature.function) == class_name(type(owner))


def _returns_a_value(call: Call) -> bool:
    return return_name(call.signature.function) in VALUES


#: It takes no argument: it makes something, unless its code or its annotation says that it does not.
FACTORY: Rows[Call, Answer] = (
    (
        lambda call: returns_nothing(call.signature.function),
        not_an_app("pass the application, or return it", " and returns nothing"),
    ),
    (
        _returns_a_value,
        lambda call: answer(
            Style.NOT_AN_APP, f"{call.what} and returns {return_name(call.signature.function)}"
        ),
    ),
    (
        _returns_its_own_type,
        lambda call: answer(
            Style.NOT_AN_APP, f"{call.what} and returns another {class_name(type(call.signature.owner))}"
        ),
    ),
    (
        lambda call: call.signature.kind == "async",
        lambda call: (Style.FACTORY, call.what, "await it and pass what it returns"),
    ),
    (always, is_(Style.FACTORY)),
)
