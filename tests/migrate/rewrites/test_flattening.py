"""The example of the rewrite flattening, what it leaves out when it is skipped, and what is not plain."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import chosen, migrate_bytes

from ..examples import assert_example, assert_skipped

PLAIN = '''
def app(scope):
    """Docstring."""

    async def inner(receive, send):
        await send({"type": "http.response.start"})

        if scope["path"] == "/":
            return
        await other(
            scope)

    return inner
'''
FLAT = '''
async def app(scope, receive, send):
    """Docstring."""

    await send({"type": "http.response.start"})

    if scope["path"] == "/":
        return
    await other(
        scope)
'''


def test_flattening_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("flattening")


def test_flattening_skipped_does_nothing_of_it() -> None:
    """`--skip flattening` keeps the inner function."""
    assert_skipped("flattening")
    result = migrate_bytes(PLAIN.encode(), rules=chosen(skip=["flattening"]))
    assert result.after.decode().endswith("\n    await inner(receive, send)\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_flattening_plain_outer_half_keeps_line_ends_and_blank_lines(newline: str) -> None:
    """Nothing but the indentation changes."""
    result = migrate_bytes(PLAIN.replace("\n", newline).encode())
    assert result.after.decode() == FLAT.replace("\n", newline)


@pytest.mark.parametrize(
    "old, new",
    [
        ("    async def inner", "    path = 1\n    async def inner"),
        ("    async def inner", "    @known\n    async def inner"),
        ("receive, send):\n", "receive, send, more=1):\n"),
        ("receive, send):\n", "receive, send, *, more=1):\n"),
        ("receive, send):\n", "receive, send):  # why\n"),
        ("inner(receive, send):\n", "inner(recv, send):\n"),
        ("inner(receive, send):\n", "inner(receive: R, send: S):\n"),
        ("inner(receive, send):\n", "inner(receive, send) -> None:\n"),
        ("inner(receive, send):\n", 'inner(receive, send):\n        """Docstring."""\n'),
        ("inner(receive, send):\n", "inner(\n        receive, send):\n"),
        ("return\n", "return scope\n"),
        ("return\n", "scope = {}\n"),
        ("return\n", "for scope in ():\n                pass\n"),
        ("return\n", "import a as scope\n"),
        ("return\n", "global name\n"),
        ("return\n", "await inner(receive, send)\n"),
        ("return\n", "print(locals())\n"),
        ("return\n", 'print("""\n  two lines""")\n'),
        ("            scope)\n", "  scope)\n"),
        ("\n    return inner", "\n    # why\n    return inner"),
        ("    return inner\n", "    return inner  # why\n"),
    ],
)
def test_flattening_what_is_not_plain_keeps_the_inner_function(old: str, new: str) -> None:
    """Whatever could be seen to be different stays as it is, and is called."""
    assert old in PLAIN
    result = migrate_bytes(PLAIN.replace(old, new, 1).encode())
    assert (result.status, result.rewrites.get("flattening", 0)) == ("rewritten", 0)
    assert "    await inner(receive, send)" in result.after.decode()


def test_flattening_two_functions_of_one_name_are_left() -> None:
    """Which of them was an outer half is not told by a name."""
    result = migrate_bytes((PLAIN + PLAIN).encode())
    assert result.after.decode().count("await inner(receive, send)") == 2


def test_flattening_of_what_was_asgi3_before_is_not_done() -> None:
    """A person wrote it so."""
    single = migrate_bytes(PLAIN.encode(), rules=chosen(skip=["flattening"])).after
    assert migrate_bytes(single).after == single
    both = migrate_bytes(single + b"def old(scope):\n    return app(scope)\n")
    assert both.after.startswith(single)
