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
    path = _local_path(scope)
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


def _root(scope: Scope) -> str:
    return str(scope.get("root_path") or "").rstrip("/")


def _local_path(scope: Scope) -> str:
    """The path inside the application, whether or not the server left the root path in front.

    uvicorn 0.26 and later put it in front of whatever was asked for, so a browser that already
    asked for the full path is seen with the prefix twice. No page here begins with it: take it
    away as often as it is there.
    """
    path, root = str(scope["path"]), _root(scope)
    while root and (path == root or path.startswith(root + "/")):
        _, _, path = path.partition(root)
    return path or "/"


def _accepts(scope: Scope) -> str:
    accept = b",".join(value for name, value in scope["headers"] if bytes(name).lower() == b"accept").lower()
    if b"text/html" in accept:
        return "html"
    return "json" if b"application/json" in accept else "text"


def _plain(value: Any) -> Any:
    """The value with every byte string readable, as JSON can hold it."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("latin-1")
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return repr(value)


def _lines(name: str, value: Any) -> List[str]:
    """What is shown of one field of the scope, a line each."""
    if name == "headers":
        return [f"{_plain(key)}: {_plain(item)}" for key, item in value] or ["(none)"]
    if isinstance(value, dict):
        return [f"{key}: {_plain(item)}" for key, item in value.items()] or ["(none)"]
    if name in ("client", "server") and isinstance(value, (list, tuple)):
        return [":".join(str(part) for part in value if part is not None)]
    return [repr(value)]


def _show(scope: Scope) -> _Answer:
    if scope["method"] not in ("GET", "HEAD"):
        return _problem(scope, 405, "Only GET and HEAD are answered here", [(b"allow", b"GET, HEAD")])
    path = _local_path(scope)
    title, _, written_as = _PAGES[path]
    kind = _accepts(scope)
    if kind == "json":
        facts = {
            "page": title,
            "style": "double",
            "written_as": written_as,
            "scope": _plain(dict(scope)),
        }
        return 200, b"application/json", [], json.dumps(facts, indent=2) + "\n"
    rows = [(str(name), _lines(str(name), value)) for name, value in scope.items()]
    if kind == "text":
        text = [f"{title}: {written_as}", _NATURE, ""]
        for name, lines in rows:
            text += [f"{label:<14}{line}" for label, line in zip([name] + [""] * len(lines), lines)]
        links = ", ".join(_root(scope) + page for page in _PAGES if page != path)
        text += ["", f"Also here: {links}; a WebSocket echo on {_root(scope)}/echo"]
        return 200, b"text/plain; charset=utf-8", [], "\n".join(text) + "\n"
    return 200, b"text/html; charset=utf-8", _page_headers(), _page(scope, path, title, written_as, rows)


def _problem(
    scope: Scope, status: int, what: str, headers: Optional[List[Tuple[bytes, bytes]]] = None
) -> _Answer:
    kind, more = _accepts(scope), headers or []
    asked = f"{scope['method']} {scope['path']}"
    if kind == "json":
        return status, b"application/json", more, json.dumps({"error": what, "asked": asked}) + "\n"
    if kind == "text":
        return status, b"text/plain; charset=utf-8", more, f"{status}: {what}: {asked}\n"
    body = f"<p class=lead>{html.escape(what)}: <code>{html.escape(asked)}</code></p>"
    return (
        status,
        b"text/html; charset=utf-8",
        _page_headers() + more,
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


def _page_headers() -> List[Tuple[bytes, bytes]]:
    policy = (
        b"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
        # 'self' covers WebSockets only in newer browsers, hence the two schemes.
        b"connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'"
    )
    return [(b"content-security-policy", policy), (b"x-content-type-options", b"nosniff")]


def _source(path: str) -> str:
    try:
        return "\n\n".join(inspect.getsource(shown).rstrip() for shown in _SHOWN[path])
    except (OSError, TypeError):  # installed without its source, for example from bytecode alone
        return "\n\n".join(f"{shown.__qualname__}: {inspect.getdoc(shown)}" for shown in _SHOWN[path])


def _page(scope: Scope, path: str, title: str, written_as: str, rows: List[Tuple[str, List[str]]]) -> str:
    escape = html.escape
    table = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{'<br>'.join(escape(line) for line in lines)}</td></tr>"
        for name, lines in rows
    )
    return _frame(
        scope,
        title,
        path,
        f"""<p class=lead>This answer was written as <b>{escape(written_as)}</b>.</p>
<p class=nature><span>double-callable</span> <code>await application(scope)(receive, send)</code></p>
<section><h2>The scope it got</h2><table>{table}</table></section>
<section><h2>Its source</h2><pre><code>{escape(_source(path))}</code></pre></section>
<section><h2>WebSocket echo</h2>
<form id=echo data-path="{escape(_root(scope), quote=True)}/echo">
<input aria-label="Message" autocomplete=off value="hello from 2018"><button>Send</button>
<output>not connected</output><ol></ol></form></section>""",
    )


def _frame(scope: Scope, title: str, path: str, body: str) -> str:
    root = html.escape(_root(scope), quote=True)
    links = "".join(
        f'<a href="{root}{where}"{" aria-current=page" if where == path else ""}>{html.escape(name)}</a>'
        for where, (name, _, _) in _PAGES.items()
    )
    return f"""<!doctype html>
<html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width,initial-scale=1">
<title>{html.escape(title)} - asgi_compat</title><link rel=icon href="data:,"><style>{_STYLE}</style></head>
<body><header><strong>asgi_compat</strong><nav>{links}</nav></header>
<main><h1>{html.escape(title)}</h1>{body}</main>
<script>{_SCRIPT}</script></body></html>
"""


_STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6472; --line: #d9dee7; --back: #f6f7f9;
  --card: #fff; --mark: #0b6bcb }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b2; --line: #2f3846;
  --back: #12161d; --card: #1a2029; --mark: #6cb2ff } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
header { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; align-items: center; padding: .8rem 1.4rem;
  background: var(--card); border-bottom: 1px solid var(--line) }
nav { display: flex; flex-wrap: wrap; gap: 1.1rem }
a { color: var(--mark); text-decoration: none }
a:hover, a[aria-current] { text-decoration: underline; text-underline-offset: .3em }
main { max-width: 52rem; margin: 0 auto; padding: 1.4rem }
h1 { margin: .4rem 0; font-size: 1.9rem }
h2 { margin: 0 0 .7rem; font-size: 1.05rem }
.lead { margin: .3rem 0; color: var(--soft) }
.nature span { background: var(--mark); color: var(--card); border-radius: 1rem; padding: .15rem .7rem;
  font-size: .85rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1rem 1.2rem; margin: 1rem 0; overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0;
  border-top: 1px solid var(--line) }
tr:first-child > * { border-top: 0 }
th { color: var(--soft); font-weight: 500; white-space: nowrap }
td, code, pre, input, ol, output { font-family: ui-monospace, Menlo, Consolas, monospace;
  font-size: .87rem; overflow-wrap: anywhere }
pre { margin: 0; white-space: pre }
input { width: min(24rem, 60%); padding: .45rem .6rem; border: 1px solid var(--line);
  border-radius: .4rem; background: var(--back); color: inherit }
button { padding: .45rem 1rem; margin-left: .5rem; border: 0; border-radius: .4rem;
  background: var(--mark); color: var(--card); font: inherit; cursor: pointer }
output { display: block; margin-top: .6rem; color: var(--soft) }
ol { margin: .4rem 0 0; padding-left: 1.6rem }
"""

_SCRIPT = """
(function () {
  var form = document.getElementById("echo");
  if (!form) return;
  var input = form.querySelector("input"), state = form.querySelector("output");
  var list = form.querySelector("ol");
  var scheme = location.protocol === "https:" ? "wss://" : "ws://", socket = null;
  function line(text) {
    var item = document.createElement("li");
    item.textContent = text;
    list.appendChild(item);
  }
  function connect(then) {
    socket = new WebSocket(scheme + location.host + form.dataset.path);
    state.textContent = "connecting to " + socket.url;
    socket.onopen = function () { state.textContent = "connected to " + socket.url; then(); };
    socket.onmessage = function (event) { line("it came back: " + event.data); };
    socket.onclose = function (event) {
      state.textContent = "closed (code " + event.code + ")";
      socket = null;
    };
  }
  form.onsubmit = function (event) {
    event.preventDefault();
    var text = input.value;
    if (socket && socket.readyState === 1) socket.send(text);
    else if (!socket) connect(function () { socket.send(text); });
  };
})();
"""
