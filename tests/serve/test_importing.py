"""From an import string to an object."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from asgi_compat import serve

MODULES = {
    "of_a_getattr": "def __getattr__(name): raise RuntimeError('of __getattr__')",
    "exits_at_attribute": (
        "class Holder:\n @property\n def app(self): raise SystemExit('of a property')\nholder = Holder()"
    ),
    "exits_in_factory": "def create(): raise SystemExit('of a factory')",
    "replaced": "import sys\nclass Module: __slots__ = ()\nsys.modules[__name__] = Module()",
    "without_dict": "class Holder:\n @property\n def __dict__(self): raise OSError('no')\nholder = Holder()",
    "fails_inside": (
        "class Holder:\n @property\n def app(self): return self.nothing\nholder = Holder()\n"
        "def __getattr__(name): return {}.nowhere"
    ),
    "says_so": "def __getattr__(name): raise AttributeError(f'module says_so has no {name!r}')",
    "odd_names": "globals()[7] = globals()[b'x'] = 1",
    "long_message": "raise ValueError('x' * 1_000_000)",
    "odd_import_error": "raise ModuleNotFoundError(name=5)",
}


@pytest.mark.parametrize(
    "target, says",
    [
        ("of_a_getattr", "reading 'app' of 'of_a_getattr' failed: RuntimeError: of __getattr__"),
        ("of_a_getattr:app", "reading 'app' of 'of_a_getattr' failed: RuntimeError: of __getattr__"),
        ("exits_at_attribute:holder.app", "failed: SystemExit: of a property"),
        ("exits_in_factory:create", "was called and failed: SystemExit: of a factory"),
        ("replaced", "the module 'replaced' has neither 'app' nor 'application'"),
        ("replaced:app", "the module 'replaced' has no attribute 'app'; name the application"),
        ("without_dict:holder.app", "the object 'without_dict:holder' has no attribute 'app'; name the"),
        (
            "fails_inside:holder.app",
            "'app' of 'fails_inside:holder' failed: AttributeError: 'Holder' object has no",
        ),
        ("fails_inside:app", "reading 'app' of 'fails_inside' failed: AttributeError: 'dict' object has no"),
        ("says_so:app", "the module 'says_so' has no attribute 'app'"),
        ("odd_names:app", "has no attribute 'app'; name the application"),
        ("long_message", "own import failed: ValueError: x"),
        ("odd_import_error", "own import failed: ModuleNotFoundError: no message"),
    ],
)
def test_load_hostile_module_raises_load_error(
    target: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a module does when it is imported and looked at is one bounded sentence."""
    name = target.partition(":")[0]
    (tmp_path / f"{name}.py").write_text(MODULES[name] + "\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(serve.LoadError) as caught:
        serve.load(target, app_dir=str(tmp_path), factory="factory" in target)
    sys.modules.pop(name, None)
    assert says in str(caught.value) and len(str(caught.value)) < 1000


def test_load_interrupt_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a module is imported."""
    (tmp_path / "interrupted.py").write_text("raise KeyboardInterrupt\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(KeyboardInterrupt):
        serve.load("interrupted", app_dir=str(tmp_path))


def test_load_current_directory_gone_raises_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell that stands in a deleted directory."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(serve.UsageError, match="current directory cannot be read"):
        serve.load("asgi_compat.demo")
