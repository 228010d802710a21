"""Where a stack of layers calls an application in a style that it does not have.

The code of the layers is read, and none of it is run. A joint is wrong when what is kept takes the one call
and its holder makes the other: seen in the holder's code or, where that shows no call, told by the style of
the holder.
"""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import Any, FrozenSet, Iterator, List, NamedTuple, Optional

from .attributes import MISSING, class_attribute, class_module, class_name, is_class, stored_attribute
from .bytecode import inner_functions
from .callables import signature_of_instances
from .called import adapts_what_it_calls, argument_counts
from .classify import classify
from .keeping import places_in
from .layers import Found, find_layers
from .named import VIA, counts_of_variables, named_places
from .place import Place
from .verdict import Style
from .vocabulary import ROLES, SCOPE, TABLE_NAMES

#: Layers that are looked at, at most: an application may have hundreds of mounts.
LIMIT = 1000

ONE, THREE = frozenset((1,)), frozenset((3,))
_CALLS = {Style.DOUBLE: ONE, Style.SINGLE: THREE}
_QUALNAME = type.__dict__["__qualname__"].__get__
#: The entries of a list of middleware classes that have not been applied to an application yet.
_NOT_APPLIED = ".cls"


class Joint(NamedTuple):
    """A place where what is kept is called the wrong way."""

    holder: object
    place: Place
    #: The numbers of arguments with which the holder calls it: {1} or {3}.
    calls: FrozenSet[int]
    #: Whether a class is kept that is not an application and has one: a consumer without ``.as_asgi()``.
    factory: bool = False
    #: The path of a URL, or the type of scope, at which it is mounted; "" for all.
    path: str = ""

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable of a module, or an entry of a table that is one."""
        return self.place.via.startswith(VIA)

    def describe(self) -> str:
        """Return what is wrong, and the line to write."""
        holder, inner = short_name(self.holder), short_name(self.place.value)
        if self.place.kind == "cell" and is_class(self.holder):
            # The class that a middleware returns is written inside it.
            holder = _QUALNAME(self.holder).partition(".<locals>")[0].rpartition(".")[2] or holder
        at = f"{holder}{self.place.via}"
        if self.place.via.endswith(_NOT_APPLIED):
            return f"{at} is {inner}, a middleware of ASGI2: write Middleware(middleware_to_asgi3({inner}))"
        if self.factory:
            return f"{at} is {consumer_line(self.place.value)}"
        if self.calls == THREE:
            wrapped = wrapped_by_old(self.place.value)
            name = self.place.via[len(VIA) :] if self.is_variable else inner
            line = f"to_asgi3({name})" if wrapped is None else f"middleware_to_asgi3({inner})({wrapped})"
            return f"{at} is called with (scope, receive, send), and {inner} takes the scope: write {line}"
        if self.is_variable:
            line = f"guarantee_double_callable({self.place.via[len(VIA) :]})(scope)"
        else:
            line = f"middleware_to_asgi3({holder})({inner})"
        return f"{at} is called with the scope, and {inner} takes (scope, receive, send): write {line}"


def consumer_line(consumer: object) -> str:
    """Return what to write for a consumer class.

    >>> consumer_line(Joint)
    'Joint, a class of consumers: write Joint.as_asgi()'
    """
    name = short_name(consumer)
    return f"{name}, a class of consumers: write {name}.as_asgi()"


def wrong_joints(app: object) -> List[Joint]:
    """Return every place in a stack where an application is called the wrong way, outermost first.

    >>> def old(app):
    ...     def middleware(scope):
    ...         return app(scope)
    ...     return middleware
    >>> async def new(scope, receive, send): ...
    >>> [joint.place.via for joint in wrong_joints(old(new))]
    [' closure app']
    """
    found = [(each.path, _joint(each)) for each in find_layers(app, LIMIT, _all_places)]
    return [joint._replace(path=path) for path, joint in found if joint is not None]


def current_application(app: object) -> Any:
    """Return the first single-callable application inside a stack, or MISSING."""
    for found in find_layers(app, LIMIT, _places_of_stack)[1:]:
        value = found.place.value
        if classify(value).style in (Style.SINGLE, Style.EITHER) or is_consumer(value):
            return value
    return MISSING


def _all_places(layer: Any) -> List[Place]:
    return [*places_in(layer), *named_places(layer)]


def _places_of_stack(layer: Any) -> List[Place]:
    """Return where a layer keeps what it calls, without the current applications that it calls as such.

    An old application that does so is still one of its generation, and no middleware.
    """
    named = [place for place in named_places(layer) if not _calls_rightly(place)]
    return [*places_in(layer), *named]


def _calls_rightly(place: Place) -> bool:
    return 3 in _counts_of_variable(place) and classify(place.value).style is Style.SINGLE


def _counts_of_variable(place: Place) -> FrozenSet[int]:
    return counts_of_variables(place.caller)[place.name]  # type: ignore[arg-type]  # the function that calls it


def wrapped_by_old(app: object) -> Optional[str]:
    """Return the name of the current application inside an old middleware, or None."""
    inner = current_application(app)
    return None if inner is MISSING else short_name(inner)


def is_consumer(value: object) -> bool:
    """Return whether a value is a class that makes applications by ``as_asgi()``, as Channels 3 has them."""
    if not is_class(value) or class_attribute(value, "as_asgi") is MISSING:
        return False
    return classify(value).style is Style.FACTORY


def _joint(found: Found) -> Optional[Joint]:
    """Return the joint between a layer and the one outside it, if it is wrong."""
    holder, place = found.holder, found.place
    if not place.kind or _is_ours(holder):
        return None
    if place.via.endswith(_NOT_APPLIED):
        return Joint(holder, place, THREE) if makes_old_middleware(place.value) else None
    if is_consumer(place.value):
        return Joint(holder, place, _calls(holder, place) or THREE, True)
    takes = _CALLS.get(classify(place.value).style)
    if takes is None:
        return None
    calls = _calls(holder, place)
    return None if not calls or calls & takes else Joint(holder, place, calls)


def _calls(holder: object, place: Place) -> FrozenSet[int]:
    """Return with how many arguments a holder calls what it keeps, or nothing where that cannot be told."""
    if place.via.startswith(VIA):
        return _counts_of_variable(place)
    if place.caller is not None:
        seen = argument_counts(place.caller, place.name)
        if seen:
            return seen
    elif place.owner is holder or place.kind == "cell" or type(holder) is MethodType:
        function = holder.__func__ if type(holder) is MethodType else holder
        seen = argument_counts(function, place.key)
        if type(holder) is MethodType:
            seen |= argument_counts(holder.__self__, place.key)
        if seen:
            return seen
    if adapts_what_it_calls(holder):
        return frozenset()
    return _CALLS.get(classify(holder).style, frozenset())


def lacks_http(app: object) -> bool:
    """Return whether a router of Channels 3 or later, somewhere in a stack, has no application for HTTP."""
    for found in find_layers(app, LIMIT):
        kind = type(found.place.value)
        if class_name(kind) == "ProtocolTypeRouter" and class_module(kind).startswith("channels."):
            mapping = stored_attribute(found.place.value, TABLE_NAMES[0])
            return not found.path and isinstance(mapping, dict) and "http" not in mapping
    return False


def slashed_routes(app: object) -> Iterator[str]:
    """Yield a sentence for each route of Channels that matches nothing, because it begins with a slash."""
    for found in find_layers(app, LIMIT):
        router = found.place.value
        if class_name(type(router)) != "URLRouter" or " " in found.path:
            continue  # inside another router, the slash may be what that one left over
        routes = stored_attribute(router, TABLE_NAMES[1])
        for number, route in enumerate(routes if isinstance(routes, list) else ()):
            written = _written(stored_attribute(route, "pattern"))
            if written.lstrip("^").startswith("/"):
                yield (
                    f"URLRouter.{TABLE_NAMES[1]}[{number}] is {written!r} and matches nothing: a path is"
                    f" matched without its first slash; write {written.replace('/', '', 1)!r}"
                )


def _written(pattern: object) -> str:
    """Return the text of a pattern of Django's `path` or `re_path`, "" for anything else."""
    texts = [stored_attribute(pattern, name) for name in ("_route", "_regex")]
    return next((text for text in texts if type(text) is str), "")


def makes_old_middleware(value: Any) -> bool:
    """Return whether what is called with an application makes one that is called with the scope."""
    if is_class(value):
        signature = signature_of_instances(value)
        return signature is not None and signature.takes(1) and not signature.takes(3)
    if type(value) is not FunctionType:
        return False
    counts = {count for _, count in inner_functions(value)}
    first = [code.co_varnames[0] for code, count in inner_functions(value) if count == 1]
    return 3 not in counts and any(ROLES[name] == SCOPE for name in first)


def _is_ours(holder: object) -> bool:
    """Return whether a layer is an adapter of this package, which calls what it holds as it has to be."""
    kind = holder if is_class(holder) else type(holder)
    return str(class_module(kind)).partition(".")[0] == __name__.partition(".")[0]


def short_name(value: object) -> str:
    """Return how a line of code names an application: by its function or class."""
    if type(value) is MethodType:
        value = value.__self__
    if type(value) is FunctionType:
        # The application that a middleware returns is written inside it: the outer name is the one to write.
        return value.__qualname__.partition(".<locals>")[0].rpartition(".")[2] or value.__name__
    return class_name(value if is_class(value) else type(value))


def lines(joints: List[Joint]) -> Iterator[str]:
    """Yield one line for each joint, each only once."""
    yield from dict.fromkeys(joint.describe() for joint in joints)
