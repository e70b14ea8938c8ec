"""docs/benchmarks.md: the figures of the last run, as ratios."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence

from benchmarks.measure import ROOT, Row

PAGE = ROOT / "docs" / "benchmarks.md"
_HEAD = """# Benchmarks

Written by `python3 run.py bench --write`; do not edit. Measured on {cores} cores, {system}, Python {python}.
Read the ratios: each compares two things measured in turns in the same run, and they carry over to other machines.
The times behind them do not. A ratio with a bound must stay under it, or the command ends with an error.
"""


def write(found: Mapping[str, Sequence[Row]]) -> None:
    """Replace the page with these figures."""
    head = _HEAD.format(cores=os.cpu_count(), system=platform.system(), python=platform.python_version())
    PAGE.write_text("\n".join([head, *map(part, found, found.values())]), encoding="utf-8", newline="\n")


def part(title: str, rows: Sequence[Row]) -> str:
    """One table."""
    lines = [f"## {title[:1].upper()}{title[1:]}", "", "| what | ratio | bound | behind it |", "|---|---:|---:|---|"]
    lines += [f"| {row.name} | {row.ratio:.2f} | {_bound(row)} | {row.figures} |" for row in rows]
    return "\n".join(lines if rows else [lines[0], "", "Not measured on this machine."]) + "\n"


def _bound(row: Row) -> str:
    if row.bound is None:
        return "none"
    return f"{row.bound:g}" if row.passes else f"{row.bound:g} (broken)"
