"""Every odd shape on every server: the same on the wire and to the application, or a row that says why not.

``python -m tox -e servers`` runs it and prints the table. A server is started once and gets all shapes, one
after the other; what each of them leaves behind is the next one's to find.
"""

from __future__ import annotations

import re
from collections import Counter
from importlib import metadata
from typing import Dict, Iterator, List, Set, Tuple

import hostile_shapes
import pytest
import wire_http2
from deviations import DEVIATIONS, LEAVES, REASONS, deviation
from hostile_shapes import FORGED, SECRETS
from shapes import FURTHER_HTTP_ROWS, FURTHER_WEBSOCKET_ROWS, HTTP_ROWS, WEBSOCKET_ROWS, Shape
from starting import BACKWARDS, COLUMNS, HERE, HOSTS, HTTP2, SERVED, Column, Server
from table_of_cells import EQUAL, SHAPES, WRONG, Table
from wire import PATIENCE, SHORT_PATIENCE, ask, talk

import asgi_compat

EVERY: Dict[str, Column] = {**COLUMNS, **HOSTS, **HTTP2, **SERVED, **BACKWARDS}

#: One of each kind, for the servers started by `python -m asgi_compat serve`.
SAMPLE = {
    "http": (
        "header-value-str headers-missing header-crlf status-str type-chunk second-start body-after-the-end"
        " raises-at-once raises-in-the-middle scope"
    ),
    "websocket": (
        "both text-is-bytes reason subprotocol-bytes accept-with-text returns-before-accept"
        " receive-pending-at-close unknown-type denial scope"
    ),
}

#: What an application may do in direction B, where a server calls a double-callable made by `to_asgi2`.
HOSTILE_TO_DOUBLES = {
    "http": (
        "header-several header-transfer-encoding header-crlf header-control header-name-no-token length"
        " length-no-number length-too-big length-too-small lengths-differ lengths-differ-in-case"
        " lengths-differ-as-text lengths-equal lengths-equal-in-case length-signed start-headers-appended"
        " start-headers-cleared start-pair-changed start-value-changed start-status-changed start-emptied"
        " body-value-changed body-changed event-forged event-forged-late header-name-forged status-forged"
        " secret-beside-a-bad-header secret-in-a-bad-header secret-in-a-body secret-beside-lengths"
    ),
    "websocket": "subprotocol-line-break",
}
#: WebSockets that the application leaves open (B41, B42).
LEFT_TO_DOUBLES = {
    "websocket": (
        "returns-before-accept returns-after-accept raises-before-accept raises-after-accept"
        " send-before-accept"
    )
}
#: Responses that the application leaves unfinished: an error in the middle would stop daphne's error handling
#: (B40).
UNFINISHED_TO_DOUBLES = {
    "http": "length-unreached length-unreached-raises length-exceeded-late",
    "websocket": "subprotocol-comma subprotocol-empty denial-lengths-differ denial-headers-appended",
}
CASES_OF_DOUBLES = [
    (column, protocol, id)
    for column, tables in {
        "uvicorn-asgi2": (HOSTILE_TO_DOUBLES, LEFT_TO_DOUBLES, UNFINISHED_TO_DOUBLES),
        "daphne-asgi2": (HOSTILE_TO_DOUBLES, LEFT_TO_DOUBLES, {"http": UNFINISHED_TO_DOUBLES["http"]}),
    }.items()
    for table in tables
    for protocol, ids in table.items()
    for id in ids.split()
]

#: Any error that ends a traceback.
ANY = re.compile(
    r"^(?:\w+\.)*(\w*(?:Error|Exception|Disconnected|Closed\w*|Interrupt|Exit|Group))(?::|$)", re.M
)
#: What no log may have, whatever was asked of the server.
UNWANTED = re.compile(
    r"was never awaited"
    r"|Task was destroyed but it is pending"
    r"|exception was never retrieved"
    r"|ResourceWarning"
    r"|panicked at"
    r"|Fatal Python error"
)


class Running:
    """One column's server, and what it was asked."""

    def __init__(self, column: Column, table: Table) -> None:
        self.column = column
        self.table = table
        self.errors: Counter[str] = Counter()
        #: What else an application raises on this server.
        self.others: Set[str] = {"AppMessageError"}
        self.count = 0
        self.log = ""
        application = {**dict.fromkeys(SERVED, "odd"), **dict.fromkeys(BACKWARDS, "backwards")}
        self.server = Server(column, f"odd_application:{application.get(column.name, 'application')}")

    def observe(self, protocol: str, shape: Shape) -> None:
        """Let the server have a shape, and hold what is seen against what has to be."""
        if not self.server.alive:
            self.server.start()
            self.server.wait()
        self.count += 1
        run = str(self.count)
        row = deviation(protocol, shape.id, self.column.server)
        wanted = (shape.wire, shape.app)
        if row is not None:
            wanted = (row.wire, row.app or shape.app)
        try:
            seen = self.see(protocol, shape, run, wanted[0])
        except OSError as error:
            seen = (f"no connection: {error}", "")
        if self.column.name in BACKWARDS:
            # The rules of direction B have other ids.
            wanted, seen = [(wire, re.sub(r"Error [AB]\d+", "Error -", app)) for wire, app in (wanted, seen)]
        self.others.update(re.findall(r"raised (\w+)", wanted[1]))
        self.errors.update(re.findall(r"ApplicationError|AppMessageError", f"{wanted[1]} {shape.after}"))
        cell = (row.reason if row is not None else EQUAL) if seen == wanted else WRONG
        self.table.cells[self.column.name, protocol, shape.id] = cell
        if not self.server.alive or "no answer" in seen:
            # The next shape gets a fresh one, and this one is why.
            self.log += self.server.log
            self.server.discard()
            pytest.fail(f"{self.column.name} has ended or does not answer: {seen}, {wanted}:\n{self.log}")
        if row is not None and seen == (shape.wire, shape.app) != wanted:
            pytest.fail(f"{self.column.name} does as the others now: take this out of DEVIATIONS: {row}")
        assert seen == wanted

    def see(self, protocol: str, shape: Shape, run: str, wanted: str) -> Tuple[str, str]:
        """Let a client of the column's protocol ask, and give what it and the application saw."""
        # Where the end does not come, waiting longer shows nothing.
        patience = SHORT_PATIENCE if wanted.endswith("without an end") else PATIENCE
        if self.column.name in HTTP2:
            if protocol == "http":
                return wire_http2.ask(self.server.port, shape, run, patience)
            return wire_http2.talk(self.server.port, shape, run)
        if protocol == "http":
            return ask(self.server.port, shape, run, patience)
        return talk(self.server.port, shape, run, (shape.id, self.column.server) in LEAVES)

    def look_into_the_log(self) -> None:
        """End the server; every error of an application is in its log once, and nothing else is."""
        self.server.errors(sum(self.errors.values()))
        self.server.stop()
        found = self.server.errors(0)
        if self.column.server == "gunicorn":
            # Its worker leaves some out (gunicorn 27.0.1: 4 of 64).
            assert found and not found - self.errors
        else:
            assert found == self.errors
        self.log += self.server.log
        others = set(ANY.findall(self.log)) - self.others - {"ApplicationError"}
        assert not others, self.log
        unwanted = UNWANTED.search(self.log)
        assert not unwanted, f"{unwanted and unwanted.group()}:\n{self.log}"
        assert not [secret for secret in SECRETS if secret in self.log]
        forged = re.findall(rf"^{FORGED}.*|.*\x1b.*", self.log, re.M | re.I)
        assert not forged, forged


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest, table: Table) -> Iterator[Running]:
    """The server of a column, started once for all of its tests."""
    column = EVERY[request.param]
    it = Running(column, table)
    it.server.start()
    try:
        it.server.wait()
        yield it
    finally:
        it.server.discard()


def shape_of(protocol: str, id: str) -> Shape:
    return next(shape for shape in SHAPES[protocol] if shape.id == id)


@pytest.mark.parametrize("running", COLUMNS, indirect=True)
@pytest.mark.parametrize("shape", SHAPES["http"], ids=lambda shape: shape.id)
def test_http(running: Running, shape: Shape) -> None:
    """One shape of HTTP on one server."""
    running.observe("http", shape)


@pytest.mark.parametrize("running", COLUMNS, indirect=True)
@pytest.mark.parametrize("shape", SHAPES["websocket"], ids=lambda shape: shape.id)
def test_websocket(running: Running, shape: Shape) -> None:
    """One shape of WebSockets on one server."""
    running.observe("websocket", shape)


@pytest.mark.parametrize("running", HOSTS, indirect=True)
@pytest.mark.parametrize(
    "protocol, id", [(protocol, shape.id) for protocol, shapes in SHAPES.items() for shape in shapes]
)
def test_another_host_gives_the_same(running: Running, protocol: str, id: str) -> None:
    """gunicorn, with its own worker and with uvicorn's; hypercorn on trio."""
    running.observe(protocol, shape_of(protocol, id))


@pytest.mark.parametrize("running", HTTP2, indirect=True)
@pytest.mark.parametrize(
    "protocol, id",
    [
        (protocol, shape.id)
        for protocol, shapes in SHAPES.items()
        for shape in shapes
        if shape.client != ("HTTP/1.0",)
    ],
)
def test_http2_gives_the_same(running: Running, protocol: str, id: str) -> None:
    """hypercorn over HTTP/2, WebSockets over its streams (RFC 8441)."""
    running.observe(protocol, shape_of(protocol, id))


@pytest.mark.parametrize("running", SERVED, indirect=True)
@pytest.mark.parametrize(
    "protocol, id", [(protocol, id) for protocol, ids in SAMPLE.items() for id in ids.split()]
)
def test_serve_gives_the_same(running: Running, protocol: str, id: str) -> None:
    """`python -m asgi_compat serve` gives what a module with `to_asgi3` in it gives."""
    running.observe(protocol, shape_of(protocol, id))


@pytest.mark.parametrize("running, protocol, id", CASES_OF_DOUBLES, indirect=["running"])
def test_to_asgi2_hostile_application_hurts_nobody(running: Running, protocol: str, id: str) -> None:
    """A single-callable application behind `to_asgi2`, on the servers that call a double-callable."""
    running.observe(protocol, shape_of(protocol, id))


@pytest.mark.parametrize("running", EVERY, indirect=True)
def test_the_log_has_our_errors_and_no_others(running: Running) -> None:
    """The last test of a column."""
    running.look_into_the_log()


# -- the cases themselves ------------------------------------------------------------------------

ROWS: Dict[str, List[Dict[str, str]]] = {
    "http": [HTTP_ROWS, FURTHER_HTTP_ROWS, hostile_shapes.HTTP_ROWS],
    "websocket": [WEBSOCKET_ROWS, FURTHER_WEBSOCKET_ROWS, hostile_shapes.WEBSOCKET_ROWS],
}


@pytest.mark.parametrize("protocol", SHAPES)
def test_every_row_has_its_shapes(protocol: str) -> None:
    """No row is without a shape, no shape without a row, and none in two."""
    listed = [id for table in ROWS[protocol] for ids in table.values() for id in ids.split()]
    assert sorted(listed) == sorted(shape.id for shape in SHAPES[protocol])
    assert len(set(listed)) == len(listed)
    assert all(ids.split() for table in ROWS[protocol] for ids in table.values())


def sent_by_an_application() -> List[str]:
    """The rules of direction A about what comes from an application in HTTP or WebSockets."""
    other = (
        "A1",  # calling, not sending
        "A2",  # a quirk of calling
    )
    return [
        rule.id
        for rule in asgi_compat.rules()
        if rule.id.startswith("A")
        and rule.id not in other
        and any(
            event == "*" or event.startswith(("http.response.", "websocket."))
            for event in rule.event.split(", ")
        )
    ]


def test_every_rule_about_sending_has_a_shape() -> None:
    """Each rule about what an application sends is named by a shape, and no rule is invented."""
    named = {rule for shapes in SHAPES.values() for shape in shapes for rule in shape.rules.split()}
    known = {rule.id for rule in asgi_compat.rules()}
    assert sorted(set(sent_by_an_application()) - named) == []
    assert sorted(named - known) == []


def test_an_error_that_is_expected_names_its_shape_s_rule() -> None:
    """What a shape expects to be refused by is one of the rules it is there for."""
    for shapes in SHAPES.values():
        for shape in shapes:
            for rule in re.findall(r"AppMessageError (A\d+)", shape.app):
                assert rule in shape.rules.split(), shape.id


def test_every_deviation_is_one() -> None:
    """A row names a shape, a server and a reason that are there, once, and differs from the expectation."""
    servers = {column.server for column in EVERY.values()}
    for row in DEVIATIONS:
        shape = shape_of(row.protocol, row.shape)
        assert row.server in servers
        assert (row.wire, row.app or shape.app) != (shape.wire, shape.app), row
    assert len({row[:3] for row in DEVIATIONS}) == len(DEVIATIONS)
    assert {row.reason for row in DEVIATIONS} == set(REASONS)


def test_every_denial_that_is_left_is_one() -> None:
    """A row names a denial whose client would go on with the connection, and a server that is there."""
    assert {server for _, server in LEAVES} <= {column.server for column in HOSTS.values()}
    assert all("raw" in shape_of("websocket", id).client for id, _ in LEAVES)


def test_the_versions_are_those_that_are_pinned() -> None:
    """The deviations are those of these releases, and the table names them."""
    for line in (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, version = line.split("==")
            assert metadata.version(name) == version, name


def test_the_combinations_are_those_that_are_promised() -> None:
    """uvicorn's two HTTP and three WebSocket implementations are all there, and the other servers."""
    words = {word for column in COLUMNS.values() for word in column.arguments}
    assert words >= {"h11", "httptools", "websockets", "websockets-sansio", "wsproto"}
    assert {column.server for column in COLUMNS.values()} == {column.server for column in SERVED.values()}
    assert {column.server for column in COLUMNS.values()} == {"uvicorn", "hypercorn", "daphne", "granian"}
