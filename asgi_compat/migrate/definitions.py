"""Which function or class of a module an expression refers to."""

from __future__ import annotations

import ast
from typing import List, Optional, Tuple

from .module import FUNCTIONS, Module, dotted

#: Bases that add no ``__call__`` and no constructor.
_EMPTY_BASES = ("object", "ABC", "Generic", "NamedTuple", "Protocol")


class Definitions:
    """The functions and classes of one module, by the expressions that name them."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def member(self, node: ast.ClassDef, name: str, seen: Tuple[ast.ClassDef, ...] = ()) -> Optional[ast.AST]:
        """Return what a class of this module, or one of its bases here, has under a name."""
        values = self.module.tables.get(node, {}).get(name)
        if values:
            return values[-1]
        for base in self.bases(node):
            if base not in seen:
                found = self.member(base, name, (*seen, node))
                if found is not None:
                    return found
        return None

    def bases(self, node: ast.ClassDef) -> List[ast.ClassDef]:
        """Return the base classes that this module defines."""
        found = [self._base(base, node) for base in node.bases]
        return [base for base in found if base is not None]

    def foreign_bases(self, node: ast.ClassDef) -> List[ast.expr]:
        """Return the base classes that cannot be seen from here."""
        found = []
        for base in node.bases:
            value = self._base(base, node)
            if value is not None:
                found += self.foreign_bases(value)
            elif dotted(without_types(base)).rpartition(".")[2] not in _EMPTY_BASES:
                found.append(base)
        return found

    def _base(self, base: ast.expr, node: ast.ClassDef) -> Optional[ast.ClassDef]:
        """Return the class of this module that a base is, without the types in brackets."""
        named = without_types(base)
        value = self.module.value(named.id, node) if isinstance(named, ast.Name) else None
        return value if isinstance(value, ast.ClassDef) and value is not node else None

    def callee(self, call: ast.Call) -> Optional[ast.AST]:
        """Return the definition in this module that a call calls: a function, a class, or None."""
        return self.definition(call.func)

    def definition(self, node: ast.expr) -> Optional[ast.AST]:
        """Return the function or class of this module that an expression refers to."""
        if isinstance(node, ast.Name):
            value = self.module.value(node.id, node)
            return self._followed(value, node) if value is not None and value is not node else None
        if isinstance(node, ast.Attribute):
            owner = self._owner(node)
            found = self.member(owner, node.attr) if owner is not None else None
            if isinstance(found, ast.Name):
                return self.definition(found)
            is_seen = isinstance(found, (*FUNCTIONS, ast.ClassDef)) and not _is_property(found)
            return found if is_seen else None
        return None

    def _followed(self, value: ast.AST, name: ast.Name) -> Optional[ast.AST]:
        """Return the function or class that the value of a name is, or refers to."""
        if isinstance(value, ast.Name):
            return self.definition(value) if value.id != name.id else None
        if isinstance(value, ast.arg):
            return self.module.class_of(value) if value.arg == "cls" else None
        if isinstance(value, ast.Call):
            is_partial = self.module.imported(value.func) == "functools.partial"
            made = self.definition(value.args[0]) if is_partial and value.args else None
            return made if isinstance(made, ast.ClassDef) else None
        return value if isinstance(value, (*FUNCTIONS, ast.ClassDef)) else None

    def _owner(self, node: ast.Attribute) -> Optional[ast.ClassDef]:
        """Return the class of this module in which an attribute is looked up: by ``self``, or by its name."""
        if dotted(node.value) in ("self", "cls"):
            return self.module.class_of(node)
        return self.named_class(node)

    def named_class(self, node: ast.expr) -> Optional[ast.ClassDef]:
        """Return the class of this module by whose name an attribute is read."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return None
        value = self.module.value(node.value.id, node)
        return value if isinstance(value, ast.ClassDef) else None

    def imported_class(self, node: ast.expr) -> str:
        """Return the name of an imported class, also of one that a class attribute holds, or ``""``."""
        if isinstance(node, ast.Attribute) and dotted(node.value) in ("self", "cls"):
            owner = self.module.class_of(node)
            value = self.member(owner, node.attr) if owner is not None else None
            return self.imported_class(value) if isinstance(value, (ast.Name, ast.Attribute)) else ""
        name = self.module.imported(node).rpartition(".")[2]
        return name if name[:1].isupper() and not name.isupper() else ""


def without_types(node: ast.expr) -> ast.expr:
    """Return ``Base`` of ``Base[int]``, anything else as it is."""
    return node.value if isinstance(node, ast.Subscript) else node


def _is_property(node: ast.AST) -> bool:
    """Return whether reading an attribute runs a function: what it returns is called, not the function."""
    decorators = [dotted(decorator).rpartition(".")[2] for decorator in getattr(node, "decorator_list", ())]
    return any(name.endswith("property") for name in decorators)
