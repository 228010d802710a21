"""Turn an import string into an object."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from typing import Any, Optional

from .._detect.vocabulary import IMPORT_NAMES
from .django import asgi_file, load_default, needs_set_up, set_up, settings_of
from .errors import LoadError, UsageError
from .factories import call_factory
from .quoting import import_problem, user_frames
from .suggesting import suggest_attribute, suggest_module, suggest_submodule
from .targets import ImportString, parse_target
from .watching import ImportWatch

#: What `_read` returns for an attribute that is not there.
_MISSING = object()


def load(target: Optional[str], *, app_dir: str = "", factory: bool = False, django: str = "") -> Any:
    """Import ``module:attribute.path`` and return the object.

    `target` may be a module alone: then its ``app``, or else its ``application``, is meant. `app_dir` is put
    first on ``sys.path``; the current directory when empty. With `factory` the object is called without
    arguments, and its result is returned. With `django`, a settings module, Django is set up first, and
    without a target the project's application is loaded.

    Raises `UsageError` for a target that is not an import string, `LoadError` when it leads nowhere or
    importing it raised, and `DetectionError` for an asynchronous factory.

    >>> load("asgi_compat.demo:application").__name__
    'application'
    """
    parts = None if target is None else parse_target(target, factory=factory)
    directory = _put_on_path(app_dir)
    if django:
        set_up(django)
    if target is None or parts is None:
        return load_default(functools.partial(load, app_dir=app_dir))
    module = _import(parts, directory)
    found = _follow(module, parts) if parts.path else _default_attribute(module, parts.module)
    return call_factory(found, target) if factory else found


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


def _import(parts: ImportString, directory: str) -> Any:
    """Return the module, or whatever it has put in its place in ``sys.modules``."""
    name = parts.module
    try:
        with ImportWatch(name):
            return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    # SystemExit too: a script without `if __name__ == "__main__"` ends the process when it is imported.
    except BaseException as error:
        if _is_missing(name, error):
            raise LoadError(suggest_module(name, str(getattr(error, "name", "")), directory)) from None
        what = f"the module {name!r} was found, but its own import failed"
        if needs_set_up(error):
            remedy = f"add --django {settings_of(directory)}, or serve an asgi.py with these lines:"
            lines = asgi_file(directory, ":".join(parts).rstrip(":"))
            raise LoadError(import_problem(what, error, remedy), lines=lines) from error
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
    except AttributeError as error:
        if not _is_inner(error, name):
            return _MISSING
        raise LoadError(import_problem(f"reading {name!r} of {walked!r} failed", error)) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise LoadError(import_problem(f"reading {name!r} of {walked!r} failed", error)) from error


def _is_inner(error: AttributeError, name: str) -> bool:
    """Whether a property or a module's ``__getattr__`` failed, which do not say that `name` is missing."""
    return bool(user_frames(error)) and repr(name) not in str(error) and str(error) != name
