"""What type checkers see: mypy and pyright in strict mode, from an empty folder, on the installed package.

From outside, so that `py.typed` and the way the face re-exports its names are part of what is tested.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest
from requires import package

pytest.importorskip("mypy")

CHECKS = Path(__file__).resolve().parent / "typing_checks.py"
FRAMEWORKS = CHECKS.with_name("typing_frameworks.py")
CONFIGURATION = Path(__file__).resolve().parent.parent / "setup.cfg"
# The oldest that today's mypy knows, and the newest this library is tested on.
TARGETS = ["3.10", "3.13"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder outside the checkout; it keeps mypy's cache, which saves most of the time."""
    return tmp_path_factory.mktemp("outside")


def mypy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run mypy in the folder with the project's own configuration."""
    command = [sys.executable, "-I", "-m", "mypy", "--config-file", str(CONFIGURATION), "--no-color-output"]
    return subprocess.run(
        [*command, *arguments],
        cwd=str(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_the_package_is_clean(folder: Path, target: str) -> None:
    """`mypy --strict` finds nothing in the installed package."""
    done = mypy(folder, "--python-version", target, "-p", "asgi_compat")
    assert done.returncode == 0, done.stdout
    assert "Success" in done.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_what_users_write_is_understood(folder: Path, target: str) -> None:
    """Every assertion of typing_checks.py holds."""
    shutil.copy(str(CHECKS), str(folder / "typing_checks.py"))
    done = mypy(folder, "--python-version", target, "typing_checks.py")
    assert done.returncode == 0, done.stdout
    assert "Success: no issues found in 1 source file" in done.stdout


@pytest.fixture
def frameworks() -> Path:
    """The applications with the types of other packages."""
    for name in ("asgiref", "hypercorn", "litestar", "quart", "starlette", "uvicorn"):
        package(name)
    return FRAMEWORKS


def test_applications_with_the_types_of_frameworks_fit(folder: Path, frameworks: Path) -> None:
    """What is typed with other packages goes in, and what comes out fits them."""
    shutil.copy(str(frameworks), str(folder))
    done = mypy(folder, frameworks.name)
    assert "Success: no issues found in 1 source file" in done.stdout, done.stdout


def test_the_example_of_the_documentation(folder: Path) -> None:
    """docs/framework-or-agent.md, "Types": clean as it stands, and its two calls exchanged are two errors."""
    page = CONFIGURATION.parent / "docs" / "framework-or-agent.md"
    shown = re.findall(r"^```python\n(# typed_router\.py\n.*?)^```", page.read_text("utf-8"), re.M | re.S)
    assert len(shown) == 1
    (folder / "typed_router.py").write_text(shown[0], encoding="utf-8")
    done = mypy(folder, "typed_router.py")
    assert "Success: no issues found in 1 source file" in done.stdout, done.stdout
    twice, once = "await app(scope)(receive, send)", "await app(scope, receive, send)"
    assert shown[0].count(twice) == 1 and shown[0].count(once) == 1
    exchanged = shown[0].replace(twice, "?").replace(once, twice).replace("?", once)
    # Under a name of its own: mypy's cache goes by time and size, and the size is the same.
    (folder / "exchanged_router.py").write_text(exchanged, encoding="utf-8")
    done = mypy(folder, "exchanged_router.py")
    assert done.stdout.count("[call-arg]") == 2, done.stdout


START = """
from __future__ import annotations
from typing import Any
from asgi_compat import *
from asgi_compat import Receive, Scope, Send

async def single(scope: Scope, receive: Receive, send: Send) -> None: ...
def wsgi(environ: Any, start_response: Any) -> Any: ...
async def two(scope: Scope, receive: Receive) -> None: ...
"""
WRONG = {
    "a double where a single is wanted": ("single_to_double_callable(lambda scope: None)", "arg-type"),
    "a single where a double is wanted": ("double_to_single_callable(single)", "arg-type"),
    "a WSGI application": ("guarantee_single_callable(wsgi)", "arg-type"),
    "something that is no application": ("guarantee_double_callable(None)", "arg-type"),
    "a forgotten parameter": ("app: ASGI3App = two", "assignment"),
    "a synchronous send": ("app: ASGI3App = lambda scope, receive, send: 3", "return-value|assignment|misc"),
    "the first call forgotten": ("guarantee_double_callable(single)({}, single, single)", "call-arg"),
    "the unwrapper of another class": ("register_unwrapper(int, lambda text: text.upper())", "attr-defined"),
    "a name that is not there": ("import asgi_compat; asgi_compat.nothing", "attr-defined"),
}


@pytest.mark.parametrize("source, code", WRONG.values(), ids=WRONG.keys())
def test_mistakes_are_found(folder: Path, source: str, code: str) -> None:
    """The types say no: none of them is `Any` by accident."""
    (folder / "wrong.py").write_text(START + source + "\n", encoding="utf-8")
    done = mypy(folder, "wrong.py")
    codes: List[str] = re.findall(r"error: .*\[([\w-]+)\]", done.stdout)
    assert done.returncode == 1 and codes, done.stdout
    assert all(re.fullmatch(code, found) for found in codes), done.stdout


def test_it_is_py_typed_that_makes_it_work(folder: Path) -> None:
    """mypy says where it found the package: installed, not beside the file."""
    (folder / "seen.py").write_text(
        "import asgi_compat\nreveal_type(asgi_compat.classify)\n", encoding="utf-8"
    )
    done = mypy(folder, "-v", "seen.py")
    assert "site-packages" in done.stdout and "missing library stubs or py.typed marker" not in done.stdout
    seen = r'Revealed type is "def \(app: object\) -> asgi_compat\._detect\.verdict\.Verdict"'
    assert re.search(seen, done.stdout), done.stdout


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which pyright is strict."""
    package("pyright")
    folder = tmp_path_factory.mktemp("strict")
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")
    return folder


def pyright(folder: Path, *arguments: str) -> Dict[str, Any]:
    """Run pyright in the folder and return its report."""
    done = subprocess.run(
        [sys.executable, "-I", "-m", "pyright", "--outputjson", *arguments],
        cwd=str(folder),
        # It asks the first `python` of PATH where packages are. Neither it nor its node are downloaded: the
        # first is in its wheel, the second in the extra `nodejs`.
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.stdout.startswith("{"), done.stdout
    report: Dict[str, Any] = json.loads(done.stdout)
    return report


def test_pyright_knows_every_public_type(strict: Path) -> None:
    """100 % of what the package exports, and of what that refers to, has a type that is known."""
    report = pyright(strict, "--verifytypes", "asgi_compat", "--ignoreexternal")["typeCompleteness"]
    unknown = [
        f"{symbol['name']}: {problem['message']}"
        for symbol in report["symbols"]
        for problem in symbol["diagnostics"]
        if not symbol["isTypeKnown"]
    ]
    assert unknown == []
    assert report["completenessScore"] == 1
    exported = {symbol["name"] for symbol in report["symbols"] if symbol["isExported"]}
    assert {"asgi_compat.classify", "asgi_compat.serve.adapt"} <= exported


def test_pyright_strict_typing_checks_have_no_errors(strict: Path) -> None:
    """Every assertion of typing_checks.py holds for pyright, too."""
    shutil.copy(str(CHECKS), str(strict / "typing_checks.py"))
    report = pyright(strict, "typing_checks.py")
    assert report["generalDiagnostics"] == []
    assert report["summary"]["filesAnalyzed"] == 1


def test_pyright_applications_with_the_types_of_frameworks_fit(strict: Path, frameworks: Path) -> None:
    """As mypy says."""
    shutil.copy(str(frameworks), str(strict))
    report = pyright(strict, frameworks.name)
    assert [problem["message"] for problem in report["generalDiagnostics"]] == []
    assert report["summary"]["filesAnalyzed"] == 1


def test_pyright_strict_mistakes_are_errors(strict: Path) -> None:
    """pyright finds each mistake that mypy finds."""
    (strict / "wrong.py").write_text(START + "\n".join(source for source, _ in WRONG.values()))
    first = START.count("\n") + 1
    report = pyright(strict, "wrong.py")
    lines = {
        problem["range"]["start"]["line"] + 1
        for problem in report["generalDiagnostics"]
        if problem["severity"] == "error" and problem["rule"] != "reportWildcardImportFromLibrary"
    }
    assert lines == set(range(first, first + len(WRONG)))
