"""What is left of one module: its statements without comments, most docstrings, and what is not needed."""

from __future__ import annotations

import ast
import io
import pkgutil
import tokenize
from typing import Dict, Iterator, List, Set, Tuple

WIDTH = 110

#: What the file offers.
NAMES = (
    "AdapterError",
    "DetectionError",
    "Style",
    "Verdict",
    "classify",
    "double_to_single_callable",
    "guarantee_double_callable",
    "guarantee_single_callable",
    "is_double_callable",
    "is_single_callable",
    "mark_double",
    "mark_single",
    "register_unwrapper",
    "single_to_double_callable",
)

#: What stands for a module that is left out: it gives better remedies, and changes no verdict.
INSTEAD = {
    "_detect/advice": (
        "def advice(app: object, remedy: str) -> str:\n    return remedy\n"
        "def missing_return(app: object) -> str:\n    return 'did you forget `return`?'\n"
    ),
}

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_TYPE_CHECKING = ast.dump(ast.Name("TYPE_CHECKING", ast.Load()))
_TYPE_CHECKING_TARGET = ast.dump(ast.Name("TYPE_CHECKING", ast.Store()))


class Module:
    """The statements of one module: what it defines, what it imports, and the lines that are left of it."""

    def __init__(self, path: str) -> None:
        #: As in "_detect/classify".
        self.path = path
        self.source: str = INSTEAD.get(path) or _source(path)
        self.tree: ast.Module = ast.parse(self.source)
        #: The modules that it needs before it runs, and those that its functions need.
        self.needs: List[str] = []
        self.needs_later: List[str] = []
        #: Imports from the standard library: the module and the name.
        self.imports: Set[Tuple[str, str]] = set()
        self._dropped: Set[int] = set()
        #: The first lines of docstrings, by line.
        self._replaced: Dict[int, str] = {}
        self._look(self.tree.body, self.needs)
        for node in ast.walk(self.tree):
            self._drop_docstring(node)

    def names(self) -> List[str]:
        """Return the names that the module defines at its top."""
        found: List[str] = []
        for statement in self.tree.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.append(statement.name)
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                found += [
                    each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
                ]
        return [name for name in found if name != "TYPE_CHECKING"]

    def lines(self) -> Iterator[str]:
        """Yield the lines that are left."""
        ends: Dict[int, int] = {}
        used: Set[int] = set()
        for token in tokenize.generate_tokens(io.StringIO(self.source).readline):
            if token.type == tokenize.COMMENT:
                ends[token.start[0]] = token.start[1]
            elif token.string.strip():
                used.update(range(token.start[0], token.end[0] + 1))
        starts = {_first_line(each) for each in self.tree.body if isinstance(each, DEFINITIONS)}
        for number, line in enumerate(self.source.splitlines(), 1):
            if number in self._replaced:
                yield self._replaced[number]
            elif number in used and number not in self._dropped:
                if number in starts:
                    yield ""
                yield line[: ends.get(number)].rstrip()

    def text(self) -> str:
        """Return the lines that are left, with closing brackets behind what they close."""
        found: List[str] = []
        for line in self.lines():
            brackets = line.strip()
            if brackets and not brackets.strip(")]},") and len(found[-1]) + len(brackets) < WIDTH:
                found[-1] += brackets
            else:
                found.append(line)
        return "\n".join(found)

    def _look(self, body: List[ast.stmt], needs: List[str]) -> None:
        """Note what statements import, and leave out imports and what only a type checker reads."""
        for statement in body:
            if _is_for_type_checkers(statement):
                self.drop(statement)
            elif isinstance(statement, ast.ImportFrom) and statement.level:
                self.drop(statement)
                needs += self._modules_of(statement)
            elif isinstance(statement, (ast.Import, ast.ImportFrom)) and needs is self.needs:
                self.drop(statement)
                self.imports.update(_spelled(statement))
            else:
                runs_later = isinstance(statement, DEFINITIONS)
                for field in ("body", "handlers", "orelse", "finalbody"):
                    inner = getattr(statement, field, None)
                    if isinstance(inner, list):
                        self._look(inner, self.needs_later if runs_later else needs)

    def _modules_of(self, statement: ast.ImportFrom) -> List[str]:
        assert not any(alias.asname for alias in statement.names), f"{self.path}: import without `as`"
        package = self.path.split("/")[:-1] if statement.level == 1 else []
        module = [*package, *(statement.module or "").split(".")]
        if module == ["_detect"]:
            return []  # its public names; ROOTS has the modules
        return ["/".join(module)]

    def drop(self, statement: ast.stmt) -> None:
        """Leave out the lines of a statement."""
        assert statement.end_lineno is not None
        lines = range(_first_line(statement), statement.end_lineno + 1)
        self._dropped.update(lines)
        for line in lines:
            self._replaced.pop(line, None)

    def drops(self, statement: ast.stmt) -> bool:
        """Return whether a statement is left out."""
        return statement.lineno in self._dropped

    def _drop_docstring(self, node: ast.AST) -> None:
        if not isinstance(node, (ast.Module, *DEFINITIONS)) or ast.get_docstring(node) is None:
            return
        docstring, first = node.body[0], (ast.get_docstring(node) or "").split("\n", 1)[0]
        self.drop(docstring)
        if not isinstance(node, ast.Module) and (node.name in NAMES or len(node.body) == 1):
            self._replaced[docstring.lineno] = f'{" " * docstring.col_offset}"""{first}"""'


def _source(path: str) -> str:
    data = pkgutil.get_data("asgi_compat", f"{path}.py")
    assert data is not None, path
    return data.decode("utf-8")


def _is_for_type_checkers(statement: ast.stmt) -> bool:
    """Return whether a statement is ``if TYPE_CHECKING:``, or gives the name its value."""
    if isinstance(statement, ast.If):
        return ast.dump(statement.test) == _TYPE_CHECKING
    return isinstance(statement, ast.Assign) and ast.dump(statement.targets[0]) == _TYPE_CHECKING_TARGET


def _first_line(statement: ast.stmt) -> int:
    decorators: List[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *[each.lineno for each in decorators]])


def _spelled(statement: ast.stmt) -> List[Tuple[str, str]]:
    """Return each import as a module and a name of it, "" for the module itself."""
    if isinstance(statement, ast.Import):
        return [(alias.name, "") for alias in statement.names]
    assert isinstance(statement, ast.ImportFrom)
    if statement.module == "__future__":
        return []
    return [(statement.module or "", alias.name) for alias in statement.names]
