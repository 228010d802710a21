"""Every rule of the validator can fail: an adapter that is broken on purpose breaks it."""

from __future__ import annotations

import sys
from typing import Set

import pytest

from . import playing
from .broken import BROKEN, BROKEN_BY_BARE, bare
from .generator import generate
from .run import Failure, run, shrink, violations
from .validator import RULES

#: Enough for each rule, by a factor of two and more.
EXAMPLES = 3000
#: The same for an adapter that looks at nothing: trailers with a framing header come once in 3,000.
BARE_EXAMPLES = 8000


@pytest.fixture(scope="module")
def broken_by_bare() -> Set[str]:
    """Return the rules that an adapter breaks which looks at nothing."""
    result = run(0, BARE_EXAMPLES, adapt=bare)
    return {failure.violation.rule for failure in result.failures.values()}


def test_rules_have_broken_adapters() -> None:
    """No rule is without a proof that it can fail, and no proof is for a rule that does not exist."""
    assert set(RULES) == BROKEN_BY_BARE | set(BROKEN)


@pytest.mark.parametrize("rule", sorted(BROKEN_BY_BARE))
def test_validator_without_any_check_reports_rule(rule: str, broken_by_bare: Set[str]) -> None:
    """What applications send reaches the server, and the validator sees it."""
    assert rule in broken_by_bare


# Before Task.uncancel an own cancellation cannot be told from another's, and the rule does not hold there.
APART = {"cancel-swallowed"} if sys.version_info < (3, 11) else set()


@pytest.mark.parametrize("rule", sorted(set(BROKEN) - APART))
def test_validator_with_broken_adapter_reports_rule(rule: str) -> None:
    """The adapter that is made for the rule breaks it, in one of the first examples."""
    for seed in range(EXAMPLES):
        end_of_log = playing.listen()
        try:
            found = violations(generate(seed), BROKEN[rule])
        finally:
            end_of_log()
        if any(one.rule == rule for one in found):
            return
    pytest.fail(f"{rule} was not reported in {EXAMPLES} examples")


def test_generator_with_same_seed_gives_same_conversation() -> None:
    """A failure is replayed by its seed: the plan is the same, and so is what the validator finds."""
    for seed in range(200):
        assert generate(seed).lines() == generate(seed).lines()
    once, again = run(0, 300, adapt=bare), run(0, 300, adapt=bare)
    assert once.counts == again.counts


def test_shrink_keeps_signature_with_fewer_steps() -> None:
    """What is left of a conversation fails in the same way."""
    result = run(0, 300, adapt=bare)
    failure = next(one for one in result.failures.values() if len(one.conversation.steps) > 3)
    small = shrink(failure, bare)
    assert len(small.steps) < len(failure.conversation.steps)
    assert failure.signature in {one.signature for one in violations(small, bare)}
    assert isinstance(failure, Failure)
