"""The file that `vendor` writes: every specimen, in an interpreter without any package."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from asgi_compat import __version__, vendor

TESTS = Path(__file__).resolve().parent

#: Run with -I -S: no package is there. The vendored file stands for the library, which the specimens import.
SCRIPT = """
import importlib.util, sys, warnings
folder, tests = sys.argv[1:]
sys.path[:0] = [folder, tests]
assert importlib.util.find_spec("asgi_compat") is None and importlib.util.find_spec("asgiref") is None
import _asgi_detection as vendored
sys.modules["asgi_compat"] = vendored
from drive import attempt, dispose, drive_single
from specimens import SPECIMENS
Style = vendored.Style
seen = 0
for specimen in SPECIMENS:
    if sys.version_info[:2] < specimen.since or specimen.requires:
        continue
    try:
        app = specimen.make()
    except ModuleNotFoundError:
        continue
    verdict = vendored.classify(app)
    assert verdict.style is specimen.style, (specimen.name, verdict)
    assert specimen.remedy in verdict.remedy, (specimen.name, verdict)
    if verdict.style in (Style.SINGLE, Style.DOUBLE, Style.EITHER):
        outcome = attempt(drive_single, vendored.guarantee_single_callable(app))
        assert outcome.completed, (specimen.name, outcome)
    elif verdict.style is not Style.UNKNOWN:
        try:
            vendored.guarantee_double_callable(app)
        except vendored.DetectionError as error:
            assert verdict.remedy in str(error)
        else:
            raise AssertionError(specimen.name)
    dispose(app)
    seen += 1
print(seen)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("vendored")
    (made / "_asgi_detection.py").write_text(vendor.vendored(), encoding="utf-8")
    return made


def test_vendored_file_knows_every_specimen_without_any_package(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "ignore", "-c", SCRIPT, str(folder), str(TESTS)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 700


def test_vendored_file_imports_the_standard_library_only(folder: Path) -> None:
    text = (folder / "_asgi_detection.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 2500
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module)
        elif isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
    allowed = {"__future__", "_weakref", "dis", "enum", "functools", "opcode", "sys", "types"}
    assert imported <= allowed


def test_vendored_file_starts_with_version_and_licence(folder: Path) -> None:
    text = (folder / "_asgi_detection.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring is not None and __version__ in docstring.splitlines()[0]
    assert "Redistribution and use in source and binary forms" in docstring
    space: dict = {"__name__": "_asgi_detection"}
    exec(compile(text, "_asgi_detection.py", "exec"), space)
    assert space["__version__"] == __version__ and all(name in space for name in space["__all__"])


def test_licence_is_the_one_of_the_project() -> None:
    path = TESTS.parent / "LICENSE"
    assert vendor.LICENSE.split() == path.read_text(encoding="utf-8").split()[3:]


def test_name_that_two_modules_define_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = vendor.Module("_detect/marks")
    with pytest.raises(RuntimeError, match="rename one"):
        vendor.check_names([vendor.Module("_detect/marks"), twice])
