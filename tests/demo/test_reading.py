"""What the pages show of a scope."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat.demo.reading import accepted, lines_of, local_path, plain, root_of


@pytest.mark.parametrize(
    "path, root_path, expected",
    [
        ("/class", "", "/class"),
        ("/class", "/pre", "/class"),
        ("/pre/class", "/pre", "/class"),
        ("/pre/pre/class", "/pre/", "/class"),
        ("/pre", "/pre", "/"),
        ("/prefix", "/pre", "/prefix"),
        ("", "", "/"),
    ],
)
def test_local_path_has_no_prefix(path: str, root_path: str, expected: str) -> None:
    assert local_path({"path": path, "root_path": root_path}) == expected


def test_root_of_scope_without_root_path_is_empty() -> None:
    assert root_of({}) == root_of({"root_path": None}) == ""


@pytest.mark.parametrize(
    "headers, expected",
    [
        ([], "text"),
        ([(b"Accept", b"application/json")], "json"),
        ([(b"accept", b"application/json"), (b"accept", b"TEXT/html")], "html"),
        ([(b"accept", b"*/*")], "text"),
    ],
)
def test_accepted_prefers_html_to_json_to_text(headers: Any, expected: str) -> None:
    assert accepted({"headers": headers}) == expected


def test_plain_makes_every_value_readable() -> None:
    value = {b"k": (b"\xff", bytearray(b"x"), None, 1.5), "o": {1}}
    assert plain(value) == {"k": ["\xff", "x", None, 1.5], "o": "{1}"}


@pytest.mark.parametrize(
    "name, value, expected",
    [
        ("headers", [(b"a", b"b"), (b"c", b"d")], ["a: b", "c: d"]),
        ("headers", [], ["(none)"]),
        ("state", {}, ["(none)"]),
        ("asgi", {"version": "3.0"}, ["version: 3.0"]),
        ("client", ("::1", 80), ["::1:80"]),
        ("server", ("/run/x", None), ["/run/x"]),
        ("client", None, ["None"]),
        ("path", "/", ["'/'"]),
    ],
)
def test_lines_of_field_are_what_is_shown(name: str, value: Any, expected: Any) -> None:
    assert lines_of(name, value) == expected
