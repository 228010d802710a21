"""Run a command in a process of its own; and the mistakes that every command reports alike."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Mapping, NamedTuple, Sequence

from asgi_compat import cli

FILES = {
    "good.py": """
import functools
def double(scope):
    async def instance(receive, send): ...
    return instance
async def single(scope, receive, send): ...
def create_app():
    return single
def create_double():
    return double
async def create_later():
    return single
def create_badly():
    return {}["no such key"]
def create_nothing():
    return None
def wsgi(environ, start_response):
    start_response("200 OK", [])
    return [b""]
class Holder:
    def __init__(self):
        self.app = single
    @property
    def broken(self):
        raise RuntimeError("the property is broken")
holder = Holder()
number = 42
text_of_any = "x"
""",
    "named.py": "async def application(scope, receive, send): ...\n",
    "unnamed.py": "async def chat_server(scope, receive, send): ...\n_hidden = chat_server\n",
    "empty.py": "",
    "raises.py": "import json\n\nsettings = json.loads('{')\n",
    "syntax.py": "async def app(scope receive, send): ...\n",
    "needs.py": "import a_package_nobody_has\n",
    "needs_self.py": "raise ModuleNotFoundError('gone', name='needs_self')\n",
    "exits.py": "import sys\nsys.exit('usage: exits')\n",
    "imports_name.py": "from json import there_is_no_such_name\n",
    "package/__init__.py": "",
    "package/asgi.py": "async def app(scope, receive, send): ...\n",
    "package/broken.py": "from package import asgi\nasgi.nothing\n",
    "src/below.py": "async def app(scope, receive, send): ...\n",
    "my_app.py": "async def app(scope, receive, send): ...\n",
    "daphne_twin/daphne.py": "raise ImportError('half installed')\n",
}


def run(
    arguments: Sequence[str], directory: Path, environment: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "asgi_compat", *arguments],
        cwd=str(directory),
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


class Wrong(NamedTuple):
    """One mistake, the status it ends with, and a part of what is said."""

    arguments: str
    status: int
    said: str


# Every mistake that is found before a server is asked for anything. Both commands load the same way.
MISTAKES = [
    Wrong("nowhere:app", cli.NOT_IMPORTED, r"no module 'nowhere'.*--app-dir"),
    Wrong("nowhere.asgi:app", cli.NOT_IMPORTED, r"no module 'nowhere', neither in .* nor installed"),
    Wrong("below:app", cli.NOT_IMPORTED, r"there is one in src: add --app-dir src"),
    Wrong("my-app:app", cli.NOT_IMPORTED, r"did you mean 'my_app'\?"),
    Wrong("goood:app", cli.NOT_IMPORTED, r"did you mean 'good'\?"),
    Wrong(
        "package.asgy:app",
        cli.NOT_IMPORTED,
        r"package 'package' has no 'asgy' in it; did you mean package\.asgi\?",
    ),
    Wrong("good.single:app", cli.NOT_IMPORTED, r"'good' is not a package; did you mean good:single\?"),
    Wrong("raises:app", cli.NOT_IMPORTED, r"own import failed: JSONDecodeError: .* \(at .*raises\.py:3\)"),
    Wrong("syntax:app", cli.NOT_IMPORTED, r"own import failed: SyntaxError: .* \(at .*syntax\.py:1\)"),
    Wrong(
        "needs:app",
        cli.NOT_IMPORTED,
        r"'needs' was found, .*needs\.py:1\); install 'a_package_nobody_has'",
    ),
    Wrong(
        "needs_self:app",
        cli.NOT_IMPORTED,
        r"'needs_self' was found, but its own import failed: ModuleNotFoundError",
    ),
    Wrong("exits:app", cli.NOT_IMPORTED, r"SystemExit: usage: exits \(at .*exits\.py:2\); .*__main__"),
    Wrong("imports_name:app", cli.NOT_IMPORTED, r"own import failed: ImportError: .*there_is_no_such_name"),
    Wrong("package.broken:app", cli.NOT_IMPORTED, r"AttributeError: .* \(at .*broken\.py:2\)"),
    Wrong("good:singel", cli.NOT_IMPORTED, r"'good' has no attribute 'singel'; did you mean single\?"),
    Wrong("good", cli.NOT_IMPORTED, r"neither 'app' nor 'application'; it has double and single"),
    Wrong("unnamed:app", cli.NOT_IMPORTED, r"it has chat_server: name that after the colon"),
    Wrong("unnamed", cli.NOT_IMPORTED, r"neither 'app' nor 'application'; it has chat_server: "),
    Wrong("empty:app", cli.NOT_IMPORTED, r"'empty' has no attribute 'app'; name the application after"),
    Wrong("good:holder.ap", cli.NOT_IMPORTED, r"object 'good:holder' has no attribute 'ap'"),
    Wrong(
        "good:holder.broken",
        cli.NOT_IMPORTED,
        r"RuntimeError: the property is broken \(at .*good\.py:\d+\)",
    ),
    Wrong("package:asgi", cli.NOT_IMPORTED, r"did you mean package\.asgi:app\?"),
    Wrong(
        "good:create_badly --factory",
        cli.NOT_IMPORTED,
        r"was called and failed: KeyError: .* \(at .*good\.py:14\)",
    ),
    Wrong("good:number --factory", cli.NOT_AN_APPLICATION, r"cannot be called, .*leave out --factory"),
    Wrong("good:create_later --factory", cli.NOT_AN_APPLICATION, r"asynchronous factory"),
    Wrong("good.py", cli.USAGE, r"names a file: name the module, as in good:app"),
    Wrong("src/below.py:app", cli.USAGE, r"as in below:app --app-dir src"),
    Wrong(":app", cli.USAGE, r"is not an import string: write module:attribute"),
    Wrong("good:", cli.USAGE, r"is not an import string"),
    Wrong(".good:app", cli.USAGE, r"is not an import string"),
    Wrong("good:single --app-dir nowhere", cli.USAGE, r"--app-dir nowhere: there is no such directory"),
]


def assert_one_sentence(status: int, error: str, wrong: Wrong) -> None:
    assert status == wrong.status, error
    assert error.count("\n") == 1 and error.startswith("asgi-compat: error: "), error
    assert re.search(wrong.said, error), error
