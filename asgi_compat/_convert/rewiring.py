"""Mixed stacks: layers of both generations that call each other the wrong way.

`rewire` puts an application that answers both calls into each wrong joint; `report` only says what to write.
Objects of the stack are changed, and variables of the project's own modules that its code calls; classes
and libraries are not. `Rewiring.undo` puts everything back.
"""

from __future__ import annotations

from .._adapt import EitherCallable, EitherVariable
from .._detect import Style, classify
from .._detect.attributes import MISSING, instance_dict
from .._detect.joints import Joint, consumer_line, current_application, is_consumer, lines, wrong_joints
from .._text import own_repr, safe_error
from .adapters import ToAsgi3
from .middleware import AdaptedMiddlewareStack, MiddlewareToAsgi3
from .profiles import resolve_middleware_quirks
from .quirks import Quirks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

    from .._detect.place import Place
    from .._types import ASGIApp
    from .engine import Options


class Rewiring:
    """What was replaced in a stack: ``lines`` say it, one each, and `undo` puts back what was there.

    >>> def old(app):
    ...     def middleware(scope):
    ...         return app(scope)
    ...     return middleware
    >>> async def new(scope, receive, send): ...
    >>> from asgi_compat._convert.engine import DEFAULT_OPTIONS
    >>> rewiring = Rewiring(old(new), DEFAULT_OPTIONS)
    >>> rewiring.lines
    ['old closure app is called with the scope, and new takes ...: write middleware_to_asgi3(old)(new)']
    >>> rewiring.undo()
    """

    def __init__(self, app: ASGIApp, options: Options) -> None:
        joints = wrong_joints(app)
        self.lines: List[str] = list(lines(joints))
        self._changes: List[Tuple[Place, object, bool]] = []
        # The innermost first: what is outside is adapted to what is inside.
        for joint in reversed(joints):
            self._replace(joint, options)
        if is_consumer(app):
            self.lines.append(consumer_line(app))
        #: The application to serve.
        self.app = _outermost(app, options)
        #: The options for it: quirks are for the old applications inside, which have them now.
        self.options = options
        if self.app is not app or any(_is_adapted(put) for _, put, _ in self._changes):
            self.options = options._replace(style=None, quirks=Quirks())

    def __repr__(self) -> str:
        return f"<Rewiring of {own_repr(self.app)}, {len(self._changes)} replaced>"

    def log(self) -> None:
        """Write what was replaced to the log, also where none is configured yet, as in `serve`."""
        if self.lines:
            from logging import getLogger

            for line in self.lines:
                getLogger("asgi_compat").warning("rewired: %s", line)

    def _replace(self, joint: Joint, options: Options) -> None:
        place, value = joint.place, joint.place.value
        either = EitherVariable if joint.is_variable else EitherCallable
        if place.via.endswith(".cls"):
            put: Any = MiddlewareToAsgi3(value, options.quirks)
        elif joint.factory:
            put = value.as_asgi()
            put = either(put) if 1 in joint.calls else put
        elif 3 in joint.calls and classify(joint.holder).style is not Style.DOUBLE:
            put = either(value, _as_current(value, options))
        else:
            put = either(value)
        stored = place.kind != "attribute" or place.key in instance_dict(place.owner)
        before = _read(place)
        try:
            _store(place, put)
        except Exception as error:
            self.lines.append(f"{place.via} cannot be replaced ({safe_error(error)})")
            return
        self._changes.append((place._replace(value=before), put, stored))

    def undo(self) -> None:
        """Put everything back that is still as it was left here. Raises nothing."""
        while self._changes:
            place, put, stored = self._changes.pop()
            if _read(place) is not put:
                continue
            if stored or put is not instance_dict(place.owner).get(place.key):
                _store(place, place.value)
            else:  # the class has it
                del instance_dict(place.owner)[place.key]


def _is_adapted(put: object) -> bool:
    """Return whether an old application was given all that a server needs, quirks included."""
    return isinstance(put, EitherCallable) and put.single is not put.app and type(put.single) is ToAsgi3


def _outermost(app: Any, options: Options) -> Any:
    """Return the application as a server calls it."""
    if is_consumer(app):
        return app.as_asgi()
    if classify(app).style is not Style.DOUBLE or current_application(app) is MISSING:
        return app
    return _as_current(app, options)


def _as_current(app: ASGIApp, options: Options) -> ASGIApp:
    """Return an old application, or an old middleware around a current one, as a current application."""
    inner = current_application(app)
    if inner is MISSING:
        return ToAsgi3(app, options._replace(style=None, rewire=False))
    return AdaptedMiddlewareStack(app, inner, resolve_middleware_quirks(type(app), options.quirks))


def _read(place: Place) -> object:
    try:
        if place.kind == "attribute":
            return object.__getattribute__(place.owner, place.key)
        if place.kind == "pair":
            return place.owner[place.key[0]][place.key[1]]
        if place.kind == "bound":
            return place.owner.args[place.key]
        return place.owner[place.key] if place.kind == "item" else place.owner.cell_contents
    except Exception:
        return MISSING


def _store(place: Place, value: object) -> None:
    """Put a value into a place without running code of the object that owns it, where that is possible."""
    if place.kind == "item":
        dict.__setitem__(place.owner, place.key, value)
    elif place.kind == "cell":
        place.owner.cell_contents = value
    elif place.kind == "pair":
        at, index = place.key
        values = [*place.owner[at]]
        values[index] = value
        # A named tuple is made of its values by another name.
        make = getattr(type(place.owner[at]), "_make", type(place.owner[at]))
        place.owner[at] = make(values)
    elif place.kind == "bound":
        bound = place.owner
        arguments = (*bound.args[: place.key], value, *bound.args[place.key + 1 :])
        bound.__setstate__((bound.func, arguments, bound.keywords, instance_dict(bound)))
    else:
        object.__setattr__(place.owner, place.key, value)


def report(app: ASGIApp) -> None:
    """Write one line to the log for each place in a stack where an application is called the wrong way."""
    joints = wrong_joints(app)
    if joints:
        from logging import getLogger

        for line in lines(joints):
            getLogger("asgi_compat").warning("%s; or use rewire=True", line)
