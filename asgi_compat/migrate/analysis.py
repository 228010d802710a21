"""What a module defines: outer halves, classes whose instances are inner halves, consumers."""

from __future__ import annotations

import ast
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Set, Tuple

from .consumers import is_consumer, is_consumer_class
from .module import (
    DEFS,
    FUNCTIONS,
    Function,
    Module,
    dotted,
    is_method,
    parameters,
    required_parameters,
    returns,
)
from .registry import RECOGNISERS, Leaf, Refusal
from .source import Edit
from .vocabulary import (
    APPLICATIONS,
    is_pair,
    is_scope,
    names_both_generations,
    reads_scope,
    scope_parameter,
    speaks_asgi,
    takes_receive_and_send,
)

#: A function that returns one of these is no outer half.
_VALUES = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Compare, ast.Dict, ast.List, ast.Tuple, ast.ListComp)
#: A call whose argument is a scope and whose callee is one of these makes no instance.
_NOT_APPS = frozenset(
    [
        "dict",
        "copy",
        "deepcopy",
        "Request",
        "WebSocket",
        "HTTPConnection",
        "URL",
        "Headers",
        "print",
        "str",
        "repr",
        "len",
    ]
)


class OuterHalf:
    """A function that takes a scope and returns what takes receive and send."""

    def __init__(self, function: Function, scope: ast.arg) -> None:
        self.function = function
        self.scope = scope
        #: What each `return` returns; an empty list for None.
        self.returned: List[Tuple[ast.AST, List[Leaf]]] = []
        self.unknown: Optional[ast.AST] = None

    @property
    def name(self) -> str:
        """The name of the function, ``"lambda"`` for one without."""
        return getattr(self.function, "name", "lambda")

    @property
    def leaves(self) -> List[Leaf]:
        """Everything it returns."""
        return [leaf for _, leaves in self.returned for leaf in leaves]


class HelperClass(NamedTuple):
    """A class whose instances take receive and send."""

    node: ast.ClassDef
    call: ast.AST
    constructor: Optional[Function]
    #: The parameter of the constructor that is the scope.
    scope: Optional[str]
    #: Whether the constructor needs a scope and nothing else: the class is an application.
    is_application: bool


class Analysis:
    """One module while it is rewritten."""

    def __init__(self, module: Module, rules: FrozenSet[str], project: Any = None) -> None:
        self.module = module
        self.rules = rules
        self.project = project
        self.edits: List[Edit] = []
        self.used: Dict[str, int] = {}
        self.warnings: List[Tuple[int, str]] = []
        #: Calls that some rewrite has taken care of.
        self.consumed: Set[ast.AST] = set()
        self.imports: Dict[str, str] = {}
        self.is_asgi: bool = speaks_asgi(module.source.text)
        self._left: Dict[ast.AST, bool] = {}
        self.helpers: Dict[ast.ClassDef, HelperClass] = {}
        self.entries: Dict[ast.ClassDef, str] = {}
        self.outers: Dict[ast.AST, OuterHalf] = {}

    # -- what is left alone

    def is_left(self, node: ast.AST) -> bool:
        """Return whether a node stands in code that stays as it is: marked so, or for both generations."""
        chain = [node, *self.module.ancestors(node)]
        return any(self._leaves(item) for item in chain if isinstance(item, (ast.stmt, ast.Module)))

    def _leaves(self, node: ast.AST) -> bool:
        if node not in self._left:
            self._left[node] = self._is_marked(node) or (
                isinstance(self.module.parents.get(node), ast.Module)
                and isinstance(node, (*DEFS, ast.ClassDef))
                and names_both_generations(self._code_of(node))
            )
        return self._left[node]

    def _code_of(self, node: ast.AST) -> str:
        asked = " ".join(
            f"{dotted(item.func)}("
            for item in ast.walk(node)
            if isinstance(item, ast.Call) and item.args and _asks_about_application(item)
        )
        return asked + " ".join(
            name
            for item in ast.walk(node)
            for name in (getattr(item, "id", None), getattr(item, "attr", None), getattr(item, "name", None))
            if isinstance(name, str)
        )

    def _is_marked(self, node: ast.AST) -> bool:
        marks = self.module.source.leave
        if not marks:
            return False
        if isinstance(node, ast.Module):
            first = node.body[0].lineno if node.body else 1
            return any(line < first for line in marks) and min(marks) < first
        last = node.lineno if isinstance(node, (*DEFS, ast.ClassDef)) else node.end_lineno  # type: ignore[attr-defined]
        if isinstance(node, (*DEFS, ast.ClassDef)) and node.body:
            last = max(node.lineno, node.body[0].lineno - 1)
        return any(node.lineno <= line <= (last or 0) for line in marks)  # type: ignore[attr-defined]

    def edit(self, rule: str, *edits: Edit) -> None:
        """Add edits of one rewrite."""
        self.edits.extend(edits)
        self.used[rule] = self.used.get(rule, 0) + 1

    def warn(self, node: ast.AST, text: str) -> None:
        """Note what a person should look at."""
        self.warnings.append((getattr(node, "lineno", 1), text))

    # -- finding

    def find_classes(self) -> None:
        """Find the classes whose instances take receive and send."""
        for node in self.module.nodes:
            if isinstance(node, ast.ClassDef) and self.is_asgi:
                found = self.helper_class(node)
                if found is not None:
                    self.helpers[node] = found

    def find_outer_halves(self) -> None:
        """Find outer halves, until nothing more is found."""
        candidates = [node for node in self.module.nodes if isinstance(node, (ast.FunctionDef, ast.Lambda))]
        size = -1
        while size != len(self.outers):
            size = len(self.outers)
            for function in candidates:
                if function not in self.outers:
                    outer = self._outer_half(function)
                    if outer is not None:
                        self.outers[function] = outer
        for outer in list(self.outers.values()):  # what was found later may explain what is returned
            again = self._outer_half(outer.function)
            if again is not None:
                self.outers[outer.function] = again

    def helper_class(self, node: ast.ClassDef) -> Optional[HelperClass]:
        """Return what there is to know about a class whose instances take receive and send."""
        call = self.member(node, "__call__")
        if not isinstance(call, DEFS) or len(required_parameters(self.module, call)) != 2:
            return None
        if (
            not takes_receive_and_send(self.module, call)
            or self.is_left(node)
            or is_consumer_class(self.module, node)
        ):
            return None
        constructor = self.member(node, "__init__")
        if not isinstance(constructor, DEFS):
            fields = self._dataclass_fields(node)
            named = [name for name in fields if name.endswith("scope")]
            return HelperClass(node, call, None, named[0] if named else None, fields == named and bool(named))
        needed = [parameter.arg for parameter in required_parameters(self.module, constructor)]
        named = [name for name in needed if name.lower().endswith("scope")]
        if not named and len(needed) == 1 and reads_scope(self.module, constructor, needed[0]):
            named = needed
        return HelperClass(
            node, call, constructor, named[0] if named else None, bool(named) and needed == named
        )

    def _dataclass_fields(self, node: ast.ClassDef) -> List[str]:
        if not any(
            dotted(getattr(d, "func", d)).rpartition(".")[2] in ("dataclass", "s", "define")
            for d in node.decorator_list
        ):
            return []
        fields = [item for item in node.body if isinstance(item, ast.AnnAssign) and item.value is None]
        return [field.target.id for field in fields if isinstance(field.target, ast.Name)]

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
        found = [self.module.value(base.id, node) for base in node.bases if isinstance(base, ast.Name)]
        return [base for base in found if isinstance(base, ast.ClassDef) and base is not node]

    def foreign_bases(self, node: ast.ClassDef) -> List[ast.expr]:
        """Return the base classes that cannot be seen from here."""
        found = []
        for base in node.bases:
            value = self.module.value(base.id, node) if isinstance(base, ast.Name) else None
            if isinstance(value, ast.ClassDef) and value is not node:
                found += self.foreign_bases(value)
            elif dotted(base).rpartition(".")[2] not in ("object", "ABC", "Generic", "NamedTuple"):
                found.append(base)
        return found

    def _outer_half(self, function: Function) -> Optional[OuterHalf]:
        if not self.is_asgi or self._generation(function) != 2 or self.is_left(function):
            return None
        scope = scope_parameter(self.module, function)
        if scope is None or not self._is_treated_as_scope(function, scope):
            return None
        outer = OuterHalf(function, scope)
        if not self._read_returns(outer) or not outer.leaves:
            return None
        if not any(leaf.strong for leaf in outer.leaves) and not self._is_likely(outer):
            return None
        if _does_nothing_else(function) and any(self._adapts(leaf) for leaf in outer.leaves):
            return None
        return outer

    def _read_returns(self, outer: OuterHalf) -> bool:
        """Find out what a function returns; False if it returns what no outer half does."""
        for node, value in self._values(outer.function):
            if self.is_left(node) or (isinstance(value, _VALUES) and not is_none(value)):
                return False
            leaves = self.leaves_of(outer, value) if value is not None else []
            if leaves is None:
                outer.unknown = outer.unknown or node
            else:
                outer.returned.append((node, leaves))
        return True

    def _is_treated_as_scope(self, function: Function, scope: ast.arg) -> bool:
        """Return whether a parameter with another name is a scope: its keys are read, or it is passed on."""
        if scope.arg.lower().endswith("scope") or reads_scope(self.module, function, scope.arg):
            return True
        read = [node for node in self.module.reads.get(scope.arg, []) if self.module.inside(node, function)]
        parents = [self.module.parents[node] for node in read]
        if any(isinstance(p, ast.Call) and p.func is n for p, n in zip(parents, read)):
            return False
        made = [self.callee(p) for p in parents if isinstance(p, ast.Call)]
        return any(target in self.helpers or target in self.outers for target in made if target is not None)

    def _values(self, function: Function) -> List[Tuple[ast.AST, Optional[ast.expr]]]:
        if isinstance(function, ast.Lambda):
            return [(function, function.body)]
        return [
            (node, node.value if not is_none(node.value) else None) for node in returns(self.module, function)
        ]

    def _generation(self, function: Function) -> int:
        names = [
            parameter.arg for parameter in [*parameters(self.module, function), *function.args.kwonlyargs]
        ]
        if isinstance(function, ast.AsyncFunctionDef) or is_pair(
            [n for n in names if n.strip("_") in ("receive", "send")]
        ):
            return 3
        if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in self.module.own(function)):
            return 0
        if is_method(self.module, function) and getattr(function, "name", "") in ("__init__", "__new__"):
            return 0
        return 2

    def _adapts(self, leaf: Leaf) -> bool:
        """Return whether what is returned does nothing but call a single-callable: it is an adapter."""
        node = leaf.node.args[0] if leaf.rule == "partials" and isinstance(leaf.node, ast.Call) else leaf.node
        call = _only_call(self.definition(node))
        if call is None or len(call.args) != 3 or not dotted(call.func):
            return False
        if isinstance(call.func, ast.Name) and not isinstance(self.module.value(call.func.id, call), ast.arg):
            return False
        target = self.definition(call.func)
        if isinstance(target, ast.AsyncFunctionDef) or target in self.helpers:
            return False
        return is_scope(self.module, call.args[0]) and is_pair([dotted(a) for a in call.args[1:]])

    def _is_likely(self, outer: OuterHalf) -> bool:
        """Return whether a function that only calls others with a scope is an outer half."""
        function = outer.function
        if not outer.scope.arg.lower().endswith("scope"):
            return False
        name = outer.name.lower()
        if name == "__call__" or "asgi" in name or name in APPLICATIONS or "middleware" in name:
            return True
        if reads_scope(self.module, function, outer.scope.arg):
            return True
        callees = [dotted(leaf.node.func) for leaf in outer.leaves if isinstance(leaf.node, ast.Call)]
        return any(callee.rpartition(".")[2] in APPLICATIONS for callee in callees)

    def leaves_of(self, outer: OuterHalf, node: ast.expr) -> Optional[List[Leaf]]:
        """Return the parts of a returned expression, None if one is not understood."""
        if isinstance(node, ast.IfExp):
            branches = [self.leaves_of(outer, node.body), self.leaves_of(outer, node.orelse)]
            if any(branch is None for branch in branches):
                return None
            return [leaf for branch in branches for leaf in branch or []]
        for recognise in RECOGNISERS:
            leaf = recognise(self, outer, node)
            if leaf is not None:
                return [leaf]
        return None

    # -- what is called

    def callee(self, call: ast.Call) -> Optional[ast.AST]:
        """Return the definition in this module that a call calls: a function, a class, or None."""
        return self.definition(call.func)

    def definition(self, node: ast.expr) -> Optional[ast.AST]:
        """Return the function or class of this module that an expression refers to."""
        if isinstance(node, ast.Name):
            value = self.module.value(node.id, node)
            if isinstance(value, ast.Name) and value is not node and value.id != node.id:
                return self.definition(value)
            return value if isinstance(value, (*FUNCTIONS, ast.ClassDef)) else None
        if isinstance(node, ast.Attribute) and dotted(node.value) in ("self", "cls"):
            owner = self.module.class_of(node)
            found = self.member(owner, node.attr) if owner is not None else None
            if isinstance(found, ast.Name):
                return self.definition(found)
            return found if isinstance(found, FUNCTIONS) else None
        return None

    def imported_class(self, node: ast.expr) -> str:
        """Return the name of an imported class, also of one that a class attribute holds, or ``""``."""
        if isinstance(node, ast.Attribute) and dotted(node.value) in ("self", "cls"):
            owner = self.module.class_of(node)
            value = self.member(owner, node.attr) if owner is not None else None
            return self.imported_class(value) if isinstance(value, (ast.Name, ast.Attribute)) else ""
        name = self.module.imported(node).rpartition(".")[2]
        return name if name[:1].isupper() and not name.isupper() else ""

    def is_entry_elsewhere(self, name: str) -> Optional[bool]:
        """Return whether a class becomes an application in its own file, None if that cannot be told."""
        return self.project.is_entry(name) if self.project is not None else None

    def scope_argument(self, call: ast.Call) -> Optional[ast.expr]:
        """Return the scope among the arguments of a call of an application."""
        target = self.callee(call)
        outer = self.outers.get(target) if target is not None else None
        if outer is not None:
            names = [parameter.arg for parameter in parameters(self.module, outer.function)]
            at = names.index(outer.scope.arg)
            if at < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args[: at + 1]):
                return call.args[at]
            return next((k.value for k in call.keywords if k.arg == outer.scope.arg), None)
        values = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "scope")]
        if len(values) != 1 or len(call.args) + len(call.keywords) != 1:
            return None
        return (
            values[0] if not isinstance(values[0], ast.Starred) and is_scope(self.module, values[0]) else None
        )

    def application(self, call: ast.expr) -> str:
        """Return how sure it is that a call makes an instance of an application: "known", "likely", ""."""
        if not isinstance(call, ast.Call) or self.scope_argument(call) is None:
            return ""
        if is_consumer(self.module, call.func):
            return "known"
        target = self.callee(call)
        if target is not None:
            return "known" if target in self.outers or target in self.entries else ""
        name = dotted(call.func)
        if name.rpartition(".")[2] in _NOT_APPS:
            return ""
        imported = self.imported_class(call.func)
        if imported:
            return "likely" if self._is_application_elsewhere(imported) else ""
        return "likely"

    def _is_application_elsewhere(self, name: str) -> bool:
        """Return whether a class of another file is an application: it is if this is not its only use."""
        if name.endswith(("Response", "Request", "WebSocket", "Connection")):
            return False
        return self.is_entry_elsewhere(name) is True


def _only_call(function: Optional[ast.AST]) -> Optional[ast.Call]:
    """Return the call that is all a function does."""
    value: ast.AST
    if isinstance(function, ast.Lambda):
        value = function.body
    elif isinstance(function, DEFS):
        code = [node for node in function.body if not _is_docstring(node)]
        value = getattr(code[0], "value", None) or code[0] if len(code) == 1 else function
    else:
        return None
    call = value.value if isinstance(value, ast.Await) else value
    return call if isinstance(call, ast.Call) else None


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _does_nothing_else(function: Function) -> bool:
    """Return whether a function only defines and returns something."""
    if isinstance(function, ast.Lambda):
        return True
    kinds = (*DEFS, ast.Return)
    return all(
        isinstance(node, kinds) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    )


def _asks_about_application(call: ast.Call) -> bool:
    """Return whether a call looks at what kind of callable an application is."""
    if dotted(call.func).rpartition(".")[2] not in ("iscoroutinefunction", "signature", "getfullargspec"):
        return False
    names = dotted(call.args[0]).split(".")
    return any(name in APPLICATIONS or name.endswith("app") for name in names)


def is_none(node: Optional[ast.AST]) -> bool:
    """Return whether nothing, or the constant None, is returned."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def refuse_unknown(outer: OuterHalf) -> None:
    """Refuse an outer half that returns what is not understood."""
    if outer.unknown is not None:
        raise Refusal(outer.unknown, f"{outer.name} takes a scope, and what it returns here cannot be told")
