"""The rows of known servers claim what exists, and give way to quirks."""

from __future__ import annotations

from asgi_compat import Quirks
from asgi_compat._messages.servers import OWNERS, SERVERS, unneeded
from asgi_compat._messages.table import RULES

UVICORN = ("uvicorn.protocols.http.h11_impl", "RequestResponseCycle")


def test_unneeded_rule_that_a_quirk_asks_for_stays() -> None:
    row = OWNERS[UVICORN]
    assert "A7" in unneeded(row, Quirks(), RULES)
    assert "A7" not in unneeded(row, Quirks(placeholder_client=("127.0.0.1", 0)), RULES)
    assert "A7" not in unneeded(row, Quirks(unix_server="none"), RULES)


def test_rows_claim_rules_that_exist_and_repair_what_a_server_gives() -> None:
    known = {rule.id: rule for rule in RULES}
    for row in SERVERS:
        for rule in row.gives:
            assert known[rule].direction == "A"
            assert known[rule].event.split(", ")[0] in ("http", "http.request"), rule
