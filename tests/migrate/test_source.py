"""Reading a file, positions in it, and edits."""

from __future__ import annotations

import ast
import sys

import pytest

from asgi_compat.migrate import migrate_bytes
from asgi_compat.migrate.source import Edit, Source, UnreadableError, apply_edits, may_hold_asgi

APP = (
    "def app(scope):  # caf\u00e9\n"
    "    async def inner(receive, send):\n"
    "        await send({'type': 'http.response.start'})\n"
    "    '\u00e9\u00e9'; x = '\u20ac'; return inner"
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_migrate_encodings_and_line_ends_are_kept(newline: str, encoding: str) -> None:
    """Every byte that is not rewritten is the same."""
    text = APP if encoding != "latin-1" else "# coding: latin-1\n" + APP.replace("\u20ac", "\u00df")
    data = text.replace("\n", newline).encode(encoding)
    result = migrate_bytes(data)
    if encoding == "utf-16":
        assert result.after == data
        return
    new = text.replace("def app(scope)", "async def app(scope, receive, send)")
    new = new.replace("return inner", "await inner(receive, send)")
    assert result.after == new.replace("\n", newline).encode(encoding)


def test_migrate_form_feed_and_missing_final_newline_are_kept() -> None:
    """A form feed is no line end."""
    text = "import os\n\x0c\n" + APP.replace("'\u00e9\u00e9'", "y = '\\x0c\x0c'")
    after = migrate_bytes(text.encode()).after.decode()
    assert after.startswith("import os\n\x0c\nasync def app") and after.endswith("await inner(receive, send)")
    assert after.count("\x0c") == 2


def test_source_offsets_count_characters() -> None:
    """`ast` counts bytes of UTF-8."""
    source = Source("\u00e9 = '\u20ac'; b = 1\n".encode())
    assert [source.segment(node) for node in source.tree.body] == ["\u00e9 = '\u20ac'", "b = 1"]


@pytest.mark.parametrize(
    "data, line",
    [
        (b"print 'scope'\n", 1),
        (b"x = 1\ndef app(scope:\n", 2),
        (b"# coding: no-such-thing\nscope\n", 1),
        (b"scope = '\xff'\n", 1),
    ],
)
def test_migrate_unreadable_file_gets_a_sentence(data: bytes, line: int) -> None:
    """A file of another Python, or in no encoding, is named with its line."""
    result = migrate_bytes(data)
    assert result.status == "unreadable" and result.after == data
    assert "parse" in result.reason or "encoding" in result.reason
    assert result.line >= line - 1


def test_source_of_another_python_names_the_running_one() -> None:
    """The remedy is to run it with the right one."""
    with pytest.raises(UnreadableError, match=rf"Python {sys.version_info[0]}\.{sys.version_info[1]} cannot"):
        Source(b"exec 'scope'\n")


def test_apply_edits_overlapping_raises() -> None:
    """Two edits of the same text are a mistake of ours, never a wrong file."""
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abc", [Edit(0, 2, ""), Edit(1, 3, "")])
    assert apply_edits("abc", [Edit(1, 1, "1"), Edit(1, 1, "2"), Edit(0, 1, "")]) == "12bc"


def test_may_hold_asgi_skips_what_has_none() -> None:
    """Most files of a project are never parsed."""
    assert not may_hold_asgi(b"import os\n" * 100)
    assert not may_hold_asgi(b"\0scope")
    assert may_hold_asgi(b"ProtocolTypeRouter({})")


def test_source_comments_and_marks_are_found() -> None:
    """A mark in a string is no mark."""
    source = Source(b"x = '# asgi_compat: leave'\ny = 1  # asgi_compat: leave\n")
    assert source.leave == {2}
    assert isinstance(source.tree.body[0], ast.Assign)
