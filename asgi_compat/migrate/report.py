"""The report for a person who plans the work: what was rewritten, refused and left, per file and idiom."""

from __future__ import annotations

import difflib
import html
import json
from typing import Dict, List, Sequence

from .registry import REWRITES
from .rewriting import Result


def totals(results: Sequence[Result]) -> Dict[str, int]:
    """Return how many files were rewritten, unchanged, refused and unreadable."""
    found = {"rewritten": 0, "unchanged": 0, "refused": 0, "unreadable": 0}
    for result in results:
        found[result.status] += 1
    return found


def idioms(results: Sequence[Result]) -> Dict[str, int]:
    """Return how often each rewrite was done, or would be."""
    found: Dict[str, int] = {}
    for result in results:
        for name, count in result.rewrites.items():
            found[name] = found.get(name, 0) + count
    return dict(sorted(found.items()))


def _row(result: Result) -> Dict[str, object]:
    row: Dict[str, object] = {"path": result.path, "status": result.status}
    if result.reason:
        row.update(line=result.line, reason=result.reason)
    if result.rewrites:
        row["rewrites"] = dict(result.rewrites)
    if result.warnings:
        row["warnings"] = [{"line": line, "text": text} for line, text in result.warnings]
    return row


def as_json(results: Sequence[Result]) -> str:
    """Return the report as JSON; files without any ASGI2 in them are only counted."""
    told = [_row(result) for result in results if result.status != "unchanged"]
    return json.dumps({"totals": totals(results), "idioms": idioms(results), "files": told}, indent=2)


_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0}"
    "td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left}"
    ".refused,.unreadable{background:#fdd}.rewritten{background:#dfd}"
)


def as_html(results: Sequence[Result]) -> str:
    """Return the report as one HTML page, without anything to load."""
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>ASGI2 to ASGI3</title>",
        f"<style>{_STYLE}</style><h1>ASGI2 to ASGI3</h1>",
        _table(("files", "number"), [(name, str(count)) for name, count in totals(results).items()]),
        "<h2>Idioms</h2>",
        _table(
            ("rewrite", "places", "what it does"),
            [(name, str(count), REWRITES[name].summary) for name, count in idioms(results).items()],
        ),
        "<h2>Files</h2>",
        "<table><tr><th>file<th>status<th>what</tr>",
    ]
    for result in results:
        if result.status != "unchanged":
            cells = "".join(
                f"<td>{html.escape(text)}" for text in (result.path, result.status, _what(result))
            )
            parts.append(f"<tr class='{result.status}'>{cells}</tr>")
    return "\n".join([*parts, "</table></html>"])


def _what(result: Result) -> str:
    if result.reason:
        return f"line {result.line}: {result.reason}"
    done = [f"{name} ({count})" for name, count in result.rewrites.items()]
    return "; ".join([", ".join(done), *(f"look at line {line}: {text}" for line, text in result.warnings)])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines: List[str] = ["<table><tr>" + "".join(f"<th>{name}" for name in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{html.escape(cell)}" for cell in row) + "</tr>" for row in rows]
    return "\n".join([*lines, "</table>"])


def rewrites_as_markdown() -> str:
    """Return every rewrite with its example as a diff: the table of docs/leave-asgi2.md.

    >>> rewrites_as_markdown().splitlines()[0]
    '| rewrite | what it does |'
    """
    rows = sorted(REWRITES.values())
    lines = ["| rewrite | what it does |", "|---|---|"]
    lines += [f"| [`{row.name}`](#{row.name}) | {row.summary} |" for row in rows]
    for row in rows:
        lines += ["", f"### {row.name}", "", "```diff", *_diff(row.before, row.after), "```"]
    return "\n".join(lines) + "\n"


def _diff(before: str, after: str) -> List[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line.rstrip() for line in lines if not line.startswith("?")]
