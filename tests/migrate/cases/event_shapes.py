"""Values of events as they were written in 2017 and 2018."""

from __future__ import annotations

from . import Case


def _case(name: str, before: str, has: str, lacks: str = "") -> Case:
    """Return a case of one field of http.response.start, written before as it is given."""
    source = f"""
def app(scope):
    async def instance(receive, send):
        text = scope["path"].encode()
        await send({{"type": "http.response.start", {before}}})
        await send({{"type": "http.response.body", "body": text}})
    return instance
"""
    return Case(f"shapes-{name}", source, has=has, lacks=lacks)


CASES = [
    _case("status", '"status": "404", "headers": []', '"status": 404,'),
    _case(
        "mapping",
        """"status": 200, "headers": {
            # the kind
            "Content-Type": 'text/plain',
            b"X-One": "1",
            "x-number": 5,
        }""",
        """"headers": [
        # the kind
        (b"content-type", b'text/plain'),
        (b"X-One", b"1"),
        (b"x-number", b"5"),
    ]""",
    ),
    _case(
        "pairs",
        '"status": 200, "headers": [["Content-Type", "text/plain"], ("content-length", str(len(text)))]',
        '[[b"content-type", b"text/plain"], (b"content-length", str(len(text)).encode())]',
    ),
    _case("parts", '"status": 200, "headers": [("x-parts", "a" "b")]', '[(b"x-parts", "a" "b".encode())]'),
    _case("escape", r'"status": 200, "headers": [("x-tab", "a\tb")]', r'[(b"x-tab", "a\tb".encode())]'),
    _case("bytes", '"status": 200, "headers": [(b"X-Bytes", b"1")]', '[(b"X-Bytes", b"1")]'),
    # Not sure: what may hold other letters than those of ASCII, other mappings, brackets.
    _case(
        "formatted",
        '"status": 200, "headers": [("x-path", f"{scope[\'path\']}")]',
        '[("x-path", f"{scope[\'path\']}")]',
    ),
    _case("letters", '"status": 200, "headers": [("x-letters", "é")]', '[("x-letters", "é")]'),
    _case("spread", '"status": 200, "headers": {"a": "b", **{}}', '{"a": "b", **{}}'),
    _case("brackets", '"status": 200, "headers": {"a": ("b")}', '{"a": ("b")}'),
    _case("computed", '"status": 200, "headers": dict(a="b")', 'dict(a="b")'),
    Case(
        "shapes-accept",
        """
def app(scope):
    async def instance(receive, send):
        await receive()
        await send({"type": "websocket.accept", "headers": {"X-Chat": "yes"}})
        await send({"type": "websocket.close", "code": 1000})
    return instance
""",
        has='"headers": [(b"x-chat", b"yes")]',
        http_only=False,
    ),
    Case(
        "shapes-named",
        """
def app(scope):
    headers = {"X-Path": "one"}
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": scope["path"].encode()})
    return instance
""",
        has='headers = [(b"x-path", b"one")]',
    ),
    Case(
        "shapes-named-and-changed",
        """
def app(scope):
    headers = {"X-Path": "one"}
    headers["X-Other"] = "two"
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": scope["path"].encode()})
    return instance
""",
        has='headers = {"X-Path": "one"}',
    ),
    Case(
        "shapes-of-a-module",
        """
HEADERS = {"X-Path": "one"}
def app(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": scope["path"].encode()})
    return instance
""",
        has='HEADERS = {"X-Path": "one"}',
    ),
    Case(
        "shapes-of-one-response",
        """
def app(scope):
    headers = {"X-Other": "two"}
    async def instance(receive, send):
        if scope["path"] == "/one":
            await send({"type": "http.response", "status": "404", "headers": headers, "content": b"x"})
        else:
            await send({"type": "http.response", "status": "201", "headers": {"X-One": "1"}, "content": b"y"})
    return instance
""",
        has='"http.response.start", "status": 201, "headers": [(b"x-one", b"1")]})',
        lacks='"two"}',
    ),
    Case(
        # Python before 3.12 does not say where a part of it stands.
        "shapes-in-a-formatted-string",
        """
def app(scope):
    async def instance(receive, send):
        said = f"{await send({'type': 'http.response.start', 'status': '404', 'headers': []})}"
        await send({"type": "http.response.body", "body": said.encode()})
    return instance
""",
        has="'status': '404'",
    ),
    Case(
        "shapes-in-tests",
        """
def test_app():
    assert sent == [{"type": "http.response.start", "status": "200", "headers": {"a": "b"}}]

async def app(scope, receive, send):
    await receive()
""",
        left=True,
    ),
]
