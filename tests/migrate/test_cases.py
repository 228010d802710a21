"""Every case: rewritten and driven before and after, refused with its reason, or left alone."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import REWRITES, migrate_bytes

from .cases import Case, all_cases
from .driving import drive, migrate

CASES = all_cases()
REWRITTEN = [case for case in CASES if not case.refused and not case.left]


def test_cases_have_names_of_their_own() -> None:
    """A case is found by its name."""
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", REWRITTEN, ids=lambda case: case.name)
def test_migrate_idiom_does_the_same_afterwards(case: Case) -> None:
    """What was ASGI2 before does the same as ASGI3, also for several connections at once."""
    result = migrate(case)
    assert (result.status, result.reason) == ("rewritten", "")
    text = result.after.decode()
    if case.has:
        assert case.has in text
    if case.lacks:
        assert case.lacks not in text
    if case.entry and not case.modernised:
        drive(case, result)


@pytest.mark.parametrize("case", REWRITTEN, ids=lambda case: case.name)
def test_migrate_twice_changes_nothing_more(case: Case) -> None:
    """A second run finds nothing to do."""
    once = migrate(case)
    again = migrate_bytes(once.after, f"{case.name}.py")
    assert (again.reason, again.after.decode()) == ("", once.after.decode())


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.name)
def test_migrate_unsafe_source_is_refused_with_the_reason(case: Case) -> None:
    """The file stays as it is, and a person is told where to look."""
    result = migrate(case)
    assert result.status == "refused", result.after.decode()
    assert case.refused in result.reason
    assert 0 < result.line <= case.source.count("\n") + 1
    assert result.after == result.before


@pytest.mark.parametrize("case", [case for case in CASES if case.left], ids=lambda case: case.name)
def test_migrate_other_source_is_left_without_a_word(case: Case) -> None:
    """Nothing is changed, and nothing is said."""
    result = migrate(case)
    assert (result.status, result.reason, result.warnings) == ("unchanged", "", ())


def test_every_rewrite_has_a_case() -> None:
    """No rewrite is registered without a source that needs it."""
    done = {name for case in REWRITTEN for name in migrate(case).rewrites}
    assert set(REWRITES) - {"unused-imports"} <= done
