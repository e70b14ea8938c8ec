"""What every benchmark shares: one row of the report, and ways to time things fairly."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT / "tests" / "golden" / "us-counsellor-instagram" / "answers.toml"
"""The answers that the benchmarks build from: a practice with accounts, a newsletter and its own words."""

DATED = "2026-11-21"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing.

    ratio    what was measured, as a share of what it is compared with
    bound    the ratio must be under it; None where nothing was promised and the figure is only reported
    figures  the medians behind the ratio, in words
    """

    name: str
    ratio: float
    bound: float | None
    figures: str

    @property
    def passes(self) -> bool:
        return self.bound is None or self.ratio < self.bound

    def __str__(self) -> str:
        verdict = "    " if self.bound is None else "pass" if self.passes else "FAIL"
        limit = "" if self.bound is None else f" (under {self.bound:g})"
        return f"{verdict}  {self.ratio:8.2f}{limit:<14} {self.name}: {self.figures}"


class Unable(Exception):
    """This machine lacks something: one sentence."""


def interleaved(
    rounds: int, *works: Callable[[int], object], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """The median of each work over so many rounds."""
    return [statistics.median(each) for each in in_turns(rounds, *works, clock=clock)]


def in_turns(
    rounds: int, *works: Callable[[int], object], clock: Callable[[], float] = time.perf_counter
) -> list[list[float]]:
    """How long each work took in each round. They take turns, so that a busy moment falls on all alike.

    Each work is given the number of the round: what it makes should differ, or a cache would answer for it.
    clock is time.process_time where only work in this process counts, whatever else the machine does.
    """
    times: list[list[float]] = [[] for _ in works]
    for number in range(rounds):
        for index, work in enumerate(works):
            began = clock()
            work(number)
            times[index].append(clock() - began)
    return times


def process(command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Run a program to its end; raises with what it said when it fails."""
    done = subprocess.run(command, env={**os.environ, **(env or {})}, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")


def doorframe() -> str:
    """The program `doorframe` beside this Python."""
    folder = Path(sys.executable).parent
    return str(folder / ("doorframe.exe" if os.name == "nt" else "doorframe"))


def ms(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value >= 0.01 else f"{value * 1000:.1f} ms"
