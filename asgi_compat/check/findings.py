"""Findings and notes: each once, with the conversations in which it was seen."""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple, Union

from .report import Finding, Note

Key = Tuple[object, ...]


class Found(NamedTuple):
    """One finding, and what it has in common with others that are the same."""

    key: Key
    finding: Finding
    #: It is against the letter of the specification, and breaks on no server.
    letter: bool = False


Judgement = Union[Found, Note]


def note(conversation: str, text: str, rule: Optional[str] = None) -> Note:
    """Make a note about one conversation."""
    return Note(rule, text, (conversation,))


def _as_note(finding: Finding) -> Note:
    what = " ".join(filter(None, (finding.event, finding.field)))
    # Headers differ from one response to the next, and the names that are in capitals are in all of them.
    sent = "a name in capitals" if finding.field == "headers" else finding.sent
    text = f"{what}: {sent} is not what the specification says, and every server takes it (--pedantic)"
    return Note(finding.rule, text, finding.conversations)


class Findings:
    """What was found until now. What every server takes is a note, unless it is ``pedantic``."""

    def __init__(self, *, pedantic: bool = True) -> None:
        self.pedantic = pedantic
        self._found: Dict[Key, Finding] = {}
        self._notes: Dict[Tuple[Optional[str], str], List[str]] = {}

    def extend(self, judgements: Iterable[Judgement]) -> None:
        """Add findings and notes, or their conversations to the same ones."""
        for one in judgements:
            if isinstance(one, Note):
                self._add_note(one)
            elif one.letter and not self.pedantic:
                self._add_note(_as_note(one.finding))
            else:
                self._add(one)

    def _add(self, found: Found) -> None:
        finding = self._found.get(found.key, found.finding)
        names = [name for name in found.finding.conversations if name not in finding.conversations]
        self._found[found.key] = finding._replace(conversations=(*finding.conversations, *names))

    def _add_note(self, one: Note) -> None:
        names = self._notes.setdefault((one.rule, one.text), [])
        names += [name for name in one.conversations if name not in names]

    def amend(self, said: str, text: str) -> bool:
        """Add a text to what is said in a finding with ``said`` in it; return whether there was one."""
        for key, finding in self._found.items():
            if said in finding.sent:
                self._found[key] = finding._replace(sent=f"{finding.sent}; {text}")
                return True
        return False

    def __contains__(self, key: Key) -> bool:
        return key in self._found

    def ignore(self, names: Sequence[str]) -> None:
        """Make notes of the findings of these rules and problems."""
        for key, finding in list(self._found.items()):
            if {finding.rule, finding.problem} & set(names):
                del self._found[key]
                what = " ".join(filter(None, (finding.event, finding.field, finding.sent)))
                self._add_note(Note(finding.rule, f"ignored: {what}", finding.conversations))

    def findings(self) -> Tuple[Finding, ...]:
        """Return the findings, in order."""
        return tuple(self._found.values())

    def notes(self) -> Tuple[Note, ...]:
        """Return the notes, in order."""
        return tuple(Note(rule, text, tuple(names)) for (rule, text), names in self._notes.items())
