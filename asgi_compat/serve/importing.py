"""From an import string to an object."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from types import ModuleType
from typing import Any

from asgi_compat import DetectionError

from .._detect.vocabulary import IMPORT_NAMES
from .errors import LoadError, UsageError
from .quoting import import_problem, own_frames
from .suggesting import has_submodule, suggest_attribute, suggest_module


def load(target: str, *, app_dir: str = "", factory: bool = False) -> Any:
    """Import ``module:attribute.path`` and give the object.

    `target` may be a module alone: then its ``app``, or else its ``application``, is meant.
    `app_dir` is put first on ``sys.path``; the current directory when empty. With `factory` the
    object is called without arguments and what it returns is given.

    Raises `UsageError` for a target that is no import string, `LoadError` when it leads nowhere
    or importing it raised, and `DetectionError` for an asynchronous factory.

    >>> load("asgi_compat.demo:application").__name__
    'application'
    """
    module_name, colon, path = target.partition(":")
    _check_target(target, module_name, colon, path)
    _put_on_path(app_dir)
    module = _import(module_name, app_dir or os.getcwd())
    found = _attribute(module, target, path)
    return _call_factory(found, target) if factory else found


def _check_target(target: str, module_name: str, colon: str, path: str) -> None:
    if "/" in module_name or "\\" in module_name or module_name.endswith(".py"):
        head, tail = os.path.split(module_name.replace("\\", "/"))
        stem = tail[:-3] if tail.endswith(".py") else tail
        where = f" --app-dir {head}" if head else ""
        raise UsageError(f"{target!r} names a file: name the module, as in {stem}:{path or 'app'}{where}")
    parts = module_name.split(".") + (path.split(".") if colon else [])
    if not all(parts) or any(part != part.strip() for part in parts):
        raise UsageError(
            f"{target!r} is not an import string: write module:attribute, as in myproject.asgi:app"
        )


def _put_on_path(app_dir: str) -> None:
    directory = os.path.abspath(app_dir or os.getcwd())
    if not os.path.isdir(directory):
        raise UsageError(f"--app-dir {app_dir}: there is no such directory")
    if directory not in sys.path[:1]:
        sys.path.insert(0, directory)


def _import(name: str, directory: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        missing = error.name if isinstance(error.name, str) else ""
        # The same name can be missing *inside* the user's code, for another reason.
        if (name == missing or name.startswith(missing + ".")) and not own_frames(error.__traceback__):
            raise LoadError(suggest_module(name, missing, directory)) from None
        raise LoadError(
            import_problem(f"the module {name!r} was found, but its own import failed", error)
        ) from error
    # SystemExit too: a script without `if __name__ == "__main__"` ends the process when imported.
    except BaseException as error:
        raise LoadError(
            import_problem(f"the module {name!r} was found, but its own import failed", error)
        ) from error


def _attribute(module: ModuleType, target: str, path: str) -> Any:
    if not path:
        for name in IMPORT_NAMES:
            if hasattr(module, name):
                return getattr(module, name)
        hint = suggest_attribute(module, "")
        raise LoadError(f"the module {module.__name__!r} has neither 'app' nor 'application'; {hint}")
    found: Any = module
    walked = module.__name__
    for position, name in enumerate(path.split(".")):
        try:
            found = getattr(found, name)
        except AttributeError:
            kind = "module" if position == 0 else "object"
            if position == 0 and has_submodule(module, name):
                rest = path.partition(".")[2] or "app"
                raise LoadError(
                    f"the package {walked!r} has no attribute {name!r}, but there is a module "
                    f"of that name: did you mean {walked}.{name}:{rest}?"
                ) from None
            raise LoadError(
                f"the {kind} {walked!r} has no attribute {name!r}; {suggest_attribute(found, name)}"
            ) from None
        except Exception as error:
            raise LoadError(import_problem(f"reading {name!r} of {walked!r} failed", error)) from error
        walked += f"{'.' if position else ':'}{name}"
    return found


def _call_factory(factory: Any, target: str) -> Any:
    if not callable(factory):
        raise DetectionError(
            f"{target} cannot be called, so it is no factory: leave out --factory",
            application=factory,
            reason="not callable",
            remedy="leave out --factory",
        )
    try:
        made = factory()
    except Exception as error:
        raise LoadError(import_problem(f"the factory {target} was called and failed", error)) from error
    if inspect.iscoroutine(made):
        made.close()  # or Python warns that it was never awaited
        remedy = "make it an ordinary function, and do what has to be awaited at lifespan start-up"
        raise DetectionError(
            f"{target} is an asynchronous factory, and no server calls one: {remedy}",
            application=factory,
            reason="the factory returned a coroutine",
            remedy=remedy,
        )
    return made
