"""Print a report, for people and for programs."""

from __future__ import annotations

import textwrap
from typing import Any, Dict, List, Sequence

from asgi_compat import Style
from asgi_compat._text import plural

from .report import Finding, Report

#: Raised when a key is renamed or removed, or means something else; new keys may be added at any time.
JSON_VERSION = 1


def as_json(target: str, report: Report) -> Dict[str, Any]:
    """Give a report as what ``json.dumps`` takes; docs/check.md says what each key is.

    >>> from asgi_compat import classify
    >>> sorted(as_json("m:app", Report(classify(print), "single", (), (), ())))
    ['called', 'conversations', 'findings', 'notes', 'reason', 'style', 'target', 'version']
    """
    return {
        "version": JSON_VERSION,
        "target": target,
        "style": report.verdict.style.name.lower(),
        "reason": report.verdict.reason,
        "called": report.called,
        "conversations": [row._asdict() for row in report.conversations],
        "findings": [{**row._asdict(), "conversations": list(row.conversations)} for row in report.findings],
        "notes": [{**row._asdict(), "conversations": list(row.conversations)} for row in report.notes],
    }


_LABELS = {
    "specification": "forbidden by the specification",
    "servers": "permitted, but not every server accepts it",
    "application": "the application itself",
}


def as_text(target: str, report: Report, command: str = "") -> str:
    """Give a report as what a person reads: the conversations, the findings, the notes, a summary.

    `command` is the one that serves the application, where the target needs options.

    >>> from asgi_compat import classify
    >>> print(as_text("m:app", Report(classify(print), "single", (), (), ())).splitlines()[-1])
    No findings in 0 conversations.
    """
    verdict = report.verdict
    called = {
        "single": "called app(scope, receive, send)",
        "double": "called app(scope)(receive, send)",
    }.get(report.called, "called in the way that it accepts")
    lines = [
        f"{target} is {_STYLES.get(verdict.style, verdict.style.value)} ({verdict.reason}): {called}",
        "",
    ]
    width = max([len(row.name) for row in report.conversations] or [0])
    lines += [f"  {row.name:<{width}}  {row.result}" for row in report.conversations]
    if report.conversations:
        lines.append("")
    for finding in report.findings:
        what = ": ".join(part for part in (finding.event, finding.field) if part)
        lines.append(f"{finding.rule or finding.problem}  {what}".rstrip() + f"  [{_LABELS[finding.level]}]")
        lines += _pair("sent" if finding.problem in ("repaired", "refused") else "did", finding.sent)
        lines += _pair("specification", finding.specification)
        lines += _pair("to_asgi3", finding.to_asgi3)
        lines += _pair("seen in", _listed(finding.conversations, len(report.conversations)))
        lines.append("")
    for note in report.notes:
        where = _listed(note.conversations, len(report.conversations))
        lines += _wrapped(f"note  {where}: {note.text}" + (f" [{note.rule}]" if note.rule else ""), 6)
    if report.notes:
        lines.append("")
    return "\n".join(lines + _summary(target, report, command))


_STYLES = {
    Style.SINGLE: "single-callable",
    Style.DOUBLE: "double-callable",
    Style.EITHER: "single- and double-callable",
    Style.UNKNOWN: "of a style that only a call can show",
}


def _pair(name: str, text: str) -> List[str]:
    return _wrapped(f"    {name:<14} {text}", 19)


def _wrapped(text: str, indent: int) -> List[str]:
    return textwrap.wrap(
        text, 110, subsequent_indent=" " * indent, break_on_hyphens=False, break_long_words=False
    )


def _listed(names: Sequence[str], all_of_them: int) -> str:
    """Some names, the first of them in full."""
    if len(names) == all_of_them and len(names) > 3:
        return "every conversation"
    if len(names) <= 3:
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{', '.join(names[:2])} and {len(names) - 2} more"


def _summary(target: str, report: Report, command: str) -> List[str]:
    conversations = plural(len(report.conversations), "conversation")
    if not report.findings:
        return [f"No findings in {conversations}."]
    lines = [f"{plural(len(report.findings), 'finding')} in {conversations}, {_fixed(report)} by to_asgi3."]
    # Where startup fails for good, nothing is served.
    starts = all(row.fixed for row in report.findings if _is_lifespan(row))
    fixed = [row for row in report.findings if row.fixed]
    helps = len(fixed) == len(report.findings) or any(not _is_lifespan(row) for row in fixed)
    if starts and fixed and helps:
        lines.append(f"Or run: {_serving(target, command, fixed)}")
    named = [finding.rule for finding in report.findings if finding.rule]
    if named:
        lines.append(f"To read about a rule: python -m asgi_compat explain {named[0]}")
    return lines


def _serving(target: str, command: str, findings: Sequence[Finding]) -> str:
    """Return the command that serves, with the options that `to_asgi3` needs to help, each once."""
    command = command or f"python -m asgi_compat serve {target}"
    needed = dict.fromkeys(row.option for row in findings if row.option and row.option not in command)
    return " ".join([command, *needed])


def _is_lifespan(finding: Finding) -> bool:
    return finding.event.startswith("lifespan")


def _fixed(report: Report) -> str:
    """Describe how many of the findings `to_asgi3` fixes."""
    count, number = len(report.findings), sum(finding.fixed for finding in report.findings)
    if count == 1:
        return "fixed" if number else "not fixed"
    return "all fixed" if number == count else f"{number or 'none'} of them fixed"
