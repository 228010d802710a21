"""The rows of known servers claim what exists, and give way to quirks."""

from __future__ import annotations

from typing import Any, Dict, Set

import pytest

from asgi_compat import Quirks
from asgi_compat._messages.servers import (
    BROKEN_RESPONSE,
    CODES,
    CRASH,
    OWNERS,
    ROOT_FIRST,
    SERVERS,
    lacks,
    unneeded,
)
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


EVERYTHING = {BROKEN_RESPONSE, CODES, CRASH, ROOT_FIRST}
DAPHNE = {"asgi": {"version": "3.0"}, "client": ["127.0.0.1", 5], "server": ["127.0.0.1", 80]}
GRANIAN = {
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "extensions": {"http.response.pathsend": {}, "websocket.http.response": {}},
}


@pytest.mark.parametrize(
    ("scope", "missing"),
    [
        (DAPHNE, EVERYTHING - {CRASH}),
        ({**DAPHNE, "client": None}, {ROOT_FIRST}),
        (GRANIAN, {CRASH}),
        ({**GRANIAN, "extensions": {"websocket.http.response": {}}}, set()),
        ({"asgi": {"version": "3.0", "spec_version": "2.3"}, "client": ["h", 1]}, set()),
        ({"client": ["testclient", 50000]}, set()),
        ({"asgi": None, "extensions": None}, set()),
    ],
)
def test_lacks_is_told_by_the_scope_of_a_server_that_is_not_recognised(
    scope: Dict[str, Any], missing: Set[str]
) -> None:
    assert {what for what in EVERYTHING if lacks(what, scope)} == missing


def test_lacks_of_a_recognised_server_is_its_row() -> None:
    rows = {row.name: row for row in SERVERS}
    assert all(lacks(what, {}, rows["daphne"]) for what in EVERYTHING - {CRASH})
    assert not any(lacks(what, DAPHNE, rows["uvicorn"]) for what in EVERYTHING)
    assert lacks(CRASH, {}, rows["granian"]) and not lacks(CODES, {}, rows["granian"])
