"""``import asgi_compat`` beside ``import asgiref.compatibility``, in fresh processes.

``-X importtime`` counts what the import statement itself takes. The compiled files of both are
written to a folder of our own first: an installed package has them, a checkout on a machine that sets
PYTHONDONTWRITEBYTECODE has not, and it is not the compiler that is to be measured.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from typing import Dict, List

from .rounds import Row

MODULES = ("asgi_compat", "asgiref.compatibility")
NEVER = ("asyncio", "inspect", "dataclasses", "logging", "asgiref")


def _import(module: str, environment: Dict[str, str]) -> float:
    """Microseconds that one import takes in a fresh process."""
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(process.stderr.strip().splitlines()[-1].split("|")[1])


def measure() -> List[Row]:
    """The rows of this room."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for module in MODULES:
            _import(module, environment)
        ratios, figures = [], {module: [] for module in MODULES}  # type: ignore[var-annotated]
        for _ in range(15):
            for module in MODULES:
                figures[module].append(_import(module, environment))
            ratios.append(figures[MODULES[0]][-1] / figures[MODULES[1]][-1])
        loaded = subprocess.run(
            [
                sys.executable,
                "-c",
                f"import sys, asgi_compat; print([m for m in {NEVER!r} if m in sys.modules])",
            ],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.strip()
    ratio = statistics.median(ratios)
    ours, theirs = (statistics.median(figures[module]) / 1000 for module in MODULES)
    return [
        Row(
            "import asgi_compat / import asgiref.compatibility",
            f"{ratio:.2f}",
            "at most 0.2",
            ratio <= 0.2,
            f"{ours:.1f} ms beside {theirs:.1f} ms; of {', '.join(NEVER)} it loads {loaded}",
        )
    ]
