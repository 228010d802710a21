"""The documentation site builds without a warning, and a search finds what people look for."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requires

import asgi_compat

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Links and anchors that lead nowhere are warnings, and warnings fail the build."""
    requires.package("mkdocs")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=str(ROOT),
        env=dict(os.environ, NO_MKDOCS_2_WARNING="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout.decode()
    return folder


def test_site_has_a_page_for_each_rule(site: Path) -> None:
    for rule in asgi_compat.rules():
        text = (site / "rules" / rule.id / "index.html").read_text(encoding="utf-8")
        assert f"asgi-compat explain {rule.id}" in text


def test_site_search_finds_each_type_error(site: Path) -> None:
    old_app = (ROOT / "docs" / "old-app.md").read_text(encoding="utf-8")
    rows = [line for line in old_app.splitlines() if line.startswith("| `")]
    messages = [message for row in rows for message in re.findall(r"`(TypeError: [^`]+)`", row)]
    assert len(messages) > 10
    entries = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    titles = [html.unescape(re.sub(r"<[^>]+>", "", entry["title"])) for entry in entries]
    for message in messages:
        assert message in titles, message


def test_site_reference_has_everything_public(site: Path) -> None:
    text = (site / "reference" / "index.html").read_text(encoding="utf-8")
    for name in asgi_compat.__all__:
        assert name.startswith("__") or re.search(rf'id="[\w.]*\b{name}"', text), name
    assert "pycon" not in re.sub(r"<[^>]+>", "", text), "an example is not fenced"


def test_site_links_that_leave_the_pages_lead_to_the_repository(site: Path) -> None:
    repository = re.search(
        r"^repo_url: (\S+)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert repository is not None
    for page in site.rglob("*.html"):
        for link in re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8")):
            if link.startswith(repository.group(1) + "/blob/main/"):
                path = link[len(repository.group(1) + "/blob/main/") :].partition("#")[0]
                assert (ROOT / path).exists(), f"{page.relative_to(site)}: {link}"


def test_site_home_page_links_into_the_site(site: Path) -> None:
    """The README has whole addresses, for the package index; the site shows its own pages and picture."""
    text = (site / "index.html").read_text(encoding="utf-8")
    assert 'src="assets/generations.svg"' in text
    assert (site / "assets" / "generations.svg").is_file()
    assert 'href="old-frameworks/"' in text
    assert "/blob/main/docs/" not in text and "raw.githubusercontent" not in text
