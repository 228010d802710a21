"""The built-in demonstration: a double-callable application that shows what it was called with.

``python -m asgi_compat serve`` serves it, through the adapter, on a server that knows nothing of
its style. Four small applications live here, each in a shape people really wrote: a router that
gives the inner half of another one, a closure, a ``functools.partial`` and a class.

Invariants:

1. Everything that came from the network is escaped before it stands in a page (`_page`).
2. A page loads nothing from elsewhere, and its Content-Security-Policy says so.
3. The applications write nothing into the scope and keep nothing between connections.

>>> from asgi_compat import classify
>>> from asgi_compat.demo import application
>>> classify(application).style
<Style.DOUBLE: 'double'>
"""

from __future__ import annotations

import functools
import html
import inspect
import json
from typing import Any, Callable, Dict, List, Optional, Tuple

from asgi_compat import Receive, Scope, Send

from .page import frame, page_headers, table
from .reading import accepted, lines_of, local_path, plain, root_of

__all__ = ["ClassApplication", "application", "closure_application", "partial_application"]

_NATURE = "double-callable (ASGI2): await application(scope)(receive, send)"

#: What `_respond` writes: status, content type, further headers, text.
_Answer = Tuple[int, bytes, List[Tuple[bytes, bytes]], str]


# --- the four applications -----------------------------------------------------------------------


def application(scope: Scope) -> Any:
    """Look at the scope and give the inner half of the application that lives there.

    ``/`` answers itself, ``/closure``, ``/partial`` and ``/class`` belong to the three others,
    ``/echo`` is a WebSocket that sends back what it gets, and lifespan is answered.

    >>> application({"type": "http", "path": "/class", "root_path": ""})
    ClassApplication('/class')
    """
    if scope["type"] == "lifespan":
        return _lifespan
    path = local_path(scope)
    if scope["type"] == "websocket":
        return _echo if path == "/echo" else _refuse
    _, make, _ = _PAGES.get(path, ("", _not_found, ""))
    return make(scope)


def closure_application(scope: Scope) -> Any:
    """The shape most of 2018 wrote: a function in a function, the scope kept by the closure."""

    async def instance(receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await _respond(scope, send, _show(scope))

    return instance


def partial_application(scope: Scope) -> Any:
    """The inner half is an ordinary coroutine function, the scope bound to it by a partial."""
    return functools.partial(_answer_partial, scope)


async def _answer_partial(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    await _respond(scope, send, _show(scope))


class ClassApplication:
    """The class is the application: constructed with the scope, its instance called with the rest."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.scope.get('path')!r})"

    async def __call__(self, receive: Receive, send: Send) -> None:
        assert self.scope["type"] == "http"
        await _respond(self.scope, send, _show(self.scope))


def _home(scope: Scope) -> Any:
    return functools.partial(_answer_partial, scope)


def _not_found(scope: Scope) -> Any:
    async def instance(receive: Receive, send: Send) -> None:
        await _respond(scope, send, _problem(scope, 404, "There is nothing here"))

    return instance


#: Where each page lives: its title, the application that answers it, and what it is written as.
_PAGES: Dict[str, Tuple[str, Callable[[Scope], Any], str]] = {
    "/": ("The router", _home, "a function that picks the inner half of another application by path"),
    "/closure": (
        "A closure",
        closure_application,
        "a function that returns the coroutine function inside it",
    ),
    "/partial": (
        "A partial",
        partial_application,
        "a function that binds the scope with functools.partial",
    ),
    "/class": (
        "A class",
        ClassApplication,
        "a class: constructed with the scope, its instance is called",
    ),
}

#: What is shown as the source of each page.
_SHOWN: Dict[str, Tuple[Any, ...]] = {
    "/": (application,),
    "/closure": (closure_application,),
    "/partial": (partial_application, _answer_partial),
    "/class": (ClassApplication,),
}


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _echo(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.receive":
            # Servers differ in whether the absent one of the two is missing or None.
            text = message.get("text")
            if text is not None:
                await send({"type": "websocket.send", "text": text})
            else:
                await send({"type": "websocket.send", "bytes": message["bytes"]})
        else:
            return


async def _refuse(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1000})


# --- what they answer ----------------------------------------------------------------------------


def _show(scope: Scope) -> _Answer:
    if scope["method"] not in ("GET", "HEAD"):
        return _problem(scope, 405, "Only GET and HEAD are answered here", [(b"allow", b"GET, HEAD")])
    path = local_path(scope)
    title, _, written_as = _PAGES[path]
    kind = accepted(scope)
    if kind == "json":
        facts = {
            "page": title,
            "style": "double",
            "written_as": written_as,
            "scope": plain(dict(scope)),
        }
        return 200, b"application/json", [], json.dumps(facts, indent=2) + "\n"
    rows = [(str(name), lines_of(str(name), value)) for name, value in scope.items()]
    if kind == "text":
        text = [f"{title}: {written_as}", _NATURE, ""]
        for name, lines in rows:
            text += [f"{label:<14}{line}" for label, line in zip([name] + [""] * len(lines), lines)]
        links = ", ".join(root_of(scope) + page for page in _PAGES if page != path)
        text += ["", f"Also here: {links}; a WebSocket echo on {root_of(scope)}/echo"]
        return 200, b"text/plain; charset=utf-8", [], "\n".join(text) + "\n"
    return 200, b"text/html; charset=utf-8", page_headers(), _page(scope, path, title, written_as, rows)


def _problem(
    scope: Scope, status: int, what: str, headers: Optional[List[Tuple[bytes, bytes]]] = None
) -> _Answer:
    kind, more = accepted(scope), headers or []
    asked = f"{scope['method']} {scope['path']}"
    if kind == "json":
        return status, b"application/json", more, json.dumps({"error": what, "asked": asked}) + "\n"
    if kind == "text":
        return status, b"text/plain; charset=utf-8", more, f"{status}: {what}: {asked}\n"
    body = f"<p class=lead>{html.escape(what)}: <code>{html.escape(asked)}</code></p>"
    return (
        status,
        b"text/html; charset=utf-8",
        page_headers() + more,
        _frame(scope, str(status), "", body),
    )


async def _respond(scope: Scope, send: Send, answer: _Answer) -> None:
    status, content_type, headers, text = answer
    body = text.encode("utf-8", "backslashreplace")
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    # The length above is that of the GET: RFC 9110 9.3.2.
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


# --- the page ------------------------------------------------------------------------------------


def _source(path: str) -> str:
    try:
        return "\n\n".join(inspect.getsource(shown).rstrip() for shown in _SHOWN[path])
    except (OSError, TypeError):  # installed without its source, for example from bytecode alone
        return "\n\n".join(f"{shown.__qualname__}: {inspect.getdoc(shown)}" for shown in _SHOWN[path])


def _page(scope: Scope, path: str, title: str, written_as: str, rows: List[Tuple[str, List[str]]]) -> str:
    escape = html.escape
    return _frame(
        scope,
        title,
        path,
        f"""<p class=lead>This answer was written as <b>{escape(written_as)}</b>.</p>
<p class=nature><span>double-callable</span> <code>await application(scope)(receive, send)</code></p>
<section><h2>The scope it got</h2>{table(rows)}</section>
<section><h2>Its source</h2><pre><code>{escape(_source(path))}</code></pre></section>
<section><h2>WebSocket echo</h2>
<form id=echo data-path="{escape(root_of(scope), quote=True)}/echo">
<input aria-label="Message" autocomplete=off value="hello from 2018"><button>Send</button>
<output>not connected</output><ol></ol></form></section>""",
    )


def _frame(scope: Scope, title: str, path: str, body: str) -> str:
    root = root_of(scope)
    return frame(title, [(root + where, name, where == path) for where, (name, _, _) in _PAGES.items()], body)
