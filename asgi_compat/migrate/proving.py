"""Prove a migration: import the source as it is and as it would be, and hold conversations with both.

The only place where code of the user is run. Nothing is written: the modules of the folder are imported a
second time, with their migrated text.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from types import CodeType, ModuleType
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from asgi_compat import Style, classify
from asgi_compat.testing import Conversation
from asgi_compat.testing.migrated import conversations, first_difference

from .rewriting import Result
from .running import migrate_paths

_NO_APPLICATION = "it takes a scope and is not an application: it returns"


class Proof(NamedTuple):
    """What came out of driving one application before and after."""

    target: str
    #: "same", "different" or "not driven".
    status: str
    text: str = ""


class ProofError(Exception):
    """A target that cannot be imported, or whose file is refused."""


class _Loader(importlib.machinery.SourceFileLoader):
    """Load a file with the text that it would have."""

    def __init__(self, name: str, path: str, data: bytes) -> None:
        super().__init__(name, path)
        self._data = data

    def get_code(self, fullname: str) -> Optional[CodeType]:
        return self.source_to_code(self._data, self.path)


class _Finder(importlib.abc.MetaPathFinder):
    """Find modules as usual, and load those that are migrated from their new text."""

    def __init__(self, migrated: Dict[str, bytes]) -> None:
        self.migrated = migrated

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.origin is not None:
            data = self.migrated.get(os.path.realpath(spec.origin))
            if data is not None:
                spec.loader = _Loader(fullname, spec.origin, data)
        return spec


def prove(
    target: str, *, app_dir: str = "", held: Optional[Sequence[Conversation]] = None, timeout: float = 5.0
) -> List[Proof]:
    """Drive ``module:app`` before and after, or every ASGI2 application of ``module``.

    A function of ``module`` that takes a scope and returns a str, say, is not an application and is left
    out. Imports the module. Raises `ProofError` for one that cannot be imported or is refused.
    """
    module_name, _, attribute = target.partition(":")
    directory = os.path.abspath(app_dir or os.getcwd())
    if directory not in sys.path:
        sys.path.insert(0, directory)
    old = _import(module_name)
    file = getattr(old, "__file__", None)
    if not file:
        raise ProofError(f"{module_name} has no file")
    results = {os.path.realpath(result.path): result for result in migrate_paths([_folder(old, file)])}
    own = results.get(os.path.realpath(file))
    if own is not None and own.reason:
        raise ProofError(f"{own.path}:{own.line}: {own.reason}")
    migrated = {path: result.after for path, result in results.items() if result.status == "rewritten"}
    with _imported_again(os.path.dirname(_folder(old, file)) or directory, results, migrated):
        new = _import(module_name)
    held = conversations() if held is None else held
    if attribute:
        return [_prove_one(target, (old, new), attribute, held, timeout)]
    return _prove_all(module_name, (old, new), held, timeout)


def _prove_all(
    module_name: str, modules: Tuple[ModuleType, ModuleType], held: Sequence[Conversation], timeout: float
) -> List[Proof]:
    """Drive every application of a module; what is none is left out."""
    names = _applications(modules[0])
    proofs = [_prove_one(f"{module_name}:{name}", modules, name, held, timeout) for name in names]
    return [proof for proof in proofs if not proof.text.startswith(_NO_APPLICATION)]


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise ProofError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error


def _folder(module: ModuleType, file: str) -> str:
    """Return the folder of the outermost package, or the file of a module that stands alone."""
    if "." not in module.__name__ and not hasattr(module, "__path__"):
        return os.path.dirname(os.path.abspath(file))
    folder = os.path.dirname(os.path.abspath(file))
    for _ in range(module.__name__.count(".") - (0 if hasattr(module, "__path__") else 1)):
        folder = os.path.dirname(folder)
    return folder


@contextlib.contextmanager
def _imported_again(folder: str, results: Dict[str, Result], migrated: Dict[str, bytes]) -> Iterator[None]:
    """Forget the modules of the folder, and import them with their new text."""
    mine = {
        name: module
        for name, module in sys.modules.items()
        if os.path.realpath(getattr(module, "__file__", None) or "") in results
    }
    finder = _Finder(migrated)
    for name in mine:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(mine)


def _applications(module: ModuleType) -> List[str]:
    """Return the names of what is ASGI2 in a module and was made there."""
    found = []
    for name, value in vars(module).items():
        if callable(value) and not name.startswith("_"):
            where = getattr(value, "__module__", None) or getattr(type(value), "__module__", None)
            if where == module.__name__ and classify(value).style is Style.DOUBLE:
                found.append(name)
    return found


def _returned_for(held: Sequence[Conversation], function: Callable[[object], object]) -> str:
    """Return the type of what a function makes of each scope, ``""`` if it may be an instance."""
    made = []
    for conversation in held:
        try:
            made.append(function(dict(conversation.scope)))
        except Exception:
            return ""
    if not made or any(value is None or callable(value) or hasattr(value, "__await__") for value in made):
        return ""
    return type(made[0]).__name__


def _read(module: ModuleType, path: str) -> Any:
    found: Any = module
    for name in path.split("."):
        found = getattr(found, name)
    return found


def _prove_one(
    target: str,
    modules: Tuple[ModuleType, ModuleType],
    name: str,
    held: Sequence[Conversation],
    timeout: float,
) -> Proof:
    try:
        old, new = (_read(module, name) for module in modules)
    except AttributeError as error:
        return Proof(target, "not driven", str(error))
    before, after = classify(old), classify(new)
    if before.style is not Style.DOUBLE:
        return Proof(
            target, "not driven", f"it is {before.style.value}, and no ASGI2 application: {before.reason}"
        )
    if after.style is Style.DOUBLE:
        returned = _returned_for(held, old)
        if returned:
            return Proof(target, "not driven", f"{_NO_APPLICATION} {returned}")
        return Proof(target, "not driven", f"the migration leaves it as it is: {after.reason}")
    if after.style is not Style.SINGLE:
        return Proof(target, "different", f"after the migration it is {after.style.value}: {after.reason}")
    unended: List[Conversation] = []
    found = first_difference(old, new, held, timeout=timeout, unended=unended)
    if found is None and unended:
        names = ", ".join(conversation.name for conversation in unended)
        return Proof(target, "not driven", f"after {timeout:g} seconds it has not ended: {names}")
    if found is None:
        return Proof(target, "same", f"{len(held)} conversations, alone and at once")
    together = " while others are connected" if found.together else ""
    return Proof(target, "different", f"{found.conversation.name}{together}\n\n{found.text}")
