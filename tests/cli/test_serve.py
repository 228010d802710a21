"""``serve``: what is reported before a server starts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requires

from asgi_compat import cli

from .commands import MISTAKES, Wrong, assert_one_sentence, run

# What only `serve` can get wrong, and samples of the above in its place.
SERVE_MISTAKES = [
    MISTAKES[0],
    MISTAKES[9],
    MISTAKES[14],
    Wrong("good:number", cli.NOT_AN_APPLICATION, r"good:number is not an application \(.+\): .+"),
    Wrong("good:text_of_any --style single", cli.NOT_AN_APPLICATION, r"is not an application"),
    Wrong("good:wsgi", cli.NOT_AN_APPLICATION, r"good:wsgi is not an application \(.+\): .*a2wsgi"),
    Wrong("good:create_app", cli.NOT_AN_APPLICATION, r"not an application .*--factory"),
    Wrong(
        "good:create_nothing --factory",
        cli.NOT_AN_APPLICATION,
        r"the factory good:create_nothing returned no application but None",
    ),
    Wrong("", cli.USAGE, r"'' is not an import string \(an unset variable\?\)"),
    Wrong(
        "good:single --factory", cli.NOT_AN_APPLICATION, r"is the application itself .*leave out --factory"
    ),
    Wrong("good:create_app()", cli.USAGE, r"as in good:create_app --factory"),
    Wrong("asgi:good:single", cli.USAGE, r"leave it out, as in good:single"),
    Wrong("good:double --profile quart", cli.USAGE, r"--profile quart: .* did you mean quart-0\.6\?"),
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
def test_serve_mistake_is_reported_before_it_serves(wrong: Wrong, project: Path) -> None:
    """The parent process finds out, so that no worker has to."""
    requires.package("uvicorn")
    done = run(["serve", *(wrong.arguments.split() or [""])], project)
    assert_one_sentence(done.returncode, done.stderr, wrong)


def test_serve_port_in_use_is_reported(project: Path, taken: int) -> None:
    """It names the address and the two ways out."""
    requires.package("uvicorn")
    done = run(["serve", "--port", str(taken)], project)
    wrong = Wrong(
        "", cli.NO_ADDRESS, rf"127\.0\.0\.1:{taken} is already in use: .*--port \(0 takes any free one\)"
    )
    assert_one_sentence(done.returncode, done.stderr, wrong)


@pytest.mark.parametrize("server", ["uvicorn", "hypercorn", "daphne", "granian"])
def test_serve_missing_server_is_reported_with_the_pip_line(server: str, project: Path) -> None:
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


def test_serve_broken_server_is_not_called_missing(project: Path) -> None:
    """Its own ImportError is quoted."""
    done = run(["serve", "--server", "daphne"], project / "daphne_twin")
    wrong = Wrong("", cli.SERVER_MISSING, r"installed but cannot be imported \(.+\): python -m pip install")
    assert_one_sentence(done.returncode, done.stderr, wrong)


def test_serve_help_offers_the_registered_servers(capsys: pytest.CaptureFixture[str]) -> None:
    """A server is in one place; the first is the default."""
    from asgi_compat import serve

    with pytest.raises(SystemExit):
        cli.main(["serve", "--help"])
    assert "{{{}}}".format(",".join(serve.SERVERS)) in capsys.readouterr().out
    assert serve.Options().server == next(iter(serve.SERVERS))
