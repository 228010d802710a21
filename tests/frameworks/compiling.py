"""Build the sources of ``compiled/`` into extension modules, once a test run, in a folder of their own.

The compilers are the ones installed: Cython 3 and today's mypyc with ``requirements.txt``, Cython 0.29
and mypyc 1.7 with ``requirements-previous.txt``. They make different objects of the same text.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

SOURCES = Path(__file__).parent / "compiled"

#: What each compiler is run with. -O0: the objects are the same and the compiler takes half the time.
CYTHON = """
import sys
from Cython.Build import cythonize
from setuptools import Extension, setup
name, source, directives = sys.argv[1], sys.argv[2], eval(sys.argv[3])
setup(
    name=name,
    ext_modules=cythonize([Extension(name, [source])], compiler_directives=directives, quiet=True),
    script_args=["--quiet", "build_ext", "--inplace"],
)
"""
MYPYC = """
import sys
from setuptools import setup
from mypyc.build import mypycify
name, source = sys.argv[1], sys.argv[2]
extensions = mypycify([source], opt_level="0")
setup(name=name, ext_modules=extensions, script_args=["--quiet", "build_ext", "--inplace"])
"""


@functools.lru_cache(maxsize=None)
def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="asgi-compat-compiled-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _build(script: str, name: str, source: str, *arguments: str) -> ModuleType:
    folder = _folder() / name
    folder.mkdir()
    # The name of the module is part of the compiled code, so each build has a copy of its own.
    copy = folder / (name + Path(source).suffix)
    shutil.copy(str(SOURCES / source), str(copy))
    built = subprocess.run(
        [sys.executable, "-c", script, name, copy.name, *arguments],
        cwd=str(folder),
        env=dict(os.environ, CFLAGS="-O0 -w", PYTHONWARNINGS="ignore"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )
    found = sorted(
        path
        for path in folder.iterdir()
        if path.suffix in (".so", ".pyd") and path.stem.startswith(name + ".")
    )
    if built.returncode or not found:
        raise RuntimeError(f"{name} was not built:\n{built.stdout.decode(errors='replace')[-4000:]}")
    # mypyc's module looks for its shared parts on sys.path, by name.
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    spec = importlib.util.spec_from_file_location(name, str(found[0]))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@functools.lru_cache(maxsize=None)
def cython_module(source: str, name: str, **directives: Any) -> ModuleType:
    """The module that Cython makes of a file of ``compiled/`` under these directives."""
    return _build(CYTHON, name, source, repr(dict(directives, language_level=3)))


@functools.lru_cache(maxsize=None)
def mypyc_module(source: str, name: str) -> ModuleType:
    """The module that mypyc makes of a file of ``compiled/``."""
    return _build(MYPYC, name, source)
