"""Everything in README.md, CHANGELOG.md, SECURITY.md, docs/ and examples/README.md that can run, runs.

A document is run from its first block to its last, as a reader would follow it. What a block is, is said by
the word after its fence:

``python``
    Runs. The blocks of one document share a namespace, in order. A first line that is nothing but a
    file name (``# myproject.py``) saves the block under that name as well, in the folder where the
    document's commands run. Lines ``#> text`` are what the block prints. Lines with ``>>>`` make it a
    doctest.
``console``
    ``$ command`` lines, each with what it prints below it. ``$ echo $?`` gives the status of the command
    before it; a status other than 0 that is not shown like that is a failure.
``sh``
    Commands, one a line; ``#`` lines are for the reader.
``text``
    Straight after one of the above (nothing but blank lines between): what it prints, as a whole.
    Elsewhere prose.
``json``, ``ini``
    Are parsed.
``dockerfile``
    What ``RUN`` and ``CMD`` start is treated as a command of ``sh``; nothing is listened on but 127.0.0.1.

In expected output ``...`` stands for anything, as in doctests.

Commands are recognised by the table `COMMANDS`: those of this library run, on a free port where they serve;
the server stays for the ``curl`` lines that follow and then gets its Ctrl-C. One that is started with
``--port 0``, where nobody could ask it, has to end by itself. Those that install something are read, not
run. A command without a row fails. A block that cannot run has ``<!-- not run: why -->`` above it; the last
test prints them all.
"""

from __future__ import annotations

import ast
import configparser
import contextlib
import dataclasses
import doctest
import http.client
import io
import json
import linecache
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from importlib.metadata import metadata
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple

import pytest
import requires

from asgi_compat import Quirks, rules

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_TIMEOUT = 60.0  # seconds
COMMAND_TIMEOUT = 120.0
STOP_TIMEOUT = 20.0

DOCUMENTS = [
    path
    for path in [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "SECURITY.md",
        *sorted(ROOT.glob("docs/**/*.md")),
        ROOT / "examples" / "README.md",
        ROOT / "benchmarks" / "README.md",
    ]
    if path.exists()
]

# Languages that are shown and not run. `text` is compared when it follows something that ran.
SHOWN = {"text", "diff", "http", "html", "mermaid"}
PARSED: Dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "ini": lambda text: configparser.ConfigParser(interpolation=None).read_string(text),
}
SHELLS = {"console", "sh"}

# What other packages a document may ask people to install.
KNOWN_PACKAGES = {"a2wsgi", "asgiref", "daphne", "granian", "granian[reload]", "hypercorn", "tox", "uvicorn"}


class Block(NamedTuple):
    """One fenced block: where it stands, what it is, and why it does not run when it says so."""

    line: int  # of its first line inside the fence, from 1
    language: str
    text: str
    not_run: Optional[str]
    follows: bool  # nothing but blank lines since the block before


FENCE = re.compile(r"^(?P<indent> *)(?P<fence>```+|~~~+) *(?P<info>[^`]*)$")
MARK = re.compile(r"^\s*<!-- *not run: *(?P<why>.+?) *-->\s*$")


def blocks(text: str) -> List[Block]:
    """Return the fenced blocks of a Markdown text, in order.

    >>> [(b.line, b.language, b.text) for b in blocks("a\\n```python\\nx = 1\\n```\\n")]
    [(3, 'python', 'x = 1\\n')]
    """
    found: List[Block] = []
    mark: Optional[str] = None
    follows = False
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        opened = FENCE.match(line)
        if opened is None:
            marked = MARK.match(line)
            if marked:
                mark, follows = marked.group("why"), False
            elif line.strip():
                mark, follows = None, False
            continue
        indent, fence = len(opened.group("indent")), opened.group("fence")
        inside: List[str] = []
        for _, line in lines:
            if line.strip() == fence:
                break
            inside.append(line[indent:] if line[:indent].strip() == "" else line)
        else:
            raise AssertionError(f"line {number}: the block has no end")
        language = opened.group("info").split(" ")[0]
        found.append(Block(number + 1, language, "\n".join(inside) + "\n", mark, follows))
        mark, follows = None, True
    return found


# -- what is printed -----------------------------------------------------------------------------


def compare(expected: str, got: str) -> None:
    """Fail with both texts when the output is not the one that is shown."""
    expected, got = expected.strip() + "\n", got.strip() + "\n"
    if not doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS):
        raise AssertionError(f"the document shows\n{expected}\nand it is\n{got}")


# -- commands ------------------------------------------------------------------------------------


class Result(NamedTuple):
    """What a command printed and its exit status."""

    out: str
    status: int


class Shell:
    """The terminal of one document: a folder, a server at most, and the last status."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = 0
        self.environment = dict(os.environ, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8", COLUMNS="100")
        self.server: Optional[subprocess.Popen[bytes]] = None
        self.command = ""
        self.log = folder / "server.log"
        self.ports: Dict[str, int] = {}  # as the document writes it -> as it is here

    def run(self, command: str) -> Result:
        """Run or check one command line, ``&&`` included."""
        out = ""
        for part in command.split("&&"):
            words = shlex.split(part, comments=True)
            if part.strip() == "echo $?":
                return Result(f"{self.status}\n", 0)
            for row in COMMANDS:
                if row.pattern.match(" ".join(words)):
                    result = row.run(self, words)
                    break
            else:
                raise AssertionError(
                    f"no rule for {part.strip()!r}: give it a row in COMMANDS of tests/test_documents.py, "
                    "or write <!-- not run: why --> above the block"
                )
            out += result.out
            self.status = result.status
            if self.status:
                break
        return Result(out, self.status)

    def start(self, words: List[str], port_default: str) -> Result:
        """Start a server on a free port and wait until it takes connections."""
        self.stop()
        with contextlib.closing(socket.socket()) as probe:
            probe.bind((HOST, 0))
            free = probe.getsockname()[1]
        written = port_default
        words = list(words)
        if "--host" in words:
            words[words.index("--host") + 1] = HOST
        if "--bind" in words:
            written = words[words.index("--bind") + 1].rpartition(":")[2]
            words[words.index("--bind") + 1] = f"{HOST}:{free}"
        elif "--port" in words:
            written = words[words.index("--port") + 1]
            words[words.index("--port") + 1] = str(free)
        else:
            words += ["--port", str(free)]
        self.ports = {written: free}
        self.command = " ".join(words)
        with open(self.log, "wb") as log:
            self.server = subprocess.Popen(
                words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            assert self.server.poll() is None, f"{self.command} ended at once:\n{self.log.read_text('utf-8')}"
            try:
                socket.create_connection((HOST, free), timeout=1).close()
                return Result("", 0)
            except OSError:
                assert time.monotonic() < deadline, (
                    f"{self.command} does not listen:\n{self.log.read_text('utf-8')}"
                )
                time.sleep(0.05)

    def stop(self) -> None:
        """End the server by Ctrl-C, if there is one, and hold that it ends with status 0."""
        if self.server is None:
            return
        log = self.end()
        assert "Traceback" not in log, f"{self.command}:\n{log}"

    def end(self) -> str:
        """End the server by Ctrl-C, hold that it ends with status 0, and give what it printed."""
        server, self.server = self.server, None
        assert server is not None
        try:
            # gunicorn's Ctrl-C is its quick shutdown, which uvicorn's worker waits out for 30 s.
            server.send_signal(signal.SIGTERM if "gunicorn" in self.command else signal.SIGINT)
            status = server.wait(STOP_TIMEOUT)
        finally:
            server.kill()
            server.wait()
        log = self.log.read_text("utf-8")
        assert status == 0, f"{self.command}: Ctrl-C ended it with status {status}:\n{log}"
        return log


def _execute(shell: Shell, words: List[str]) -> Result:
    shell.stop()
    done = subprocess.run(
        _on_this_python(words),
        cwd=shell.folder,
        env=shell.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=COMMAND_TIMEOUT,
    )
    return Result(done.stdout.decode(), done.returncode)


def _on_this_python(words: List[str]) -> List[str]:
    if words[0] in ("python", "python3"):
        return [sys.executable, *words[1:]]
    if words[0] == "asgi-compat":
        return [sys.executable, "-m", "asgi_compat", *words[1:]]
    if words[0] in ("uvicorn", "hypercorn", "gunicorn", "daphne", "granian"):
        return [sys.executable, "-m", *words]
    return words


def _serve(shell: Shell, words: List[str]) -> Result:
    return shell.start(_on_this_python(words), "8000")


def _curl(shell: Shell, words: List[str]) -> Result:
    def here(match: re.Match[str]) -> str:
        assert shell.server is not None, f"{' '.join(words)}: no server was started before it"
        assert match.group(2) in shell.ports, f"{' '.join(words)}: the server is on {list(shell.ports)}"
        return f"{match.group(1)}{HOST}:{shell.ports[match.group(2)]}"

    address = re.compile(r"(https?://|^)(?:127\.0\.0\.1|localhost):(\d+)")
    replaced = [address.sub(here, word) for word in words]
    assert replaced != words, f"{' '.join(words)}: only servers of this document are spoken to"
    if "-s" not in replaced:
        replaced.insert(1, "-s")
    done = subprocess.run(
        replaced, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30
    )
    return Result(done.stdout.decode(), done.returncode)


def _install(shell: Shell, words: List[str]) -> Result:
    extras = set(metadata("asgi-compat").get_all("Provides-Extra") or [])
    wanted = words[words.index("install") + 1 :]
    assert wanted, "pip install what?"
    for word in wanted:
        if word in ("-e", "--upgrade", "-U"):
            continue
        ours = re.fullmatch(r"(\.|asgi[-_]compat)(?:\[([\w,-]+)\])?", word)
        if ours:
            asked = set((ours.group(2) or "").split(",")) - {""}
            assert asked <= extras, f"{word}: setup.cfg has no extra {sorted(asked - extras)}"
        else:
            assert word in KNOWN_PACKAGES, f"{word}: not in KNOWN_PACKAGES of tests/test_documents.py"
    return Result("", 0)


def _tox(shell: Shell, words: List[str]) -> Result:
    asked = [name for i, word in enumerate(words) if i and words[i - 1] == "-e" for name in word.split(",")]
    tox_ini = (ROOT / "tox.ini").read_text(encoding="utf-8")
    for name in asked:
        known = re.search(rf"^\[testenv:{re.escape(name)}\]$", tox_ini, re.MULTILINE)
        in_matrix = re.fullmatch(r"py3(8|9|10|11|12|13)(-oldest|-examples)?", name)
        assert known or in_matrix, f"tox.ini has no environment {name}"
    return Result("", 0)


def _file_of_ours(shell: Shell, words: List[str]) -> Result:
    for word in words[1:]:
        assert (ROOT / word).exists(), f"{word} is not there"
    return Result("", 0)


def _benchmarks(shell: Shell, words: List[str]) -> Result:
    assert (ROOT / "benchmarks" / "__main__.py").exists()
    return Result("", 0)


def _nothing(shell: Shell, words: List[str]) -> Result:
    return Result("", 0)


class Command(NamedTuple):
    """How the commands that match are treated, and where they are run if it is not here."""

    pattern: re.Pattern[str]
    run: Callable[[Shell, List[str]], Result]
    why: str


COMMANDS = [
    Command(re.compile(r"(python3? -m )?pip install\b"), _install, "read: a test installs nothing"),
    Command(re.compile(r"(python3? -m )?tox\b"), _tox, "read: it is what runs this test"),
    Command(re.compile(r"bash \.ci/run$"), _file_of_ours, "read: it is what runs this test"),
    Command(re.compile(r"python3? -m benchmarks\b"), _benchmarks, "read: takes minutes"),
    Command(re.compile(r"(cd|git clone|source|\.|python3? -m venv)\b"), _nothing, "the reader's own machine"),
    Command(
        re.compile(r"(python3? -m asgi_compat|asgi-compat) serve\b(?!.*--help)(?!.*--port 0\b)"),
        _serve,
        "started, stopped",
    ),
    Command(re.compile(r"(python3? -m )?uvicorn\b"), _serve, "started, stopped"),
    Command(re.compile(r"(python3? -m )?(hypercorn|gunicorn)\b.* --bind\b"), _serve, "started, stopped"),
    Command(re.compile(r"(python3? -m )?(daphne|granian)\b.* --port\b"), _serve, "started, stopped"),
    Command(re.compile(r"curl\b"), _curl, "runs against the server before it"),
    Command(re.compile(r"(python3? -m asgi_compat|asgi-compat)\b"), _execute, "runs"),
    Command(re.compile(r"python3? (-c\b|-X\b|[\w/]+\.py\b)"), _execute, "runs"),
    Command(re.compile(r"python3? -m pytest\b"), _execute, "runs"),
]


# -- one document --------------------------------------------------------------------------------


class Document:
    """A document, run once from the top to the end; what became of each block is in `outcomes`."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.blocks = blocks(text)
        self.outcomes: Dict[int, Optional[BaseException]] = {}
        # A module, because frameworks look for annotations where a function says that it is from.
        self.module = types.ModuleType("document")
        self.space: Dict[str, Any] = vars(self.module)
        self.out: Optional[str] = None  # of the block before, when it ran

    def run(self) -> None:
        """Run every block that is to run. Does nothing the second time."""
        if self.outcomes or not self.blocks:
            return
        before = os.getcwd()
        path = list(sys.path)
        # Resolved: on some machines the folder for temporary files is behind a link.
        folder = Path(tempfile.mkdtemp(prefix="document-")).resolve()
        for name in ("examples", "benchmarks"):
            (folder / name).symlink_to(ROOT / name, target_is_directory=True)
        shell = Shell(folder)
        serving: Optional[int] = None
        try:
            os.chdir(folder)
            sys.path.insert(0, str(folder))
            sys.modules["document"] = self.module
            for block in self.blocks:
                try:
                    self.out = self.run_block(block, shell)
                    self.outcomes[block.line] = None
                except (Exception, SystemExit) as error:
                    self.out = None
                    self.outcomes[block.line] = error
                if shell.server is not None:
                    serving = block.line
            try:
                shell.stop()
            except (AssertionError, subprocess.TimeoutExpired) as error:
                assert serving is not None
                self.outcomes[serving] = error
        finally:
            os.chdir(before)
            sys.path[:] = path
            del sys.modules["document"]
            # Another document may have a module of that name.
            for name, module in list(sys.modules.items()):
                if str(getattr(module, "__file__", None) or "").startswith(f"{folder}{os.sep}"):
                    del sys.modules[name]
            if shell.server is not None:
                shell.server.kill()
                shell.server.wait()
            shutil.rmtree(folder)

    def run_block(self, block: Block, shell: Shell) -> Optional[str]:
        """Run one block and return what it printed, None when it is not of a kind that runs."""
        if block.not_run is not None:
            return None
        if block.language == "python":
            return self.run_python(block, shell.folder)
        if block.language in SHELLS:
            return run_commands(block, shell)
        if block.language == "dockerfile":
            return run_commands(block._replace(language="sh", text=started_by(block.text)), shell)
        if block.language == "text" and block.follows and self.out is not None:
            compare(block.text, self.out)
        elif block.language in PARSED:
            PARSED[block.language](block.text)
        elif block.language not in SHOWN:
            raise AssertionError(
                f"a block of {block.language or 'no language'!r}: see tests/test_documents.py"
            )
        return None

    def run_python(self, block: Block, folder: Path) -> str:
        """Run a block in the namespace of its document and compare what it prints with its ``#>`` lines."""
        first = block.text.split("\n", 1)[0]
        named = re.fullmatch(r"# *([\w/]+\.py)", first)
        if named:
            file = folder / named.group(1)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        name = f"{self.path.relative_to(ROOT).as_posix()}"
        out = io.StringIO()
        if re.search(r"^>>> ", block.text, re.MULTILINE):
            test = doctest.DocTestParser().get_doctest(
                block.text, self.space, name, str(self.path), block.line - 1
            )
            runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
            runner.run(test, out=out.write, clear_globs=False)
            self.space.update(test.globs)
            assert runner.failures == 0, out.getvalue()
            return ""
        # Blank lines in front, so that a traceback names the line of the document.
        code = compile("\n" * (block.line - 1) + block.text, str(self.path), "exec", dont_inherit=True)
        linecache.checkcache(str(self.path))
        with contextlib.redirect_stdout(out):
            exec(code, self.space)
        shown = re.findall(r"^#> ?(.*)$", block.text, re.MULTILINE)
        if shown:
            compare("\n".join(shown), out.getvalue())
        return out.getvalue()


def started_by(dockerfile: str) -> str:
    """Give the commands of a Dockerfile, one a line: those that build it, and what it starts.

    >>> started_by('FROM x\\nRUN a b\\nCMD ["c", "d e"]\\n')
    "a b\\nc 'd e'\\n"
    """
    lines = []
    for line in dockerfile.splitlines():
        word, _, rest = line.partition(" ")
        if word == "RUN":
            lines.append(rest)
        elif word == "CMD":
            lines.append(" ".join(shlex.quote(argument) for argument in json.loads(rest)))
        else:
            assert word in ("FROM", "WORKDIR", "COPY", "EXPOSE"), f"{line!r}: not known to this test"
    return "\n".join(lines) + "\n"


def run_commands(block: Block, shell: Shell) -> str:
    """Run the commands of a block, compare what is shown below each, and return all they printed."""
    commands: List[Tuple[str, List[str]]] = []
    joined = re.sub(r"\\\n\s*", " ", block.text)
    for line in joined.splitlines():
        if block.language == "sh":
            if line.strip() and not line.lstrip().startswith("#"):
                commands.append((line, []))
        elif line.startswith("$ "):
            commands.append((line[2:], []))
        elif commands:
            commands[-1][1].append(line)
        else:
            assert not line.strip(), f"{line!r}: a console block begins with '$ command'"
    assert commands, "the block has no command"
    everything = ""
    for position, (command, shown) in enumerate(commands):
        result = shell.run(command)
        told = position + 1 < len(commands) and commands[position + 1][0].strip() == "echo $?"
        assert result.status == 0 or told, f"{command} ended with status {result.status}:\n{result.out}"
        if any(line.strip() for line in shown):
            compare("\n".join(shown), result.out)
        everything += result.out
    return everything


# Documents that need more than this environment has, with the tests that run them.
APART = {ROOT / "docs" / "integrations.md": "tests/frameworks/test_integrations.py"}
READ = {path: Document(path, path.read_text(encoding="utf-8")) for path in DOCUMENTS if path not in APART}
# Start-up that nobody but asyncio.run() ends is what such a document is about (B35).
LAZY = {
    path: [pytest.mark.leaves_tasks] if "lazy_lifespan=True" in path.read_text("utf-8") else []
    for path in READ
}
CASES = [
    pytest.param(document, block, id=f"{path.relative_to(ROOT).as_posix()}:{block.line}", marks=LAZY[path])
    for path, document in READ.items()
    for block in document.blocks
    if block.not_run is None
]


@pytest.mark.parametrize("document, block", CASES)
def test_block(document: Document, block: Block) -> None:
    """Every block does what the document says it does."""
    document.run()
    error = document.outcomes[block.line]
    if error is not None:
        raise error


def test_what_does_not_run_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """A block is left out for a written reason only, and here they are."""
    with capsys.disabled():
        for path, document in READ.items():
            for block in document.blocks:
                if block.not_run is not None:
                    where = f"{path.relative_to(ROOT).as_posix()}:{block.line}"
                    print(f"\nnot run: {where}: {block.not_run}", end="")
                    assert len(block.not_run) > 10, f"{where}: that is no reason"


def test_the_readme_has_its_two_commands() -> None:
    """The two lines that do everything stand in it once each: .ci/run takes the second from there."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    stripped = [line.strip()[2:] if line.strip().startswith("$ ") else line.strip() for line in lines]
    assert stripped.count('python -m pip install ".[serve]" && python -m asgi_compat serve') == 1
    for command in ("python -m pip install tox && python -m tox", "python -m tox -m full"):
        assert stripped.count(command) == 1


# -- links -----------------------------------------------------------------------------------------


(_source,) = re.findall(r"^    Source = (\S+)", (ROOT / "setup.cfg").read_text("utf-8"), re.MULTILINE)
REPOSITORY = f"{_source}/blob/main/"


def anchors(text: str) -> Set[str]:
    """Give what the headings of a Markdown text can be linked by, as GitHub makes it of them.

    >>> sorted(anchors("# A `b_c`, d!\\n## e\\n"))
    ['a-b_c-d', 'e']
    """
    headings = re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT).as_posix()))
def test_links_lead_somewhere(path: Path) -> None:
    """Each link inside the repository is to a file that is there, and to a heading of it."""
    prose = re.sub(r"^( *)```.*?^\1```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        # The package index shows README.md, where relative links lead nowhere.
        folder = ROOT if link.startswith(REPOSITORY) else path.parent
        link = re.sub(f"^{re.escape(REPOSITORY)}", "", link)
        if "://" in link or link.startswith("mailto:"):
            continue
        assert path != ROOT / "README.md" or folder == ROOT, f"{link}: not absolute"
        file, _, anchor = link.partition("#")
        target = (folder / file).resolve() if file else path
        assert target.exists(), f"{link}: there is no such file"
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), f"{link}: there is no such heading"


# -- the tables of docs/quirks.md ------------------------------------------------------------------


def table(page: Path, first: str) -> List[List[str]]:
    """Give the rows of the table of a page whose first column is called so, the head left out."""
    lines = page.read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


QUIRKS = ROOT / "docs" / "quirks.md"


def test_every_quirk_is_on_its_page() -> None:
    """Each field of `Quirks` in its order, with its rules, its default, its values and a section."""
    rows = [[cell.strip() for cell in row] for row in table(QUIRKS, "field")]
    named = [re.fullmatch(r"\[`(\w+)`\]\(#(\w+)\)", row[0]) for row in rows]
    assert all(match is not None and match.group(1) == match.group(2) for match in named), named
    fields = {field.name: field for field in dataclasses.fields(Quirks)}
    assert [match.group(1) for match in named if match] == list(fields)
    text = QUIRKS.read_text("utf-8")
    for row, field in zip(rows, fields.values()):
        choosing = {rule.id for rule in rules() if field.name in rule.quirk.split(", ")}
        assert choosing and choosing <= set(row[1].split(", ")), f"{field.name}: {choosing}, not {row[1]}"
        assert ast.literal_eval(row[2].strip("`")) == field.default, field.name
        values = [ast.literal_eval(value) for value in re.findall(r"`([^`]+)`", row[3])]
        assert values[0] == field.default and len(values) > 1, field.name
        for value in values:
            assert getattr(Quirks(**{field.name: value}), field.name) == value
        section = re.search(rf"^### {field.name}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
        assert section is not None, f"{field.name} has no section"
        assert section.group(1).lstrip().startswith(row[1].split(", ")[0]), f"{field.name}: no rule first"
        assert "```python" in section.group(1), f"{field.name} has no example"


def test_the_words_of_a_quirk_are_all_there() -> None:
    """Where a field is a choice, the page names each value: the error for another one lists them."""
    rows = {row[0][2:].partition("`")[0]: row for row in table(QUIRKS, "field")}
    choices = [field.name for field in dataclasses.fields(Quirks) if field.name != "placeholder_client"]
    for name in choices:
        with pytest.raises(ValueError) as caught:
            Quirks(**{name: "coffee"})  # type: ignore[arg-type]
        known = str(caught.value).partition(", expected ")[2].split(" or ")
        shown = [repr(ast.literal_eval(value)) for value in re.findall(r"`([^`]+)`", rows[name][3])]
        assert sorted(shown) == sorted(known), name


def test_every_other_host_is_on_the_page_of_compatibility() -> None:
    """Each with the release that its environment pins."""
    page = ROOT / "docs" / "compatibility.md"
    shown = {row[0]: row[1].strip() for row in (*table(page, "server"), *table(page, "host"))}
    tests = {name: ROOT / "tests" / name for name in ("servers", "frameworks")}
    in_process = re.findall(
        r'^    "(.+)": \("\w+", by_', (tests["frameworks"] / "test_hosts.py").read_text("utf-8"), re.MULTILINE
    )
    assert len(in_process) > 5 and list(shown)[-len(in_process) :] == in_process
    pinned = "".join((tests[name] / "requirements.txt").read_text("utf-8") for name in tests)
    for name, releases in shown.items():
        for release in releases.split(", "):
            assert f"\n{release.replace(' ', '==')}\n" in pinned, f"{name}: {release}"


def test_constraints_of_channels_2_3_are_those_of_2_4() -> None:
    """The tests of Channels 2.4 install the one file; the other must not fall behind."""
    folder = ROOT / "docs" / "constraints"

    def pins(name: str) -> List[str]:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not line.startswith(("#", "channels==", "Django=="))]

    assert pins("channels-2.3.txt") == pins("channels-2.4-django-2.2.txt") != []


# -- what servers print ----------------------------------------------------------------------------


class Said(NamedTuple):
    """What a server prints of an application that is not for it, word for word."""

    server: str  # with its options
    app: str
    message: str
    earlier: str = ""  # the same from the last release that Python 3.8 and 3.9 have


CALLED_TWICE = """
def application(scope):
    async def instance(receive, send): ...
    return instance
app = application
class Framework:
    def __call__(self, scope):
        return application(scope)
framework = Framework()
class App:
    def __init__(self, scope, receive=None, send=None): ...
    async def __call__(self, receive, send): ...
import functools
def taking_any(scope, *arguments):
    return functools.partial(print, scope)
"""
CALLED_ONCE = """
import functools
async def application(scope, receive, send): ...
partial = functools.partial(application)
def answering(**start):
    async def application(scope, receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": [], **start})
        await send({"type": "http.response.body", "body": b""})
    return application
text_headers = answering(headers=[("a", "b")])
dict_headers = answering(headers={"content-type": "text/plain"})
text_status = answering(status="200")
async def content(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.content", "content": b""})
async def text_body(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": "text"})
"""
TAKES = "TypeError: application() takes 1 positional argument but {} were given"
SAID = [
    Said("uvicorn --interface asgi3", "twice:application", TAKES.format(3)),
    Said("hypercorn", "twice:application", TAKES.format(2)),
    Said(
        "uvicorn --interface asgi3",
        "twice:framework",
        "__call__() takes 2 positional arguments but 4 were given",
    ),
    Said("hypercorn", "twice:framework", "__call__() takes 2 positional arguments but 3 were given"),
    Said("hypercorn", "twice:App", "TypeError: object App can't be used in 'await' expression"),
    Said(
        "hypercorn",
        "twice:taking_any",
        "TypeError: 'functools.partial' object is not iterable",
        "RuntimeError: WSGI app did not call start_response",
    ),
    Said("hypercorn", "twice:App", "ASGI Framework Lifespan error, continuing without Lifespan support"),
    Said(
        "uvicorn",
        "once:partial",
        "TypeError: application() missing 2 required positional arguments: 'receive' and 'send'",
    ),
    Said("uvicorn", "once:application", "ASGI callable returned without starting response."),
    Said("uvicorn", "once:text_headers", "ASGI 'lifespan' protocol appears unsupported."),
    Said("uvicorn", "once:text_headers", "TypeError: cannot use a bytes pattern on a string-like object"),
    Said("hypercorn", "once:text_headers", "TypeError: string argument without an encoding"),
    Said("uvicorn", "once:dict_headers", "ValueError: too many values to unpack (expected 2)"),
    Said("uvicorn --http httptools", "once:text_status", "KeyError: '200'"),
    Said(
        "uvicorn",
        "once:content",
        "RuntimeError: Expected ASGI message 'http.response.body', but got 'http.response.content'.",
    ),
    Said(
        "hypercorn",
        "once:content",
        "UnexpectedMessageError: Unexpected message type, http.response.content given the state"
        " ASGIHTTPState.RESPONSE",
    ),
    Said("uvicorn", "once:text_body", "TypeError: sequence item 1: expected a bytes-like object, str found"),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """Serve an application, ask it once, and give what the server printed. Each is started once."""
    folder = tmp_path_factory.mktemp("said")
    (folder / "twice.py").write_text(CALLED_TWICE, encoding="utf-8")
    (folder / "once.py").write_text(CALLED_ONCE, encoding="utf-8")
    logs: Dict[Tuple[str, str], str] = {}

    def log(server: str, app: str) -> str:
        if (server, app) not in logs:
            name, *options = server.split(" ")
            requires.package(name)
            bind = ["--bind", f"{HOST}:8000"] if name == "hypercorn" else []
            shell = Shell(folder)
            shell.start([sys.executable, "-m", name, app, *options, *bind], "8000")
            connection = http.client.HTTPConnection(HOST, shell.ports["8000"], timeout=10)
            with contextlib.suppress(http.client.HTTPException, OSError):
                connection.request("GET", "/")
                connection.getresponse().read()
            connection.close()
            logs[server, app] = shell.end()
        return logs[server, app]

    return log


@pytest.mark.parametrize("said", SAID, ids=[f"{said.server} {said.app} {n}" for n, said in enumerate(SAID)])
def test_servers_print_what_the_page_says(said: Said, printed: Callable[[str, str], str]) -> None:
    """A message that people search for stands in docs/old-app.md as the server prints it."""
    log = printed(said.server, said.app)
    message = said.earlier if said.earlier and said.earlier in log else said.message
    assert message in log, log
    page = (ROOT / "docs" / "old-app.md").read_text("utf-8").splitlines()
    rows = [line.split(" | ") for line in page if line.startswith("| ") and message in line]
    named = [row for row in rows if said.server.partition(" ")[0] in row[1]]
    assert named, f"no row has {message!r} from {said.server}"


# -- the machinery above can fail ------------------------------------------------------------------

BROKEN = {
    "python raises": "```python\n1 / 0\n```",
    "python prints something else": "```python\nprint(2)\n#> 3\n```",
    "text shows something else": "```python\nprint(2)\n```\n\n```text\n3\n```",
    "doctest is wrong": "```python\n>>> 1 + 1\n3\n```",
    "name of a later block": "```python\nprint(later)\n```\n```python\nlater = 1\n```",
    "unknown command": "```console\n$ make coffee\n```",
    "unknown extra": '```sh\npython -m pip install ".[coffee]"\n```',
    "unknown environment": "```sh\npython -m tox -e coffee\n```",
    "command fails": "```console\n$ python -c 'raise SystemExit(3)'\n```",
    "status is another": "```console\n$ python -c 'raise SystemExit(3)'\n$ echo $?\n2\n```",
    "output is another": "```console\n$ python -c 'print(1)'\n2\n```",
    "curl without server": "```sh\ncurl http://127.0.0.1:8000/\n```",
    "no language": "```\nsomething\n```",
    "json is not json": "```json\n{,}\n```",
    "container starts nothing": '```dockerfile\nFROM x\nCMD ["python", "-m", "uvicorn", "coffee:app"]\n```',
    "container installs coffee": "```dockerfile\nFROM x\nRUN python -m pip install coffee\n```",
}
WHOLE = {
    "namespace is shared": "```python\nx = 1\n```\nprose\n```python\nprint(x)\n#> 1\n```",
    "text is compared": "```python\nprint(2)\n```\n\n```text\n2\n```",
    "doctest sees the names": "```python\nx = 1\n```\n```python\n>>> x\n1\n```",
    "file is saved": "```python\n# saved.py\nx = 5\n```\n"
    "```console\n$ python -c 'import saved; print(saved.x)'\n5\n```",
    "status is shown": "```console\n$ python -c 'raise SystemExit(3)'\n$ echo $?\n3\n```",
    "marked": "<!-- not run: it would divide by zero -->\n```python\n1 / 0\n```",
    "text alone": "```text\nprose\n```",
    "in a list": "- item\n\n  ```python\n  x = 1\n  ```\n",
    "parsed": "```json\n{}\n```\n```ini\n[a]\nb = c\n```",
    "installing": '```sh\npython -m pip install ".[serve]" && python -m tox -e lint\n```',
}


def _outcomes(text: str) -> List[BaseException]:
    document = Document(ROOT / "README.md", text)
    document.run()
    return [error for error in document.outcomes.values() if error is not None]


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_wrong_document_is_found_out(text: str) -> None:
    """One fault, one failure."""
    assert len(_outcomes(text)) == 1


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_a_right_document_passes(text: str) -> None:
    """What the rules at the top allow."""
    assert _outcomes(text) == []


def test_a_server_is_started_spoken_to_and_stopped() -> None:
    """`serve` takes a free port whatever the document says, and `curl` follows it there."""
    application = (
        "```python\n# served.py\ndef app(scope):\n    async def instance(receive, send):\n"
        "        await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n"
        "        await send({'type': 'http.response.body', 'body': b'hello'})\n    return instance\n```\n"
    )
    served = "```sh\npython -m uvicorn served:app --lifespan off\n```\n"
    asked = "```console\n$ curl http://127.0.0.1:8000/\nhello\n```\n"
    assert _outcomes(application + served + asked) == []
    wrong = asked.replace("hello", "goodbye")
    assert len(_outcomes(application + served + wrong)) == 1
    assert len(_outcomes(application + served.replace("served:app", "served:nothing") + asked)) == 2
