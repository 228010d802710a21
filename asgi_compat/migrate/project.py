"""The files that are migrated together: who imports a class, and what it is in its own file."""

from __future__ import annotations

import ast
import re
from pathlib import PurePath
from typing import Dict, FrozenSet, Iterable, List, Optional, Set, Tuple

from .adapter_uses import becomes_single, kinds
from .analysis import Analysis
from .instance_uses import find_adapted
from .module import Module, dotted
from .registry import STEPS, Refusal
from .rewrites import classes
from .source import Source, UnreadableError

#: What a file with an adapter hands on, or takes.
_PAIR = re.compile(rb"\breceive\s*,\s*send\b")
_BASES, _CALLS, _VALUES = "base", "call", "value"


class Project:
    """Several files. One is parsed when a question about it is asked."""

    def __init__(self, files: Iterable[Tuple[str, bytes]], rules: FrozenSet[str]) -> None:
        self.files: Dict[str, bytes] = dict(files)
        self.rules = rules
        self._modules: Dict[str, Optional[Module]] = {}
        self._entries: Dict[str, Optional[bool]] = {}
        self._adapters: Dict[str, Dict[str, str]] = {}
        self._converted: Dict[str, Set[str]] = {}
        self._by_stem: Dict[str, List[str]] = {}
        for path in self.files:
            self._by_stem.setdefault(_stem(path), []).append(path)

    def module(self, path: str) -> Optional[Module]:
        """Return a module, None for one that cannot be parsed."""
        if path not in self._modules:
            try:
                self._modules[path] = Module(Source(self.files[path]), path)
            except UnreadableError:
                self._modules[path] = None
        return self._modules[path]

    def uses(self, path: str, name: str) -> Dict[str, int]:
        """Return how often other files use a name of a file: as a base class, in a call, as a value."""
        found: Dict[str, int] = {}
        stem = _stem(path)
        wanted = re.compile(rb"\b%s\b" % name.encode())
        for other, data in self.files.items():
            if other != path and wanted.search(data):
                module = self.module(other)
                for use in _uses_in(module, stem, name) if module is not None else ():
                    found[use] = found.get(use, 0) + 1
        return found

    def used_by(self, name: str) -> Set[str]:
        """Return the attributes of ``self`` that the classes of this name use, in all files."""
        found: Set[str] = set()
        wanted = re.compile(rb"^[ \t]*class %s\b" % name.encode(), re.MULTILINE)
        for path, data in self.files.items():
            module = self.module(path) if wanted.search(data) else None
            for node in module.nodes if module is not None else ():
                if isinstance(node, ast.ClassDef) and node.name == name:
                    found.update(_attributes_of_self(node))
        return found

    def adapter(self, full: str) -> str:
        """Return the kind of an adapter between the styles by the name of its import, ``""`` for none."""
        parts = full.split(".")
        if len(parts) < 2 or not parts[-2]:
            return ""
        named = map(self._adapters_of, self._by_stem.get(parts[-2], ()))
        return next((found[parts[-1]] for found in named if parts[-1] in found), "")

    def is_converted(self, full: str) -> bool:
        """Return whether an application, or a class of them, becomes ASGI3 in the file that has this name."""
        parts = full.split(".")
        if len(parts) < 2 or not parts[-2]:
            return False
        return any(parts[-1] in self._converted_in(path) for path in self._by_stem.get(parts[-2], ()))

    def _converted_in(self, path: str) -> Set[str]:
        """Return the names of a file that are ASGI3 once it is rewritten, none if it is refused."""
        if path not in self._converted:
            self._converted[path] = set()  # two files may import each other
            module = self.module(path)
            if module is not None:
                self._converted[path] = _converted_names(Analysis(module, self.rules, self))
        return self._converted[path]

    def _adapters_of(self, path: str) -> Dict[str, str]:
        if path not in self._adapters:
            module = self.module(path) if _PAIR.search(self.files[path]) else None
            found: Dict[str, str] = {}
            if module is not None:
                analysis = Analysis(module, self.rules, self)
                analysis.find_classes()
                analysis.find_outer_halves()
                find_adapted(analysis)
                found = {getattr(maker, "name", ""): kind for maker, kind in kinds(analysis).items()}
            self._adapters[path] = found
        return self._adapters[path]

    def is_entry(self, name: str) -> Optional[bool]:
        """Return whether a class becomes an application in its own file, None if no file has it."""
        if name not in self._entries:
            self._entries[name] = None
            wanted = re.compile(rb"^[ \t]*class %s\b" % name.encode(), re.MULTILINE)
            for path, data in self.files.items():
                module = self.module(path) if wanted.search(data) else None
                if module is not None:
                    analysis = Analysis(module, self.rules, self)
                    analysis.find_classes()
                    classes.choose(analysis)
                    self._entries[name] = any(node.name == name for node in analysis.entries)
        return self._entries[name]


def _converted_names(analysis: Analysis) -> Set[str]:
    """Return the names of a module that become single-callables, and its classes that make them."""
    analysis.find_classes()
    classes.choose(analysis)
    analysis.find_outer_halves()
    try:
        for step in STEPS:
            step(analysis)
    except (Refusal, ValueError, RecursionError):
        return set()
    bound = analysis.module.tables.get(analysis.module.tree, {})
    return {name for name, values in bound.items() if any(_is_single(analysis, value) for value in values)}


def _is_single(analysis: Analysis, value: ast.AST) -> bool:
    if isinstance(value, ast.ClassDef) and analysis.member(value, "__call__") in analysis.converted:
        return True
    if isinstance(value, ast.alias) and analysis.project is not None:  # imported for others to import
        parent = analysis.module.parents[value]
        return analysis.project.is_converted(f"{getattr(parent, 'module', '') or ''}.{value.name}")
    return becomes_single(analysis, value)


def _attributes_of_self(node: ast.ClassDef) -> Set[str]:
    return {
        item.attr
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute) and dotted(item.value) == "self"
    }


def _stem(path: str) -> str:
    pure = PurePath(path)
    return pure.parent.name if pure.stem == "__init__" else pure.stem


def _uses_in(module: Module, stem: str, name: str) -> List[str]:
    found = []
    for node in module.nodes:
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            full = module.imported(node)
            if full.rpartition(".")[2] == name and full.split(".")[-2:-1] == [stem]:
                parent = module.parents[node]
                if isinstance(parent, ast.Subscript) and isinstance(module.parents[parent], ast.ClassDef):
                    parent = module.parents[parent]
                if isinstance(parent, ast.Call) and parent.func is node:
                    found.append(_CALLS)
                else:
                    found.append(_BASES if isinstance(parent, ast.ClassDef) else _VALUES)
    return found
