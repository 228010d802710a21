"""The recipes of CONTRIBUTING.md: each complete example, added to a copy of the checkout, works there.

An example is one change of the package and one of its tests. Without the change the test is red, with it
green, and the page of rules and profiles is regenerated. The recipe for a shape of the detector is also
tried row by row in tests/detect/test_functions.py.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional, Set

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = "docs/rules.md"
#: What the copy has of the checkout.
TREES = (
    "asgi_compat",
    "tests/messages",
    "tests/convert",
    "tests/serve/servers",
    "tests/detect",
    "tests/specimens",
)
FILES = ("setup.cfg", "CONTRIBUTING.md", PAGE)

Edit = Callable[[str, str], str]


def examples(section: str) -> List[str]:
    """Return the Python blocks of one recipe."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text.split(f"\n## {section}\n")[1].split("\n## ")[0], re.DOTALL)


def new_file(text: str, example: str) -> str:
    assert text == "", "there is a file already"
    return example


def at_the_end(name: str) -> Edit:
    """Return an edit that adds an example as the last items of the list or tuple of this name."""

    def edit(text: str, example: str) -> str:
        start = re.search(rf"^{name} = [(\[]$", text, re.MULTILINE)
        assert start is not None, name
        end = re.compile(r"^[)\]]$", re.MULTILINE).search(text, start.end())
        assert end is not None
        return text[: end.start()] + example + text[end.start() :]

    return edit


def at_the_end_of_the_file(text: str, example: str) -> str:
    return text.rstrip("\n") + "\n\n\n" + example


def after(line: str) -> Edit:
    """Return an edit that adds an example behind the only line that is this one."""

    def edit(text: str, example: str) -> str:
        assert text.count(f"\n{line}\n") == 1, line
        return text.replace(f"\n{line}\n", f"\n{line}\n{example}")

    return edit


def before(line: str) -> Edit:
    """Return an edit that adds an example in front of the first line that is this one."""

    def edit(text: str, example: str) -> str:
        assert f"\n{line}\n" in text, line
        return text.replace(f"\n{line}\n", f"\n{example}{line}\n", 1)

    return edit


class Change(NamedTuple):
    """One example of a recipe: which block, the file that it goes into, and how."""

    block: int
    path: str
    edit: Edit


class Recipe(NamedTuple):
    """A recipe: its test, its change, and how to run the test."""

    section: str
    test: Change
    change: Change
    run: str
    page: Optional[str] = None  # what the regenerated page says of it


RULES = "asgi_compat/_messages/rules/to_asgi3.py"
PROFILES = "asgi_compat/_convert/profiles.py"
SERVER = "asgi_compat/serve/servers/gunicorn.py"
FUNCTIONS = "asgi_compat/_detect/functions.py"

RECIPES = (
    Recipe(
        "Add a shape to the detector",
        Change(0, "tests/specimens/not_applications.py", at_the_end_of_the_file),
        Change(1, FUNCTIONS, after("    2: (")),
        "tests/detect/test_specimens.py -k resolver",
    ),
    Recipe(
        "Add a rule",
        Change(0, "tests/messages/cases.py", at_the_end("A_CASES")),
        Change(1, RULES, at_the_end("RULES")),
        "tests/messages/test_cases.py tests/messages/rules -k A56",
        "| A56 | lifespan.startup.failed | message | bytes become a str |",
    ),
    Recipe(
        "Add a server",
        Change(2, "tests/serve/servers/test_gunicorn.py", new_file),
        Change(1, SERVER, new_file),
        "tests/serve/servers/test_gunicorn.py",
    ),
    Recipe(
        "Add a profile",
        Change(0, "tests/convert/test_service.py", before('        ("other", "1.0", None),')),
        Change(1, PROFILES, before("        Profile(")),
        "tests/convert/test_service.py -k test_profiles_by_class_and_version",
        "| `responder-1` | `responder` | 1 to 1.3 | `Quirks(text_body=True)` | sends a str for a body |",
    ),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the checkout, as far as the recipes need it."""
    for tree in TREES:
        shutil.copytree(ROOT / tree, tmp_path / tree, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [*(ROOT / "tests").glob("*.py"), *(ROOT / name for name in FILES)]:
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    (tmp_path / "tests" / "serve" / "__init__.py").touch()
    return tmp_path


def contents(root: Path) -> Dict[str, bytes]:
    """Return the files below a folder."""
    files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def python(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the package of the copy and not with the installed one."""
    start = (
        "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv.pop(0);"
        "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
    )
    return subprocess.run(
        [sys.executable, "-B", "-c", start, str(root), *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
    )


def add(root: Path, recipe: Recipe, change: Change) -> None:
    """Add an example of the recipe to the copy."""
    path = root / change.path
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(change.edit(text, examples(recipe.section)[change.block]), encoding="utf-8")


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.section for recipe in RECIPES])
def test_recipe_of_contributing_is_one_change_and_its_test(recipe: Recipe, copy: Path) -> None:
    tests = ("pytest", "-q", "-x", "-p", "no:cacheprovider", *recipe.run.split())
    before = contents(copy)
    add(copy, recipe, recipe.test)
    assert python(copy, *tests).returncode == 1, "the test is green without the change"
    add(copy, recipe, recipe.change)
    done = python(copy, *tests)
    assert done.returncode == 0, done.stdout
    page = python(copy, "asgi_compat", "explain", "--all", "--markdown")
    (copy / PAGE).write_text(page.stdout, encoding="utf-8")
    changed: Set[str] = {name for name, data in contents(copy).items() if before.get(name) != data}
    assert changed == {recipe.test.path, recipe.change.path} | ({PAGE} if recipe.page else set())
    assert (recipe.page or "") in page.stdout
