"""Run many conversations, group what is broken by its signature, and make a failure small."""

from __future__ import annotations

import sys
import time
from types import ModuleType
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from . import playing
from .generator import Conversation, generate
from .validator import RULES, Violation, judge


class Failure(NamedTuple):
    """The first conversation of a signature."""

    signature: str
    violation: Violation
    conversation: Conversation


class Result:
    """What came of a run."""

    def __init__(self) -> None:
        self.examples = 0
        self.seconds = 0.0
        self.failures: Dict[str, Failure] = {}
        self.counts: Dict[str, int] = {}

    def report(self) -> str:
        """Say what is broken, the most frequent first, each with the seed that shows it."""
        lines = []
        for signature, count in sorted(self.counts.items(), key=lambda item: -item[1]):
            failure = self.failures[signature]
            lines.append(f"{count:6} times, seed {failure.conversation.seed}: {signature}")
        rate = self.examples / self.seconds if self.seconds else 0
        lines.append(f"{self.examples} examples, {len(self.counts)} signatures, {rate:.0f} examples a second")
        return "\n".join(lines)


class Memory:
    """What the library's modules remember from one conversation to the next; it is put back before each."""

    def __init__(self) -> None:
        self.dicts: List[Tuple[Dict[Any, Any], Dict[Any, Any]]] = []
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] == "asgi_compat" and isinstance(module, ModuleType):
                for key, value in vars(module).items():
                    if type(value) is dict and not key.startswith("__"):
                        self.dicts.append((value, dict(value)))

    def restore(self) -> None:
        for now, then in self.dicts:
            if len(now) != len(then):
                now.clear()
                now.update(then)


def run(
    first: int,
    examples: Optional[int] = None,
    seconds: Optional[float] = None,
    direction: Optional[str] = None,
    adapt: Any = playing.adapt,
) -> Result:
    """Run conversations from a seed on: so many, or for so long."""
    import asgi_compat

    asgi_compat.to_asgi3(_nothing)
    memory = Memory()
    result = Result()
    end_of_log = playing.listen()
    started = time.monotonic()
    try:
        while examples is None or result.examples < examples:
            seed = first + result.examples
            if seconds is not None and time.monotonic() - started > seconds:
                break
            memory.restore()
            conversation = generate(seed, direction)
            for violation in violations(conversation, adapt):
                signature = violation.signature
                result.counts[signature] = result.counts.get(signature, 0) + 1
                if signature not in result.failures:
                    result.failures[signature] = Failure(signature, violation, conversation)
            result.examples += 1
    finally:
        result.seconds = time.monotonic() - started
        end_of_log()
    return result


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    pass


def violations(conversation: Conversation, adapt: Any = playing.adapt) -> List[Violation]:
    """Play and judge one conversation; a signature counts once."""
    found = {violation.signature: violation for violation in judge(playing.play(conversation, adapt))}
    unknown = {violation.rule for violation in found.values()} - set(RULES)
    assert not unknown, f"rules without a sentence: {unknown}"
    return list(found.values())


def shrink(failure: Failure, adapt: Any = playing.adapt) -> Conversation:
    """Leave out what the failure does not need: steps, quirks, what the server does."""
    memory = Memory()
    end_of_log = playing.listen()

    def fails(conversation: Conversation) -> bool:
        memory.restore()
        return any(one.signature == failure.signature for one in violations(conversation, adapt))

    best = failure.conversation
    try:
        changed = True
        while changed:
            changed = False
            for smaller in _smaller(best):
                if fails(smaller):
                    best, changed = smaller, True
                    break
    finally:
        end_of_log()
    return best


def _smaller(c: Conversation) -> Any:
    for n in range(0 if c.proper else len(c.steps)):
        yield c.replace(steps=c.steps[:n] + c.steps[n + 1 :])
    for name in c.quirks:
        yield c.replace(quirks={key: value for key, value in c.quirks.items() if key != name})
    for n in range(0 if c.proper else len(c.receives)):
        yield c.replace(receives=c.receives[:n] + c.receives[n + 1 :])
    for n in c.send_errors:
        yield c.replace(send_errors={key: value for key, value in c.send_errors.items() if key != n})
    for name, usual in (("send_fails_from", None), ("send_delays", []), ("strict", False), ("told", False)):
        if getattr(c, name) != usual:
            yield c.replace(**{name: usual})
    for name, usual in (("neighbour", None), ("awaitable", False), ("after", "never")):
        if getattr(c, name) != usual:
            yield c.replace(**{name: usual})
    for n, step in enumerate(c.steps):
        event = step[1] if step[0] in ("send", "spawn", "flood") and not c.proper else None
        if type(event) is dict:
            for key in event:
                if key != "type":
                    less = {name: value for name, value in event.items() if name != key}
                    yield c.replace(steps=[*c.steps[:n], (step[0], less, *step[2:]), *c.steps[n + 1 :]])
            headers = event.get("headers")
            for at in range(len(headers) if type(headers) in (list, tuple) else 0):
                less = {**event, "headers": headers[:at] + headers[at + 1 :]}
                yield c.replace(steps=[*c.steps[:n], (step[0], less, *step[2:]), *c.steps[n + 1 :]])
