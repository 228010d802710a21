"""What to write instead of a name that is not there."""

from __future__ import annotations

import difflib
import os
import pkgutil
import sys
from types import FunctionType, ModuleType
from typing import Any, List

from asgi_compat import classify


def near_names(name: str, names: List[str]) -> List[str]:
    """Return the names that are spelled nearly like one, the nearest first."""
    return difflib.get_close_matches(name.replace("-", "_"), names, n=3, cutoff=0.6)


def suggest_module(name: str, missing: str, directory: str) -> str:
    """Return the sentence about a module that is not there: which one is, or where it is."""
    parent, _, last = missing.rpartition(".")
    if parent:
        package = sys.modules.get(parent)
        folders = getattr(package, "__path__", None)
        if folders is None:
            return f"there is no module {name!r}: {parent!r} is no package; did you mean {parent}:{last}?"
        near = near_names(last, [found.name for found in pkgutil.iter_modules(folders)])
        hint = f"did you mean {parent}.{near[0]}?" if near else "is a file missing there?"
        return f"there is no module {name!r}: the package {parent!r} has no {last!r} in it; {hint}"
    for below in sorted(os.listdir(directory)):
        inside = os.path.join(directory, below, last)
        if os.path.isfile(inside + ".py") or os.path.isfile(os.path.join(inside, "__init__.py")):
            where = f"there is one in {below}: add --app-dir {below}"
            return f"there is no module {missing!r} in {directory}; {where}"
    near = near_names(missing, [found.name for found in pkgutil.iter_modules([directory])])
    if near:
        return f"there is no module {missing!r} in {directory}; did you mean {near[0]!r}?"
    return (
        f"there is no module {missing!r}, neither in {directory} nor installed: is it spelled right? "
        "Start from the directory it is in, or name that directory with --app-dir"
    )


def has_submodule(module: ModuleType, name: str) -> bool:
    """Whether a package has a module of that name, imported or not."""
    folders = getattr(module, "__path__", None)
    return folders is not None and any(found.name == name for found in pkgutil.iter_modules(folders))


def suggest_attribute(holder: Any, name: str) -> str:
    """What to write instead of a name that is not there."""
    names = (
        [other for other in vars(holder) if not other.startswith("_")] if hasattr(holder, "__dict__") else []
    )
    near = near_names(name, names) if name else []
    if near:
        return f"did you mean {' or '.join(near)}?"
    apps = [
        other
        for other in names
        # A function that was imported from elsewhere is hardly the application a module offers.
        if not isinstance(vars(holder)[other], FunctionType)
        or vars(holder)[other].__module__ == getattr(holder, "__name__", "")
        if _is_offered(vars(holder)[other])
    ]
    if apps:
        choice = "one of them" if len(apps) > 1 else "that"
        return f"it has {' and '.join(apps[:3])}: name {choice} after the colon"
    return "name the application after the colon, as in module:app"


def _is_offered(value: Any) -> bool:
    """An application, and of functions only one that speaks of a scope: most of one argument are none."""
    verdict = classify(value)
    return verdict.style.is_application and (not isinstance(value, FunctionType) or "scope" in verdict.reason)
