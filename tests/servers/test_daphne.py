"""daphne stays healthy after an application has failed in the middle of a response (A41).

Without an adapter it does not: the first such error ends its looking after applications, for every
connection of the process, and whoever fails afterwards gets no answer.
"""

from __future__ import annotations

from typing import Iterator, Tuple

import pytest
from starting import COLUMNS, Server
from wire import Line, request

#: Seconds. daphne looks after its applications once a second.
PATIENCE = 4.0


def answer(port: int, shape: str, run: str) -> str:
    """What comes for a shape, or that nothing does."""
    with Line(port) as line:
        line.socket.settimeout(PATIENCE)
        line.socket.sendall(request(f"/{shape}?run={run}"))
        return line.read().described()


@pytest.fixture
def adapted() -> Iterator[Server]:
    with Server(COLUMNS["daphne"], "odd_application:application") as server:
        yield server


KINDS = {
    "raises-in-the-middle": "200 b'hello'",
    "second-start-late": "200 b'he'",
    "length-never-reached": "200 b'he'",
    "raises-after-the-end": "200 b'hello'",
    "length-unreached": "200 b'abc'",
    "length-unreached-raises": "200 b'abc'",
}
#: How much of a body there is to read where its end does not come.
PARTS = {"length-never-reached": 2, "length-unreached": 3, "length-unreached-raises": 3}


def test_it_stays_healthy(adapted: Server) -> None:
    """Each kind of failure in the middle, one after the other, and after each an error is a 500 at once."""
    assert answer(adapted.port, "raises-at-once", "first") == "500"
    for kind, wanted in KINDS.items():
        with Line(adapted.port) as line:
            # It stays open: daphne forgets the application of a client that has gone, with its error.
            line.socket.sendall(request(f"/{kind}?run={kind}"))
            assert line.read(enough=PARTS.get(kind)).described() == wanted
            assert answer(adapted.port, "raises-at-once", f"after-{kind}") == "500"
            assert answer(adapted.port, "headers-dict", f"fine-{kind}") == "200 x-a=1 b'hello'"
    # And each error is in the log, once.
    assert adapted.errors(13) == {"ApplicationError": 10, "AppMessageError": 3}


def test_others_do_not_notice(adapted: Server) -> None:
    """A connection that waits while another one's application fails is answered."""
    with Line(adapted.port) as waiting:
        waiting.socket.sendall(request("/seen?run=later"))
        assert answer(adapted.port, "raises-in-the-middle", "now") == "200 b'hello'"
        assert answer(adapted.port, "headers-dict", "later") == "200 x-a=1 b'hello'"
        assert waiting.read().described() == "200 b'[]'"


@pytest.mark.parametrize("arguments", [(), ("--root-path", "/public")], ids=["header", "option"])
def test_root_path_of_the_client_leaves_the_path_alone(arguments: Tuple[str, ...]) -> None:
    """daphne puts no prefix on, and takes root_path from a request header: nothing comes off (A8)."""
    headers = ("Daphne-Root-Path: /public",)
    with Server(COLUMNS["daphne"], "paths_application:adapted", arguments) as server:
        for target in ("/public/admin", "/public/public/admin", "/public", "/public%2Fadmin"):
            with Line(server.port) as line:
                line.socket.sendall(request(target, headers=headers))
                path = target.replace("%2F", "/")
                wanted = f"/public {path[:16]} {len(path)} {target[:20]} {len(target)}"
                assert line.read().described() == f"200 {wanted.encode()!r}"


def test_without_the_adapter_it_does_not() -> None:
    """The same application, called in the right way and not repaired: daphne's own error is still there.

    When this fails, daphne has fixed it, and A41 has an end.
    """
    with Server(COLUMNS["daphne"], "odd_application:unrepaired") as server:
        assert answer(server.port, "raises-at-once", "1") == "500"
        with Line(server.port) as cut_off:
            cut_off.socket.sendall(request("/raises-in-the-middle?run=2"))
            assert cut_off.read(enough=5).described() == "200 b'hello'"
            assert answer(server.port, "raises-at-once", "3") == "no answer"
        server.discard()
