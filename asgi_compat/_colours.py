"""Colours of a command's lines, for a terminal whose user wants them.

A row of `_LINES` is a pattern of lines; its groups are named by roles, and a role has a colour. Text is
painted after it is escaped, so that no application can paint it.
"""

from __future__ import annotations

import os
import re
from typing import Any, Dict, Match, Pattern, Tuple

__all__ = ["ROLES", "are_wanted", "is_terminal", "paint"]

#: The parameters of the sequence ``ESC [ ... m`` for each role.
ROLES: Dict[str, str] = {
    "heading": "1",
    "bad": "1;31",
    "warned": "33",
    "good": "32",
    "rule": "36",
    "noted": "2",
    "removed": "31",
}


def _rows(*patterns: str) -> Tuple[Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


#: The kinds of text, and their lines: the first pattern that is at the start of a line paints it.
_LINES: Dict[str, Tuple[Pattern[str], ...]] = {
    # What a command says on standard error.
    "messages": _rows(
        r"asgi-compat(?: \w+)?: (?P<bad>error: )",
        r"asgi-compat: (?P<warned>warning: )",
        r"asgi-compat: (?P<warned>interrupted|a second Ctrl-C)",
        r"asgi-compat: .*; (?P<heading>\w+) serves it on (?P<good>\S+)",
        r"asgi-compat: .*: (?P<warned>repaired) .*\((?P<rule>[AB]\d+)\)$",
    ),
    # What migrate says of files.
    "files": _rows(
        r"(?P<heading>\d+ files?): (?P<good>\d+ (?:would be )?rewritten), (?:0|(?P<bad>\d+)) refused,"
        r" (?:0|(?P<warned>\d+)) unreadable",
        r"(?P<heading>\S.*): (?P<good>rewritten|would be rewritten) \(",
        r"(?P<heading>\S.*:\d+): (?P<warned>warning): ",
        r"(?P<bad>\S.*:\d+): ",
    ),
    "check": _rows(
        r"(?P<heading>\S+) is [a-z]+-",
        r"  \S.*?  +(?P<bad>raised|no response|5\d\d\b)",
        r"  \S.*?  +(?P<good>[1-4]\d\d\b|accepted|supported)",
        r"  \S.*?  +(?P<noted>not supported)$",
        r"(?P<bad>\S+) .*\[(?P<rule>forbidden by the specification|the application itself)\]$",
        r"(?P<warned>\S+) .*\[(?P<rule>permitted, but not every server accepts it)\]$",
        r"    (?P<noted>(?:sent|did|specification|to_asgi3|seen in) +)",
        r"(?P<noted>note)  ",
        r"(?P<good>No findings)",
        r"(?:(?P<bad>\d+ findings?)) in .*(?:not fixed|none of them fixed|\d+ of them fixed)",
        r"(?:(?P<warned>\d+ findings?)) in ",
        r"(?:Or run|To read about a rule): (?P<heading>.*)",
    ),
    "inspect": _rows(
        r"(?P<heading>\S.*), outermost first:$",
        r" +\d+  (?P<good>single|either)  ",
        r" +\d+  (?P<warned>double|unknown|factory) ",
        r" +\d+  (?P<bad>wsgi|not an app) ",
        r" +(?P<bad>!!) ",
        r" +(?P<good>->) ",
        r"To serve it: (?P<heading>.*?)\. In code: ",
        r"(?P<bad>[\d,]+ layers? called the wrong way): .* or run: (?P<heading>.*)",
        r"(?P<bad>guarantee_single_callable refuses it)",
    ),
    "explain": _rows(
        r"(?P<rule>[AB]\d+)  (?P<heading>.*)",
        r"(?P<heading>[a-z]+(?:\.[a-z_.]+)?)  (?:a scope|sent by|received from)",
        r"    (?P<noted>(?:becomes|because|loses|evidence|strict|quirks|done in|was|together) +)",
    ),
    "moved": _rows(r"(?P<heading>\S.*)", r"    until (?P<noted>.*?); now: "),
    "diff": _rows(
        r"(?P<heading>(?:---|\+\+\+) .*)", r"(?P<rule>@@ .* @@)", r"(?P<removed>-.*)", r"(?P<good>\+.*)"
    ),
    "rewrites": _rows(r"(?P<heading>[a-z0-9-_]+)  "),
    "proof": _rows(
        r".*?: (?:(?P<good>same)|(?P<bad>different)|(?P<warned>not driven)): ",
    ),
}


def are_wanted(terminal: bool) -> bool:
    """Whether colours are shown: on a terminal, unless the user objects or insists (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM", "dumb") != "dumb"


def is_terminal(stream: Any) -> bool:
    """Whether a stream is one; it may be closed, None or an object of somebody else."""
    try:
        return bool(stream.isatty())
    except (AttributeError, OSError, ValueError):
        return False


def paint(text: str, kind: str) -> str:
    r"""Return a text of a kind with its lines painted.

    >>> paint("A22  http.response.body", "explain")
    '\x1b[36mA22\x1b[0m  \x1b[1mhttp.response.body\x1b[0m'
    """
    return "\n".join(_painted(line, _LINES[kind]) for line in text.split("\n"))


def _painted(line: str, rows: Tuple[Pattern[str], ...]) -> str:
    found = next(filter(None, (row.match(line) for row in rows)), None)
    return line if found is None else _groups_painted(line, found)


def _groups_painted(line: str, found: Match[str]) -> str:
    places: Any = sorted((found.span(role), role) for role, part in found.groupdict().items() if part)
    for (start, end), role in reversed(places):
        line = f"{line[:start]}\x1b[{ROLES[role]}m{line[start:end]}\x1b[0m{line[end:]}"
    return line
