"""The examples and the demo of this project: each is rewritten and driven, left, or refused with a reason."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import partial
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from requires import package

import asgi_compat
from asgi_compat import Style, classify
from asgi_compat.migrate import Result, migrate_paths, prove
from asgi_compat.testing import assert_migrated, http

from .analysing import analysed

ROOT = Path(__file__).resolve().parents[2]
#: The folders, and where they are: the demo is part of the library, which may be installed elsewhere.
FOLDERS = {"examples": ROOT, "asgi_compat/demo": Path(asgi_compat.__file__).resolve().parents[1]}

#: The applications of ASGI2 in the files that are rewritten.
REWRITTEN = {
    "examples/chat.py": ["asgi2"],
    "examples/query_params.py": ["asgi2"],
    "examples/scope_dump.py": ["asgi2"],
    "examples/starlette_response.py": ["asgi2_returned", "asgi2_closure", "asgi2_partial", "asgi2_class"],
    "examples/streaming.py": ["asgi2"],
    "examples/tasks.py": ["asgi2"],
    "examples/until_disconnect.py": ["asgi2"],
}
#: Part of the reason, and why it is true.
REFUSED = {
    # its repr would print _ClassApplication, which the page about classes shows
    "asgi_compat/demo/__init__.py": "ClassApplication looks at its own class",
}
#: Left alone: a class in it has an ``asgi2`` and an ``asgi3``.
BOTH = {"examples/static_files.py": "StaticFiles", "examples/tiny_framework.py": "Framework"}
#: Returns a response that takes three arguments now. Only an adapter serves it as ASGI2.
NEEDS_ADAPTER = "examples/starlette_response.py:asgi2_returned"
NEEDS = {"examples/starlette_response.py": "starlette"}
TARGETS = [f"{file}:{name}" for file, names in REWRITTEN.items() for name in names]


@pytest.fixture(autouse=True)
def fresh_examples() -> Iterator[None]:
    """Import the examples anew and forget them: what they keep in their modules is not for other tests."""

    def forget() -> Dict[str, Any]:
        names = [name for name in sys.modules if name.split(".")[0] == "examples"]
        return {name: sys.modules.pop(name) for name in names}

    kept = forget()
    yield
    forget()
    sys.modules.update(kept)


def results() -> Dict[str, Result]:
    """Return what becomes of each file, by its folder and name."""
    found = {}
    for folder, base in FOLDERS.items():
        for result in migrate_paths([str(base / folder)]):
            found[Path(result.path).relative_to(base).as_posix()] = result
    return found


def needs(file: str) -> None:
    """Skip where an example cannot be imported; the core environments have what it needs."""
    if file in NEEDS:
        package(NEEDS[file])


def module_of(file: str) -> str:
    """Return the name under which a file is imported."""
    return file[: -len(".py")].replace("/", ".")


def test_every_example_is_rewritten_refused_or_unchanged() -> None:
    """A new example, or another result, is written into the tables above."""
    found = results()
    by_status: Dict[str, List[str]] = {}
    for file, result in sorted(found.items()):
        by_status.setdefault(result.status, []).append(file)
    assert by_status["rewritten"] == sorted(REWRITTEN)
    assert by_status["refused"] == sorted(REFUSED)
    assert all(reason in found[file].reason for file, reason in REFUSED.items())
    assert set(by_status) == {"rewritten", "refused", "unchanged"}


def test_example_that_is_unchanged_is_for_both_generations_or_has_no_asgi2() -> None:
    """What is left without a word has a class with both forms, or nothing of ASGI2."""
    for file, result in results().items():
        if result.status == "unchanged":
            text = result.before.decode()
            assert ("asgi2" in text.lower()) is (file in BOTH), file
    for file, name in BOTH.items():
        analysis = analysed((ROOT / file).read_text(encoding="utf-8"))
        (owner,) = analysis.module.tables[analysis.module.tree][name]
        assert analysis.is_left(owner), file


@pytest.mark.parametrize("target", TARGETS)
def test_example_rewritten_does_the_same(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each form is driven before and after, alone and at once."""
    file, _, name = target.partition(":")
    needs(file)
    (proof,) = prove(f"{module_of(file)}:{name}", app_dir=str(ROOT))
    if target == NEEDS_ADAPTER:
        assert proof.status == "different" and "missing 1 required positional argument: 'send'" in proof.text
        return
    assert proof.status == "same", proof.text


@pytest.mark.parametrize("file", sorted(REWRITTEN))
def test_example_module_names_every_application(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The table above is complete, and what is no application is not named."""
    needs(file)
    module = module_of(file)
    proofs = prove(module, app_dir=str(ROOT), held=[http("GET", "/")])
    assert [proof.target for proof in proofs] == [f"{module}:{name}" for name in REWRITTEN[file]]


def test_example_returned_response_is_called_as_responses_are_now() -> None:
    """The original answers only where its caller gives the response a scope, as the adapter does."""
    file, _, name = NEEDS_ADAPTER.partition(":")
    needs(file)
    old = getattr(importlib.import_module(module_of(file)), name)
    (text,) = [result.after for path, result in results().items() if path == file]
    made: Dict[str, Any] = {"__name__": "migrated_example"}
    exec(compile(text, file, "exec"), made)
    new = made[name]
    assert classify(new).style is Style.SINGLE

    def as_called_now(scope: Any) -> Any:
        return partial(old(scope), scope)

    assert_migrated(as_called_now, new)
