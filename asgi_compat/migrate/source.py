"""Read a Python file without losing anything, and change its text at positions of the syntax tree.

Everything works on the decoded text, in which the file's own line ends stay. `ast` counts columns in UTF-8
bytes; an `Edit` counts characters of the text.
"""

from __future__ import annotations

import ast
import codecs
import functools
import io
import re
import sys
import tokenize
import warnings
from typing import Dict, Iterable, List, NamedTuple, Set, Tuple

#: The line ends that Python's tokenizer knows. A form feed is none.
_LINE_END = re.compile(r"\r\n|\r|\n")
#: Files without one of these hold no ASGI: 30 of 13,353 files of a site-packages directory are left.
_ASGI = re.compile(
    rb"\b[Ss]cope\b|receive|as_asgi|URLRouter|ProtocolTypeRouter|ChannelNameRouter|Communicator"
    rb"|ASGI2Middleware|double_to_single_callable|['\"]asgi2['\"]"
    rb"|BaseMiddleware|AsgiHandler|[a-z]Consumer\b|['\"](?:http|websocket|lifespan)\."
)
#: A mark on a line: what stands there is left alone.
_LEAVE = re.compile(r"#\s*asgi_compat:\s*leave\b")


class UnreadableError(Exception):
    """A file that cannot be read as Python source."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Edit(NamedTuple):
    """Text to put at ``start`` in place of what stands until ``end``."""

    start: int
    end: int
    text: str


def may_hold_asgi(data: bytes) -> bool:
    """Return whether a file can contain anything to migrate.

    >>> may_hold_asgi(b"def app(scope): ..."), may_hold_asgi(b"print(1)")
    (True, False)
    """
    return b"\0" not in data[:1024] and _ASGI.search(data) is not None


class Source:
    """The text of one file, its syntax tree, and where the nodes are in the text."""

    def __init__(self, data: bytes) -> None:
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(_first_lines(data)).readline)
            self.bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
            self.encoding: str = "utf-8" if self.bom else encoding
            self.text: str = data[len(self.bom) :].decode(self.encoding)
        except (SyntaxError, UnicodeDecodeError, LookupError) as error:
            raise UnreadableError(f"its encoding cannot be read: {error}") from None
        self.tree: ast.Module = parse(self.text)
        self._starts = [0] + [match.end() for match in _LINE_END.finditer(self.text)]
        self._wide: Dict[int, bytes] = {}
        found = _LINE_END.search(self.text)
        self.newline: str = found.group() if found else "\n"

    @functools.cached_property
    def comments(self) -> Dict[int, str]:
        """The comments by their lines. To find them takes longer than to parse the text."""
        return _comments(self.text)

    @functools.cached_property
    def leave(self) -> Set[int]:
        """The lines with a mark that leaves what stands there alone."""
        if not _LEAVE.search(self.text):
            return set()
        return {line for line, comment in self.comments.items() if _LEAVE.search(comment)}

    def offset(self, line: int, column: int) -> int:
        """Return the place in the text of a line, counted from 1, and a column in UTF-8 bytes."""
        start = self._starts[line - 1]
        if line not in self._wide:
            end = self._starts[line] if line < len(self._starts) else len(self.text)
            text = self.text[start:end]
            self._wide[line] = b"" if text.isascii() else text.encode("utf-8", "surrogatepass")
        wide = self._wide[line]
        return start + (len(wide[:column].decode("utf-8", "replace")) if wide else column)

    def start(self, node: ast.AST) -> int:
        """Return where a node begins."""
        return self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        """Return where a node ends."""
        return self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return self.text[self.start(node) : self.end(node)]

    def line_start(self, line: int) -> int:
        """Return where a line begins."""
        return self._starts[line - 1]

    def line_end(self, line: int) -> int:
        """Return where a line ends, before its line end."""
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self._starts[line - 1] + len(self.text[self._starts[line - 1] : end].rstrip("\r\n"))

    def indent(self, node: ast.AST) -> str:
        """Return what stands before a node on its line, when that is only space."""
        before = self.text[self.line_start(node.lineno) : self.start(node)]  # type: ignore[attr-defined]
        return before if not before.strip() else before[: len(before) - len(before.lstrip())]

    def is_first_on_line(self, node: ast.AST) -> bool:
        """Return whether only space stands before a node on its line."""
        return not self.text[self.line_start(node.lineno) : self.start(node)].strip()  # type: ignore[attr-defined]

    def encode(self, text: str) -> bytes:
        """Return a text as the bytes of this file."""
        return self.bom + text.encode(self.encoding)


def _first_lines(data: bytes) -> bytes:
    """Return the lines that may name the encoding, with the line end that `tokenize` knows."""
    return b"\n".join(re.split(rb"\r\n|\r|\n", data[:8192])[:2]) + b"\n"


def parse(text: str) -> ast.Module:
    """Return the syntax tree, or raise `UnreadableError` with a sentence.

    >>> parse("x = 1").body[0].lineno
    1
    """
    running = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise UnreadableError(
            f"{running} cannot parse it ({error.msg}); run migrate with the Python that it is written for",
            error.lineno or 1,
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError(f"{running} cannot parse it ({error or type(error).__name__})") from None


def _comments(text: str) -> Dict[int, str]:
    """Return the comments by line. Positions of `tokenize` and of `ast` agree on lines."""
    found: Dict[int, str] = {}
    if "#" not in text:
        return found
    try:
        # "\r" alone ends no line of `readline`: the tokenizer of 3.8 to 3.11 reads lines as given.
        lines = iter(
            _LINE_END.sub("\n", text).splitlines(keepends=True) if "\f" not in text else _lines(text)
        )
        for token in tokenize.generate_tokens(lambda: next(lines, "")):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return found
    return found


def _lines(text: str) -> List[str]:
    return [line + "\n" for line in _LINE_END.split(text)]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits applied. Edits at the same place keep their order.

    Raises ValueError for edits that overlap.

    >>> apply_edits("return x", [Edit(0, 6, "await"), Edit(8, 8, "()")])
    'await x()'
    """
    pieces: List[str] = []
    at = 0
    for edit in _ordered(edits):
        if edit.start < at:
            raise ValueError(f"edits overlap at {edit.start}")
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def _ordered(edits: Iterable[Edit]) -> List[Edit]:
    numbered: List[Tuple[int, int, int, Edit]] = [
        (edit.start, edit.end, number, edit) for number, edit in enumerate(dict.fromkeys(edits))
    ]
    return [edit for *_, edit in sorted(numbered)]
