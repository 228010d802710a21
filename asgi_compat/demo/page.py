"""The HTML around what a page shows: navigation, style and script. It loads nothing from elsewhere."""

from __future__ import annotations

import html
from typing import List, Tuple


def page_headers() -> List[Tuple[bytes, bytes]]:
    """Return the headers of every page; the policy allows what `frame` writes, and nothing else."""
    policy = (
        b"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
        # 'self' covers WebSockets only in newer browsers, hence the two schemes.
        b"connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'"
    )
    return [(b"content-security-policy", policy), (b"x-content-type-options", b"nosniff")]


def table(rows: List[Tuple[str, List[str]]]) -> str:
    """Return a table of names and their lines."""
    escape = html.escape
    shown = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{'<br>'.join(escape(line) for line in lines)}</td></tr>"
        for name, lines in rows
    )
    return f"<table>{shown}</table>"


def frame(title: str, links: List[Tuple[str, str, bool]], body: str) -> str:
    """Return a page. Each link is an address, a name, and whether it is this page; ``body`` is HTML."""
    shown = "".join(
        f'<a href="{html.escape(where, quote=True)}"{" aria-current=page" if current else ""}>'
        f"{html.escape(name)}</a>"
        for where, name, current in links
    )
    return f"""<!doctype html>
<html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width,initial-scale=1">
<title>{html.escape(title)} - asgi_compat</title><link rel=icon href="data:,"><style>{_STYLE}</style></head>
<body><header><strong>asgi_compat</strong><nav>{shown}</nav></header>
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
