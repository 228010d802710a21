"""The reverse: frameworks of today through `to_asgi2` on servers of 2019, and inside a Channels 2.4 router.

    python -m tests.legacy.hosts capture               # the truth, on the newest uvicorn for Python 3.8
    python -m tests.legacy.hosts run [--only starlette] [--host daphne-2.3.0] [--quiet]

Every framework offers the same contract (hosted/), so that one table asks them all. The frameworks
share an environment; each old server stands in a folder of its own that comes first on the path.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from . import environments
from .answers import FOLDER
from .client import Http, Observation, Raw, Stop, Wait, WebSocket
from .matrix import Failure, walk
from .proofs import BARE, PROOFS_THEN
from .servers import DidNotStart, Running, free_port

HOSTED = Path(__file__).resolve().parent / "hosted"

LARGE = bytes(range(256)) * 4096

TABLE: List[Observation] = [
    Observation("home", [Http("/")]),
    Observation("start-up ran before the first request", [Http("/started")], lifespan=True),
    Observation("HEAD", [Http("/", "HEAD")]),
    Observation("scope", [Http("/scope?q=%20x")]),
    Observation("request headers", [Http("/headers", headers=[("X-One", "1")])]),
    Observation("echo a body", [Http("/echo", "POST", content=b"\x00\xffbody")]),
    Observation("echo an empty body", [Http("/echo", "POST", content=b"")]),
    Observation("echo a chunked body", [Http("/echo", "POST", chunks=[b"one ", b"two"])]),
    Observation("echo a large body", [Http("/echo", "POST", content=LARGE)]),
    Observation("stream a chunked body in", [Http("/length", "POST", chunks=[b"x" * 50000] * 5)]),
    Observation("json", [Http("/json", "POST", json={"a": "\u00fc"})]),
    Observation("stream", [Http("/stream")]),
    Observation("large response", [Http("/large")]),
    Observation("204", [Http("/empty")]),
    Observation("redirect", [Http("/redirect")]),
    Observation("set cookies", [Http("/set-cookie")]),
    Observation("cookies come back", [Http("/set-cookie"), Http("/cookies")]),
    Observation("404", [Http("/nowhere")]),
    Observation("405", [Http("/json", "DELETE")]),
    Observation("background work", [Http("/background/b1"), Wait(0.3), Http("/done")]),
    Observation("HTTP/1.0", [Raw(b"GET / HTTP/1.0\r\nHost: here\r\n\r\n")]),
    Observation("exception is 500, the server goes on", [Http("/error"), Http("/")]),
]
SOCKETS: List[Observation] = [
    Observation(
        "ws echo text",
        [
            WebSocket(
                "/ws/echo", [("text", "a"), ("receive", 1), ("text", "\u00fc"), ("receive", 1), ("close",)]
            )
        ],
    ),
    Observation(
        "ws echo bytes", [WebSocket("/ws/echo", [("bytes", b"\x00\xff"), ("receive", 1), ("close",)])]
    ),
    Observation("ws echo empty text", [WebSocket("/ws/echo", [("text", ""), ("receive", 1), ("close",)])]),
    # Quart and bareASGI fail on an empty message of bytes, on every server.
    Observation(
        "ws echo empty bytes",
        [WebSocket("/ws/echo", [("bytes", b""), ("receive", 1), ("close",)])],
        raises=True,
    ),
    Observation(
        "ws echo large", [WebSocket("/ws/echo", [("bytes", LARGE[:200000]), ("receive", 1), ("close",)])]
    ),
    Observation("ws disconnect seen", [WebSocket("/ws/echo", [("close", 4321)]), Wait(0.3), Http("/done")]),
    Observation("ws close code", [WebSocket("/ws/close/4001", [("receive", 1)])]),
    Observation("ws rejected", [WebSocket("/ws/reject")]),
    Observation("ws unknown route", [WebSocket("/ws/nowhere")]),
    Observation("ws subprotocol", [WebSocket("/ws/protocol", [("receive", 1)], subprotocols=["a", "b"])]),
    Observation(
        "ws path, query, header, state",
        [WebSocket("/ws/where?q=1", [("receive", 1)], headers=[("X-One", "one")])],
        lifespan=True,
    ),
    Observation("ws exception", [WebSocket("/ws/error", [("text", "go")]), Http("/")], raises=True),
]
END: List[Observation] = [Observation("shutdown ran", [Stop()], lifespan=True)]

# Which frameworks have WebSockets.
FRAMEWORKS: Dict[str, bool] = {
    "starlette": True,
    "fastapi": True,
    "quart": True,
    "django": False,
    "litestar": True,
    "bareasgi": True,
}

_UVICORN = "from uvicorn.main import main; main()"
_HYPERCORN = "from hypercorn.__main__ import main; main()"
_DAPHNE = "from daphne.cli import CommandLineInterface; CommandLineInterface.entrypoint()"


@dataclass(frozen=True)
class Host:
    """An old server in its folder; `start` is what its console script does."""

    name: str
    start: str
    arguments: Sequence[str]
    module: str = (
        "from asgi_compat import to_asgi2\nfrom {name}_today import app as new\napp = to_asgi2(new)\n"
    )
    lifespan: bool = True
    without: Tuple[str, ...] = ()
    # Which server it is, and of which requirements/host-*.txt: those of its own name when not said.
    server: str = ""
    folders: Tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return self.server or self.name

    @property
    def path(self) -> List[str]:
        return [str(folder_of(name)) for name in self.folders or (self.name,)]


_UVICORN_ARGUMENTS = ["served:app", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning"]
_UVICORN_ARGUMENTS += ["--loop", "asyncio", "--http", "h11", "--ws", "websockets"]
_DAPHNE_ARGUMENTS = ["-b", "127.0.0.1", "-p", "{port}", "served:app"]

# B35, the choice where the server speaks no lifespan: start-up before the first connection.
_LAZY = """\
from asgi_compat import Quirks, to_asgi2
from {name}_today import app as new
app = to_asgi2(new, quirks=Quirks(lazy_lifespan=True))
"""
_ROUTER = """\
from {name}_today import app as new
from django.conf import settings
settings.configured or settings.configure()
from asgi_compat import Quirks, to_asgi2
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path
inner = URLRouter([re_path(r"", to_asgi2(new, quirks=Quirks(lazy_lifespan=True)))])
app = ProtocolTypeRouter({{"http": inner, "websocket": inner}})
"""
# Where the server speaks lifespan the router has to be told where it goes: it refuses what it does not know.
_ROUTER_WITH_LIFESPAN = """\
from {name}_today import app as new
from django.conf import settings
settings.configured or settings.configure()
from asgi_compat import to_asgi2
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path
old = to_asgi2(new)
inner = URLRouter([re_path(r"", old)])
app = ProtocolTypeRouter({{"http": inner, "websocket": inner, "lifespan": old}})
"""

_HYPERCORN_ARGUMENTS = ["served:app", "--bind", "127.0.0.1:{port}"]

HOSTS: Dict[str, Host] = {
    host.name: host
    for host in (
        Host("uvicorn-0.5.2", _UVICORN, _UVICORN_ARGUMENTS),
        Host("uvicorn-0.6.1", _UVICORN, _UVICORN_ARGUMENTS),
        # Quart of today imports hypercorn of today.
        Host("hypercorn-0.5.4", _HYPERCORN, _HYPERCORN_ARGUMENTS, without=("quart",)),
        Host("daphne-2.3.0", _DAPHNE, _DAPHNE_ARGUMENTS, _LAZY, lifespan=False),
        Host("daphne-2.5.0", _DAPHNE, _DAPHNE_ARGUMENTS, _LAZY, lifespan=False),
        # Channels 2.4.0's routers, with the newest Django that there is for Python 3.8 beside them.
        Host(
            "channels-2.4.0",
            _DAPHNE,
            _DAPHNE_ARGUMENTS,
            _ROUTER,
            lifespan=False,
            server="daphne-2.3.0",
            folders=("channels-2.4.0",),
        ),
        Host(
            "channels-2.4.0-uvicorn",
            _UVICORN,
            _UVICORN_ARGUMENTS,
            _ROUTER_WITH_LIFESPAN,
            server="uvicorn-0.5.2",
            folders=("uvicorn-0.5.2", "channels-2.4.0"),
        ),
        Host(
            "channels-2.4.0-hypercorn",
            _HYPERCORN,
            _HYPERCORN_ARGUMENTS,
            _ROUTER_WITH_LIFESPAN,
            without=("quart",),
            server="hypercorn-0.5.4",
            folders=("hypercorn-0.5.4", "channels-2.4.0"),
        ),
    )
}
NEWEST = Host("uvicorn-newest", _UVICORN, _UVICORN_ARGUMENTS, module="from {name}_today import app\n")

# Install what the file names and nothing that it asks for: uvicorn asks for click 7, which Flask, and so
# Quart, cannot be imported with, and works with the click that the frameworks have.
ALONE = ("uvicorn-0.5.2", "uvicorn-0.6.1")


def table_of(framework: str) -> List[Observation]:
    return TABLE + (SOCKETS if FRAMEWORKS[framework] else []) + END


def file_of(framework: str) -> Path:
    return FOLDER / f"hosted-{framework}.json"


def folder_of(name: str) -> Path:
    """The folder of one server, made when it is not there or its requirements changed."""
    requirements = environments.REQUIREMENTS / f"host-{name}.txt"
    recipe = hashlib.sha256(requirements.read_bytes() + bytes([name in ALONE])).hexdigest()
    folder = environments.folder() / f"host-{name}"
    mark = folder / "made-from.sha256"
    if not mark.exists() or mark.read_text() != recipe:
        shutil.rmtree(folder, ignore_errors=True)
        command = [frameworks_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--target", str(folder), "-r", str(requirements)] + ["--no-deps"] * (name in ALONE)
        subprocess.run(command, check=True)
        mark.write_text(recipe)
    return folder


def frameworks_python() -> str:
    return environments.make("hosted", environments.THEN_PYTHON, [["hosted.txt"]])


class Pair(NamedTuple):
    framework: str
    host: str

    def __str__(self) -> str:
        return f"{self.framework}-{self.host}"


def make_folders(hosts: Iterable[str]) -> None:
    """Make what these hosts need before any of them is asked, some at a time."""
    frameworks_python()
    with ThreadPoolExecutor(environments.jobs()) as pool:
        names = {name: None for host in hosts for name in HOSTS[host].folders or (host,)}
        list(pool.map(folder_of, names))


def ask(framework: str, host: str) -> Tuple[Dict[str, List[Any]], str]:
    """What a client sees of one framework on one server, and what the server printed."""
    return _ask_framework(framework, HOSTS[host])


def _ask_framework(framework: str, host: Host) -> Tuple[Dict[str, List[Any]], str]:
    module = host.module.format(name=framework)
    return _ask(host, module, table_of(framework), [str(HOSTED), str(environments.REPOSITORY)])


def ask_bare(name: str) -> Dict[str, List[Any]]:
    """What a client sees of a bare ASGI2 application there: see proofs.py."""
    rows = [p.observation for p in PROOFS_THEN.values() if name in p.on or name == p.elsewhere]
    return _ask(HOSTS[name], "from bare_asgi2 import app\n", rows, [str(BARE)])[0]


def _ask(
    host: Host, module: str, rows: Sequence[Observation], path: Sequence[str]
) -> Tuple[Dict[str, List[Any]], str]:
    port = free_port()
    arguments = [part.format(port=port) for part in host.arguments]
    command = [frameworks_python(), "-W", "ignore", "-c", host.start, *arguments]
    with tempfile.TemporaryDirectory(prefix="legacy_hosted_") as folder:
        Path(folder, "served.py").write_text(module)
        try:
            with Running(command, port, [folder, *host.path, *path]) as running:
                return walk(rows, running), running.log
        except DidNotStart as problem:
            return {row.name: [{"nothing": "the server did not start"}] for row in rows}, str(problem)


def capture(frameworks: Sequence[str]) -> None:
    for framework in frameworks:
        seen, log = _ask_framework(framework, NEWEST)
        packages = environments.installed(frameworks_python())
        document = {"framework": framework, "captured on": NEWEST.name, "packages": packages, "answers": seen}
        file_of(framework).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"{framework:10} {len(seen)} answers")
        if "Traceback" in log:
            print(log[-1500:])


def compare(framework: str, host: Host, seen: Dict[str, List[Any]]) -> Iterator[Failure]:
    """What was not as on the newest server."""
    truth = json.loads(file_of(framework).read_text("utf-8"))["answers"]
    for row in table_of(framework):
        wanted, got = truth[row.name], seen[row.name]
        if row.raises:
            wanted, got = _without_end(wanted), _without_end(got)
        if got != wanted:
            yield Failure(row.name, seen[row.name], [truth[row.name]])


def _without_end(seen: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    return [{key: value for key, value in part.items() if key != "end"} for part in seen]


@dataclass(frozen=True)
class Cannot:
    """`observations` fail on the servers `on` for `frameworks`, all when empty, because of `why`."""

    why: str
    observations: Tuple[str, ...]
    on: Tuple[str, ...]
    frameworks: Tuple[str, ...]
    # Of PROOFS_THEN: what shows it of an application with nothing of ours around it.
    proofs: Tuple[str, ...]


_DAPHNES = ("daphne-2.3.0", "daphne-2.5.0")
_DROPS = "daphne drops empty WebSocket messages on their way to the client (section C)"
REASONS: Sequence[Cannot] = (
    Cannot(_DROPS, ("ws echo empty text",), _DAPHNES, (), ("empty message",)),
    Cannot(
        _DROPS, ("ws echo empty bytes",), _DAPHNES, ("starlette", "fastapi", "litestar"), ("empty message",)
    ),
    Cannot(
        "hypercorn 0.5.4 does not tell the client's close code",
        ("ws disconnect seen",),
        ("hypercorn-0.5.4",),
        ("starlette", "fastapi", "litestar"),
        ("close code",),
    ),
    Cannot(
        "a server without denial responses says 403, whatever the application chose (B37)",
        ("ws unknown route",),
        ("uvicorn-0.5.2", "uvicorn-0.6.1"),
        ("quart",),
        ("denial",),
    ),
    Cannot(
        "a server without denial responses says 403, whatever the application chose (B37)",
        ("ws unknown route",),
        _DAPHNES,
        ("quart",),
        ("denial by daphne",),
    ),
)


def expected_failures(framework: str, host: str) -> Dict[str, Cannot]:
    """The observations that cannot pass for this pair, each with its reason."""
    names = {row.name for row in table_of(framework)}
    return {
        observation: cannot
        for cannot in REASONS
        for observation in cannot.observations
        if observation in names
        and HOSTS[host].kind in cannot.on
        and (not cannot.frameworks or framework in cannot.frameworks)
    }


def page(rows: Sequence[Tuple[str, str, int, int]], bare: str = "") -> str:
    """The tables and the reasons as Markdown, from (framework, host, passed, asked)."""
    found = {(framework, host): f"{passed}/{asked}" for framework, host, passed, asked in rows}
    hosts = [name for name in HOSTS if any(key[1] == name for key in found)]
    lines = [
        "# New applications on old servers",
        "",
        "Generated by `tox -e legacy-hosts`; change `tests/legacy/`, not this page.",
        "",
        "The newest releases that install on Python 3.8, through `to_asgi2`; compared with the newest",
        "uvicorn that installs there. `channels-2.4.0` is a `URLRouter` in a `ProtocolTypeRouter`, of",
        "Channels 2.4.0 and on daphne 2.3.0, uvicorn 0.5.2 and hypercorn 0.5.4. A dash: today's Quart",
        "imports today's hypercorn, which cannot be beside the old one.",
        "",
    ]
    lines += ["| application | " + " | ".join(hosts) + " |", "|---|" + "---|" * len(hosts)]
    for framework, title in _titles().items():
        if any(key[0] == framework for key in found):
            cells = [found.get((framework, host), "-") for host in hosts]
            lines.append(f"| {title} | " + " | ".join(cells) + " |")
    lines += ["", "## What does not pass on old servers, and why", ""]
    for cannot in REASONS:
        whose = f" ({', '.join(_titles()[name] for name in cannot.frameworks)})" if cannot.frameworks else ""
        lines.append(f"- {', '.join(cannot.observations)} on {', '.join(cannot.on)}{whose}: {cannot.why}.")
    if bare:
        lines += ["", "## The same without us, on old servers", "", bare]
    return "\n".join(lines)


def _titles() -> Dict[str, str]:
    """Name and release of each framework, as pinned."""
    pinned = (environments.REQUIREMENTS / "hosted.txt").read_text("utf-8")
    pins = [line.split("==") for line in pinned.split() if "==" in line]
    named = {name.lower(): f"{name} {release}" for name, release in pins}
    return {framework: named[framework] for framework in FRAMEWORKS}


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.legacy.hosts")
    parser.add_argument("what", choices=("capture", "run"))
    parser.add_argument("--only", action="append", choices=FRAMEWORKS)
    parser.add_argument("--host", action="append", choices=HOSTS)
    parser.add_argument("--quiet", action="store_true")
    asked = parser.parse_args(arguments)
    frameworks = asked.only or list(FRAMEWORKS)
    if asked.what == "capture":
        capture(frameworks)
        return 0
    pairs = [
        Pair(framework, name)
        for framework in frameworks
        for name in asked.host or HOSTS
        if framework not in HOSTS[name].without
    ]
    make_folders(pair.host for pair in pairs)
    rows: List[Tuple[str, str, int, int]] = []
    failed = False
    for pair in pairs:
        seen, log = ask(*pair)
        failures = list(compare(pair.framework, HOSTS[pair.host], seen))
        failed = failed or bool(failures)
        asked_for = len(table_of(pair.framework))
        rows.append((*pair, asked_for - len(failures), asked_for))
        print("{} on {}: {}/{}".format(*rows[-1]), flush=True)
        for failure in [] if asked.quiet else failures:
            print("  " + str(failure), flush=True)
        if len(failures) == asked_for:
            print(log[-1500:])
    print(page(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
