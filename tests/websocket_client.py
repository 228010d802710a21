"""The WebSocket client of the tests: that of websockets, which tells everything that it has read.

It needs websockets 11; where an environment may have none, import it with ``pytest.importorskip``.
"""

from __future__ import annotations

import functools

from websockets.sync import client


class Listening(client.ClientConnection):
    """A connection that still hands out what it has read when its answer can no longer be sent.

    websockets 17.4 reads "101, close" or "text, close" in one piece, answers the close, and forgets all of
    it when the server has closed the socket by then: daphne does, once in thousands on a busy machine.
    """

    def send_data(self) -> None:
        try:
            super().send_data()
        except OSError:
            pass


connect = functools.partial(client.connect, create_connection=Listening)
