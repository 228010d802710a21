"""`asgi_compat.pytest_plugin`: real runs of pytest, each in a process and a folder of its own."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, List, Set

import pytest

import asgi_compat

PACKAGE = Path(asgi_compat.__file__).resolve().parent

SINGLE = """
    async def application(scope, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})
"""
DOUBLE = """
    def application(scope):
        async def instance(receive, send):
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello"})
        return instance
"""
FIXTURE = """
    import pytest

    @pytest.fixture
    def asgi_app():
        return application
"""


def installed() -> List[Any]:
    """The entry points for pytest that the installed distribution has."""
    points = importlib.metadata.distribution("asgi-compat").entry_points
    return [point for point in points if point.group == "pytest11"]


# By hand the tests run against the checkout too, which is not installed or was before there was a plugin.
LOAD = ["-p", "asgi_compat" if installed() else "asgi_compat.pytest_plugin"]


class Runs:
    """A folder with tests, and pytest in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # This package and no other setting of the run around it.
        self.environment = {n: v for n, v in os.environ.items() if not n.startswith(("PYTEST", "COV_"))}
        self.environment["PYTHONPATH"] = str(PACKAGE.parent)
        # The other plugins of this environment take longer to load than all that is tested here.
        self.environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

    def file(self, *parts: str, name: str = "test_it.py") -> None:
        """Write a file of parts, each without what all of its lines are indented by."""
        (self.folder / name).write_text("".join(map(textwrap.dedent, parts)), encoding="utf-8")

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the folder, with warnings as errors."""
        return subprocess.run(
            [sys.executable, "-bb", "-W", "error", *arguments],
            cwd=str(self.folder),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )

    def pytest(self, *arguments: str, load: bool = True) -> subprocess.CompletedProcess[str]:
        """Run pytest in the folder."""
        return self.python("-m", "pytest", "-p", "no:cacheprovider", *(LOAD if load else []), *arguments)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """An empty folder to run pytest in."""
    return Runs(tmp_path)


def passed(done: subprocess.CompletedProcess[str]) -> List[str]:
    """The names of the tests that passed; nothing else may have happened."""
    assert done.returncode == 0, done.stdout
    assert "warning" not in done.stdout.lower(), done.stdout
    return re.findall(r"::(\S+) PASSED", done.stdout)


def test_it_is_registered_and_can_be_left_out(runs: Runs) -> None:
    """pip tells pytest about it, by the name for ``-p no:asgi_compat``."""
    (point,) = installed()  # none: what is installed is older than setup.cfg; install it again
    assert (point.name, point.value) == ("asgi_compat", "asgi_compat.pytest_plugin")
    del runs.environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
    assert "asgi_style" in runs.pytest("--fixtures", load=False).stdout
    runs.file("import sys\ndef test_it():\n    assert 'asgi_compat' not in sys.modules\n")
    assert passed(runs.pytest("-v", "-p", "no:asgi_compat", load=False)) == ["test_it"]
    assert "asgi_style" not in runs.pytest("--fixtures", "-p", "no:asgi_compat", load=False).stdout


@pytest.mark.parametrize("application", [SINGLE, DOUBLE], ids=["single", "double"])
@pytest.mark.parametrize("adapt", ["shape", "service"])
def test_a_test_runs_in_both_styles(runs: Runs, application: str, adapt: str) -> None:
    """Once called single and once called double, whatever the application is."""
    overridden = f"""
    @pytest.fixture
    def asgi_adapt():
        return {adapt!r}
    """
    runs.file(
        application,
        FIXTURE,
        overridden if adapt == "service" else "",
        """
    from asgi_compat import classify
    from asgi_compat.testing import http

    def test_run(asgi_run):
        assert asgi_run(http("GET", "/")).body == b"hello"

    def test_style(asgi_run, asgi_style, asgi_adapt, asgi_app, asgi_app_in_style):
        assert classify(asgi_app_in_style).style.value == asgi_style
        assert asgi_run(http("GET", "/")).style.value == asgi_style
        assert asgi_run(http("GET", "/"), style="single").style.value == "single"
        assert asgi_app is application
        native = classify(application).style.value == asgi_style
        assert (asgi_app_in_style is application) is (native and asgi_adapt == "shape")
        assert ("ToAsgi" in type(asgi_app_in_style).__name__) is (asgi_adapt == "service")

    def test_by_way_of_a_fixture(client):
        assert client in ("client of single", "client of double")

    @pytest.fixture
    def client(asgi_style):
        return "client of " + asgi_style

    def test_of_something_else():
        pass
    """,
    )
    assert passed(runs.pytest("-v")) == [
        "test_run[single]",
        "test_run[double]",
        "test_style[single]",
        "test_style[double]",
        "test_by_way_of_a_fixture[single]",
        "test_by_way_of_a_fixture[double]",
        "test_of_something_else",
    ]


def test_one_style_that_fails(runs: Runs) -> None:
    """A middleware that looks at how it is called fails as the one and passes as the other."""
    runs.file("""
    import functools
    import pytest
    from asgi_compat.testing import http

    class Middleware:
        def __init__(self, app):
            self.app = app
        def __call__(self, *arguments):
            assert len(arguments) == 3, "only called as ASGI3"
            return self.app(*arguments)

    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 200})

    def test_it(asgi_style):
        from asgi_compat.testing import in_style
        app = in_style(inner, asgi_style)
        if asgi_style == "double":
            Middleware(app)({"type": "http"})
    """)
    done = runs.pytest("-v")
    assert done.returncode == 1
    assert "test_it[single] PASSED" in done.stdout and "test_it[double] FAILED" in done.stdout
    assert "only called as ASGI3" in done.stdout


def test_what_a_failure_looks_like(runs: Runs) -> None:
    """The difference, once, without frames of ours, and of two transcripts that are compared by hand."""
    runs.file(
        SINGLE,
        """
    from asgi_compat.testing import assert_same, http, run

    async def other(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def test_same():
        assert_same(application, other, http("GET", "/"))

    def test_equal():
        assert run(application, http("GET", "/")) == run(other, http("GET", "/"))

    def test_numbers():
        assert 1 == 2
    """,
    )
    done = runs.pytest()
    assert done.returncode == 1 and "3 failed" in done.stdout, done.stdout
    assert "testing.py" not in done.stdout, done.stdout
    same, equal, numbers, _ = re.split(r"^_+ test_\w+ _+$|^=+ short test", done.stdout, flags=re.MULTILINE)[
        1:
    ]
    assert "the two applications do not answer the same" in same
    assert "http.response.start, status: 200 / 204" in same
    assert "two transcripts differ" in equal and "+ right (called single)" in equal
    assert "http.response.start, status: 200 / 204" in equal
    assert "assert 1 == 2" in numbers and "transcript" not in numbers


def test_without_an_application(runs: Runs) -> None:
    """Whoever forgets the fixture is told to define it."""
    runs.file("def test_it(asgi_run): pass\n")
    done = runs.pytest()
    assert done.returncode == 1
    assert "there is no application to test: define a fixture asgi_app" in done.stdout


def loaded(runs: Runs, *arguments: str) -> Set[str]:
    """The modules that are loaded while a test runs that asks for nothing."""
    runs.file(
        "import sys, pathlib\n"
        "def test_it():\n"
        "    pathlib.Path('modules').write_text(' '.join(sys.modules))\n",
        name="test_modules.py",
    )
    passed(runs.pytest("test_modules.py", *arguments, load=False))
    return set((runs.folder / "modules").read_text().split())


def test_it_costs_little_when_unused(runs: Runs) -> None:
    """It loads itself and the core, and nothing else that pytest has not loaded anyway."""
    # Beside a plugin that does nothing: pytest loads something to find and to name one.
    runs.file("", name="nothing.py")
    more = loaded(runs, *LOAD) - loaded(runs, "-p", "nothing")
    alone = set(runs.python("-c", "import asgi_compat, sys; print(*sys.modules)").stdout.split())
    core = {name for name in alone if name.split(".")[0] == "asgi_compat"}
    assert "asgi_compat._detect" in core and not core & {"asgi_compat._convert", "asgi_compat.testing"}
    ours = {name for name in more if name.split(".")[0] == "asgi_compat"}
    assert ours == core | {"asgi_compat.pytest_plugin"}
    # Python reads the metadata of a distribution, where pytest has its version from, by modules like `email`.
    others = {name.split(".")[0] for name in more} - {"asgi_compat"}
    assert (
        others & {"asyncio", "asgiref", "concurrent", "dataclasses", "inspect", "typing_extensions"} == set()
    )


def test_what_was_imported_before_pytest_does_not_warn(runs: Runs) -> None:
    """pytest rewrites the package of every plugin, and warns of one that is there unless that says no."""
    del runs.environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
    runs.file("def test_it():\n    pass\n")
    code = "import asgi_compat, pytest, sys; sys.exit(pytest.main(['-v', '-p', 'no:cacheprovider']))"
    assert passed(runs.python("-c", code)) == ["test_it"]


def test_the_check_above_can_fail(runs: Runs) -> None:
    """A test that uses a fixture does load the rest."""
    runs.file(
        SINGLE,
        FIXTURE,
        """
    def test_it(asgi_run):
        import sys
        assert {"asyncio", "asgi_compat.testing", "asgi_compat._convert"} <= set(sys.modules)
    """,
    )
    assert len(passed(runs.pytest("-v"))) == 2


def test_nothing_is_autouse(runs: Runs) -> None:
    """No fixture of ours is set up for a test that asks for none; no hook changes what is collected."""
    runs.file("def test_it():\n    pass\n")
    done = runs.pytest("--setup-show")
    passed(done)
    assert "1 passed" in done.stdout
    assert "test_it.py::test_it" in done.stdout and "asgi_" not in done.stdout.replace("asgi_compat", "")


def test_a_suite_may_have_names_of_its_own(runs: Runs) -> None:
    """A fixture of the same name in a test suite is the one that counts, also for ours."""
    runs.file(
        SINGLE,
        FIXTURE,
        """
    @pytest.fixture
    def asgi_style():
        return "double"
    """,
        name="conftest.py",
    )
    runs.file("""
    from asgi_compat.testing import http

    def test_it(asgi_run):
        assert asgi_run(http("GET", "/")).style.value == "double"
    """)
    assert passed(runs.pytest("-v")) == ["test_it"]
