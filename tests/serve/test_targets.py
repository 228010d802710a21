"""What is wrong with an import string."""

from __future__ import annotations

from pathlib import Path

import pytest

from asgi_compat import serve
from asgi_compat.serve import targets


def test_parse_target_module_and_path_are_split() -> None:
    """A module alone has no path; an attribute path keeps its dots."""
    assert targets.parse_target("a.b:c.d") == ("a.b", "c.d")
    assert targets.parse_target("a") == ("a", "")


@pytest.mark.parametrize("target", ["a.py", "a/b:app", "a\\b", "", "a:", ":a", ".a", "a..b", "a: b", "a:b."])
def test_parse_target_wrong_form_raises_usage_error(target: str) -> None:
    """File names, and names with an empty part or a space."""
    with pytest.raises(serve.UsageError):
        targets.parse_target(target)


@pytest.mark.parametrize("target", ["asgi:shop:make", "shop.py:make"])
def test_parse_target_advice_repeats_the_factory(target: str) -> None:
    """Where that option was given."""
    with pytest.raises(serve.UsageError, match=r"as in shop:make --factory$"):
        targets.parse_target(target, factory=True)
    with pytest.raises(serve.UsageError, match=r"as in shop:make$"):
        targets.parse_target(target)


FILES = {
    "proj/pkg/__init__.py": "",
    "proj/pkg/sub/__init__.py": "",
    "proj/pkg/asgi.py": "application = object()",
    "proj/pkg/sub/asgi.py": "app = object()",
    "my site/app.py": "class App:\n    def __init__(self, scope): ...\n",
    "only.py": "import os\nclass Helper: ...\nclass App:\n    def __init__(self, scope): ...\n",
    "function.py": "async def chat(scope, receive, send): ...\n",
    "broken.py": "def (",
}


@pytest.mark.parametrize(
    "target, says",
    [
        ("", "an unset variable?"),
        ("http://localhost:8000", "is an address: name the application that is served there"),
        ("localhost:8000", "nothing is asked over the network"),
        ("127.0.0.1:8000/chat", "as in myproject.asgi:app"),
        ("m:make()", "'m:make()' is a call: name it and add the option, as in m:make --factory"),
        ("m:create_app('x')", "a factory is called without arguments"),
        ("asgi:m:app", "has a prefix of hypercorn: leave it out, as in m:app"),
        ("wsgi:a.b:app", "leave it out, as in a.b:app"),
        ("proj/pkg/asgi.py:application", "as in pkg.asgi:application --app-dir proj"),
        ("proj/pkg/asgi.py", "as in pkg.asgi:application --app-dir proj"),
        ("proj/pkg/sub/asgi.py", "as in pkg.sub.asgi:app --app-dir proj"),
        ("./proj/pkg/__init__.py:app", "as in pkg:app --app-dir ./proj"),
        ("C:\\proj\\app.py:App", "as in app:App --app-dir C:/proj"),
        ("C:/proj/app.py", "as in app:app --app-dir C:/proj"),
        ("my site/app.py", "as in app:App --app-dir 'my site'"),
        ("only.py", "as in only:App"),
        ("function.py", "as in function:chat"),
        ("broken.py", "as in broken:app"),
        ("no/such.py:app", "as in such:app --app-dir no"),
    ],
)
def test_parse_target_known_mistake_says_what_to_write(
    target: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forms of other servers and shells; packages are climbed, and nothing is imported."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(serve.UsageError) as caught:
        targets.parse_target(target)
    assert says in str(caught.value)


def test_parse_target_file_with_blanks_is_quoted_for_a_shell() -> None:
    """The name of the module as well as the folder."""
    with pytest.raises(serve.UsageError, match=r"as in 'old app:x' --app-dir 'my code'$"):
        targets.parse_target("my code/old app.py:x")
