"""The texts that the code of an application names. Nothing is run.

Read are the constants of its functions and classes, of the functions inside them, and of the functions,
classes and values of the same project that they name. Code of installed packages is not read: a framework
names every event type there is.
"""

from __future__ import annotations

from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType

from .attributes import class_dict, class_module, class_mro, instance_dict, is_any_of, is_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, FrozenSet, Iterator, List, Set

#: Objects that are looked at, at most, and the largest container. A module of a project has tens.
LIMIT = 2000
LARGEST = 500

_CONTAINERS = (tuple, list, set, frozenset, dict)
_INSTALLED = ("/site-packages/", "/dist-packages/")
#: This package, which may lie inside the directory of a project.
_OURS = __file__.replace("\\", "/").rpartition("/_detect/")[0] + "/"
#: What a class body leaves behind that is no part of what it does.
_OF_CLASSES = frozenset(("__doc__", "__module__", "__qualname__", "__dict__", "__weakref__"))

_partial_parts = [partial.__dict__[name].__get__ for name in ("func", "args", "keywords")]


def named_texts(app: object) -> FrozenSet[str]:
    """Return the texts that an application's code and what it names in its own project contain.

    The dotted names of modules that the code imports when it runs count too.

    Looks through closures, classes, partials, methods, decorators and nested functions, and calls nothing.

    >>> def application(scope):
    ...     return lambda receive, send: scope["type"] == "http"
    >>> {"http", "type"} <= named_texts(application)
    True
    """
    reader = _Reader(app)
    for _ in range(LIMIT):
        if not reader.waiting:
            break
        reader.read(reader.waiting.pop())
    return frozenset(reader.texts)


def named_packages(app: object) -> FrozenSet[str]:
    """Return the packages outside of an application's own project that its code names, or imports later.

    >>> from json import loads
    >>> def application(scope):
    ...     return loads(scope["path"])
    >>> "json" in named_packages(application)
    True
    """
    reader = _Reader(app)
    for _ in range(LIMIT):
        if not reader.waiting:
            break
        reader.read(reader.waiting.pop())
    return frozenset(reader.packages)


class _Reader:
    """What has been read, and what is waiting to be read."""

    def __init__(self, app: object) -> None:
        self.texts: Set[str] = set()
        self.packages: Set[str] = set()
        self.seen: Set[int] = set()
        self.waiting: List[Any] = [app]
        #: Keeps what is made while reading, so that no id is used twice.
        self.kept: List[Any] = []
        #: The directory of the application's own code, or its file where it has no directory.
        self.own = ""

    def read(self, value: Any) -> None:
        """Read one object, and put aside what it leads to."""
        kind = type(value)
        if kind is str:
            self.texts.add(value)
        elif id(value) not in self.seen:
            self.seen.add(id(value))
            self.kept.append(value)
            self.waiting += self.inside(value, kind)

    def inside(self, value: Any, kind: type) -> List[Any]:
        """Return what one object leads to."""
        if is_any_of(kind, *_CONTAINERS):
            values = value.values() if kind is dict else ()
            return [*value, *values] if len(value) <= LARGEST else []
        if kind is CodeType:
            return [*value.co_consts, *self.imported_by(value)]
        if kind is FunctionType:
            return self.inside_function(value) if self.is_own(value.__code__) else []
        if kind is MethodType:
            return [value.__self__, value.__func__]
        if issubclass(kind, (staticmethod, classmethod)):
            return [value.__func__]
        if issubclass(kind, partial):
            return [part(value) for part in _partial_parts]
        if is_class(value):
            return self.inside_class(value)
        return self.inside_instance(value, kind)

    def inside_function(self, function: FunctionType) -> List[Any]:
        """Return the code of a function, its closure and defaults, and the globals that its code names."""
        code = function.__code__
        found = [code, function.__defaults__, function.__kwdefaults__, *_cell_values(function)]
        found.append(instance_dict(function).get("__wrapped__"))
        names = set(_names_of(code))
        for name in names & function.__globals__.keys():
            value = function.__globals__[name]
            found.append(value)
            self.packages.update(_packages_of(value))
            if type(value) is ModuleType:
                inside = instance_dict(value)
                found += [inside[each] for each in names & inside.keys()]
        return found

    def inside_class(self, cls: type) -> List[Any]:
        """Return the methods and values of a class and of its bases in the same project."""
        found: List[Any] = []
        for base in class_mro(cls):
            own = class_dict(base)
            functions = [value for value in own.values() if type(value) is FunctionType]
            self.packages.update(_packages_of(base))
            if class_module(base) != "builtins" and all(self.is_own(each.__code__) for each in functions):
                found += [value for name, value in own.items() if name not in _OF_CLASSES]
        return found

    def inside_instance(self, value: Any, kind: type) -> List[Any]:
        """Return the class of an instance and what the instance stores, if its class is of the project."""
        inside = self.inside_class(kind)
        if not inside:
            return []
        stored = instance_dict(value)
        return [*inside, *(stored.values() if len(stored) <= LARGEST else ())]

    def imported_by(self, code: CodeType) -> List[str]:
        """Return the dotted names of modules that code imports when it runs."""
        dotted = [name for name in code.co_names if "." in name]
        self.packages.update([name.partition(".")[0] for name in dotted])
        return dotted

    def is_own(self, code: CodeType) -> bool:
        """Return whether code is of the project that the application is in."""
        path = code.co_filename.replace("\\", "/")
        if not self.own:
            self.own = path[: path.rfind("/") + 1] or path
        return path.startswith(self.own) and not _is_installed(path, f"/{path[len(self.own) :]}")


def is_installed(code: CodeType) -> bool:
    """Return whether code is of an installed package, or of this one."""
    path = code.co_filename.replace("\\", "/")
    return _is_installed(path, path)


def _is_installed(path: str, below: str) -> bool:
    return path.startswith(_OURS) or any(part in below for part in _INSTALLED)


def _packages_of(value: Any) -> Iterator[str]:
    """Yield the packages that a value comes from: its own, and that of its class."""
    names = [class_module(type(value))]
    if is_class(value):
        names.append(class_module(value))
    elif type(value) is FunctionType:
        names.append(value.__module__)
    elif type(value) is ModuleType:
        names.append(value.__name__)
    for name in names:
        if type(name) is str:
            yield name.partition(".")[0]


def _names_of(code: CodeType) -> Iterator[str]:
    """Yield the names that a code object and the functions inside it use."""
    waiting = [code]
    while waiting:
        one = waiting.pop()
        yield from one.co_names
        waiting += [constant for constant in one.co_consts if type(constant) is CodeType]


def _cell_values(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # the variable has no value yet
            continue
