"""What the documentation site has besides the pages of docs/: mkdocs loads this file (mkdocs.yml, ``hooks``).

The first page is README.md. A page for each rule and each exception of docs/old-app.md is made of the same
rows as the tables, so that a search for the exact text finds it. Links that leave docs/ lead to the
repository.
"""

from __future__ import annotations

import importlib
import posixpath
import re
from pathlib import Path
from types import ModuleType
from typing import Any, Iterator, List, NamedTuple

from mkdocs.structure.files import File

import asgi_compat

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent

#: What the reference shows: a heading, and the module whose ``__all__`` it lists.
REFERENCE = (
    ("asgi_compat", "asgi_compat"),
    ("asgi_compat.testing", "asgi_compat.testing"),
    ("asgi_compat.check", "asgi_compat.check"),
)


class Mistake(NamedTuple):
    """One exception of the tables of messages in docs/old-app.md."""

    message: str
    printed_by: str
    cause: str
    remedy: str

    @property
    def page(self) -> str:
        """Return the file of its page: the words of the message."""
        return "errors/" + re.sub(r"[^a-z0-9]+", "-", self.message.lower()).strip("-")[:80] + ".md"


def mistakes() -> Iterator[Mistake]:
    """Give the exceptions that docs/old-app.md has in tables of (message, from, cause, what to do)."""
    for line in (DOCS / "old-app.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) == 4:
            printed_by, cause, remedy = cells[1:]
            # The rules of the second table.
            remedy = re.sub(r"\b([AB]\d+)\b", r"[\1](rules/\1.md)", remedy)
            for message in re.findall(r"`(\w+Error: [^`]+)`", cells[0]):
                yield Mistake(message, printed_by, cause, remedy)


def mistake_page(mistake: Mistake) -> str:
    """Return the page of one message."""
    relink = re.compile(r"\]\((?!https?:|#)([^)]+)\)")
    cause, remedy = (relink.sub(r"](../\1)", text) for text in (mistake.cause, mistake.remedy))
    return (
        f"# `{mistake.message}`\n\n"
        f"```text\n{mistake.message}\n```\n\n"
        f"| | |\n|---|---|\n| Printed by | {mistake.printed_by} |\n| Cause | {cause} |\n"
        f"| What to do | {remedy} |\n\n"
        "To see what your application is: `asgi-compat inspect module:app`. To serve it as it is: "
        "`asgi-compat serve module:app`. [I have an old app](../old-app.md) has the whole way.\n"
    )


def mistakes_page(rows: List[Mistake]) -> str:
    """Return the list of all messages."""
    lines = [f"- [`{row.message}`]({row.page})" for row in rows]
    return (
        "# TypeErrors, one by one\n\nYour own name stands in the place of `application` and `App`.\n\n"
        + "\n".join(lines)
    )


def rule_page(rule: Any) -> str:
    """Return the page of one rule."""
    direction = {
        "A": "an old application (double-callable) on a new server: `to_asgi3`",
        "B": "a new application (single-callable) on an old server: `to_asgi2`",
    }[rule.id[0]]
    rows = [
        ("Direction", direction),
        ("Event or scope", rule.event),
        ("Field", rule.field),
        ("What comes out", rule.makes),
        ("Why", rule.why),
        ("What is lost", rule.loses),
        ("Evidence", rule.evidence),
        ("Quirk", f"`{rule.quirk}`" if rule.quirk else ""),
    ]
    table = "\n".join(f"| {name} | {text} |" for name, text in rows if text)
    return (
        f"# {rule.id}: {rule.makes}\n\n| | |\n|---|---|\n{table}\n\n"
        f"`asgi-compat explain {rule.id}` prints it. [Every rule](../rules.md), "
        "[the choices that can be made](../quirks.md).\n"
    )


def defined_at(module: ModuleType, name: str) -> str:
    """Return the full name of what a module hands out where it is defined."""
    code = getattr(getattr(module, name), "__code__", None)
    if code is None:
        return f"{module.__name__}.{name}"
    folder = Path(asgi_compat.__file__).resolve().parent.parent
    return ".".join((*Path(code.co_filename).resolve().relative_to(folder).with_suffix("").parts, name))


def reference_page() -> str:
    """Return the page of everything public, made of the docstrings."""
    parts = ["# Python reference\n\nEverything that is promised. What is not here may change.\n"]
    for title, name in REFERENCE:
        module = importlib.import_module(name)
        parts.append(f"## {title}\n")
        for public in module.__all__:
            if not public.startswith("__"):
                parts.append(f"::: {defined_at(module, public)}\n    options:\n      heading_level: 3\n")
    return "\n".join(parts)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made."""
    rows = list(mistakes())
    made = {
        "index.md": (ROOT / "README.md").read_text(encoding="utf-8"),
        "reference.md": reference_page(),
        "errors.md": mistakes_page(rows),
        **{row.page: mistake_page(row) for row in rows},
        **{f"rules/{rule.id}.md": rule_page(rule) for rule in asgi_compat.rules()},
    }
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Let links that leave docs/ lead to the repository, and those of README.md into the site."""
    here = page.file.src_uri
    repository = f"{config['repo_url']}/blob/main/"
    pictures = config["repo_url"].replace("github.com", "raw.githubusercontent.com") + "/main/"

    def target(match: re.Match[str]) -> str:
        link, anchor = match.group(1), match.group(2) or ""
        if here == "index.md":
            inside = link.replace(repository, "").replace(pictures, "")
            if inside.startswith("docs/"):
                return f"]({inside[len('docs/') :]}{anchor})"
            return f"]({inside if '://' in inside else repository + inside}{anchor})"
        if "://" in link:
            return match.group(0)
        path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(here), link))
        if path == "README.md":
            return f"](index.md{anchor})"
        return match.group(0) if path.startswith("docs/") else f"]({repository}{path}{anchor})"

    return re.sub(r"\]\((?!mailto:|#)([^)#\s]+)(#[^)\s]*)?\)", target, markdown)
