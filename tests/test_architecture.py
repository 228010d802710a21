"""The architecture: imports, public names, documentation and files, checked against the sources.

Needs pytest and the library, nothing else: this file runs in every environment, also in the one that
has no server, no client and no framework in it.
"""

from __future__ import annotations

import ast
import configparser
import doctest
import functools
import importlib
import inspect
import io
import os
import re
import statistics
import subprocess
import sys
import tokenize
from pathlib import Path
from types import ModuleType
from typing import Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

import pytest

import asgi_compat

PACKAGE = Path(asgi_compat.__file__).resolve().parent
ROOT = Path(__file__).resolve().parent.parent

INIT = "__init__"
TYPES = "_types"

# Imports point one way. A package (or top-level module) may import those of its row when it runs, and
# `_types` besides while a type checker reads it. One without a row fails the tests: add a row, or move it.
CORE: Dict[str, str] = {
    "_types": "",
    "_text": "",
    "_errors": "_text",
    "_detect": "_errors _text",
    "_adapt": "_detect _errors _text",
    "_messages": "_errors _text",
    "_connections": "_messages _errors _text",
    "_convert": "_connections _messages _adapt _detect _errors _text",
    INIT: "_convert _connections _messages _adapt _detect _errors",
}
# Outer packages use public names only: those of asgi_compat, and those of one another. A row may name one
# module of a core package besides, where a fact would have two homes otherwise.
OUTER: Dict[str, str] = {
    "_colours": "",
    "_terminal": "_colours _text",
    "_stacks": "",
    "serve": "_terminal _stacks _text _detect.joints _detect.vocabulary",
    "demo": "",
    "explain": "",
    "check": "_harness _stacks _text _detect.joints",
    "_harness": "_stacks _text",
    "testing": "_harness",
    "migrate": "testing",
    "vendor": "",
    "pytest_plugin": "testing",
    "cli": "serve demo testing explain check migrate vendor _terminal _text _detect.layers _detect.joints",
    "__main__": "cli",
    "auto": "cli serve",
}

# `import asgi_compat` loads none of these.
HEAVY = ("asgiref", "asyncio", "dataclasses", "inspect", "logging", "typing", "typing_extensions")

# What a core installation does not have. The outer packages must import without them.
OPTIONAL = (
    "a2wsgi", "anyio", "click", "daphne", "django", "granian", "h11", "httptools", "httpx", "hypercorn",
    "hypothesis", "starlette", "twisted", "typing_extensions", "uvicorn", "websockets", "wsproto",
)  # fmt: skip

# Names without a subject attract everything.
NO_SUBJECT = {"common", "compat", "helper", "helpers", "misc", "util", "utilities", "utils"}


def module_name(path: Path) -> str:
    """Return the name of a file's module inside the package: "_detect", "serve.address", INIT."""
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == INIT else parts)


#: Every module of the package and its file. A package inside it is one row of the tables above.
MODULES: Dict[str, Path] = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
PACKAGES = sorted({name.split(".")[0] for name in MODULES})


class Edge(NamedTuple):
    """One import inside the package: which package, what it names, and when it happens."""

    package: str  # "_detect", INIT for asgi_compat itself
    module: str  # "serve.address"; the package itself where it is one file
    name: Optional[str]  # the imported name, None for the module itself
    typing_only: bool
    line: int

    @property
    def is_private(self) -> bool:
        """Whether the name, or a module below the package that has it, starts with an underscore."""
        below = [*self.module.split(".")[1:], self.name or ""]
        return any(part.startswith("_") for part in below)


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of one file, read as Python 3.8 reads it."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 8))


@functools.lru_cache(maxsize=None)
def tree_of(module: str) -> ast.Module:
    """Return the syntax tree of a module of the package: a dozen tests read each."""
    return parse(MODULES[module])


@functools.lru_cache(maxsize=None)
def nodes(tree: ast.AST) -> Tuple[ast.AST, ...]:
    """Return every node of a tree, itself included."""
    return tuple(ast.walk(tree))


def walk(tree: ast.AST, typing_only: bool = False) -> Iterator[Tuple[ast.AST, bool]]:
    """Yield every node below ``tree`` and whether it stands under ``if TYPE_CHECKING:``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.dump(node.test).find("'TYPE_CHECKING'") >= 0:
            for child in node.body:
                yield child, True
                yield from walk(child, True)
            for child in node.orelse:
                yield child, typing_only
                yield from walk(child, typing_only)
        else:
            yield node, typing_only
            yield from walk(node, typing_only)


@functools.lru_cache(maxsize=None)
def edges(tree: ast.Module, importer: str = INIT) -> Tuple[Edge, ...]:
    """Return what one file, the module ``importer``, imports of this package, anywhere in the file."""
    found = []
    # The package that a relative import starts from: a package's own __init__ starts from itself.
    here = [] if importer == INIT else importer.split(".")
    if importer != INIT and getattr(MODULES.get(importer), "name", "") != "__init__.py":
        here = here[:-1]
    for node, typing_only in walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] == "asgi_compat":
                    found.append(make_edge(parts[1:], None, typing_only, node.lineno))
        elif isinstance(node, ast.ImportFrom):
            parts = [part for part in (node.module or "").split(".") if part]
            if node.level:
                up = node.level - 1
                assert up <= len(here), f"line {node.lineno}: a relative import that leaves the package"
                parts = here[: len(here) - up] + parts
            elif parts[0] == "asgi_compat":
                parts = parts[1:]
            else:
                continue
            for alias in node.names:
                below = ".".join([*parts, alias.name])
                if below in MODULES:
                    found.append(make_edge(below.split("."), None, typing_only, node.lineno))
                else:
                    found.append(make_edge(parts, alias.name, typing_only, node.lineno))
    return tuple(found)


def make_edge(parts: List[str], name: Optional[str], typing_only: bool, line: int) -> Edge:
    """Make the edge to the module with these parts of a name."""
    return Edge(parts[0] if parts else INIT, ".".join(parts) or INIT, name, typing_only, line)


def wrong_edges(module: str, tree: ast.Module) -> List[str]:
    """Return one sentence for every import of ``module`` that the table above does not allow."""
    wrong = []
    package = module.split(".")[0]
    for edge in edges(tree, module):
        if edge.package == package:
            continue  # inside one package: see test_modules_of_a_package_import_without_a_cycle
        where = f"{module}.py:{edge.line} imports {edge.package}" + (f".{edge.name}" if edge.name else "")
        if package in CORE:
            allowed = set(CORE[package].split()) | ({TYPES} if edge.typing_only else set())
            if edge.package not in allowed:
                wrong.append(f"{where}, and may import only {sorted(allowed)}")
            elif edge.is_private:
                wrong.append(f"{where}, which is private to its package")
        else:
            allowed = {INIT} | set(OUTER.get(package, "").split())
            if edge.package not in allowed and edge.module not in allowed:
                wrong.append(f"{where}, and may import only {sorted(allowed)}")
            elif edge.is_private and edge.name != "__version__":
                wrong.append(f"{where}, which is not a public name")
            elif edge.package == INIT and edge.name not in {None, "__version__", *asgi_compat.__all__}:
                wrong.append(f"{where}, which is not in asgi_compat.__all__")
    if package not in CORE:
        for node in nodes(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "asgi_compat"
                and node.attr.startswith("_")
                and node.attr not in {"__version__", "__all__", "__doc__", "__file__", "__name__"}
            ):
                wrong.append(f"{module}.py:{node.lineno} reaches into asgi_compat.{node.attr}")
    return wrong


# -- one way -------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    """A package imports only those of its row, and outer packages import only public names."""
    package = module.split(".")[0]
    assert package in CORE or package in OUTER, f"{package} has no row in tests/test_architecture.py"
    assert wrong_edges(module, tree_of(module)) == []


def cycles(imports: Dict[str, Set[str]]) -> List[str]:
    """Return a sentence for each module that can be reached from itself."""
    found = []
    for start in imports:
        seen: Set[str] = set()
        waiting = list(imports[start])
        while waiting:
            module = waiting.pop()
            if module not in seen:
                seen.add(module)
                waiting.extend(imports.get(module, ()))
        if start in seen:
            found.append(f"{start} imports itself through others")
    return found


def test_modules_of_a_package_import_without_a_cycle() -> None:
    """The modules of one package import each other in one direction, imports in functions included."""
    imports: Dict[str, Set[str]] = {}
    for module in MODULES:
        mine = {e.module for e in edges(tree_of(module), module) if not e.typing_only}
        imports[module] = {other for other in mine if other.split(".")[0] == module.split(".")[0]}
    assert cycles(imports) == []


def test_cycles_are_found() -> None:
    """The test above can fail."""
    assert cycles({"a.b": {"a.c"}, "a.c": {"a.d"}, "a.d": {"a.b"}, "a": {"a.b"}}) == [
        f"a.{name} imports itself through others" for name in "bcd"
    ]


@pytest.mark.parametrize(
    "source, module, name",
    [
        ("from .address import check_address", "serve.address", "check_address"),
        ("from . import nothing", "serve", "nothing"),
        ("from .. import rules", INIT, "rules"),
        ("from ..explain import explain", "explain", "explain"),
        ("import asgi_compat.serve", "serve", None),
    ],
)
def test_relative_imports_of_a_package_are_resolved(source: str, module: str, name: Optional[str]) -> None:
    """A module of a package starts from its package, not from asgi_compat."""
    (found,) = edges(ast.parse(source), "serve.made_up")
    assert (found.module, found.name) == (module, name)


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/**/*.py")), ids=lambda path: str(path.name))
def test_examples_use_public_names(path: Path) -> None:
    """An example shows what a user may write."""
    assert wrong_edges("examples/" + path.name, parse(path)) == []


@pytest.mark.parametrize(
    "package, source",
    [
        ("_detect", "from asgi_compat._adapt import x"),
        ("_detect", "def f():\n    from asgi_compat import _adapt"),
        ("_detect.classify", "from .._adapt import x"),
        ("_types", "import asgi_compat._errors"),
        ("_errors", "from ._types import Scope"),
        ("_adapt", "from asgi_compat import classify"),
        ("_adapt", "from asgi_compat._detect.marks import _private"),
        ("_adapt", "from asgi_compat._detect import _private"),
        ("serve", "from asgi_compat._detect import classify"),
        ("serve", "from asgi_compat import _detect"),
        ("serve", "from asgi_compat import nothing_of_the_kind"),
        ("serve", "from asgi_compat.cli import main"),
        ("explain", "from . import _detect"),
        ("cli", "from asgi_compat.serve import _private"),
        ("cli", "import asgi_compat\nasgi_compat._detect.classify"),
    ],
)
def test_forbidden_import_is_found(package: str, source: str) -> None:
    """The test above can fail: each of these is an import that the table forbids."""
    assert len(wrong_edges(package, ast.parse(source))) == 1


def test_types_are_for_type_checkers() -> None:
    """The same import is right below `if TYPE_CHECKING:` and wrong beside it."""
    source = (
        "if TYPE_CHECKING:\n    from asgi_compat._types import Scope\n"
        "else:\n    from asgi_compat._types import Send\n"
    )
    (wrong,) = wrong_edges("_detect", ast.parse(source))
    assert "_types.Send" in wrong


def test_import_tables_have_no_cycle() -> None:
    """No package can be reached from itself."""
    table = {
        package: {name.split(".")[0] for name in row.split()} for package, row in {**CORE, **OUTER}.items()
    }
    assert not set(CORE) & set(OUTER)

    def below(package: str, path: Tuple[str, ...]) -> None:
        assert package not in path, " -> ".join(path + (package,))
        for next_package in table[package]:
            below(next_package, path + (package,))

    for package in table:
        below(package, ())


# -- the cost of an import -----------------------------------------------------------------------


def isolated(code: str) -> str:
    """Run ``code`` in a new interpreter that has this package and the standard library, and no site.

    ``-S`` keeps out what the ``.pth`` files of this environment import at start-up, which would hide
    what the package itself imports.
    """
    start = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-bb", "-W", "error", "-c", start + code],
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode()


def loaded_by(code: str) -> Set[str]:
    """Return the modules that ``code`` loads and a bare interpreter does not."""
    out = isolated(f"before = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before))")
    return set(out.split())


#: What later releases of Python take away, or do in another way when it is not said how.
GOING = {
    "asyncio": {
        "coroutine", "get_child_watcher", "get_event_loop", "get_event_loop_policy", "iscoroutinefunction",
        "set_child_watcher", "set_event_loop_policy", "DefaultEventLoopPolicy",
    },
    # Without a context they take the default start method, which is forkserver since 3.14.
    "multiprocessing": {"Manager", "Pool", "Process", "Queue", "get_start_method", "set_start_method"},
}  # fmt: skip


def uses_of_what_goes(tree: ast.AST) -> List[str]:
    """Return the names of GOING that a module uses, as attributes or imported."""
    found = []
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found += [f"{node.value.id}.{node.attr}"] * (node.attr in GOING.get(node.value.id, ()))
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = GOING.get(node.module or "", set())
            found += [f"{node.module}.{one.name}" for one in node.names if one.name in names]
    return found


@pytest.mark.parametrize(
    ("source", "used"),
    [
        ("import asyncio\nasyncio.iscoroutinefunction(f)", ["asyncio.iscoroutinefunction"]),
        ("from asyncio import get_event_loop", ["asyncio.get_event_loop"]),
        ("import multiprocessing\nmultiprocessing.Process(target=f)", ["multiprocessing.Process"]),
        ("import multiprocessing\nmultiprocessing.get_context('spawn').Process(target=f)", []),
        ("import inspect\ninspect.iscoroutinefunction(f)", []),
    ],
)
def test_use_of_what_python_removes_is_found(source: str, used: List[str]) -> None:
    assert uses_of_what_goes(ast.parse(source)) == used


@pytest.mark.parametrize("module", MODULES)
def test_module_uses_nothing_that_python_removes(module: str) -> None:
    """What is deprecated until 3.16, and the start method of processes that changed in 3.14."""
    assert not uses_of_what_goes(tree_of(module))


def test_adapters_run_without_what_python_316_removes() -> None:
    """Both directions, detection and `converse`; a deprecation is an error, and no event loop is implicit."""
    code = """
import asyncio, sys, warnings
warnings.simplefilter("error")
for name in ("iscoroutinefunction", "get_event_loop"):
    vars(asyncio).pop(name, None)
from asgi_compat import classify, to_asgi2, to_asgi3
from asgi_compat.testing import converse, http
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})
def old(scope):
    async def instance(receive, send):
        await app(scope, receive, send)
    return instance
for adapted in (to_asgi3(old), to_asgi3(to_asgi2(app)), to_asgi2(app)):
    print(classify(adapted).style.name, asyncio.run(converse(adapted, http())).status)
"""
    assert isolated(code).splitlines() == ["SINGLE 204", "SINGLE 204", "DOUBLE 204"]


def test_the_import_is_light() -> None:
    """`import asgi_compat` loads nothing that takes longer than the package itself."""
    loaded = loaded_by("import asgi_compat")
    assert "asgi_compat" in loaded and "asgi_compat._detect" in loaded
    assert "asgi_compat._types" not in loaded
    assert sorted(name for name in loaded if name.split(".")[0] in HEAVY) == []


def test_import_loads_no_decision_tables() -> None:
    """The tables of the detector are half of the import, and come with the first object."""
    tables = {f"asgi_compat._detect.{name}" for name in ("judging", "functions", "classes", "objects")}
    assert not tables & loaded_by("import asgi_compat")
    assert tables <= loaded_by("import asgi_compat; asgi_compat.classify(None)")


def test_the_types_come_when_asked() -> None:
    """The names of `_types` load it, and `typing`, on first use: the check above can fail."""
    assert {"asgi_compat._types", "typing"} <= loaded_by("import asgi_compat; asgi_compat.Scope")


def test_outer_modules_need_no_extra() -> None:
    """The outer modules import where nothing but the library and pytest is installed."""
    outer = [name for name in MODULES if name.split(".")[0] in OUTER and name != "__main__"]
    code = f"""
import importlib, site
site.main()
import pytest  # it is there already when it loads the plugin, with what it needs itself
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {OPTIONAL!r}:
            raise ImportError(name + " was asked for")
sys.meta_path.insert(0, Refuse())
for known in list(sys.modules):
    if known.split(".")[0] in {OPTIONAL!r}:
        del sys.modules[known]
for name in {outer!r}:
    try:
        importlib.import_module("asgi_compat." + name)
    except ImportError as error:
        print(f"{{name}}: {{error}}")
try:
    import h11
except ImportError:
    print("refused")
"""
    assert isolated(code).splitlines() == ["refused"]


# -- public names --------------------------------------------------------------------------------

# Public by accident: what `from __future__` and the type checkers' constant leave behind.
NOT_OURS = {"TYPE_CHECKING", "annotations"}


def test_all_is_sorted_and_true() -> None:
    """Every name of `__all__` is there, and everything public that is there is in `__all__`."""
    names = asgi_compat.__all__
    assert names == sorted(names)
    assert len(names) == len(set(names))
    for name in names:
        assert getattr(asgi_compat, name) is not None
    public = {
        name
        for name in dir(asgi_compat)
        if not name.startswith("_")
        and name not in NOT_OURS
        and not isinstance(getattr(asgi_compat, name), ModuleType)
    }
    assert public == set(names)


def test_star_import_gives_all() -> None:
    """`from asgi_compat import *` hands out `__all__`, the late names included."""
    space: Dict[str, object] = {}
    exec("from asgi_compat import *", space)
    assert {name for name in space if name != "__builtins__"} == set(asgi_compat.__all__)


def test_late_names_are_those_of_the_types() -> None:
    """The names that `_types` has are public, loaded on first use and declared to type checkers."""
    types = importlib.import_module("asgi_compat._types")
    own_edges = edges(tree_of(INIT))
    declared = {edge.name for edge in own_edges if edge.typing_only and edge.package == TYPES}
    late = {name for name, package in asgi_compat._LATER.items() if package == TYPES}
    assert declared == set(types.__all__) == late
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        asgi_compat.nothing


def test_public_classes_and_functions_name_the_package() -> None:
    """Tracebacks, reprs and pickles name the path that users import, also for names handed out late."""
    public = [getattr(asgi_compat, name) for name in asgi_compat.__all__]
    ours = [each for each in public if isinstance(each, type) or inspect.isfunction(each)]
    assert len(ours) > 25
    assert [each.__qualname__ for each in ours if each.__module__ != "asgi_compat"] == []


def test_reexports_are_explicit() -> None:
    """`X as X`, one a line: type checkers in strict mode take nothing else for a re-export."""
    for node in nodes(tree_of(INIT)):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert len(node.names) == 1, f"line {node.lineno}"
            assert node.names[0].asname == node.names[0].name, f"line {node.lineno}"


def test_the_package_says_that_it_is_typed() -> None:
    """Without this file type checkers see `Any` everywhere."""
    assert (PACKAGE / "py.typed").exists()


# -- one home for each fact -----------------------------------------------------------------------

# The packages that hold the protocol's facts: event types, field names, rule ids.
PROTOCOL = {"_messages"}
# How many of them other core packages still write out. These numbers only shrink: lower them with the change
# that makes it possible.
LITERALS: Dict[str, int] = {
    # Names of fields, where a state reads one: a constant would be the same word in capitals.
    # Rule ids and event types are in none: the test below.
    "_connections": 53,
    "_convert": 6,  # `state` of a lifespan and of each scope after it
    "_detect": 3,  # a slot of Verdict, a parameter and an attribute of routes that happen to be named so
}

RULE = re.compile(r"[AB]\d{1,2}$")
EVENT = re.compile(r"(lifespan|http|websocket)(\.[a-z_]+)+$")


def field_names() -> Set[str]:
    """Return the names of the fields of scopes and events that the table has a row for."""
    table = importlib.import_module("asgi_compat._messages.table").TABLE
    return {row.name for row in table.fields} - {"type"}


def protocol_literals(tree: ast.AST, fields: Set[str]) -> List[str]:
    """Return the event types, field names and rule ids that a file writes out, docstrings left aside."""
    docstrings = {id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            if RULE.match(node.value) or EVENT.match(node.value) or node.value in fields:
                found.append(node.value)
    return found


def test_protocol_literals_are_found() -> None:
    """The test below can fail: it sees types, fields and rules, and no words in docstrings."""
    source = '"""http.request"""\nx = {"type": "http.request", "more_body": 1}, "A22", "A", "other"\n'
    found = protocol_literals(ast.parse(source), {"more_body"})
    assert sorted(found) == ["A22", "http.request", "more_body"]


def test_protocol_literals_stay_in_the_protocol_packages() -> None:
    """Core packages outside have no more event types, field names and rule ids than LITERALS says."""
    fields = field_names()
    assert {"more_body", "subprotocols", "root_path"} <= fields
    assert literals_above(LITERALS, fields) == {}


def test_rule_ids_and_event_types_stay_in_the_protocol_packages() -> None:
    """A rule that needs memory is a row of `_messages.memory`, and an event type is a constant."""
    assert literals_above({}, set()) == {}


def literals_above(limits: Dict[str, int], fields: Set[str]) -> Dict[str, int]:
    """Return the core packages that write out more literals than their limits, and how many."""
    counted: Dict[str, int] = {}
    for module in MODULES:
        package = module.split(".")[0]
        if package in CORE and package not in PROTOCOL:
            number = len(protocol_literals(tree_of(module), fields))
            counted[package] = counted.get(package, 0) + number
    return {package: number for package, number in counted.items() if number > limits.get(package, 0)}


# The public methods of a named tuple.
NAMED_TUPLE = {"_asdict", "_field_defaults", "_fields", "_make", "_replace"}


def private_uses(module: str, tree: ast.Module) -> List[str]:
    """Return the private attributes that a file reads of what it imports from other packages."""
    package = module.split(".")[0]
    foreign: Set[str] = set()
    for node in nodes(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for edge, alias in zip(edges(ast.Module([node], []), module), node.names):
                if edge.package != package:
                    foreign.add(alias.asname or alias.name.split(".")[0])
    return [
        f"{module}.py:{node.lineno} reads {node.value.id}.{node.attr}"
        for node in nodes(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in foreign
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and node.attr not in NAMED_TUPLE
    ]


@pytest.mark.parametrize("module", MODULES)
def test_module_reads_no_private_name_of_another_package(module: str) -> None:
    """What another package calls private may change with that package alone."""
    assert private_uses(module, tree_of(module)) == []


def test_private_name_of_another_package_is_found() -> None:
    """The test above can fail, and private names inside a package are its own."""
    source = "from asgi_compat import _adapt as r, _text\nfrom asgi_compat.serve import running\n"
    tree = ast.parse(source + "r._a; r.b; _text.__doc__; running._c; self._d")
    assert private_uses("serve.address", tree) == ["serve.address.py:3 reads r._a"]
    assert len(private_uses("_detect", tree)) == 2


# -- every module has its tests, and no function too many branches ---------------------------------


def files_with_tests(module: str) -> List[Path]:
    """Return where the tests of a module may be, ``_`` left out: `_detect.marks` is detect/test_marks.py."""
    parts = [part.lstrip("_") for part in module.split(".")]
    folder, name = ROOT.joinpath("tests", *parts[:-1]), parts[-1]
    return [folder / f"test_{name}.py", folder / name / f"test_{name}.py"]


def test_every_module_has_a_test_module() -> None:
    """A module's tests are found by its name."""
    without = {
        module
        for module, path in MODULES.items()
        if path.name not in ("__init__.py", "__main__.py")
        and not any(file.exists() for file in files_with_tests(module))
    }
    assert without == set(), "add tests/<package>/test_<module>.py"


def test_architecture_page_names_existing_tests() -> None:
    """Every invariant of docs/architecture.md has a test, and every test it names exists."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|(.*)$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 14))
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("tests/**/test_*.py")))
    for number, row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, f"invariant {number} has no test"
        missing = [name for name in named if not re.search(rf"def {name}\(", sources)]
        assert missing == [], f"invariant {number}"


# Functions above 12. The numbers only shrink, and nothing new may be above 12.
COMPLEX: Dict[str, int] = {
    # One function for each item's conditions: they run for each header, and a call costs more than a look.
    "_messages.fast.copy_right_start": 14,
    "_messages.fast_scopes._are_right": 14,
}

BRANCHES = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.comprehension, ast.Assert,
)  # fmt: skip


def complexity(function: ast.AST) -> int:
    """Return the cyclomatic complexity of a function, nested ones left aside: 1 and 1 for each branch.

    Conditions inside an expression count too: `a and b` is a branch, and so is `x if y else z`.
    """
    total = 1
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        elif isinstance(node, BRANCHES):
            total += 1
        waiting.extend(ast.iter_child_nodes(node))
    return total


def complexities(module: str, tree: ast.Module) -> Dict[str, int]:
    """Return the complexity of every function of a module, by its qualified name."""
    found: Dict[str, int] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                name = f"{prefix}.{child.name}"
                if not isinstance(child, ast.ClassDef):
                    found[name] = max(complexity(child), found.get(name, 0))
                visit(child, name)
            else:
                visit(child, prefix)

    visit(tree, module)
    return found


def test_complexity_counts_branches() -> None:
    """One for the function, one for each condition, nothing for what is nested."""
    source = """
class A:
    def f(self, x):
        if x and x.y or x.z:
            return [a for a in x]
        try:
            return 1 if x else 2
        except ValueError:
            def g():
                while True: pass
"""
    assert complexities("m", ast.parse(source)) == {"m.A.f": 7, "m.A.f.g": 2}


def test_complexity_of_every_function_is_at_most_12() -> None:
    """A function above that has a row in COMPLEX, and gets no more complex."""
    counted: Dict[str, int] = {}
    for module in MODULES:
        counted.update(complexities(module, tree_of(module)))
    above = {name: number for name, number in counted.items() if number > 12}
    worse = {name: number for name, number in above.items() if number > COMPLEX.get(name, 12)}
    assert worse == {}
    better = {name: above.get(name) for name, number in COMPLEX.items() if above.get(name) != number}
    assert better == {}, "lower the rows of COMPLEX, or remove them"
    assert max(counted.values()) <= 15, "above 15 there is no row"


# -- types that say something ---------------------------------------------------------------------

#: Names `Any` for each thousand lines of code, docstrings, comments and blank lines left aside.
ANYS = 50


def code_lines(source: str, tree: ast.Module) -> int:
    """Return how many lines of a source have code on them."""
    docstrings: Set[int] = set()
    for node in nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, str):
                docstrings.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    found: Set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    return len(found - docstrings)


NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip


def anys(tree: ast.Module) -> int:
    """Return how often a source writes `Any`, its imports left aside."""
    return sum(isinstance(node, ast.Name) and node.id == "Any" for node in nodes(tree))


def test_any_is_counted_and_code_lines_too() -> None:
    """The test below can fail: it sees annotations, and no docstrings, comments or imports."""
    source = (
        '"""A text.\n\nAny."""\nfrom typing import Any  # Any\n\n\n'
        "def f(a: Any) -> Any:\n    return (\n        a\n    )\n"
    )
    tree = ast.parse(source)
    assert (anys(tree), code_lines(source, tree)) == (2, 5)


def test_any_is_written_less_than_50_times_for_a_thousand_lines() -> None:
    """`object` for a value that is passed on, and the aliases of `_types` for events, say more."""
    trees = [tree_of(module) for module in MODULES]
    sources = [path.read_text(encoding="utf-8") for path in MODULES.values()]
    assert sum(map(anys, trees)) * 1000 / sum(map(code_lines, sources, trees)) < ANYS


# -- the length of modules -----------------------------------------------------------------------

#: A module above this needs a row in one of the two tables below.
LENGTH = 250

#: Modules that are tables: a row more is a line more, and a reader looks up one row.
DATA: Dict[str, str] = {
    "_convert.profiles": "a row for each framework and range of versions",
    "_detect.classes": "decision tables of classes, and the verdicts that their rows name",
    "_detect.functions": "decision tables of functions, and the verdicts that their rows name",
    "_messages.rules.to_asgi2": "a block for each rule B1 and up",
    "_messages.rules.to_asgi3": "a block for each rule A1 and up",
    "_messages.specification": "names, fields and defaults of the specification",
    "check.symptoms": "a row for each symptom",
    "serve.moved": "a row for each name that another package has moved",
}

#: Modules that are to be split, and how many lines they may have until then (rounded up).
LONG: Dict[str, int] = {}


def too_long(lengths: Dict[str, int]) -> Dict[str, int]:
    """Return the modules that are longer than they may be, and their numbers of lines."""
    return {
        module: length
        for module, length in lengths.items()
        if module not in DATA and length > LONG.get(module, LENGTH)
    }


def test_module_without_reason_is_at_most_250_lines() -> None:
    """A longer module is in DATA with its reason, or in LONG and gets no longer."""
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in MODULES.items()}
    assert too_long(lengths) == {}, "split it by subject"
    assert {*DATA, *LONG} <= set(MODULES), "a row names a module that is gone"
    assert not set(DATA) & set(LONG)


def test_median_module_is_at_most_130_lines() -> None:
    """A package of long modules is not read, and one of very short ones is not found in."""
    lengths = [len(path.read_text("utf-8").splitlines()) for path in MODULES.values()]
    assert 80 <= statistics.median(lengths) <= 130, statistics.median(lengths)


def test_module_above_its_length_is_found() -> None:
    """The test above can fail, for a module without a row and for one above its row."""
    lengths = {"made_up": 251, "short": 250, "_connections.websocket": 351, "_messages.specification": 900}
    assert too_long(lengths) == {"made_up": 251, "_connections.websocket": 351}


# -- words ---------------------------------------------------------------------------------------


class Documented(NamedTuple):
    """A public definition and the first line of what it says about itself."""

    where: str
    docstring: Optional[str]


def public_definitions(package: str) -> List[Documented]:
    """Return the public functions, classes and methods of a package, nested functions not included."""
    found = []

    def visit(body: List[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, (ast.If, ast.Try)):
                visit(node.body + node.orelse, prefix)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                decorators = [ast.dump(decorator) for decorator in node.decorator_list]
                if node.name.startswith("_") or any("'overload'" in text for text in decorators):
                    continue
                found.append(Documented(f"{package}.{prefix}{node.name}", ast.get_docstring(node)))
                if isinstance(node, ast.ClassDef):
                    visit(node.body, f"{prefix}{node.name}.")

    tree = tree_of(package)
    found.append(Documented(package, ast.get_docstring(tree)))
    visit(tree.body, "")
    return found


@pytest.mark.parametrize("package", MODULES)
def test_public_means_documented(package: str) -> None:
    """Whatever is public says in its first line, a whole sentence, what it is."""
    for where, docstring in public_definitions(package):
        assert docstring, f"{where} has no docstring"
        first = docstring.splitlines()[0]
        assert re.match(r"[A-Z`]", first) and first.endswith((".", "?")), (
            f"{where}: the first line is to be one whole sentence: {first!r}"
        )


def test_public_functions_have_an_example() -> None:
    """`help()` shows an example that can be pasted."""
    functions = [name for name in asgi_compat.__all__ if inspect.isfunction(getattr(asgi_compat, name))]
    assert len(functions) > 5
    without = [name for name in functions if ">>> " not in (getattr(asgi_compat, name).__doc__ or "")]
    assert without == []


@pytest.mark.parametrize("package", MODULES)
def test_examples_in_docstrings_run(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every `>>>` in a docstring does what it says there."""
    if package == "__main__":
        source = (PACKAGE / "__main__.py").read_text(encoding="utf-8")
        assert ">>>" not in source, "importing __main__ would run the command"
        return
    module = importlib.import_module("asgi_compat" if package == INIT else f"asgi_compat.{package}")
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module):
        # A run without an example does nothing, and asks after every file that linecache knows.
        if test.examples:
            runner.run(test, out=report.write)
    failed, attempted = runner.summarize(verbose=False)[:2]
    assert failed == 0, report.getvalue()
    if package == INIT:
        assert attempted > 0, "asgi_compat has no example"


# -- the files -----------------------------------------------------------------------------------

TREES = ("asgi_compat", "tests", "examples", "benchmarks")
# Applications and modules of other days, kept as they were written, and sources for compilers.
FOREIGN = (
    "tests/legacy/apps", "tests/legacy/hosted", "tests/legacy/truth", "tests/frameworks/compiled",
    "tests/programs/printed",
)  # fmt: skip


def python_files() -> List[Path]:
    """Return our own Python files: the installed package's and, of the checkout, everything else."""
    files = sorted(PACKAGE.rglob("*.py"))
    for tree in TREES[1:]:
        files += sorted((ROOT / tree).glob("**/*.py"))
    return [path for path in files if not any(f"/{name}/" in path.as_posix() for name in FOREIGN)]


class Written(NamedTuple):
    """What the tests below ask about a file: its first statement, and the names that it defines."""

    first: Optional[ast.stmt]
    names: List[str]


@functools.lru_cache(maxsize=None)
def written(path: Path) -> Written:
    """Read one file, and keep nothing else of its tree."""
    tree = parse(path)
    code = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = [node.name for node in ast.walk(tree) if isinstance(node, definitions)]
    return Written(code[0] if code else None, names)


@pytest.mark.parametrize("path", python_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_postpones_its_annotations(path: Path) -> None:
    """One rule for every file, so that a type of a newer Python never breaks an older one."""
    first = written(path).first
    if first is not None:
        assert isinstance(first, ast.ImportFrom) and first.module == "__future__", (
            f"{path} has no __future__ import"
        )
        assert [alias.name for alias in first.names] == ["annotations"]


@pytest.mark.parametrize("path", python_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_called_helpers(path: Path) -> None:
    """A file, function or class is called after its subject."""
    names = [path.stem, path.parent.name, *written(path).names]
    assert [name for name in names if name.strip("_").lower() in NO_SUBJECT] == []


def test_configuration_has_one_place_each() -> None:
    """setup.cfg, setup.py, tox.ini and ruff.toml configure everything that can be configured there."""
    for name in (
        "setup.cfg",
        "setup.py",
        "tox.ini",
        "ruff.toml",
        "MANIFEST.in",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
    ):
        assert (ROOT / name).exists(), f"{name} is missing"
    for name in (".flake8", ".isort.cfg", "mypy.ini", "pytest.ini", ".coveragerc", "tox.toml"):
        assert not (ROOT / name).exists(), f"{name} belongs into setup.cfg or tox.ini"
    # With the version of setuptools that builds the package, and no table of a tool.
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r"^\[.*", pyproject, re.MULTILINE) == ["[build-system]"]


def test_pre_commit_runs_what_tox_runs() -> None:
    """The hooks install the versions of tox.ini and setup.cfg."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    (ruff,) = set(re.findall(r"ruff==[\w.]+", hooks))
    assert ruff in (ROOT / "tox.ini").read_text(encoding="utf-8")
    setup_cfg = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    (versions,) = re.findall(r"\[(.*mypy.*)\]", hooks)
    for version in re.findall(r'"(.*?)"', versions):
        assert re.search(rf"^\s+{re.escape(version)}$", setup_cfg, re.MULTILINE), version


def test_tox_runs_every_environment() -> None:
    """An environment that tox.ini describes is in its env_list or in `full`, and so in the gate."""
    tox_ini = (ROOT / "tox.ini").read_text(encoding="utf-8")
    described = set(re.findall(r"^\[testenv:([\w-]+)", tox_ini, re.MULTILINE))
    (listed,) = re.findall(r"^env_list =\n((?:    .*\n)+)", tox_ini, re.MULTILINE)
    (full,) = re.findall(r"^    full = (.*)", tox_ini, re.MULTILINE)
    assert {"dist", "legacy", "lint", "typing"} <= described
    # `coverage` is run by hand until its time is known on a busy machine.
    assert described - {"coverage"} <= {
        *re.findall(r"^    ([\w-]+)", listed, re.MULTILINE),
        *full.split(", "),
    }


def test_the_changelog_knows_the_version() -> None:
    """The top entry is either what comes next or what this is."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.findall(r"^## *\[?([^\]\s]+)", text, re.MULTILINE)
    assert entries, "CHANGELOG.md has no entry: start with '## Unreleased'"
    assert entries[0] in {"Unreleased", asgi_compat.__version__}


def test_the_installed_version_is_the_written_one() -> None:
    """The metadata that pip shows comes from `asgi_compat.__version__`."""
    metadata = importlib.import_module("importlib.metadata")
    assert metadata.version("asgi-compat") == asgi_compat.__version__


def test_the_library_needs_asgiref_only() -> None:
    """What pip installs without any extra."""
    metadata = importlib.import_module("importlib.metadata")
    requires = metadata.requires("asgi-compat") or []
    assert [line for line in requires if "extra ==" not in line] == ["asgiref>=2.3"]
    extras = set(metadata.metadata("asgi-compat").get_all("Provides-Extra"))
    # An editable install may be older than setup.cfg, which is what is built.
    declared = configparser.ConfigParser()
    declared.read(ROOT / "setup.cfg", encoding="utf-8")
    assert set(declared["options.extras_require"]) == {"completion", "docs", "serve", "tests", "typing"}
    assert extras <= set(declared["options.extras_require"])


def test_the_interpreters_are_the_same_everywhere() -> None:
    """setup.cfg, tox.ini and .python-version name the same Pythons, and this is one of them.

    Those that a machine need not have are not in .python-version, and Pyodide runs them.
    """
    setup_cfg = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    tox_ini = (ROOT / "tox.ini").read_text(encoding="utf-8")
    pyenv = (ROOT / ".python-version").read_text(encoding="utf-8").split()
    classified = re.findall(r"Programming Language :: Python :: (3\.\d+)$", setup_cfg, re.MULTILINE)
    matrix = re.search(r"^    py\{([\d,]+)\}$", tox_ini, re.MULTILINE)
    assert matrix, "tox.ini has no py{...} matrix"
    assert classified == [f"3.{digits[1:]}" for digits in matrix.group(1).split(",")]
    by_pyodide = [f"3.{digits[1:]}" for digits in re.findall(r"^\[testenv:pyodide(\d+)\]", tox_ini, re.M)]
    assert sorted([*pyenv, *by_pyodide]) == sorted(classified)
    assert "{}.{}".format(*sys.version_info) in classified


@pytest.mark.skipif(os.environ.get("TOX_ENV_NAME") is None, reason="asks where tox installed the library")
def test_it_is_the_installed_package_that_is_tested() -> None:
    """Under tox the tests import what was built and installed, never the checkout beside them."""
    assert PACKAGE != ROOT / "asgi_compat", "it is the checkout"
