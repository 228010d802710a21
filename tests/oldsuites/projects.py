"""Which project's own test suite, from which source distribution, and where its client is: the old ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Tuple

REQUIREMENTS = Path(__file__).resolve().parent / "requirements"

# The ways of a run; handing.py says what they are.
WITHOUT, FORTH, BACK, BOTH = WAYS = ("without us", "to_asgi3", "there and back", "both at once")
GUARANTEE = "guarantee"
# Those of a client that calls its application once.
SINGLE_WAYS = (WITHOUT, GUARANTEE, FORTH)

# On every other Python one of the pins below does not install or does not work (websockets 7.0).
PYTHON = "3.8"


@dataclass(frozen=True)
class Difference:
    """Tests (beginnings of their ids) that end otherwise with us, in these ways (all when empty), and why."""

    tests: Tuple[str, ...]
    why: str
    ways: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """One row: what is downloaded, how its suite is started, and who in it calls applications.

    ``clients`` are the suite's callers of applications, ``module:Class``, each with the application as the
    first argument of its constructor. ``applications`` are names ``module:name`` that the suite passes to
    its callers in other ways, looked up by the tests when they run or import them from there. ``loaders`` are
    ``module:Class.method.attribute``: the method leaves the application in the attribute.
    """

    name: str
    version: str
    sha256: str  # of the source distribution on the index
    clients: Tuple[str, ...]
    applications: Tuple[str, ...] = ()
    loaders: Tuple[str, ...] = ()
    # Folders of the distribution that its own script puts on the path.
    path: Tuple[str, ...] = ()
    # Modules that are made to look absent in all three runs, because they break where they are imported.
    absent: Tuple[str, ...] = ()
    # How many of its tests at least must have reached an application through us.
    reached: int = 1
    differences: Tuple[Difference, ...] = ()
    # The ways it is run in, on which Python, with which file of pins: the project's own when it is "".
    ways: Tuple[str, ...] = WAYS
    python: str = PYTHON
    pins: str = ""
    # What pytest is given: files and folders of the distribution, and options.
    tests: Tuple[str, ...] = ("tests",)
    options: Tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def requirements(self) -> Path:
        return REQUIREMENTS / f"{self.pins or self.name}.txt"


_CONVERTED = "tests/test_converters.py::test_if_invalid_route_parameter_then_error_response"
_AUTOMATIC = "tests/test_error_handling.py::test_if_http_error_is_raised_then_automatic_response_is_sent"

OLD: Dict[str, Project] = {
    project.title: project
    for project in (
        Project(
            "bocadillo",
            "0.14.2",
            "ab1fdd53d00f997e73c4e9d19400042238e1c80ea31d8ff461001cea594c9621",
            # LiveServer serves with the uvicorn of 2019 over a real socket, in a process of its own.
            clients=("starlette.testclient:TestClient", "bocadillo.testing:LiveServer"),
            # uvicorn asks for uvloop 0.12, which does not import on 3.8 (sys.set_coroutine_wrapper has gone).
            absent=("uvloop",),
            reached=500,
            differences=(
                Difference(
                    ("tests/test_chunked_response.py::test_chunked_response",),
                    "looks for the application's transfer-encoding, which the server writes (A26, B39)",
                ),
                Difference(
                    tuple(
                        f"{_CONVERTED}[{app}-{value}-setup_websocket"
                        for app in ("App", "<lambda>")
                        for value in ("int-a1", "float-foo", "bool-12", "bool-yes", "bool-no")
                    ),
                    "looks for the code 403 after accept, which no close frame can carry (A35, B28)",
                ),
                Difference(
                    (f"{_AUTOMATIC}[App-204 No Content]", f"{_AUTOMATIC}[<lambda>-204 No Content]"),
                    "looks for the body of a 204, which has none on the wire (A29, B20)",
                ),
                Difference(
                    ("tests/test_config.py::test_must_be_configured_to_serve",),
                    "a start-up that raises is lifespan.startup.failed, unknown to this client of 2019",
                    (FORTH,),
                ),
            ),
        ),
        Project(
            "fastapi",
            "0.27.2",
            "37d88129360896563a7ae793f517a2c0b013366ed75b22baafbd2fe2a09fbef9",
            clients=("starlette.testclient:TestClient",),
            path=("docs/src",),
            reached=490,
        ),
        # Here the client is the server itself: its suite feeds bytes to it and reads what comes back.
        Project(
            "hypercorn",
            "0.5.4",
            "cfe7811a93ab7bc22c8a0d5514a2a7a512e812c1e4ee13b9731b705b79d4d453",
            clients=("hypercorn.asyncio.lifespan:Lifespan", "hypercorn.trio.lifespan:Lifespan"),
            applications=(
                "tests.helpers:EmptyFramework",
                "tests.helpers:EchoFramework",
                "tests.helpers:ChunkedResponseFramework",
                "tests.helpers:BadFramework",
                "tests.helpers:PushFramework",
            ),
            reached=60,
            differences=(
                Difference(
                    ("tests/asyncio/test_lifespan.py::test_ensure_no_race_condition",),
                    "passes a class whose instances cannot be called: no application, and refused as such",
                ),
                Difference(
                    (
                        "tests/asgi/test_h2.py::test_websocket_bad_framework",
                        "tests/asgi/test_wsproto.py::test_bad_framework",
                        "tests/asyncio/test_wsproto.py::test_bad_framework_http",
                        "tests/trio/test_wsproto.py::test_bad_framework_http",
                    ),
                    "an application that returns before it accepts is refused, 403 (A45, B42), and one that"
                    " raises after it closes with 1011 (A44, B41); this server, 500 and 1000",
                ),
                Difference(
                    ("tests/asgi/test_h2.py::test_bad_framework_http[/no_response]",),
                    "the same over HTTP/2: what returns before it accepts is refused, 403 (B42)",
                    (BACK,),
                ),
                Difference(
                    ("tests/asyncio/test_h2.py::test_h2_push", "tests/trio/test_h2.py::test_h2_push"),
                    "push is not offered behind to_asgi2, where an old layer may not know it (B12)",
                    (BACK, BOTH),
                ),
                Difference(
                    (
                        "tests/asyncio/test_wsproto.py::test_bad_framework_websocket",
                        "tests/trio/test_wsproto.py::test_bad_framework_websocket",
                    ),
                    "an application that raises after it accepted closes with 1011 (A44, B41);"
                    " this server, 1000",
                ),
            ),
        ),
    )
}
