"""The rewritten Starlette 0.11.4 does what the original does: requests and WebSockets, several at once."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, Iterator

import pytest

from asgi_compat import Style, classify
from asgi_compat.migrate import migrate_paths
from asgi_compat.testing import assert_migrated, http, websocket

from .test_releases import download

pytestmark = pytest.mark.skipif("ASGI_COMPAT_MIGRATED" not in os.environ, reason="needs tox -e migrated")


@contextlib.contextmanager
def imported_from(folder: Path) -> Iterator[None]:
    """Import starlette from a folder, and forget it afterwards."""
    sys.path.insert(0, str(folder))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "starlette"]:
            del sys.modules[name]


def application(folder: Path) -> Any:
    """Return a stack of the middleware, routes and responses of the starlette in a folder."""
    with imported_from(folder):
        names = (
            "applications exceptions responses routing middleware.gzip middleware.cors middleware.trustedhost"
        )
        parts = {name: importlib.import_module(f"starlette.{name}") for name in names.split()}
        assert Path(parts["routing"].__file__ or "").parent.parent == folder
    text, json = parts["responses"].PlainTextResponse, parts["responses"].JSONResponse
    app = parts["applications"].Starlette()

    @app.route("/one")  # type: ignore[untyped-decorator,unused-ignore]
    async def one(request: Any) -> Any:
        return json({"path": request.url.path, "name": request.query_params.get("name")})

    @app.route("/two", methods=["POST"])  # type: ignore[untyped-decorator,unused-ignore]
    async def two(request: Any) -> Any:
        return text((await request.body()).decode() * 200)

    @app.route("/error")  # type: ignore[untyped-decorator,unused-ignore]
    def error(request: Any) -> Any:
        raise parts["exceptions"].HTTPException(418)

    @app.websocket_route("/ws/{name}")  # type: ignore[untyped-decorator,unused-ignore]
    async def ws(session: Any) -> None:
        await session.accept()
        received = await session.receive_text()
        await session.send_text(f"{session.path_params['name']} {received}")
        await session.close()

    app.mount("/below", parts["routing"].Router([parts["routing"].Route("/page", one)]))
    app.add_middleware(parts["middleware.gzip"].GZipMiddleware, minimum_size=100)
    app.add_middleware(parts["middleware.cors"].CORSMiddleware, allow_origins=["http://friend"])
    app.add_middleware(parts["middleware.trustedhost"].TrustedHostMiddleware, allowed_hosts=["*"])
    return app


def test_starlette_rewritten_answers_as_the_original(tmp_path: Path) -> None:
    """Routes, mounts, errors, gzip, CORS and WebSockets: the same conversations, alone and at once."""
    (tmp_path / "archive").mkdir()
    archive = download("starlette==0.11.4", tmp_path / "archive")
    command = [sys.executable, "-m", "tarfile", "-e", str(archive), str(tmp_path / "source")]
    subprocess.run(command, check=True)
    (old,) = (tmp_path / "source").iterdir()
    new = tmp_path / "new"
    shutil.copytree(old, new)
    rewritten = [result for result in migrate_paths([str(new / "starlette")]) if result.status == "rewritten"]
    for result in rewritten:
        Path(result.path).write_bytes(result.after)
    assert len(rewritten) == 19
    before, after = application(old), application(new)
    assert (classify(before).style, classify(after).style) == (Style.DOUBLE, Style.SINGLE)
    assert_migrated(before, after, [
        http("GET", "/one", query="name=one", headers={"origin": "http://friend"}),
        http("OPTIONS", "/one", headers={
            "origin": "http://friend", "access-control-request-method": "GET",
        }),
        http("POST", "/two", body=[b"two-a", b"two-b"], headers={"accept-encoding": "gzip"}),
        http("POST", "/two", body=[b"three"]),
        http("GET", "/below/page", query="name=below"),
        http("GET", "/below/missing"),
        http("GET", "/error"),
        http("DELETE", "/one"),
        websocket("/ws/four", send=["four"]),
        websocket("/ws/five", send=["five"]),
        websocket("/missing", send=["six"]),
    ])  # fmt: skip
