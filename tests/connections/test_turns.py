"""The order of several tasks on one connection."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace

import pytest

from asgi_compat._connections.turns import TAKEN, Ticket, pass_turn, take_turn, wait_turn


class Connection:
    """Two slots, as an exchange has them."""

    def __init__(self):
        self.turn = self.reading = None


@pytest.mark.parametrize("slot", ["turn", "reading"])
def test_take_turn_that_nobody_has_waits_for_nothing_and_makes_no_queue(slot):
    async def main():
        connection = Connection()
        await take_turn(connection, slot)
        assert getattr(connection, slot) is TAKEN
        pass_turn(connection, slot)
        assert getattr(connection, slot) is None

    asyncio.run(main())


def test_wait_turn_serves_tasks_in_the_order_of_their_calls():
    async def main():
        connection, order = Connection(), []

        async def one(number):
            await take_turn(connection)
            order.append(number)
            await asyncio.sleep(0)
            pass_turn(connection)

        await take_turn(connection)
        tasks = [asyncio.ensure_future(one(number)) for number in range(4)]
        await asyncio.sleep(0)
        assert order == [] and len(connection.turn) == 4
        pass_turn(connection)
        await asyncio.gather(*tasks)
        assert order == [0, 1, 2, 3] and connection.turn is None

    asyncio.run(main())


def test_wait_turn_cancelled_leaves_the_queue():
    async def main():
        connection = Connection()
        connection.turn = TAKEN
        task = asyncio.ensure_future(wait_turn(connection))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled() and not connection.turn
        pass_turn(connection)
        assert connection.turn is None

    asyncio.run(main())


def test_wait_turn_cancelled_when_it_was_given_hands_it_on():
    async def main():
        connection, served = Connection(), []

        async def second():
            await wait_turn(connection)
            served.append(True)

        connection.turn = TAKEN
        first = asyncio.ensure_future(wait_turn(connection))
        next_task = asyncio.ensure_future(second())
        await asyncio.sleep(0)
        pass_turn(connection)
        first.cancel()
        await asyncio.gather(first, next_task, return_exceptions=True)
        assert first.cancelled() and served == [True]

    asyncio.run(main())


def test_ticket_is_an_event_of_trio_where_asyncio_does_not_run(monkeypatch):
    monkeypatch.setitem(sys.modules, "trio", SimpleNamespace(Event=lambda: "of trio"))
    assert Ticket().event == "of trio"

    async def main():
        assert isinstance(Ticket().event, asyncio.Event)

    asyncio.run(main())
