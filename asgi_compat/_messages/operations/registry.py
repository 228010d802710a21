"""The registry of operations, and the phases that order them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, NamedTuple, Optional, Tuple, TypeVar, Union

if TYPE_CHECKING:
    from typing import Protocol

    from ..schema import BoundStep

    #: A change: the new value or event, and whether the current specification forbids the old one.
    Change = Optional[Tuple[Any, bool]]
    Message = Dict[str, Any]

    class FieldOperation(Protocol):
        """An operation on the value of one field."""

        def __call__(self, value: Any, step: BoundStep, event: Message, scope: Any, /) -> Change:
            """Return the new value of the field, or None for no change."""

    class EventOperation(Protocol):
        """An operation on a whole scope or event."""

        def __call__(self, event: Message, step: BoundStep, scope: Any, /) -> Change:
            """Return the new event, or None for no change."""

    class Follow(Protocol):
        """A change of another field that follows from the change of one."""

        def __call__(self, event: Message, before: Any, /) -> Message:
            """Return the event with the other field changed; ``before`` is the old value of the first."""


F = TypeVar("F", bound="FieldOperation")
E = TypeVar("E", bound="EventOperation")

#: Phases, in the order in which they run. Each may rely on the ones before it.
(
    REARRANGE,  # fields change places or names
    PRESENCE,  # missing fields appear, None becomes missing
    CONTAINER,  # iterators become lists, addresses have two items
    TYPE,  # values have their types
    CONTENT,  # values are cleaned up
    VALIDATE,  # values that cannot be repaired are refused
    ACROSS_FIELDS,  # fields that depend on others
    FORM,  # the form that the receiver expects
) = range(8)


class Operation(NamedTuple):
    """A registered operation."""

    name: str
    phase: int
    act: Union[FieldOperation, EventOperation]
    on_event: bool = False
    follow: Optional[Follow] = None


OPERATIONS: Dict[str, Operation] = {}


def field_operation(name: str, phase: int, follow: Optional[Follow] = None) -> Callable[[F], F]:
    """Register an operation on one field; ``follow`` then changes another field."""

    def register(act: F) -> F:
        OPERATIONS[name] = Operation(name, phase, act, follow=follow)
        return act

    return register


def event_operation(name: str, phase: int) -> Callable[[E], E]:
    """Register an operation on a whole scope or event."""

    def register(act: E) -> E:
        OPERATIONS[name] = Operation(name, phase, act, on_event=True)
        return act

    return register


def phase_of(name: str) -> int:
    """Return the phase of an operation."""
    return OPERATIONS[name].phase
