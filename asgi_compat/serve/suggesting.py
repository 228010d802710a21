"""Suggest what to write instead of a name that is not there."""

from __future__ import annotations

import difflib
import os
import pkgutil
import sys
from types import FunctionType
from typing import Any, Dict, Iterable, List, Sequence

from asgi_compat import classify


def near_names(name: str, names: Iterable[str]) -> List[str]:
    """Return the names that are spelled nearly like one, the nearest first."""
    return difflib.get_close_matches(name.replace("-", "_"), names, n=3, cutoff=0.6)


def suggest_module(name: str, missing: str, directory: str) -> str:
    """Return the sentence about a module that is not there: which one is, or where it is."""
    parent, _, last = missing.rpartition(".")
    if parent:
        return f"there is no module {name!r}: {_suggest_in_package(parent, last)}"
    for below in _folders_with(last, directory):
        where = f"there is one in {below}: add --app-dir {below}"
        return f"there is no module {missing!r} in {directory}; {where}"
    near = near_names(missing, _modules_in([directory]))
    if near:
        return f"there is no module {missing!r} in {directory}; did you mean {near[0]!r}?"
    return (
        f"there is no module {missing!r}, neither in {directory} nor installed; check the spelling, "
        "start from the directory it is in, or name that directory with --app-dir"
    )


def _suggest_in_package(parent: str, name: str) -> str:
    folders = _folders_of(sys.modules.get(parent))
    if folders is None:
        return f"{parent!r} is not a package; did you mean {parent}:{name}?"
    near = near_names(name, _modules_in(folders))
    hint = f"did you mean {parent}.{near[0]}?" if near else "is a file missing there?"
    return f"the package {parent!r} has no {name!r} in it; {hint}"


def _folders_with(name: str, directory: str) -> List[str]:
    """Return the folders directly below a directory that have a module or package of that name."""
    try:
        folders = sorted(os.listdir(directory))
    except OSError:
        return []
    files = (f"{name}.py", os.path.join(name, "__init__.py"))
    return [
        folder
        for folder in folders
        if any(os.path.isfile(os.path.join(directory, folder, file)) for file in files)
    ]


def _modules_in(folders: Any) -> List[str]:
    return [found.name for found in pkgutil.iter_modules(folders)]


def _folders_of(package: Any) -> Any:
    return getattr(package, "__path__", None)


def suggest_submodule(package: Any, name: str, path: Sequence[str]) -> str:
    """Return the suggestion to name a module of a package by a dot, or "" when there is no such module."""
    folders = _folders_of(package)
    if folders is None or path[0] not in _modules_in(folders):
        return ""
    rest = ".".join(path[1:]) or "app"
    return f"there is a module of that name: did you mean {name}.{path[0]}:{rest}?"


def suggest_attribute(holder: Any, name: str) -> str:
    """Return the suggestion for an attribute that is not there: a near name, or the applications."""
    values = _public_values(holder)
    near = near_names(name, values) if name else []
    if near:
        return f"did you mean {' or '.join(near)}?"
    home = getattr(holder, "__name__", "")
    applications = [other for other, value in values.items() if _is_offered(value, home)]
    if applications:
        choice = "one of them" if len(applications) > 1 else "that"
        return f"it has {' and '.join(applications[:3])}: name {choice} after the colon"
    return "name the application after the colon, as in module:app"


def _public_values(holder: Any) -> Dict[str, Any]:
    try:
        space = dict(vars(holder))
    except Exception:  # it has no __dict__, or one that is computed and fails
        return {}
    return {name: value for name, value in space.items() if type(name) is str and not name.startswith("_")}


def _is_offered(value: Any, home: str) -> bool:
    """Whether a value is an application that a module offers.

    Of functions only one that is defined there and takes a scope: most functions of one argument are not
    applications.
    """
    verdict = classify(value)
    if type(value) is FunctionType and not (value.__module__ == home and "scope" in verdict.reason):
        return False
    return verdict.style.is_application
