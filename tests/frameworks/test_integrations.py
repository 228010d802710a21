"""docs/integrations.md: every snippet runs."""

from __future__ import annotations

import sys
from typing import Iterator

import pytest
from requires import package
from test_documents import APART, Block, Document

(PAGE,) = APART
DOCUMENT = Document(PAGE, PAGE.read_text(encoding="utf-8"))

pytestmark = [
    # What servers, frameworks and agents warn about is theirs.
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.leaves_tasks,
]


@pytest.fixture(scope="module", autouse=True)
def process_is_as_at_first() -> Iterator[None]:
    """Django's settings and sentry_sdk.init() are for the whole process, and other tests have made theirs."""
    configuration = sys.modules.get("django.conf")
    if configuration is not None:
        from django.utils.functional import empty

        configuration.settings._wrapped = empty  # type: ignore[attr-defined]
    yield
    sentry = sys.modules.get("sentry_sdk")
    if sentry is not None:
        sentry.init(None)


@pytest.mark.parametrize("block", DOCUMENT.blocks, ids=[f"line {block.line}" for block in DOCUMENT.blocks])
def test_block_of_the_page(block: Block) -> None:
    """Each does what the page says."""
    package("fastapi")
    assert block.not_run is None
    DOCUMENT.run()
    error = DOCUMENT.outcomes[block.line]
    if error is not None:
        raise error
