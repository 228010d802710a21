"""Real frameworks, servers, agents, proxies and compiled modules: is the verdict what driving proves?"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any, Dict, List

import pytest
from driving import answers, answers_wsgi, call_double, call_single, leaving_no_threads, product_of, serve
from packaging.requirements import Requirement
from specimens_frameworks import ROWS, Row

from asgi_compat import (
    DetectionError,
    Style,
    classify,
    guarantee_double_callable,
    guarantee_single_callable,
    is_double_callable,
    is_single_callable,
)

# Warnings are errors here as everywhere, except what other people's modules say while they are
# imported or closed; "never awaited" and an error in a destructor stay errors.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ImportWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("error:coroutine .* was never awaited:RuntimeWarning"),
]

HERE = Path(__file__).parent
FILES = ("requirements.txt", "requirements-previous.txt")


def pins(name: str) -> Dict[str, str]:
    """The exact versions of a requirements file, by normalised name."""
    found = {}
    for line in (HERE / name).read_text().splitlines():
        line = line.partition("#")[0].strip()
        if line:
            requirement = Requirement(line)
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", f"{name}: {line!r} is not an exact version"
            found[normal(requirement.name)] = specifier.version
    return found


def normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def unmet(row: Row, installed: Dict[str, str]) -> List[str]:
    """The requirements of a row that these versions do not satisfy."""
    found = []
    for need in row.needs:
        requirement = Requirement(need)
        version = installed.get(normal(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            found.append(need)
    return found


INSTALLED = {
    normal(each.metadata["Name"]): each.version for each in metadata.distributions() if each.metadata["Name"]
}


def named(row: Row) -> str:
    return row.name


@pytest.fixture
def row(request: Any) -> Row:
    """A row whose libraries are here."""
    here: Row = request.param
    missing = unmet(here, INSTALLED)
    if missing:
        # `test_nothing_is_skipped_that_could_run` watches that this is only so for the other file's rows.
        pytest.skip(f"needs {', '.join(missing)}")
    return here


every_row = pytest.mark.parametrize("row", ROWS, ids=named, indirect=True)


def test_every_row_runs_with_one_of_the_two_requirements_files() -> None:
    """A row that neither file satisfies would be skipped for ever."""
    files = [pins(name) for name in FILES]
    assert [row.name for row in ROWS if all(unmet(row, versions) for versions in files)] == []


def test_names_are_unique() -> None:
    """A row is found by its name."""
    names = [row.name for row in ROWS]
    assert sorted(set(names)) == sorted(names)


def test_nothing_is_skipped_that_could_run() -> None:
    """In an environment made for these tests, every row of its requirements file runs."""
    whole = [
        name for name in FILES if all(INSTALLED.get(each) == version for each, version in pins(name).items())
    ]
    if not whole:
        pytest.skip("neither requirements file is installed whole: python -m tox -e frameworks")
    for name in whole:
        versions = pins(name)
        assert [row.name for row in ROWS if not unmet(row, versions) and unmet(row, INSTALLED)] == []


@every_row
@leaving_no_threads
def test_truth(row: Row) -> None:
    """The labelled call answers and no other does."""
    single = answers(call_single, row.make(), row.scope, row.lifespan)
    double = answers(call_double, row.make(), row.scope, row.lifespan)
    wsgi = answers_wsgi(row.make())
    assert (single, double, wsgi) == (
        row.truth in ("SINGLE", "EITHER"),
        row.truth in ("DOUBLE", "EITHER"),
        row.truth == "WSGI",
    )
    if row.truth in ("FACTORY", "NOT_AN_APP"):
        product = product_of(row.make())
        makes_an_app = answers(call_single, product, row.scope, row.lifespan) or answers(
            call_double, product, row.scope, row.lifespan
        )
        assert makes_an_app is (row.truth == "FACTORY")


@every_row
def test_verdict(row: Row) -> None:
    """The verdict is the truth, or says that it does not know where the row says why."""
    verdict = classify(row.make())
    expected = Style.UNKNOWN if row.unknown else Style[row.truth]
    assert verdict.style is expected, verdict
    assert verdict.reason
    if expected not in (Style.SINGLE, Style.DOUBLE, Style.EITHER):
        assert verdict.remedy
        assert row.remedy in verdict.remedy


@every_row
def test_views(row: Row) -> None:
    """The two questions agree with the verdict."""
    app = row.make()
    known = not row.unknown
    assert is_single_callable(app) is (known and row.truth in ("SINGLE", "EITHER"))
    assert is_double_callable(app) is (known and row.truth in ("DOUBLE", "EITHER"))


def adapt(row: Row, guarantee: Any, call: Any) -> None:
    app = row.make()
    if row.truth in ("SINGLE", "DOUBLE", "EITHER"):
        adapted = guarantee(app)
        sent = serve(call, adapted, row.scope, row.lifespan)
        assert sent[0]["type"] in ("http.response.start", "websocket.accept", "websocket.close")
        # What is adapted stays so, and nothing is stacked on it.
        assert guarantee(adapted) is adapted
    elif row.truth == "UNKNOWN":
        # Nothing is behind it when the connection comes either: its own error passes through.
        adapted = guarantee(app)
        with pytest.raises(RuntimeError):
            serve(call, adapted, row.scope)
    elif row.unknown and row.meets is not DetectionError:
        adapted = guarantee(app)
        if row.meets is None:
            assert serve(call, adapted, row.scope)
        else:
            with pytest.raises(row.meets):
                serve(call, adapted, row.scope)
    else:
        with pytest.raises(DetectionError) as caught:
            # At wrap time, or at the first connection when nothing was known before.
            adapted = guarantee(app)
            assert row.unknown, f"{row.name} was wrapped: {adapted!r}"
            serve(call, adapted, row.scope)
        assert caught.value.reason
        assert caught.value.remedy
        assert row.remedy in caught.value.remedy


@every_row
@leaving_no_threads
def test_guarantee_single(row: Row) -> None:
    """guarantee_single_callable runs an application of either style and refuses everything else."""
    adapt(row, guarantee_single_callable, call_single)
    if row.truth == "SINGLE" and not row.unknown:
        app = row.make()
        assert guarantee_single_callable(app) is app


@every_row
@leaving_no_threads
def test_guarantee_double(row: Row) -> None:
    """guarantee_double_callable runs an application of either style and refuses everything else."""
    adapt(row, guarantee_double_callable, call_double)
    if row.truth == "DOUBLE" and not row.unknown:
        app = row.make()
        assert guarantee_double_callable(app) is app
