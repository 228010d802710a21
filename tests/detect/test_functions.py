"""Functions, methods and instances: a case for every row of the tables, and the order of the rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest
from drive import dispose

from asgi_compat import Style, Verdict, classify
from asgi_compat._detect.calls import FACTORY as FACTORY_ROWS
from asgi_compat._detect.calls import INCOMPLETE, not_an_app
from asgi_compat._detect.functions import ASYNC, PLAIN
from detect.observing import HERE

SINGLE, DOUBLE, EITHER, FACTORY = Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.FACTORY
WSGI, NOT_AN_APP, UNKNOWN = Style.WSGI, Style.NOT_AN_APP, Style.UNKNOWN

INSTANCE = "    async def instance(receive, send): ...\n    return instance\n"
VALUE = "    return value\n"

#: The parameters, the style of an `async def`, and that of a plain function that returns a value: with a
#: word of the reason or the remedy where the row has one of its own.
ROWS = [
    ("scope, receive, send", SINGLE, "", SINGLE, ""),
    ("a, b, c", SINGLE, "", SINGLE, ""),
    ("self, receive, send", NOT_AN_APP, "take it from an instance", NOT_AN_APP, "take it from an instance"),
    ("request, a, b", NOT_AN_APP, "view", NOT_AN_APP, "view"),
    ("request, a, send", SINGLE, "", SINGLE, ""),
    ("receive, send, scope", NOT_AN_APP, "another order", NOT_AN_APP, "another order"),
    ("scope, send, receive", NOT_AN_APP, "another order", NOT_AN_APP, "another order"),
    ("a, view, c", SINGLE, "", NOT_AN_APP, "handler"),
    ("a, b, c=None", SINGLE, "", NOT_AN_APP, "two are required"),
    ("environ, x, start_response", SINGLE, "", NOT_AN_APP, "bind what is not"),
    ("app=1, b=2, c=3", FACTORY, "await it", FACTORY, "call it"),
    ("scope", DOUBLE, "awaited for the instance", DOUBLE, ""),
    ("app", NOT_AN_APP, "view", NOT_AN_APP, "middleware"),
    ("config", NOT_AN_APP, "view", NOT_AN_APP, "configuration"),
    ("request", NOT_AN_APP, "view", NOT_AN_APP, "view"),
    ("self", NOT_AN_APP, "view", NOT_AN_APP, "take it from an instance"),
    ("x", NOT_AN_APP, "view", UNKNOWN, "neither its name"),
    ("x=1", FACTORY, "await it", FACTORY, "call it"),
    ("", FACTORY, "await it", FACTORY, "call it"),
    ("receive, send", NOT_AN_APP, "second half", NOT_AN_APP, "second half"),
    ("scope, x", NOT_AN_APP, "second half", NOT_AN_APP, "bind what is not"),
    ("request, x", NOT_AN_APP, "view", NOT_AN_APP, "view"),
    ("environ, x", NOT_AN_APP, "second half", WSGI, ""),
    ("environ, start_response", NOT_AN_APP, "second half", WSGI, ""),
    ("x, y", NOT_AN_APP, "second half", NOT_AN_APP, "(scope, receive, send) or (scope)"),
    ("a, b, c, d", NOT_AN_APP, "bind what is not", NOT_AN_APP, "bind what is not"),
    ("a, *, option", NOT_AN_APP, "option=...", NOT_AN_APP, "option=..."),
    ("scope, receive=None, send=None", SINGLE, "", EITHER, ""),
    ("scope, a=None, b=None", SINGLE, "", DOUBLE, "options"),
    ("app, a=None, b=None", SINGLE, "", NOT_AN_APP, "middleware"),
    ("x, a=None, b=None", SINGLE, "", UNKNOWN, "neither its name"),
    ("scope, *args", SINGLE, "", UNKNOWN, "both calls"),
    ("request, *args", NOT_AN_APP, "view", NOT_AN_APP, "view"),
]


def made(head: str) -> Any:
    space: dict = {"value": object()}
    exec(head, space)
    return space["f"]


@pytest.mark.parametrize("parameters, style, words, of_plain, words_of_plain", ROWS, ids=[r[0] for r in ROWS])
def test_function_has_the_verdict_of_its_row(
    parameters: str, style: Style, words: str, of_plain: Style, words_of_plain: str
) -> None:
    verdict = classify(made(f"async def f({parameters}):\n{VALUE}"))
    assert verdict.style is style and words in f"{verdict.reason} {verdict.remedy}", verdict
    verdict = classify(made(f"def f({parameters}):\n{VALUE}"))
    assert verdict.style is of_plain and words_of_plain in f"{verdict.reason} {verdict.remedy}", verdict


#: The parameters and the body of a plain function, its style, and a word of the reason or the remedy.
BODIES = [
    ("x", INSTANCE, DOUBLE, ""),
    ("x, a=None, b=None", INSTANCE, DOUBLE, "contains the instance"),
    ("scope, *args", INSTANCE, DOUBLE, "contains the instance"),
    ("scope", INSTANCE.replace("return instance", "pass"), DOUBLE, "forget `return`"),
    ("x", "    pass\n", NOT_AN_APP, "forget `return`"),
    ("a, b, c", "    pass\n", NOT_AN_APP, "async"),
    ("x", "    return lambda app: app\n", NOT_AN_APP, "middleware with options"),
    ("x", "    return lambda scope, receive, send: value\n", NOT_AN_APP, "middleware or a factory"),
    ("x, y", "    return value, '200 OK'\n", WSGI, ""),
]


@pytest.mark.parametrize("parameters, body, style, words", BODIES)
def test_body_decides_where_names_do_not(parameters: str, body: str, style: Style, words: str) -> None:
    verdict = classify(made(f"def f({parameters}):\n{body}"))
    assert verdict.style is style and words in f"{verdict.reason} {verdict.remedy}", verdict


@pytest.mark.parametrize(
    "head, style",
    [
        ("def f(environ, start_response): yield value", WSGI),
        ("def f(scope): yield value", NOT_AN_APP),
        ("def f(self, scope): yield value", NOT_AN_APP),
        ("async def f(scope, receive, send): yield value", NOT_AN_APP),
    ],
)
def test_generator_is_wsgi_or_nothing(head: str, style: Style) -> None:
    assert classify(made(head)).style is style


def test_reason_names_kind_and_parameters() -> None:
    assert classify(made("async def f(scope, receive, send, *more, x): ...")).reason == (
        "coroutine function that takes (scope, receive, send, *args, x=...)"
    )
    instance = type("App", (), {"__call__": made("def f(self, scope):\n" + INSTANCE)})()
    assert classify(instance).reason == "instance of App whose __call__ is a function that takes (scope)"


#: Rows that come first for speed: those below would decide the same. The third is their like for a function
#: that returns nothing and contains a function of two other names.
SHORTCUTS = {(id(ASYNC), 3, 0), (id(PLAIN), 3, 0), (id(PLAIN), 1, 4)}


def test_every_row_decides_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any one row, a specimen or a case above has another verdict: none is dead."""
    things = [specimen.make() for specimen in HERE]
    things += [made(f"{start} f({row[0]}):\n{VALUE}") for row in ROWS for start in ("def", "async def")]
    things += [made(f"def f({parameters}):\n{body}") for parameters, body, _, _ in BODIES]
    verdicts = [classify(thing) for thing in things]
    # Only those that a row decides can have another verdict without it.
    decided: Dict[Tuple[int, int, int], List[Verdict]] = {}

    def noting(key: Tuple[int, int, int], when: Callable[[Any], object]) -> Callable[[Any], object]:
        def noted(evidence: Any) -> object:
            applies = when(evidence)
            if applies:
                decided.setdefault(key, []).append(verdict)
            return applies

        return noted

    tables = [(table, count, rows) for table in (ASYNC, PLAIN) for count, rows in table.items()]
    with monkeypatch.context() as patch:
        for table, count, rows in tables:
            noted_rows = [
                (noting((id(table), count, at), when), then) for at, (when, then) in enumerate(rows)
            ]
            patch.setitem(table, count, tuple(noted_rows))
        for verdict in verdicts:
            assert classify(verdict.app) == verdict
    dead = []
    for table, count, rows in tables:
        if rows in (FACTORY_ROWS, INCOMPLETE):
            continue  # tables of other shapes too: tests/detect/test_calls.py
        for at in range(len(rows) - 1):
            key = (id(table), count, at)
            with monkeypatch.context() as patch:
                patch.setitem(table, count, rows[:at] + rows[at + 1 :])
                if all(classify(verdict.app) == verdict for verdict in decided.get(key, ())):
                    dead.append(key)
    for thing in things:
        dispose(thing)
    assert set(dead) == SHORTCUTS


def test_recipe_of_contributing_adds_a_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row and the specimen of CONTRIBUTING.md are complete: added, they work, and without the row not."""
    text = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text[text.index("## Add a shape to the detector") :].split("\n## ")[0]
    specimen, new_row = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    found: List[Tuple[str, Style, Any, str]] = []

    def row(name: str, style: Style, remedy: str) -> Any:
        return lambda make: found.append((name, style, make, remedy))

    exec(specimen, {"row": row, "NOT_AN_APP": NOT_AN_APP})
    ((name, style, make, remedy),) = found
    assert remedy not in classify(make()).remedy
    rows = eval(f"({new_row.strip()})", {"not_an_app": not_an_app})
    monkeypatch.setitem(PLAIN, 2, (*rows, *PLAIN[2]))
    verdict = classify(make())
    assert verdict.style is style and remedy in verdict.remedy and name in verdict.remedy
