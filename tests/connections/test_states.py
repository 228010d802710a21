"""The numbers of the states: their order is compared."""

from __future__ import annotations

from asgi_compat._connections import states


def test_states_of_a_response_are_in_the_order_in_which_they_come():
    order = [states.NEW, states.HELD, states.STARTED, states.OPEN, states.TRAILING, states.DONE]
    assert order == sorted(set(order))


def test_states_are_all_different():
    names = ("NEW", "HELD", "STARTED", "OPEN", "TRAILING", "DONE", "DENYING", "FAILED")
    assert len({getattr(states, name) for name in names}) == 8 and states.FAILED == 7


def test_heard_nothing_is_false_and_gone_is_the_last():
    assert not states.UNREAD and states.UNREAD < states.READ < states.GONE
