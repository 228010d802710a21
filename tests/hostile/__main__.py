"""Run hostile conversations: ``python -m tests.hostile --examples 100000``."""

from __future__ import annotations

import argparse
import sys
import time

from .generator import generate
from .playing import listen, play
from .run import run, shrink
from .validator import RULES


def main() -> int:
    """Run, print each signature with its seed and its smallest conversation, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, help="of the first example; the next has the next number")
    parser.add_argument("--direction", choices=("A", "B"), help="A is to_asgi3, B is to_asgi2")
    parser.add_argument("--show", type=int, default=10, help="how many signatures to print as conversations")
    parser.add_argument("--rule", help="print only signatures that contain this")
    options = parser.parse_args()
    seed = int(time.time()) * 1000 if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    result = run(seed, options.examples, direction=options.direction)
    if options.examples == 1:
        _tell(seed, options.direction)
    ranked = sorted(result.failures.values(), key=lambda one: -result.counts[one.signature])
    for failure in [one for one in ranked if (options.rule or "") in one.signature][: options.show]:
        small = shrink(failure)
        direction = f" --direction {options.direction}" if options.direction else ""
        print(f"\n{failure.signature}\n  {RULES[failure.violation.rule]}")
        print(f"  python -m tests.hostile --examples 1 --seed {failure.conversation.seed}{direction}")
        print("\n".join("    " + line for line in small.lines()))
    print("\n" + result.report())
    return 1 if result.failures else 0


def _tell(seed: int, direction: str | None) -> None:
    """Print one example: what was planned, and what happened."""
    conversation = generate(seed, direction)
    end_of_log = listen()
    record = play(conversation)
    end_of_log()
    print("\n".join(conversation.lines()))
    for call in record.application.calls:
        print(
            f"{call.name} {_shown(call.before)} gave {_shown(call.result)} raised {type(call.error).__name__}"
        )
    for one in record.server.written:
        print(f"server got {_shown(one.seen)}, raised {_shown(one.error)}")
    print(f"returned {_shown(record.result)}, raised {_shown(record.error)}")
    print(f"logged {_shown(record.logged, 1500)}")


def _shown(value: object, most: int = 400) -> str:
    """Return the repr of a value, which may be one that has none."""
    try:
        return repr(value)[:most]
    except Exception as error:
        return f"a {type(value).__name__} whose repr raises {type(error).__name__}"


if __name__ == "__main__":
    sys.exit(main())
