"""What the commands on labelled windows share: windows read once, and their figures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from doorframe.adapters import detector, labelled_windows
from doorframe.adapters.labelled_windows import Labelled
from doorframe.adapters.small_model import Damaged
from doorframe.adapters.windows_file import Wrong
from doorframe.cli import common
from doorframe.engines.detection import judge
from doorframe.engines.detection.judge import Scale
from doorframe.engines.detection.measure import Figures, Share, figures
from doorframe.engines.detection.spoken import spoken


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled window with what is weighed of it."""

    one: Labelled
    signs: dict[str, float]


def common_options(parser: argparse.ArgumentParser) -> None:
    """The options of both commands."""
    parser.add_argument("data", metavar="DATA.jsonl", type=Path, help="labelled windows")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--model", metavar="DIR", type=Path, default=None, help="another model than the one that ships")


def rows(data: Path, reader: detector.Reader) -> tuple[list[Read], list[Wrong]]:
    """Every labelled window of a file, read once, and the lines that cannot be."""
    rows, wrong = [], []
    try:
        with data.open("rb") as stream:
            for one in labelled_windows.labelled(stream):
                if isinstance(one, Wrong):
                    wrong.append(one)
                    continue
                said = spoken(one.window.messages)
                rows.append(Read(one, judge.signs(reader.read(said), reader.words(said))))
    except Damaged as error:
        common.fail(str(error))
    return rows, wrong


def figures_of(rows: Sequence[Read], scale: Scale) -> Figures:
    """Their figures under a scale."""
    scores = [judge.score(row.signs, scale) for row in rows]
    return figures(scores, [score >= scale.alert for score in scores], [row.one.deserves for row in rows])


def flagged(rows: Sequence[Read], scale: Scale) -> Share:
    """How many of them are alerts."""
    return Share(sum(judge.score(row.signs, scale) >= scale.alert for row in rows), len(rows))


def lines(found: Figures) -> list[str]:
    """Figures for a person."""
    return [
        f"windows that deserve a look, found: {found.found}",
        f"windows that do not, flagged: {found.flagged}",
        f"area under the curve: {found.area:.3f}",
        f"calibration error: {found.calibration:.3f}",
    ]


def data(found: Figures) -> dict[str, object]:
    """Figures as JSON."""
    return {
        "found": found.found.value, "flagged": found.flagged.value, "area": found.area,
        "calibration": found.calibration, "windows": found.found.of + found.flagged.of,
    }  # fmt: skip


def end(data: Path, wrong: Sequence[Wrong]) -> int:
    """Name what could not be read; the exit code."""
    for one in wrong:
        print(f"doorframe: {data}, line {one.line}: {one.error}; it was left out.", file=sys.stderr)
    return 2 if wrong else 0
