"""The command line: what it says, where, and with which exit status; and what ``inspect`` finds.

Whatever can go wrong is one sentence on stderr. Each is provoked for real, in a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import types
from pathlib import Path
from typing import Any, Iterator, List, Mapping, NamedTuple, Sequence

import pytest
import requires

import asgi_compat
from asgi_compat import Style, cli

FILES = {
    "good.py": """
import functools
def double(scope):
    async def instance(receive, send): ...
    return instance
async def single(scope, receive, send): ...
def create_app():
    return single
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


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with applications in it, and with most mistakes there are."""
    directory = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return directory


@pytest.fixture()
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


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
        r"was called and failed: KeyError: .* \(at .*good\.py:12\)",
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


@pytest.mark.parametrize("wrong", MISTAKES, ids=lambda wrong: str(wrong.arguments))
def test_a_mistake_is_one_sentence_and_a_status(wrong: Wrong, project: Path) -> None:
    """No traceback, nothing on stdout, the status that is documented."""
    done = run(["inspect", *wrong.arguments.split()], project)
    assert_one_sentence(done.returncode, done.stderr, wrong)
    assert done.stdout == ""


# What only `serve` can get wrong, and samples of the above in its place.
SERVE_MISTAKES = [
    MISTAKES[0],
    MISTAKES[9],
    MISTAKES[14],
    Wrong("good:number", cli.NOT_AN_APPLICATION, r"good:number is not an application \(.+\): .+"),
    Wrong("good:text_of_any --style single", cli.NOT_AN_APPLICATION, r"is not an application"),
    Wrong("good:wsgi", cli.NOT_AN_APPLICATION, r"good:wsgi is not an application \(.+\): .*a2wsgi"),
    Wrong("good:create_app", cli.NOT_AN_APPLICATION, r"not an application .*--factory"),
    Wrong("good:create_nothing --factory", cli.NOT_AN_APPLICATION, r"is not an application"),
    Wrong("--factory", cli.USAGE, r"--factory: name the factory"),
    Wrong("--style double", cli.USAGE, r"--style: name the application"),
    Wrong("--workers 2 --reload", cli.USAGE, r"--workers and --reload exclude each other"),
    Wrong("--server daphne --workers 2", cli.USAGE, r"--workers: daphne runs one process: .*uvicorn"),
    Wrong("--server daphne --reload", cli.USAGE, r"--reload: daphne does not reload"),
    Wrong("--host 192.0.2.1 --port 0", cli.NO_ADDRESS, r"192\.0\.2\.1 is not an address of this machine"),
    Wrong(
        "--host no.such.host.invalid",
        cli.NO_ADDRESS,
        r"'no\.such\.host\.invalid' is neither an address nor a name",
    ),
    Wrong("--host 300.1.1.1", cli.NO_ADDRESS, r"'300\.1\.1\.1' is neither an address"),
]


@pytest.mark.parametrize("wrong", SERVE_MISTAKES, ids=lambda wrong: str(wrong.arguments))
def test_serve_says_what_is_wrong_before_it_serves(wrong: Wrong, project: Path) -> None:
    """The parent process finds out, so that no worker has to."""
    requires.package("uvicorn")
    done = run(["serve", *wrong.arguments.split()], project)
    assert_one_sentence(done.returncode, done.stderr, wrong)


def test_a_taken_port_is_said(project: Path, taken: int) -> None:
    """It names the address and the two ways out."""
    requires.package("uvicorn")
    done = run(["serve", "--port", str(taken)], project)
    wrong = Wrong(
        "", cli.NO_ADDRESS, rf"127\.0\.0\.1:{taken} is already in use: .*--port \(0 takes any free one\)"
    )
    assert_one_sentence(done.returncode, done.stderr, wrong)


@pytest.mark.parametrize("server", ["uvicorn", "hypercorn", "daphne", "granian"])
def test_a_missing_server_is_said_with_the_line_that_installs_it(server: str, project: Path) -> None:
    """The package is hidden from the import system, as if it had never been installed."""
    hide = f"import sys; sys.modules[{server!r}] = None; sys.argv[0] = 'asgi-compat'; "
    code = hide + "from asgi_compat.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", "--server", server],
        cwd=str(project), capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    pip = "asgi_compat[serve]" if server == "uvicorn" else server
    said = rf'needs {server}, which is not installed: python -m pip install "{re.escape(pip)}"\n$'
    assert_one_sentence(done.returncode, done.stderr, Wrong("", cli.SERVER_MISSING, said))


def test_a_server_that_is_there_and_broken_is_not_called_missing(project: Path) -> None:
    """Its own ImportError is quoted."""
    done = run(["serve", "--server", "daphne"], project / "daphne_twin")
    wrong = Wrong("", cli.SERVER_MISSING, r"installed but cannot be imported \(.+\): python -m pip install")
    assert_one_sentence(done.returncode, done.stderr, wrong)


@pytest.mark.parametrize(
    "arguments, said",
    [
        ("serve --port 65536", "not a port"),
        ("serve --port http", "not a port"),
        ("serve --port -1", "--port"),
        ("serve --workers 0", "not a number of processes"),
        ("serve --root-path pre", "write /pre"),
        ("serve --server gunicorn", "'?gunicorn'? \\(choose from"),
        ("serve --style triple", "triple"),
        ("serve --log-level loud", "loud"),
        ("serve good:single good:double", "unrecognized arguments"),
        ("inspect", "module:app"),
        ("explode", "invalid choice"),
    ],
)
def test_wrong_usage_is_argparse_s_affair(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 and the usage."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments.split())
    assert left.value.code == cli.USAGE
    assert re.search(said, capsys.readouterr().err)


def test_without_a_command_it_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Help on stderr, and status 2, because nothing was done."""
    assert cli.main([]) == cli.USAGE
    error = capsys.readouterr().err
    for command in cli.COMMANDS:
        assert command.name in error


def test_the_help_documents_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    """The constants, the epilog and the table of errors agree."""
    with pytest.raises(SystemExit) as left:
        cli.main(["serve", "--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    statuses = [int(number) for number in re.findall(r"^  (\d)  \w", printed, re.M)]
    assert statuses == list(range(8))
    for option in (
        "--host",
        "--port",
        "--server",
        "--workers",
        "--reload",
        "--root-path",
        "--log-level",
    ):
        assert option in printed
    for option in ("--factory", "--style", "--app-dir"):
        assert option in printed


def test_serve_help_offers_the_registered_servers(capsys: pytest.CaptureFixture[str]) -> None:
    """A server is in one place; the first is the default."""
    from asgi_compat import serve

    with pytest.raises(SystemExit):
        cli.main(["serve", "--help"])
    assert "{{{}}}".format(",".join(serve.SERVERS)) in capsys.readouterr().out
    assert serve.Options().server == next(iter(serve.SERVERS))


@pytest.mark.parametrize("arguments, loaded", [(["--help"], False), (["serve", "--help"], True)])
def test_help_loads_what_its_command_needs(arguments: List[str], loaded: bool, project: Path) -> None:
    """``--help`` is quick; the arguments of a command are made when they are parsed."""
    code = (
        "import sys, asgi_compat.cli as cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: print('asgi_compat.serve' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=str(project), stdout=subprocess.PIPE, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == str(loaded)


def test_version(project: Path) -> None:
    """Of the package, by the console script's name."""
    done = run(["--version"], project)
    assert (done.returncode, done.stdout) == (0, f"asgi-compat {asgi_compat.__version__}\n")


def test_inspect_loads_no_server(project: Path) -> None:
    """Nor anything else it does not need."""
    code = (
        "import sys; from asgi_compat.cli import main; status = main(['inspect', 'good:double']); "
        "print(sorted({'uvicorn', 'hypercorn', 'daphne', 'granian', 'twisted'} & set(sys.modules))); "
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=str(project),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0 and done.stdout.endswith("[]\n")


# -- inspect -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, status, style",
    [
        ("good:single", 0, "single"),
        ("good:double", 0, "double"),
        ("named", 0, "single"),
        ("package.asgi", 0, "single"),
        ("good:holder.app", 0, "single"),
        ("below --app-dir src", 0, "single"),
        ("good:create_app --factory", 0, "single"),
        ("good:create_app", 1, "factory"),
        ("good:wsgi", 1, "wsgi"),
        ("good:number", 1, "not an app"),
    ],
)
def test_inspect_as_json(arguments: str, status: int, style: str, project: Path) -> None:
    """The keys are stable, the status says whether it can be served."""
    done = run(["inspect", "--json", *arguments.split()], project)
    assert (done.returncode, done.stderr) == (status, "")
    facts = json.loads(done.stdout)
    assert list(facts) == ["target", "style", "layers"]
    assert (facts["target"], facts["style"]) == (arguments.split()[0], style)
    assert list(facts["layers"][0]) == ["depth", "via", "repr", "type", "style", "reason", "remedy"]
    assert facts["layers"][0]["reason"]


def test_inspect_for_a_person(project: Path) -> None:
    """Numbered, with the reason, and with the line that serves it."""
    done = run(["inspect", "good:double"], project)
    lines = done.stdout.splitlines()
    assert lines[0] == "good:double, outermost first:"
    assert lines[1] == "  1  double  good.double"
    assert lines[-1].startswith(f"To serve it: python -m asgi_compat serve {lines[0].split(',')[0]}. ")


def test_inspect_names_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the framework and the version that are installed."""

    class Quart:
        def __call__(self, scope: object) -> object:
            return scope

    Quart.__module__ = "quart.app"
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)
    (line,) = [cli.closing_line("m:app", [layer]) for layer in cli.layers(Quart())[:1]]
    assert line.endswith(" Its quirks: the profile quart-0.6 (indexes client, and text when bytes is empty).")


def test_check_changes_the_profile_as_serve_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A quirk that is said does not take the place of those that the framework has."""
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)
    monkeypatch.setattr(sys, "path", list(sys.path))
    source = "class Quart:\n    def __call__(self, scope): return scope\nQuart.__module__ = 'quart.app'\n"
    (tmp_path / "asked_by_check.py").write_text(source + "app = Quart()\n", encoding="utf-8")
    seen: List[Any] = []

    def stand_in(app: Any, options: Any) -> Any:
        seen.append(options.quirks)
        raise KeyboardInterrupt

    monkeypatch.setattr("asgi_compat.check.check", stand_in)
    arguments = ["check", "asked_by_check:app", "--app-dir", str(tmp_path), "--style", "double"]
    assert cli.main([*arguments, "--quirk", "join_body=true"]) == 130
    sys.modules.pop("asked_by_check")
    quart = asgi_compat.PROFILES["quart-0.6"].quirks
    assert [(one.join_body, one.placeholder_client) for one in seen] == [(True, quart.placeholder_client)]


def test_inspect_points_at_the_application_inside(project: Path) -> None:
    """A server object that merely has .app is a common slip."""
    done = run(["inspect", "good:holder"], project)
    assert done.returncode == cli.NOT_AN_APPLICATION
    assert "did you mean good:holder.app?" in done.stdout.splitlines()[-1]


def test_a_repr_that_raises_is_no_obstacle(project: Path) -> None:
    """inspect is for objects that are in trouble."""
    (project / "shy.py").write_text(
        "class Shy:\n"
        "    def __repr__(self): raise ValueError('no')\n"
        "    async def __call__(self, scope, receive, send): ...\n"
        "app = Shy()\n"
    )
    done = run(["inspect", "shy"], project)
    assert done.returncode == 0 and "<shy.Shy, whose repr raises ValueError>" in done.stdout, done.stderr


def test_every_style_has_a_closing_line() -> None:
    """Also those that are refused."""
    closing: List[str] = [
        cli.closing_line("m:a", [cli.Layer(0, "", asgi_compat.Verdict(style, "", "", None))])
        for style in Style
    ]
    assert all("guarantee_single_callable" in line and line.endswith(".") for line in closing)
    assert len(set(closing)) > 4
    assert "--factory" in closing[list(Style).index(Style.FACTORY)]
