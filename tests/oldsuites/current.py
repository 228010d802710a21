"""Suites of current projects, whose clients call an application once."""

from __future__ import annotations

from typing import Dict

from .projects import FORTH, SINGLE_WAYS, WITHOUT, Difference, Project

PYTHON = "3.12"
# The projects' own options ask for xdist or coverage, and their suites use anyio's plugin.
ANYIO = ("-o", "addopts=", "-p", "no:asyncio", "-p", "no:xdist")


def _differ(start: str, names: str, why: str) -> Difference:
    """Return the row of some tests of one file or class, by the rest of their names."""
    return Difference(tuple(start + name for name in names.split()), why, (FORTH,))


CURRENT: Dict[str, Project] = {
    project.title: project
    for project in (
        Project(
            "asgi-lifespan",
            "2.1.0",
            "5e2effaf0bfe39829cf2d64e7ecc47c7d86d676a6599f7afba378c31f5e3a308",
            clients=("asgi_lifespan:LifespanManager",),
            ways=SINGLE_WAYS,
            python=PYTHON,
            options=("-o", "addopts="),
            reached=25,
        ),
        Project(
            "daphne",
            "4.2.3",
            "1c458f81926b37301cadc8ec1b6316d9a5db53fba061fc4826610395fe5d5c81",
            # Its server runs in a process that it spawns, with the application pickled.
            clients=("daphne.testing:BaseDaphneTestingInstance",),
            ways=SINGLE_WAYS,
            python=PYTHON,
            pins="current",
            options=("-o", "asyncio_default_fixture_loop_scope=function"),
            reached=30,
            differences=(
                _differ(
                    "tests/test_http_request.py::TestHTTPRequest::test_",
                    "duplicate_headers get_request headers kitchen_sink minimal_request post_request"
                    " root_path_header x_forwarded_for_ignored x_forwarded_for_no_port"
                    " x_forwarded_for_parsed",
                    "the scope has `extensions`, an empty dict, which these keys do not allow (A54)",
                ),
                _differ(
                    "tests/test_http_response.py::TestHTTPResponse::test_",
                    "headers_type",
                    "headers that are a str and a bool are converted and answered; daphne, a 500 (A24)",
                ),
                _differ(
                    "tests/test_websocket.py::TestWebsocket::test_",
                    "accept http_bits subprotocols xff",
                    "the scope has `http_version` and `extensions`, which these keys do not allow (A9, A54)",
                ),
            ),
        ),
        Project(
            "uvicorn",
            "0.54.0",
            "a2e33cbfaa0306f8e6b0c13e0cb89d7d7a2da3e62b90c66e18c33d9807b28620",
            clients=("httpx2:ASGITransport",),
            loaders=("uvicorn.config:Config.load.loaded_app",),
            # It takes most of the time, and `guarantee` gives nearly each of its applications back as it is.
            ways=(WITHOUT, FORTH),
            python=PYTHON,
            pins="current",
            # Not those about reloading, processes and options, which wait and call no application.
            tests=(
                "tests/protocols",
                "tests/middleware",
                "tests/test_default_headers.py",
                "tests/test_lifespan.py",
                "tests/test_main.py",
                "tests/test_server.py",
                "tests/test_ssl.py",
            ),
            options=ANYIO,
            reached=500,
            differences=(
                _differ(
                    "tests/protocols/test_http.py::test_",
                    "invalid_header_name response_header_splitting",
                    "refused before anything is sent, and so a 500; uvicorn ends the connection (A25)",
                ),
                _differ(
                    "tests/protocols/test_http.py::test_",
                    "chunked_encoding[ chunked_encoding_empty_body",
                    "looks for the application's transfer-encoding, which the server writes (A26)",
                ),
                _differ(
                    "tests/protocols/test_http.py::test_",
                    "message_after_body_complete",
                    "a body after the last one is dropped; uvicorn closes the connection (A37)",
                ),
                _differ(
                    "tests/protocols/test_http.py::test_",
                    "value_returned",
                    "a value that is returned is dropped; uvicorn closes the connection (A3)",
                ),
                _differ(
                    "tests/protocols/test_websocket.py::test_",
                    "asgi_return_value close_transport_on_asgi_return",
                    "an application that returns after accept closes with 1000; uvicorn's end is 1006 (A44)",
                ),
                _differ(
                    "tests/protocols/test_websocket.py::test_",
                    "duplicate_handshake",
                    "an application that raises after accept closes with 1011; uvicorn's end is 1006 (A44)",
                ),
                _differ(
                    "tests/protocols/test_websocket.py::test_",
                    "missing_handshake server_reject_connection_with_missing_body"
                    " server_multiple_websocket_http_response_start_events",
                    "an application that returns before it has accepted or answered is refused, 403 (A45)",
                ),
                _differ(
                    "tests/protocols/test_websocket.py::test_",
                    "server_reject_connection_with_invalid_msg",
                    "a second start is refused, and an application that raises before accept is a 500 (A45)",
                ),
            ),
        ),
        Project(
            "hypercorn",
            "0.18.0",
            "d63267548939c46b0247dc8e5b45a9947590e35e64ee73a23c074aa3cf88e9da",
            clients=("hypercorn.app_wrappers:ASGIWrapper",),
            ways=SINGLE_WAYS,
            python=PYTHON,
            pins="current",
            # Not those that serve at a fixed port or wait for times: several suites run at a time.
            options=(
                "-o",
                "addopts=--strict-markers",
                "--ignore=tests/e2e",
                "--ignore=tests/asyncio/test_keep_alive.py",
            ),
            reached=15,
            differences=(
                _differ(
                    "tests/asyncio/test_task_group.py::test_",
                    "spawn_app",
                    "the application sends http.disconnect, an event of the server: refused (A38)",
                ),
            ),
        ),
    )
}
