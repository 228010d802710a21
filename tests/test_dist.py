"""What would be published: built, checked, installed into empty folders, and tested from there.

Needs build and twine, and an index to install from: it runs as ``python -m tox -e dist``.
"""

from __future__ import annotations

import email.parser
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path
from typing import Dict, List, Set

import pytest

pytest.importorskip("build")
pytest.importorskip("twine")

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT = 600  # seconds; everything here may install something

# Of what is in the repository, all that a user of the sdist cannot want.
NOT_SHIPPED = {".gitignore"}
# What must be there whatever git says, because the tests below would pass on an empty sdist.
SHIPPED = {
    ".ci/run",
    ".editorconfig",
    ".pre-commit-config.yaml",
    ".python-version",
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "SECURITY.md",
    "asgi_compat/__init__.py",
    "asgi_compat/py.typed",
    "pyproject.toml",
    "ruff.toml",
    "setup.cfg",
    "setup.py",
    "tests/conftest.py",
    "tests/test_architecture.py",
    "tox.ini",
}
MADE_BY_TOOLS = re.compile(
    r"(^|/)(__pycache__|\.[a-z_]+_cache|[^/]*\.egg-info|build|dist|\.tox|\.venv|\.git)(/|$)"
)


def run(*command: object, cwd: Path, warnings: bool = False) -> str:
    """Run a command, hold that it ends with 0, and return what it prints."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "PYTHON", "ASGI_COMPAT"))
    }
    # setuptools' own deprecations, which would otherwise be a line in a log that nobody reads.
    environment["PYTHONWARNINGS"] = "default"
    done = subprocess.run(
        [str(word) for word in command],
        cwd=str(cwd),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
    )
    out = done.stdout.decode(errors="replace")
    assert done.returncode == 0, out
    return out


def in_repository() -> Set[str]:
    """Return the files that git tracks or would, or those that are there where there is no git."""
    if (ROOT / ".git").exists():
        out = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT)
        return {name for name in out.splitlines() if (ROOT / name).is_file()}
    files = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
    return {name for name in files if not MADE_BY_TOOLS.search(name) and name != "PKG-INFO"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy of the repository: what lies about in build/ must not be published."""
    copy = tmp_path_factory.mktemp("source") / "asgi_compat"
    for name in in_repository():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(str(ROOT / name), str(copy / name))
    return copy


@pytest.fixture(scope="module")
def built(source: Path) -> Dict[str, Path]:
    """The sdist, and the wheel that is built from it, with what the build printed beside them."""
    out = source.parent / "built"
    log = run(sys.executable, "-m", "build", "--outdir", out, source, cwd=source.parent)
    (out.parent / "log.txt").write_text(log, encoding="utf-8")
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return {"sdist": sdist, "wheel": wheel, "log": out.parent / "log.txt"}


@pytest.fixture(scope="module")
def unpacked(built: Dict[str, Path]) -> Path:
    """The sdist, unpacked."""
    folder = built["sdist"].parent.parent / "unpacked"
    with tarfile.open(str(built["sdist"])) as archive:
        archive.extractall(str(folder), **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (only,) = folder.iterdir()
    return only


def fresh(folder: Path) -> Path:
    """Make a virtual environment with a current pip and return its python."""
    venv.create(str(folder), with_pip=True, symlinks=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", "--upgrade", "pip", cwd=folder)
    return python


def answers(python: Path, cwd: Path) -> None:
    """Hold that the library is there, the command too, and nothing but asgiref came with it."""
    code = "from asgi_compat import classify; print(classify(lambda s: lambda r, w: None).style.value)"
    assert run(python, "-bb", "-W", "error", "-c", code, cwd=cwd).strip() == "double"
    assert "serve" in run(python.parent / "asgi-compat", "--help", cwd=cwd)
    names = run(python, "-m", "pip", "list", "--format=freeze", cwd=cwd).lower()
    installed = set(re.findall(r"^([\w.-]+)[=@ ]", names, re.MULTILINE))
    assert installed <= {
        "asgi-compat",
        "asgiref",
        "pip",
        "setuptools",
        "typing_extensions",
        "typing-extensions",
    }


def test_nothing_warns(built: Dict[str, Path]) -> None:
    """No deprecated key in setup.cfg, no file that is named and not there, nothing left out by mistake."""
    log = built["log"].read_text(encoding="utf-8")
    # Having no file of a kind that MANIFEST.in keeps out, or no docs/ yet, is no fault, and neither is not
    # compiling to bytecode in a build.
    harmless = r"^warning: (no .* found .*|.*byte-compiling is disabled.*)\n"
    log = re.sub(harmless, "", log, flags=re.MULTILINE)
    found = [line for line in log.splitlines() if re.search(r"warning|deprecat", line, re.IGNORECASE)]
    assert found == []


def test_twine_accepts_it(built: Dict[str, Path]) -> None:
    """The README renders on an index."""
    run(sys.executable, "-m", "twine", "check", "--strict", built["sdist"], built["wheel"], cwd=ROOT)


def test_the_sdist_has_everything(built: Dict[str, Path], source: Path) -> None:
    """Whatever is in the repository is in the sdist, so that a distributor can run the tests."""
    with tarfile.open(str(built["sdist"])) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    in_source = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    in_source = {name for name in in_source if not MADE_BY_TOOLS.search(name)}
    assert names >= SHIPPED
    assert in_source - NOT_SHIPPED - names == set()
    assert [name for name in names if name.endswith((".pyc", ".so"))] == []


def test_the_wheel_has_the_package_only(built: Dict[str, Path]) -> None:
    """The package, its marker for type checkers and its metadata; no tests, no examples."""
    with zipfile.ZipFile(str(built["wheel"])) as archive:
        names = archive.namelist()
        (metadata_name,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        metadata = email.parser.Parser().parsestr(archive.read(metadata_name).decode())
        (points_name,) = [name for name in names if name.endswith(".dist-info/entry_points.txt")]
        points = archive.read(points_name).decode()
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "asgi_compat").rglob("*.py")}
    assert {name for name in names if ".dist-info/" not in name} == modules | {"asgi_compat/py.typed"}
    assert any(name.endswith("LICENSE") for name in names)
    assert built["wheel"].name.endswith("-py3-none-any.whl")
    assert metadata["Requires-Python"] == ">=3.8"
    requires: List[str] = metadata.get_all("Requires-Dist") or []
    assert [line for line in requires if "extra" not in line] == ["asgiref>=2.3"]
    assert "[console_scripts]\nasgi-compat = asgi_compat.cli:main\n" in points
    assert "[pytest11]\nasgi_compat = asgi_compat.pytest_plugin\n" in points
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "# asgi-compat" in str(metadata.get_payload())


def test_the_wheel_passes_the_tests_of_the_sdist(
    built: Dict[str, Path], unpacked: Path, tmp_path: Path
) -> None:
    """Installed into an empty folder, with the core tests from the unpacked sdist and no checkout near."""
    python = fresh(tmp_path / "venv")
    run(python, "-m", "pip", "install", "--quiet", built["wheel"], cwd=tmp_path)
    answers(python, tmp_path)
    run(python, "-m", "pip", "install", "--quiet", "pytest", cwd=tmp_path)
    # Only the installed package can be found then.
    (unpacked / "asgi_compat").rename(unpacked / "taken_away")
    try:
        command = [python, "-I", "-bb", "-W", "error", "-m", "pytest", "-q", "tests", "--runs-in=bare"]
        out = run(*command, cwd=unpacked)
        # conftest.py says in the header, which -q leaves out, what is tested.
        header = run(
            python, "-I", "-m", "pytest", "--collect-only", "tests/test_architecture.py", cwd=unpacked
        )
        # A test suite anywhere has the fixtures, and its runs load nothing with a warning.
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        fixtures = run(python, "-I", "-W", "error", "-m", "pytest", "--fixtures", cwd=elsewhere)
    finally:
        (unpacked / "taken_away").rename(unpacked / "asgi_compat")
    passed = re.search(r"(\d+) passed", out)
    assert passed and int(passed.group(1)) > 100, out
    assert f"asgi_compat: {tmp_path}" in header, header
    assert "asgi_run -- " in fixtures, fixtures


@pytest.mark.parametrize("how", [["."], ["-e", "."]], ids=["install", "editable"])
def test_pip_installs_the_source(how: List[str], source: Path, tmp_path: Path) -> None:
    """`pip install .` and `pip install -e .` with the newest pip there is."""
    copy = tmp_path / "copy"
    shutil.copytree(str(source), str(copy))
    python = fresh(tmp_path / "venv")
    out = run(python, "-m", "pip", "install", *how, cwd=copy)
    assert "DEPRECATION" not in out, out
    answers(python, tmp_path)


def test_pip_makes_a_wheel(source: Path, tmp_path: Path) -> None:
    """`pip wheel .` makes the same wheel."""
    copy = tmp_path / "copy"
    shutil.copytree(str(source), str(copy))
    python = fresh(tmp_path / "venv")
    out = run(python, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path, ".", cwd=copy)
    assert "DEPRECATION" not in out, out
    assert len(list(tmp_path.glob("asgi_compat-*.whl"))) == 1
