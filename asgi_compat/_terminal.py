"""The standard streams of a command.

- `emit` writes a result to standard output or raises `OutputError`; `say` writes a message to standard
  error and never fails.
- `owned_streams` is around every command: a write that fails is ignored. After `reserve_output` everything
  that an application prints goes to standard error.

Python reports a failed write a second time when it ends (``Exception ignored ... BrokenPipeError``, status
120), from the buffers of `sys.stdout` and `sys.stderr`: results are written to the descriptor, past them.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import select
import sys
from typing import Any, Iterator, List, Optional, TextIO

from ._colours import are_wanted, is_terminal, paint
from ._text import escape

__all__ = [
    "OutputError",
    "emit",
    "emit_as_is",
    "forgive_failed_writes",
    "is_command",
    "owned_streams",
    "painted",
    "reserve_output",
    "say",
    "say_as_is",
]


class OutputError(OSError):
    """A result could not be written: standard output is closed or full, or its reader has ended."""

    @property
    def nobody_reads(self) -> bool:
        """Whether the reader of a pipe has ended, as ``head`` does. It gets no message."""
        return self.errno == errno.EPIPE


class _ForgivingFile(io.FileIO):
    """A file whose failed writes are ignored."""

    def seekable(self) -> bool:
        """Return False: what the descriptor is may change (`reserve_output`), and FileIO remembers."""
        return False

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        with contextlib.suppress(OSError):
            _write_all(self.fileno(), view)
        return len(view)


def _write_all(descriptor: int, data: memoryview) -> None:
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:  # another process may have made a shared terminal or pipe non-blocking
            select.select([], [descriptor], [])


#: An application may wrap ``sys.stdout.buffer`` once more: the stream that is collected then would close it.
_alive: List[TextIO] = []


def _forgiving(descriptor: int, like: Optional[TextIO]) -> TextIO:
    """Return a text stream for a descriptor, with the encoding of the stream whose place it takes."""
    stream = io.TextIOWrapper(
        io.BufferedWriter(_ForgivingFile(descriptor, "wb", closefd=False)),
        encoding=getattr(like, "encoding", None) or "utf-8",
        errors="backslashreplace",
        line_buffering=True,
        write_through=True,
    )
    _alive.append(stream)
    return stream


def _is_descriptor(stream: Any, descriptor: int) -> bool:
    """Whether a stream is the process's own for a descriptor: tests and notebooks put others there."""
    if stream is None:
        return False
    try:
        return os.name == "posix" and stream.fileno() == descriptor
    except (AttributeError, OSError, ValueError):
        return False


def _fill_closed_descriptors() -> None:
    """Open /dev/null for those of 0, 1 and 2 that are closed.

    The next file or socket would get the number, and everything that writes to "standard error" without
    Python (a server in Rust, a child process) would write into it.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
            os.set_inheritable(descriptor, True)


def forgive_failed_writes() -> None:
    """Replace `sys.stdout` and `sys.stderr` of this process by streams that never raise.

    For a process that serves: a full disk below its log must neither keep it from starting nor fail a
    request. Streams that somebody else put there are left alone.
    """
    _fill_closed_descriptors()
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None or (_is_descriptor(stream, descriptor) and not _forgives(stream)):
            _flush(stream)
            setattr(sys, name, _forgiving(descriptor, stream))
        if getattr(sys, f"__{name}__") is None:
            setattr(sys, f"__{name}__", getattr(sys, name))


def _forgives(stream: Any) -> bool:
    return isinstance(getattr(getattr(stream, "buffer", None), "raw", None), _ForgivingFile)


def _flush(stream: Any) -> None:
    with contextlib.suppress(AttributeError, OSError, ValueError):
        stream.flush()


class _Results:
    """Where `emit` writes while a command owns the streams."""

    def __init__(self, stream: Optional[TextIO]) -> None:
        #: The stream that was standard output, None where it was closed.
        self.stream = stream
        #: A copy of its descriptor, once it is reserved.
        self.reserved: Optional[int] = None


_results: Optional[_Results] = None


def is_command() -> bool:
    """Whether a command owns the streams, and with them the process."""
    return _results is not None


@contextlib.contextmanager
def owned_streams(*, restore: bool = True) -> Iterator[None]:
    """Ignore failed writes to the standard streams while a command runs, except those of `emit`.

    Without `restore` it stays so until the process ends, for threads and exit handlers of an application.
    """
    global _results
    before = sys.stdout, sys.stderr, _results
    mine = _results = _Results(sys.stdout)
    forgive_failed_writes()
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr, sys.__stdout__):
            _flush(stream)
        if restore:
            if mine.reserved is not None:
                os.dup2(mine.reserved, 1)
                os.close(mine.reserved)
            sys.stdout, sys.stderr, _results = before


def reserve_output() -> None:
    """Reserve standard output for `emit`, until the streams are restored.

    Everything else that is written to it goes to standard error: by `print`, through `sys.stdout`, to
    descriptor 1, and by child processes.
    """
    assert _results is not None, "owned_streams() comes first"
    if _results.stream is None or _is_descriptor(_results.stream, 1):
        _flush(_results.stream)
        _results.reserved = os.dup(1)
        os.dup2(2, 1)
    else:
        sys.stdout = sys.stderr


def emit(text: str, kind: str = "") -> None:
    """Write a result to standard output, or raise `OutputError`; line breaks stay, the rest is escaped.

    With a `kind`, a row of the table of colours, it is painted for a terminal.
    """
    emit_as_is(escape(text, keep="\n") + "\n", kind)


def emit_as_is(text: str, kind: str = "") -> None:
    """Write text of our own to standard output as it is, painted where it has a `kind`; see `emit`."""
    _emit(paint(text, kind) if kind and are_wanted(_shows_results()) else text)


def _shows_results() -> bool:
    """Whether `emit` writes to a terminal."""
    if _results is not None and _results.reserved is not None:
        return os.isatty(_results.reserved)
    return is_terminal(sys.stdout if _results is None else _results.stream)


def _emit(text: str) -> None:
    stream = sys.stdout if _results is None else _results.stream
    if stream is None:
        raise OutputError(errno.EBADF, "it is closed")
    encoding = getattr(stream, "encoding", None) or "utf-8"
    data = text.encode(encoding, "backslashreplace")
    try:
        if _is_descriptor(stream, 1):
            _flush(stream)
            reserved = None if _results is None else _results.reserved
            _write_all(1 if reserved is None else reserved, memoryview(data))
        else:
            stream.write(data.decode(encoding))
            stream.flush()
    except (OSError, ValueError) as error:  # ValueError: the stream has been closed
        why = getattr(error, "strerror", None) or str(error)
        raise OutputError(getattr(error, "errno", None) or errno.EIO, why) from None


def say(text: str, kind: str = "messages") -> None:
    """Write one line to standard error, escaped and painted as `emit` does; a failed write is ignored."""
    say_as_is(escape(text), kind)


def say_as_is(text: str, kind: str = "") -> None:
    """Write text that is escaped already to standard error, and paint it; a failed write is ignored."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        print(painted(text, kind), file=sys.stderr, flush=True)


def painted(text: str, kind: str) -> str:
    """Return a text as it is written to standard error: painted where that is a terminal."""
    return paint(text, kind) if kind and are_wanted(is_terminal(sys.stderr)) else text
