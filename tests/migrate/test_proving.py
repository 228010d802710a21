"""Driving a module as it is and as it would be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from asgi_compat.migrate import ProofError, prove

ECHO = """
class Echo:
    def __init__(self, scope):
        self.scope = scope
    async def __call__(self, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.scope["path"].encode()})
"""
APP = """
from .echo import Echo
def app(scope):
    return Echo(scope)
async def single(scope, receive, send): ...
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a package of two files."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    name = f"proved_{tmp_path.name.replace('-', '_')}"
    (tmp_path / name).mkdir()
    for file, text in (("__init__", ""), ("echo", ECHO), ("web", APP)):
        (tmp_path / name / f"{file}.py").write_text(text)
    return name


def test_prove_package_imports_the_other_files_migrated_too(package: str, tmp_path: Path) -> None:
    """The files are not changed, and the modules that were imported stay."""
    (proof,) = prove(f"{package}.web:app", app_dir=str(tmp_path))
    assert proof.status == "same", proof.text
    assert (tmp_path / package / "web.py").read_text() == APP
    assert sys.modules[f"{package}.web"].app.__code__.co_argcount == 1


def test_prove_module_drives_every_application(package: str, tmp_path: Path) -> None:
    """What is single-callable already is not asked."""
    proofs = prove(f"{package}.web", app_dir=str(tmp_path))
    assert [(proof.target, proof.status) for proof in proofs] == [(f"{package}.web:app", "same")]


def test_prove_what_is_not_asgi2_is_named(package: str, tmp_path: Path) -> None:
    """It says which entries it could not drive, and why."""
    (proof,) = prove(f"{package}.web:single", app_dir=str(tmp_path))
    assert proof.status == "not driven" and "no ASGI2 application" in proof.text
    (proof,) = prove(f"{package}.web:nothing", app_dir=str(tmp_path))
    assert proof.status == "not driven"


def test_prove_naive_rewrite_is_different(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that puts the state of a connection on a shared object is caught."""
    from asgi_compat.migrate import proving

    naive = """
class Echo:
    async def __call__(self, scope, receive, send):
        self.scope = scope
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.scope["path"].encode()})
app = Echo()
"""
    real = proving.migrate_paths

    def shared(paths: object) -> object:
        for result in real(paths):  # type: ignore[arg-type]
            wrong = result.path.endswith("web.py")
            yield result._replace(after=naive.encode()) if wrong else result

    monkeypatch.setattr(proving, "migrate_paths", shared)
    (proof,) = prove(f"{package}.web:app", app_dir=str(tmp_path))
    assert proof.status == "different" and "while others are connected" in proof.text


def test_prove_refused_or_missing_module_raises(package: str, tmp_path: Path) -> None:
    """The reason is the one of the refusal."""
    text = "def app(scope):\n    with open('x'):\n        return inner(dict(scope))\n"
    (tmp_path / package / "bad.py").write_text(text)
    with pytest.raises(ProofError, match=r"bad\.py:3: it is returned inside a with"):
        prove(f"{package}.bad:app", app_dir=str(tmp_path))
    with pytest.raises(ProofError, match="cannot be imported"):
        prove(f"{package}.nothing:app", app_dir=str(tmp_path))


def test_prove_application_that_is_left_is_not_driven(package: str, tmp_path: Path) -> None:
    """What the migration leaves alone is the same object, and nothing is proved about it."""
    file = tmp_path / package / "web.py"
    file.write_text(APP + "def kept(scope):  # asgi_compat: leave\n    return Echo(scope)\n")
    (proof,) = prove(f"{package}.web:kept", app_dir=str(tmp_path))
    assert proof.status == "not driven" and "leaves it as it is" in proof.text


def test_prove_function_that_describes_a_scope_is_named_only_when_asked(package: str, tmp_path: Path) -> None:
    """It looks like an application from outside, and returns what cannot be called."""
    file = tmp_path / package / "web.py"
    file.write_text(APP + "def describe(scope):\n    return scope['type']\n")
    (proof,) = prove(f"{package}.web", app_dir=str(tmp_path))
    assert (proof.target, proof.status) == (f"{package}.web:app", "same")
    (proof,) = prove(f"{package}.web:describe", app_dir=str(tmp_path))
    assert (proof.status, proof.text) == (
        "not driven", "it takes a scope and is not an application: it returns str"
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    ["return Echo(scope)", "raise LookupError", "return scope['path'] if scope['path'] else Echo(scope)"],
    ids=["instance", "raises", "sometimes"],
)
def test_prove_left_function_that_may_be_an_application_is_named(
    package: str, tmp_path: Path, body: str
) -> None:
    """Nothing is proved about it, which a person must see."""
    (tmp_path / package / "web.py").write_text(APP + f"def kept(scope):  # asgi_compat: leave\n    {body}\n")
    proofs = prove(f"{package}.web", app_dir=str(tmp_path))
    assert [proof.status for proof in proofs] == ["same", "not driven"]


def test_prove_application_that_does_not_end_is_not_driven(package: str, tmp_path: Path) -> None:
    """Two that never answer would be the same; not every conversation is waited for."""
    text = "import asyncio\n\ndef app(scope):\n    async def run(receive, send):\n"
    (tmp_path / package / "web.py").write_text(
        text + "        await asyncio.Event().wait()\n    return run\n"
    )
    (proof,) = prove(f"{package}.web:app", app_dir=str(tmp_path), timeout=0.05)
    assert (proof.status, proof.text) == (
        "not driven",
        "after 0.05 seconds it has not ended: lifespan, GET /",
    )
