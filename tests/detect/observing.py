"""How the tests look at the detector: fresh specimens, no warning, no hang, no code of the user that runs."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import os
import signal
import sys
import types
import warnings
from typing import Any, Iterator, List

import pytest
from drive import dispose
from specimens import SPECIMENS, Specimen, respond

import asgi_compat
from asgi_compat import Style, classify

APPLICATIONS = (Style.SINGLE, Style.DOUBLE, Style.EITHER)


REFUSED = (Style.FACTORY, Style.WSGI, Style.NOT_AN_APP)


def _can_be_made(specimen: Specimen) -> bool:
    if sys.version_info[:2] < specimen.since:
        return False
    return not specimen.requires or importlib.util.find_spec(specimen.requires) is not None


HERE = [specimen for specimen in SPECIMENS if _can_be_made(specimen)]


def each(*styles: Style) -> pytest.MarkDecorator:
    """Parametrise with the specimens of these styles, or with all of them."""
    chosen = [specimen for specimen in HERE if not styles or specimen.style in styles]
    return pytest.mark.parametrize("specimen", chosen, ids=[specimen.name for specimen in chosen])


@contextlib.contextmanager
def no_warning() -> Iterator[None]:
    """Nothing warns, in particular nothing "was never awaited", neither now nor when it is collected."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


@contextlib.contextmanager
def made(specimen: Specimen) -> Iterator[Any]:
    """A fresh object of the specimen, closed afterwards where it is a coroutine or a generator."""
    value = specimen.make()
    try:
        yield value
    finally:
        dispose(value)


@contextlib.contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Fail instead of hanging."""

    class Hangs(BaseException):
        pass

    def ring(number: int, frame: Any) -> None:
        raise Hangs(f"still at it after {limit} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# The tables, and what reads bytecode, are imported with the first object that is looked at: not in a trap.
classify(lambda scope: None)
classify(lambda *args: args)

_OURS = os.path.dirname(os.path.abspath(asgi_compat.__file__))


_MACHINERY = ("enum.py", "dis.py", "opcode.py", "functools.py", "types.py")


@contextlib.contextmanager
def trap() -> Iterator[List[str]]:
    """Record every Python function entered that is neither ours nor of the interpreter's own machinery.

    The specimens' own code, a mock's ``__getattr__``, a proxy's: none of it may run.
    """
    entered: List[str] = []

    def hook(frame: Any, event: str, argument: Any) -> None:
        if event != "call":
            return
        name = frame.f_code.co_filename
        if name == "<string>" and frame.f_back is not None:
            # What namedtuple and dataclass generate belongs to who calls it.
            name = frame.f_back.f_code.co_filename
        if name.startswith((_OURS, "<frozen")) or os.path.basename(name) in _MACHINERY:
            return
        entered.append(f"{name}:{frame.f_code.co_firstlineno} {frame.f_code.co_name}")

    before = sys.getprofile()
    sys.setprofile(hook)
    try:
        yield entered
    finally:
        sys.setprofile(before)
        # The way out of this context manager is itself a call, in contextlib.
        entered[:] = [call for call in entered if "contextlib.py" not in call and "observing.py" not in call]


def module_with(**names: Any) -> types.ModuleType:
    module = types.ModuleType("project.asgi")
    vars(module).update(names)
    return module


def wsgi(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [])
    return [b""]


class Middleware:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


async def importable(scope: Any, receive: Any, send: Any) -> None:
    await respond(send)
