"""``migrate``: rewrite ASGI2 source as ASGI3 source."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, List, Sequence

from .._terminal import emit, emit_as_is, say
from .._text import escape
from .command import Command, say_message
from .statuses import CLEAN, FINDINGS, REFUSED, USAGE, WOULD_CHANGE

if TYPE_CHECKING:
    from ..migrate import Result


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="file or folder")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--write", action="store_true", help="rewrite the files (default: print a diff)")
    mode.add_argument("--check", action="store_true", help="only say what would change; exit status 1 then")
    mode.add_argument("--report", choices=("html", "json"), help="output a report instead of a diff")
    parser.add_argument(
        "--only", action="append", default=[], metavar="REWRITE", help="do this rewrite; may be repeated"
    )
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        metavar="REWRITE",
        help="leave out this rewrite; may be repeated",
    )
    parser.add_argument(
        "--prove",
        action="append",
        default=[],
        metavar="MODULE[:APP]",
        help="import it as it is and as it would be, and compare what both do; nothing is written",
    )
    parser.add_argument("--app-dir", default="", metavar="DIR", help="directory of that module")
    parser.add_argument("--list", action="store_true", help="list the rewrites")


def _run(arguments: argparse.Namespace) -> int:
    from .. import migrate

    if arguments.list:
        width = max(map(len, migrate.REWRITES))
        emit("\n".join(f"{row.name:{width}}  {row.summary}" for row in migrate.REWRITES.values()), "rewrites")
        return CLEAN
    if arguments.prove:
        return _prove(arguments.prove, arguments.app_dir)
    try:
        rules = migrate.chosen(_names(arguments.only), _names(arguments.skip))
        if not arguments.paths:
            raise ValueError("name a file or a folder")
        results = list(migrate.migrate_paths(arguments.paths, rules))
    except FileNotFoundError as error:
        say_message(f"error: {error} does not exist")
        return USAGE
    except ValueError as error:
        say_message(f"error: {error}")
        return USAGE
    return _finish(arguments, results)


def _finish(arguments: argparse.Namespace, results: List[Result]) -> int:
    from .. import migrate

    if arguments.write:
        results = _write(arguments.paths, results)
    elif arguments.report:
        emit_as_is((migrate.as_json if arguments.report == "json" else migrate.as_html)(results) + "\n")
    elif not arguments.check:
        _emit_diff(results)
    _say_files(results, "rewritten" if arguments.write else "would be rewritten")
    if any(result.reason for result in results):
        return REFUSED
    changed = any(result.status == "rewritten" for result in results)
    return WOULD_CHANGE if arguments.check and changed else CLEAN


def _prove(targets: Sequence[str], app_dir: str) -> int:
    """Print what came of each application; 1 where two differ, 3 where none could be driven."""
    from ..migrate import ProofError, prove

    statuses = set()
    for target in targets:
        try:
            proofs = prove(target, app_dir=app_dir)
        except ProofError as error:
            say_message(f"error: {error}")
            statuses.add("not driven")
            continue
        if not proofs:
            say_message(f"{target}: no ASGI2 application is in it")
        for proof in proofs:
            emit(f"{proof.target}: {proof.status}: {proof.text}", "proof")
            statuses.add(proof.status)
    if "different" in statuses:
        return FINDINGS
    return REFUSED if "not driven" in statuses else CLEAN


def _names(values: Sequence[str]) -> List[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def _emit_diff(results: Sequence[Result]) -> None:
    from ..migrate import difference

    text = "".join(map(difference, results))
    if text:
        emit_as_is(text, "diff")


def _write(paths: Sequence[str], results: Sequence[Result]) -> List[Result]:
    """Write what changes, and return the results with those that could not be written."""
    from ..migrate import uncommitted

    changed = [result for result in results if result.status == "rewritten"]
    if changed and uncommitted(paths):
        say_message("warning: the tree has changes that are not committed; git cannot tell them from these")
    done: List[Result] = []
    try:
        for result in results:
            done.append(_written(result) if result.status == "rewritten" else result)
    except KeyboardInterrupt:  # say what is written already
        _say_files(done, "rewritten")
        raise
    return done


def _written(result: Result) -> Result:
    """Write one file, unless somebody else has written it meanwhile."""
    from ..migrate import write

    try:
        write(result.path, result.after, result.before)
    except OSError as error:
        reason = f"it cannot be written: {error.strerror}"
        return result._replace(status="unreadable", line=1, reason=reason)
    return result


def _say_files(results: Sequence[Result], verb: str) -> None:
    from ..migrate import totals

    for result in results:
        path = escape(result.path)
        if result.status == "rewritten":
            say(f"{path}: {verb} ({', '.join(result.rewrites)})", "files")
        elif result.reason:
            say(f"{path}:{result.line}: {result.reason}", "files")
        for line, text in result.warnings:
            say(f"{path}:{line}: warning: {text}", "files")
    count = totals(results)
    say(
        f"{len(results)} file{'' if len(results) == 1 else 's'}: {count['rewritten']} {verb},"
        f" {count['refused']} refused, {count['unreadable']} unreadable, {count['unchanged']} unchanged",
        "files",
    )


COMMAND = Command(
    "migrate",
    "rewrite ASGI2 source as ASGI3 source",
    _add_arguments,
    _run,
    meanings={WOULD_CHANGE: "with --check: there is something to rewrite", REFUSED: "a file is refused"},
)
