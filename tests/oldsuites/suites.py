"""Run a project's own test suite without us and through us, and say which tests end otherwise.

    python -m tests.oldsuites.suites                 # all of projects.py and current.py
    python -m tests.oldsuites.suites 'fastapi 0.27.2'     # one, with what its failures say

The source distribution comes from the index with the hash that is pinned there, is unpacked anew
for each run, and nothing in it is changed. Environments and distributions are kept where those of
tests/legacy are kept.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from tests.legacy import environments

from .current import CURRENT
from .projects import OLD, PYTHON, WITHOUT, Difference, Project

PROJECTS = {**OLD, **CURRENT}

# Seconds. The slowest suite takes 20 of them on an idle machine.
PATIENCE = 600

# How many more times at most a difference is asked for before it is believed.
AGAIN = 4

HANDING = Path(__file__).resolve().with_name("handing.py")
GOOD = ("passed", "xfailed", "skipped")


@dataclass(frozen=True)
class Run:
    """One suite, one way: the outcome of each test, and which reached an application through us."""

    project: Project
    way: str
    outcomes: Mapping[str, str]
    reached: Mapping[str, int]
    reasons: Mapping[str, str]
    printed: str

    @property
    def failed(self) -> List[str]:
        return [test for test, outcome in self.outcomes.items() if outcome not in GOOD]

    def __str__(self) -> str:
        text = f"{len(self.outcomes) - len(self.failed)}/{len(self.outcomes)}"
        return text if self.way == WITHOUT else f"{text} ({len(self.reached)} through us)"


class SuiteDidNotRun(Exception):
    """pytest of the old environment ended without a result; the message is what it printed."""


def environment(project: Project) -> str:
    """The interpreter of the environment with the project, its pins and its pytest in it."""
    return environments.make(
        f"suite-{project.requirements.stem}", project.python, [[str(project.requirements)]]
    )


def distribution(project: Project, python: str) -> Path:
    """The source distribution, downloaded once; RuntimeError when it is not what was pinned."""
    folder = environments.folder() / "distributions"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.tar.gz"):
        if hashlib.sha256(file.read_bytes()).hexdigest() == project.sha256:
            return file
    with tempfile.TemporaryDirectory() as scratch:
        # pip checks hashes of what is written in a file only.
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text(f"{project.name}=={project.version} --hash=sha256:{project.sha256}\n")
        command = [python, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--no-deps"]
        command += ["--no-binary", project.name, "--require-hashes", "-r", str(wanted)]
        if project.python == PYTHON:
            # pip wants to know the name that the distribution gives itself, and runs its build for it: with
            # what is pinned in this environment, or it would download the current build tools.
            command.append("--no-build-isolation")
        done = subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
    return distribution(project, python)


def run(project: Project, way: str, tests: Sequence[str] = ()) -> Run:
    """Run the suite, or only `tests` of it, in one of WAYS; SuiteDidNotRun when there is no result."""
    python = environment(project)
    with tempfile.TemporaryDirectory(prefix=f"oldsuite_{project.name}_") as scratch:
        where = Path(scratch)
        with tarfile.open(distribution(project, python)) as archive:
            # Python 3.12 warns where none is chosen; early 3.8 to 3.11 have none to choose.
            archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
            archive.extractall(where / "unpacked")
        (suite,) = (where / "unpacked").iterdir()
        # Not the whole checkout: the suite would find our tests/ and examples/ in it.
        ours = where / "path"
        ours.mkdir()
        shutil.copy(HANDING, ours / "oldsuite_handing.py")
        (ours / "asgi_compat").symlink_to(environments.REPOSITORY / "asgi_compat")
        seen, temporary = where / "seen.json", where / "tmp"
        temporary.mkdir()
        task = {
            "way": way,
            "single": project.title in CURRENT,
            "clients": project.clients,
            "applications": project.applications,
            "loaders": project.loaders,
            "absent": project.absent,
            "seen": str(seen),
        }
        variables = {
            name: value
            for name, value in environments.INHERITED.items()
            # Of the run that asks: tox's, pytest's, CI's (bocadillo skips tests there).
            if not name.startswith(("PYTEST", "PYTHON", "TOX", "ASGI_COMPAT", "VIRTUAL_ENV", "COV"))
        }
        variables.update(
            OLDSUITE=json.dumps(task),
            PYTHONPATH=os.pathsep.join([str(ours)] + [str(suite / folder) for folder in project.path]),
            PYTHONDONTWRITEBYTECODE="1",
            # daphne's suite passes results in a file with a fixed name there.
            TMPDIR=str(temporary),
        )
        command = [python, "-m", "pytest", "-p", "oldsuite_handing", "-p", "no:cacheprovider", "-q"]
        command += project.options
        try:
            done = subprocess.run(
                command + list(tests or project.tests),
                cwd=suite,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired as expired:
            raise SuiteDidNotRun(f"{project.title} {way}: {PATIENCE} s:\n{_text(expired.output)}") from None
        if not seen.exists():
            raise SuiteDidNotRun(f"{project.title} {way}:\n{done.stdout[-3000:]}")
        return Run(project, way, printed=done.stdout, **json.loads(seen.read_text()))


def _text(output: Any) -> str:
    # What a TimeoutExpired holds is bytes on some Pythons, whatever was asked for.
    return (output.decode(errors="replace") if isinstance(output, bytes) else output or "")[-3000:]


@functools.lru_cache(maxsize=None)
def whole(name: str, way: str) -> Run:
    """The whole suite of a project, run once in each way."""
    return run(PROJECTS[name], way)


def run_some_at_a_time(wanted: Iterable[Tuple[str, str]]) -> None:
    """Run suites, each a title and a way, several at a time: they wait more than they work.

    What goes wrong is left to who asks for that run: it is made again then.
    """
    runs = list(wanted)
    titles = list(dict.fromkeys(title for title, way in runs))
    # One project of each environment makes it.
    makers = {PROJECTS[title].requirements: PROJECTS[title] for title in titles}.values()
    with ThreadPoolExecutor(environments.jobs()) as pool:
        wait([pool.submit(environment, project) for project in makers])
        wait([pool.submit(_fetch, PROJECTS[title]) for title in titles])
        wait([pool.submit(whole, title, way) for title, way in runs])


def _fetch(project: Project) -> None:
    distribution(project, environment(project))


def differing(before: Run, after: Run) -> Dict[str, Tuple[Optional[str], Optional[str]]]:
    """Each test whose outcome is not the same, and both outcomes; None for a test that is not there."""
    tests = {**before.outcomes, **after.outcomes}
    outcomes = {test: (before.outcomes.get(test), after.outcomes.get(test)) for test in tests}
    return {test: pair for test, pair in outcomes.items() if pair[0] != pair[1]}


def differences(name: str, way: str) -> Dict[str, Tuple[Optional[str], Optional[str]]]:
    """What ends otherwise through us than without us, however often it is asked.

    Some of these suites race with the clock, or with a server of their own at a random port. What differs
    and is not on record is asked again, both ways alike, until one outcome has been seen on both sides:
    that was chance.
    """
    project = PROJECTS[name]
    found = differing(whole(name, WITHOUT), whole(name, way))
    sides = {test: ({before}, {after}) for test, (before, after) in found.items()}
    for _ in range(AGAIN):
        asked = [
            test
            for test, pair in found.items()
            if None not in pair and difference_for(project, way, test) is None and test in sides
        ]
        if not asked:
            break
        before, after = run(project, WITHOUT, asked), run(project, way, asked)
        for test in asked:
            sides[test][0].add(before.outcomes.get(test))
            sides[test][1].add(after.outcomes.get(test))
            if sides[test][0] & sides[test][1]:
                del sides[test]
    return {test: found[test] for test in sides}


def difference_for(project: Project, way: str, test: str) -> Optional[Difference]:
    """The difference on record for this test, or None."""
    for difference in project.differences:
        if (not difference.ways or way in difference.ways) and test.startswith(difference.tests):
            return difference
    return None


def table(runs: Sequence[Run]) -> str:
    """Project x way, passed of run, in Markdown."""
    ways = {one.way: None for one in runs}
    rows = {one.project.title: None for one in runs}
    cells = {(one.project.title, one.way): str(one) for one in runs}
    lines = ["| own suite of | " + " | ".join(ways) + " |", "|---|" + "---|" * len(ways)]
    for title in rows:
        lines.append(f"| {title} | " + " | ".join(cells.get((title, way), "") for way in ways) + " |")
    return "\n".join(lines)


def main(names: Sequence[str]) -> int:
    """Print the table, and every difference with its end; 1 when one is not on record."""
    wanted = [(name, way) for name in names or PROJECTS for way in PROJECTS[name].ways]
    run_some_at_a_time(wanted)
    runs = [whole(name, way) for name, way in wanted]
    print(table(runs))
    status = 0
    for one in runs:
        for test in one.failed if one.way == WITHOUT else ():
            print(f"{one.project.title}, {one.way}: {test}: {one.outcomes[test]}")
        if one.way == WITHOUT:
            continue
        for test, (before, after) in differences(one.project.title, one.way).items():
            known = difference_for(one.project, one.way, test)
            print(f"{one.project.title}, {one.way}: {test}: {before} without us, {after} with us")
            print(f"    {known.why}" if known else one.reasons.get(test, ""))
            status = status if known else 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
