"""A cold `doorframe policy build --only policy --format pdf`, against twice a bare Python start plus half a second.

The bound holds seconds, which a busy machine stretches. What is judged is therefore the processor time of the fastest
round, which on a machine at rest is what the clock on the wall says; the median of that clock is told beside it.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import ANSWERS, Row, doorframe, in_turns, ms, process


def rows(rounds: int) -> list[Row]:
    """The first start of all, which has nothing kept to go by, and every later one."""
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-") as folder:
        out = str(Path(folder) / "out")

        def build(cache: str) -> None:
            command = [doorframe(), "policy", "build", str(ANSWERS), "--out", out, "--only", "policy"]
            variable = "LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME"
            process([*command, "--format", "pdf"], {variable: str(Path(folder) / cache)})

        build("kept")
        python = _Timed(lambda _: process([sys.executable, "-c", "pass"]))
        first, later = _Timed(lambda number: build(f"fresh-{number}")), _Timed(lambda _: build("kept"))
        clocks = in_turns(rounds, python, first, later)
    limit = 2 * min(python.spent) + 0.5
    return [
        _row("first of all", first.spent, clocks[1], limit),
        _row("every later one", later.spent, clocks[2], limit),
    ]


def _row(name: str, spent: list[float], clock: list[float], limit: float) -> Row:
    said = f"{ms(min(spent))} of processor time against {ms(limit)}; median by the clock {ms(statistics.median(clock))}"
    return Row(f"cold build of the policy as PDF, {name}", min(spent) / limit, 1, said)


class _Timed:
    """Work that notes the processor time of the programs it runs."""

    def __init__(self, work: Callable[[int], None]) -> None:
        self.work = work
        self.spent: list[float] = []

    def __call__(self, number: int) -> None:
        began = _children()
        self.work(number)
        self.spent.append(_children() - began)


def _children() -> float:
    """Processor time of all programs that have ended, in seconds; Windows does not tell, so there the clock."""
    if os.name == "nt":
        return time.perf_counter()
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
