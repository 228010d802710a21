"""The HTML around what a page shows."""

from __future__ import annotations

import re

from asgi_compat.demo.page import frame, page_headers, table


def test_frame_marks_the_link_of_this_page_and_escapes_all() -> None:
    links = [('/a"><b>', "<A>", False), ("/b", "B", True)]
    page = frame("<title>", links, "<p>body</p>")
    assert '<a href="/a&quot;&gt;&lt;b&gt;">&lt;A&gt;</a>' in page
    assert '<a href="/b" aria-current=page>B</a>' in page
    assert "<h1>&lt;title&gt;</h1><p>body</p>" in page


def test_table_escapes_names_and_lines() -> None:
    expected = "<table><tr><th scope=row>&lt;n&gt;</th><td>&amp;<br>b</td></tr></table>"
    assert table([("<n>", ["&", "b"])]) == expected


def test_page_loads_nothing_and_the_policy_says_so() -> None:
    """Style and script are in the page; the policy is about what a browser would load."""
    policy = dict(page_headers())[b"content-security-policy"].decode()
    assert policy.startswith("default-src 'none';")
    assert not re.findall(r"(?:src|href)=[\"']?(?!data:,)[^/\"' >]", frame("t", [("/", "n", True)], ""))
