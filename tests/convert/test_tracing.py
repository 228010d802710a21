"""A line for each scope, event and repair."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, Dict, List

import pytest

from asgi_compat import trace

SCOPE: Dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "method": "POST",
    "path": "/items",
    "query_string": b"",
    "headers": [(b"cookie", b"hidden-value"), (b"x-id", b"7"), (b"authorization", b"hidden-value")],
}


def old(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await receive()
        headers = {"Set-Cookie": "hidden-value"}
        await send({"type": "http.response.start", "status": "200", "headers": headers})
        await send({"type": "http.response.content", "content": b"hello" * 100})

    return instance


async def fails(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError("on purpose")


def lines_of(app: Any, times: int = 1, **options: Any) -> List[str]:
    lines: List[str] = []
    traced = trace(app, write=lines.append, **options)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"x" * 5000, "more_body": False}

    async def send(event: Any) -> None: ...

    async def main() -> None:
        for _ in range(times):
            await traced(dict(SCOPE), receive, send)

    asyncio.run(main())
    return lines


def test_trace_line_has_time_connection_and_direction() -> None:
    """In the order in which things happen."""
    lines = lines_of(old, 2)
    assert all(re.match(r"\d\d:\d\d:\d\d\.\d{3}  #[12]  (==|<-|->|~~|!!|--)  ", line) for line in lines)
    first = [line.split()[2] for line in lines if line.split()[1] == "#1"]
    assert first[:2] == ["==", "<-"] and first[-1] == "--" and "~~" in first and first.count("->") == 2
    assert len(lines) == 2 * len(first)


def test_trace_repair_has_field_values_and_rule() -> None:
    """Of each field that was changed."""
    text = "\n".join(lines_of(old))
    assert "~~  http.response.start status: '200' became 200 [A23]" in text
    assert re.search(r"~~  http\.response\.start headers: dict .* became list .* \[A24\]", text)
    assert "http.response.content type: 'http.response.content' became 'http.response.body' [A21]" in text


def test_trace_shortens_bodies_and_hides_secret_headers() -> None:
    """In scopes, events and repairs, whatever their shape."""
    lines = lines_of(old)
    text = "\n".join(lines)
    assert "hidden-value" not in text and "cookie: <12 bytes>" in text and "x-id: b'7'" in text
    assert "(5000 in all)" in text and "(500 in all)" in text and max(map(len, lines)) < 400


def test_trace_as_json_is_one_object_a_line() -> None:
    """For programs."""
    rows = [json.loads(line) for line in lines_of(old, json=True)]
    assert all({"time", "connection", "about", "type"} <= set(row) for row in rows)
    assert [row["about"] for row in rows][:2] == ["scope", "receive"]
    repaired = [row for row in rows if row["about"] == "repair" and row["rule"] == "A23"]
    assert [(row["type"], row["field"], row["was"], row["now"]) for row in repaired] == [
        ("http.response.start", "status", "'200'", "200")
    ]


def test_trace_exception_is_a_line_and_propagates() -> None:
    """The object that the application raised."""
    lines: List[str] = []

    async def main() -> None:
        await trace(fails, write=lines.append)(dict(SCOPE), None, None)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="on purpose"):
        asyncio.run(main())
    assert "!!  " in lines[-1] and "ValueError" in lines[-1]


def test_trace_takes_the_options_of_to_asgi3() -> None:
    """Its on_repair too."""
    rules: List[str] = []
    lines = lines_of(old, style="double", on_repair=lambda rule, before, after: rules.append(rule))
    assert "A23" in rules and any("[A23]" in line for line in lines)


def test_trace_without_write_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is the application's."""

    async def main() -> None:
        async def send(event: Any) -> None: ...

        async def receive() -> Any:
            return {"type": "http.request"}

        await trace(old)(dict(SCOPE), receive, send)

    asyncio.run(main())
    printed = capsys.readouterr()
    assert printed.out == "" and "#1  ==  http " in printed.err and "method='POST'" in printed.err
