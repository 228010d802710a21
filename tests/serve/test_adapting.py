"""What a server gets."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

from asgi_compat import ClientDisconnected, DetectionError, serve, to_asgi3
from asgi_compat.cli.serve import application_options
from asgi_compat.serve import Options, adapt, adapting


@pytest.mark.parametrize("given", [{}, {"root_path": ""}, {"root_path": "/own"}])
def test_served_application_root_path_is_that_of_the_option(
    given: Dict[str, str], loading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """daphne before 4.1 gives a WebSocket none, and a header of the client chooses it on daphne.

    The server's own scope stays as it was.
    """
    monkeypatch.setenv(
        serve.VARIABLE,
        json.dumps(
            {"target": "web:double", "root_path": "/pre", "server": "daphne", "app_dir": str(loading)}
        ),
    )
    scope = {"type": "http", "path": "/", **given}
    sent: List[Dict[str, Any]] = []

    async def send(message: Dict[str, Any]) -> None:
        sent.append(message)

    async def connection() -> None:
        await serve.worker_application()(scope, None, send)  # type: ignore[arg-type]

    asyncio.run(connection())
    assert json.loads(sent[1]["body"])["root_path"] == "/pre"
    assert scope == {"type": "http", "path": "/", **given}


def test_put_root_first_path_and_raw_path_begin_with_it() -> None:
    scope = {"type": "http", "path": "/a b", "raw_path": b"/a%20b", "root_path": "/client"}
    out = adapting.put_root_first(scope, "/pr\xe9")
    assert (out["path"], out["raw_path"], out["root_path"]) == ("/pr\xe9/a b", b"/pr%C3%A9/a%20b", "/pr\xe9")
    assert scope["path"] == "/a b" and "raw_path" not in adapting.put_root_first({"path": "/"}, "/pre")


def test_adapt_converted_application_returns_it(loading: Path) -> None:
    """An application that its module has converted already is served unchanged."""
    app = to_asgi3(serve.load("web:single", app_dir=str(loading)))
    assert serve.adapt(app) is app


def test_adapt_rewires_a_mixed_stack() -> None:
    """`serve --rewire` is `to_asgi3(app, rewire=True)`."""

    class Old:
        def __init__(self, app: Any) -> None:
            self.app = app

        def __call__(self, scope: Any) -> Any:
            return self.app(scope)

    async def current(scope: Any, receive: Any, send: Any) -> None: ...

    stack = Old(current)
    adapted: Any = serve.adapt(stack, serve.Options(rewire=True))
    assert adapted.rewiring.lines and stack.app is not current
    adapted.rewiring.undo()
    assert stack.app is current


def test_adapt_refused_application_names_target_and_remedy() -> None:
    """A factory is offered to be called; a failing repr is not in the way."""

    def create_app() -> Any:
        return object()

    with pytest.raises(DetectionError, match=r"^m:create_app is not an application \(.+--factory"):
        serve.adapt(create_app, serve.Options(target="m:create_app"))

    class Shy:
        def __repr__(self) -> str:
            raise ValueError("no")

    with pytest.raises(DetectionError, match=r"Shy object at .* is not an application"):
        serve.adapt(Shy())


@pytest.mark.parametrize("inner", [None, "own"])
def test_cancelled_connection_filter_passes_everything_else_on(inner: Any) -> None:
    """To the handler that was there, or to the loop's own."""
    reported: List[Any] = []

    class Loop:
        def default_exception_handler(self, context: Any) -> None:
            reported.append(context)

    own = (lambda loop, context: reported.append(context)) if inner else None
    handler = adapting.CancelledConnectionFilter(own)
    handler(Loop(), {"exception": asyncio.CancelledError()})  # type: ignore[arg-type]
    handler(Loop(), {"message": "another"})  # type: ignore[arg-type]
    assert reported == [{"message": "another"}]


@pytest.mark.parametrize("arguments, trace", [([], ""), (["--trace"], "text"), (["--trace=json"], "json")])
def test_trace_option_stands_before_the_application(arguments: List[str], trace: str) -> None:
    """Without taking its name for a value."""
    options = application_options([*arguments, "module:app"])
    assert (options.trace, options.target) == (trace, "module:app")


@pytest.mark.parametrize("trace, begins", [("text", ""), ("json", "{")])
def test_adapt_with_trace_writes_to_standard_error(
    trace: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What goes by, with the repairs."""

    def old(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": "200"})
            await send({"type": "http.response.body"})

        return instance

    async def nothing(*event: Any) -> None: ...

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(adapt(old, Options(trace=trace))(scope, nothing, nothing))  # type: ignore[arg-type]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 4 and all(line.startswith(begins) for line in lines)
    assert any("status" in line and "A23" in line and "'200'" in line for line in lines)


def test_hinting_application_names_check_while_nothing_has_succeeded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Once; with the options that were given, and never after a success or for a client that has gone."""
    raised: List[Any] = [OSError(), ClientDisconnected("gone"), ValueError("no"), ValueError("no")]

    async def failing(scope: Any, receive: Any, send: Any) -> None:
        if raised:
            raise raised.pop(0)

    async def connections(app: Any, *kinds: str) -> None:
        for kind in kinds:
            try:
                await app({"type": kind}, None, None)
            except (OSError, ValueError):
                pass

    options = serve.Options("m:make", factory=True)
    app = adapting.HintingApplication(failing, options)
    asyncio.run(connections(app, "lifespan", "http"))
    assert capsys.readouterr().err == ""
    asyncio.run(connections(app, "http", "websocket"))
    said = capsys.readouterr().err
    assert said.count("every request so far has failed") == 1
    assert said.endswith("python -m asgi_compat check m:make --factory\n")
    raised[:] = []
    app = adapting.HintingApplication(failing, options)
    asyncio.run(connections(app, "http"))
    raised.append(ValueError("no"))
    asyncio.run(connections(app, "http"))
    assert capsys.readouterr().err == ""
