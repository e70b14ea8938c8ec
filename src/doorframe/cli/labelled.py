"""What the commands on labelled windows share: windows read once, and their figures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isnan
from pathlib import Path

from doorframe.adapters import detector, labelled_windows
from doorframe.adapters.labelled_windows import Labelled
from doorframe.adapters.languages import language
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


@dataclass(frozen=True, slots=True)
class File:
    """A file of labelled windows.

    rows       what is measured
    uncovered  windows that are not in English: they were not scored, so they count in no share
    wrong      lines that could not be read
    """

    rows: tuple[Read, ...]
    uncovered: int
    wrong: tuple[Wrong, ...]


def common_options(parser: argparse.ArgumentParser) -> None:
    """The options of both commands."""
    parser.add_argument("data", metavar="DATA.jsonl", type=Path, help="labelled windows")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--model", metavar="DIR", type=Path, default=None, help="another model than the one that ships")


def read(data: Path, reader: detector.Reader) -> File:
    """Every labelled window of a file, read once. Ends the command where there is none."""
    rows: list[Read] = []
    wrong: list[Wrong] = []
    uncovered = 0
    try:
        with data.open("rb") as stream:
            for one in labelled_windows.labelled(stream):
                if isinstance(one, Wrong):
                    wrong.append(one)
                elif language([message.text for message in one.window.messages]) != "en":
                    uncovered += 1
                else:
                    said = spoken(one.window.messages)
                    rows.append(Read(one, judge.signs(reader.read(said), reader.words(said))))
    except Damaged as error:
        common.fail(str(error))
    if not rows and not uncovered:
        _name(data, wrong)
        common.fail(f"{data} holds no labelled window that could be read, so nothing was measured.")
    return File(tuple(rows), uncovered, tuple(wrong))


def figures_of(rows: Sequence[Read], scale: Scale) -> Figures:
    """Their figures under a scale."""
    scores = [judge.score(row.signs, scale) for row in rows]
    return figures(scores, [score >= scale.alert for score in scores], [row.one.deserves for row in rows])


def skipped(rows: Sequence[Read], scale: Scale) -> tuple[Share, Share]:
    """How many the quick look would skip: of those that deserve a look, and of the others."""
    least = -inf if scale.skip is None else scale.skip
    sides = [[row.signs["words"] < least for row in rows if row.one.deserves is so] for so in (True, False)]
    first, second = (Share(sum(side), len(side)) for side in sides)
    return first, second


def flagged(rows: Sequence[Read], scale: Scale) -> Share:
    """How many of them are alerts."""
    return Share(sum(judge.score(row.signs, scale) >= scale.alert for row in rows), len(rows))


def lines(found: Figures) -> list[str]:
    """Figures for a person."""
    many = found.found.of + found.flagged.of
    return [
        f"windows that deserve a look, found: {found.found}",
        f"windows that do not, flagged: {found.flagged}",
        f"area under the curve: {'none' if isnan(found.area) else f'{found.area:.3f}'}",
        f"calibration error: {f'{found.calibration:.3f}' if many else 'none'}",
    ]


def data(found: Figures) -> dict[str, object]:
    """Figures as JSON."""
    return {
        "found": number(found.found.value), "flagged": number(found.flagged.value), "area": number(found.area),
        "calibration": found.calibration if found.found.of + found.flagged.of else None,
        "windows": found.found.of + found.flagged.of,
    }  # fmt: skip


def number(value: float) -> float | None:
    """A figure as JSON has it: None for what is not a number, as there was nothing to measure."""
    return None if isnan(value) else value


def not_covered(many: int) -> list[str]:
    """What is said of windows in other languages; nothing where there is none."""
    if not many:
        return []
    said = "1 window is" if many == 1 else f"{many} windows are"
    return [f"{said} not in English; what is not covered is not scored and counts in no figure."]


def end(data: Path, wrong: Sequence[Wrong]) -> int:
    """Name what could not be read; the exit code."""
    _name(data, wrong)
    return 2 if wrong else 0


def _name(data: Path, wrong: Sequence[Wrong]) -> None:
    for one in wrong:
        print(f"doorframe: {data}, line {one.line}: {one.error}; it was left out.", file=sys.stderr)
