"""Turn an import string into an object."""

from __future__ import annotations

import importlib
import os
import sys
from types import CoroutineType
from typing import Any, NamedTuple

from asgi_compat import DetectionError

from .._detect.vocabulary import IMPORT_NAMES
from .errors import LoadError, UsageError
from .quoting import import_problem, user_frames
from .suggesting import suggest_attribute, suggest_module, suggest_submodule

#: What `_read` returns for an attribute that is not there.
_MISSING = object()


class ImportString(NamedTuple):
    """The parts of ``module:attribute.path``."""

    module: str
    #: Empty for a module alone.
    path: str


def load(target: str, *, app_dir: str = "", factory: bool = False) -> Any:
    """Import ``module:attribute.path`` and return the object.

    `target` may be a module alone: then its ``app``, or else its ``application``, is meant. `app_dir` is put
    first on ``sys.path``; the current directory when empty. With `factory` the object is called without
    arguments, and its result is returned.

    Raises `UsageError` for a target that is not an import string, `LoadError` when it leads nowhere or
    importing it raised, and `DetectionError` for an asynchronous factory.

    >>> load("asgi_compat.demo:application").__name__
    'application'
    """
    parts = parse_target(target)
    directory = _put_on_path(app_dir)
    module = _import(parts.module, directory)
    found = _follow(module, parts) if parts.path else _default_attribute(module, parts.module)
    return _call_factory(found, target) if factory else found


def parse_target(target: str) -> ImportString:
    """Split an import string, or raise `UsageError` for a file name or anything else.

    >>> parse_target("myproject.asgi:app")
    ImportString(module='myproject.asgi', path='app')
    """
    module, colon, path = target.partition(":")
    if "/" in module or "\\" in module or module.endswith(".py"):
        head, tail = os.path.split(module.replace("\\", "/"))
        stem = tail[:-3] if tail.endswith(".py") else tail
        where = f" --app-dir {head}" if head else ""
        raise UsageError(f"{target!r} names a file: name the module, as in {stem}:{path or 'app'}{where}")
    names = module.split(".") + (path.split(".") if colon else [])
    if not all(names) or any(name != name.strip() for name in names):
        raise UsageError(
            f"{target!r} is not an import string: write module:attribute, as in myproject.asgi:app"
        )
    return ImportString(module, path)


def _put_on_path(app_dir: str) -> str:
    """Put the directory first on ``sys.path``, and return it."""
    try:
        directory = os.path.abspath(app_dir)  # of "", the current directory
    except OSError as error:
        raise UsageError(f"the current directory cannot be read ({error.strerror}); use --app-dir") from None
    if not os.path.isdir(directory):
        raise UsageError(f"--app-dir {app_dir}: there is no such directory")
    if directory not in sys.path[:1]:
        sys.path.insert(0, directory)
    return directory


def _import(name: str, directory: str) -> Any:
    """Return the module, or whatever it has put in its place in ``sys.modules``."""
    try:
        return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    # SystemExit too: a script without `if __name__ == "__main__"` ends the process when it is imported.
    except BaseException as error:
        if _is_missing(name, error):
            raise LoadError(suggest_module(name, str(getattr(error, "name", "")), directory)) from None
        what = f"the module {name!r} was found, but its own import failed"
        raise LoadError(import_problem(what, error)) from error


def _is_missing(name: str, error: BaseException) -> bool:
    """Whether it is the named module that is missing, and not one of the same name that user code imports."""
    missing = getattr(error, "name", None)
    if not isinstance(error, ModuleNotFoundError) or not isinstance(missing, str):
        return False
    return (name == missing or name.startswith(f"{missing}.")) and not user_frames(error)


def _default_attribute(module: Any, name: str) -> Any:
    for attribute in IMPORT_NAMES:
        found = _read(module, attribute, name)
        if found is not _MISSING:
            return found
    hint = suggest_attribute(module, "")
    raise LoadError(f"the module {name!r} has neither 'app' nor 'application'; {hint}")


def _follow(module: Any, parts: ImportString) -> Any:
    """Return the attribute of an attribute of a module."""
    found, walked = module, parts.module
    names = parts.path.split(".")
    for position, name in enumerate(names):
        inner = _read(found, name, walked)
        if inner is _MISSING and position == 0:
            hint = suggest_submodule(found, walked, names) or suggest_attribute(found, name)
            raise LoadError(f"the module {walked!r} has no attribute {name!r}; {hint}")
        if inner is _MISSING:
            hint = suggest_attribute(found, name)
            raise LoadError(f"the object {walked!r} has no attribute {name!r}; {hint}")
        found = inner
        walked += f"{'.' if position else ':'}{name}"
    return found


def _read(holder: Any, name: str, walked: str) -> Any:
    try:
        return getattr(holder, name)
    except AttributeError:
        return _MISSING
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise LoadError(import_problem(f"reading {name!r} of {walked!r} failed", error)) from error


def _call_factory(factory: Any, target: str) -> Any:
    if not callable(factory):
        raise DetectionError(
            f"{target} cannot be called, so it is not a factory: leave out --factory",
            application=factory,
            reason="not callable",
            remedy="leave out --factory",
        )
    try:
        made = factory()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise LoadError(import_problem(f"the factory {target} was called and failed", error)) from error
    if issubclass(type(made), CoroutineType):
        made.close()  # or Python warns that it was never awaited
        remedy = "make it an ordinary function, and await what it needs at lifespan start-up"
        raise DetectionError(
            f"{target} is an asynchronous factory, and no server calls one: {remedy}",
            application=factory,
            reason="the factory returned a coroutine",
            remedy=remedy,
        )
    return made
