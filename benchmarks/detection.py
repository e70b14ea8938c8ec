"""Detection: windows a second on one core, a stream with the cheap first stage, an archive at ten times the size."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Row, Unable, interleaved
from doorframe.adapters import detector
from doorframe.engines.detection.conversation import Message, Window
from doorframe.engines.detection.windows import windows
from tests.evaluation.detection.talk import talks

TEXTS = ROOT / "tests" / "evaluation" / "detection" / "development"
BATCH = 60
WANTED, WANTED_QUICK = 60, 400
"""Windows a second."""

MOST_MEMORY = 500
MARGIN = 1.3
FEW, MANY = 10_000, 100_000

# Runs the archive with a reader that costs next to nothing, so that what is measured is the archive itself.
_ARCHIVE = """
import resource, sys, time
from doorframe.cli import detect_archive
if __name__ == "__main__":
    began = time.monotonic()
    detect_archive.run(sys.argv[1:], reader="benchmarks.detection:cheap")
    peak = max(resource.getrusage(one).ru_maxrss for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(time.monotonic() - began, peak / 1024)
"""

_MEMORY = """
import resource
from benchmarks.detection import judged, mixed
from doorframe.adapters import detector
judged(detector.Detector(detector.load()), mixed(60))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


class Cheap:
    """Reads nothing and finds nothing."""

    model = ("cheap", "0" * 64)

    def __init__(self) -> None:
        from doorframe.engines.detection.judge import Scale

        self.scale = Scale(skip=1.0)

    def words(self, _said: object) -> float:
        return 0.0

    def read(self, _said: object) -> object:
        raise AssertionError("it is never asked")


def cheap(_folder: Path | None = None) -> Cheap:
    return Cheap()


def _rows() -> list[dict[str, object]]:
    return [json.loads(line) for path in sorted(TEXTS.glob("*.jsonl")) for line in path.open(encoding="utf-8")]


def mixed(count: int, start: int = 0) -> list[Window]:
    """Windows as they were written, half of them manipulative."""
    return list(
        itertools.islice((_window(row, n) for n, row in enumerate(itertools.cycle(_rows()))), start, start + count)
    )


def _window(row: dict[str, object], number: int) -> Window:
    said: list[dict[str, Any]] = row["messages"]  # type: ignore[assignment]
    return Window(str(number), tuple(Message(str(one["id"]), one["author"], one["text"]) for one in said))


def met() -> Iterator[list[Message]]:
    """Conversations as they are met, without end: a few days of eight groups, from which nothing learns."""
    return itertools.cycle(talks().values())


def stream(count: int) -> list[Window]:
    """So many windows of conversations as they are met."""
    made = (window for number, talk in enumerate(met()) for window in windows(str(number), talk))
    return list(itertools.islice(made, count))


def judged(judge: detector.Detector, batch: list[Window]) -> int:
    return sum(verdict.alert for verdict in judge.judge_all(batch))


def rows(rounds: int) -> list[Row]:
    """Processor time on one core for windows; wall time of two processes for the archive."""
    reader = detector.load()
    if reader is None or not any(TEXTS.glob("*.jsonl")):
        raise Unable("The detector's model or its texts are not there.")
    whole, quick = detector.Detector(reader), detector.Detector(reader, quick=True)
    judged(whole, mixed(5))
    turns = max(3, rounds // 3)
    mix, talk = mixed(BATCH * turns), stream(BATCH * 5 * turns)  # made before anything is timed
    full, fast = interleaved(
        turns,
        lambda turn: judged(whole, mix[BATCH * turn : BATCH * (turn + 1)]),
        lambda turn: judged(quick, talk[BATCH * 5 * turn : BATCH * 5 * (turn + 1)]),
        clock=time.process_time,
    )
    made = full * WANTED / BATCH, fast * WANTED_QUICK / (BATCH * 5)
    skips = reader.scale.skip is not None
    return [
        Row("the full model, against sixty windows a second", made[0], 1, f"{BATCH / full:.0f} windows a second"),
        Row("a stream with --quick, against four hundred windows a second", made[1], 1 if skips else None,
            f"{BATCH * 5 / fast:.0f} windows a second" + ("" if skips else "; this model has no first stage")),
        _memory(), *_archive(),
    ]  # fmt: skip


def _memory() -> Row:
    peak = float(_python(_MEMORY))
    return Row("memory of one process, against 500 MB", peak / MOST_MEMORY, 1, f"{peak:.0f} MB at most")


def _python(script: str, *arguments: str) -> str:
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-") as folder:
        place = Path(folder) / "run.py"  # workers begin from a file
        place.write_text(script, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(place), *arguments], capture_output=True, text=True, check=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    return done.stdout.splitlines()[-1]


def _archive() -> list[Row]:
    """The archive itself, without what a model costs: throughput and memory at ten times the messages."""
    speeds, peaks = [], []
    for count in (FEW, MANY):
        with tempfile.TemporaryDirectory(prefix="doorframe-bench-") as folder:
            write_archive(Path(folder) / "in", count)
            took, peak = _python(_ARCHIVE, f"{folder}/in", f"{folder}/out", "--workers", "2", "--quick").split()
            speeds.append(count / float(took))
            peaks.append(float(peak))
    said = f"{speeds[0]:,.0f} messages a second at {FEW:,}, {speeds[1]:,.0f} at {MANY:,}"
    return [
        Row("an archive at ten times the messages, time for each", speeds[0] / speeds[1], MARGIN, said),
        Row("its memory at ten times the messages", peaks[1] / peaks[0], MARGIN,
            f"{peaks[0]:.0f} MB at most for {FEW:,}, {peaks[1]:.0f} MB for {MANY:,}"),
    ]  # fmt: skip


def write_archive(folder: Path, count: int) -> None:
    """An archive of so many messages of conversations as they are met."""
    folder.mkdir()
    talk = met()
    with (folder / "archive.jsonl").open("w", encoding="utf-8") as file:
        left = count
        for number in itertools.count():
            for one in itertools.islice(next(talk), left):
                row = {"conversation": str(number), "id": one.id, "author": one.author, "at": one.at, "text": one.text}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                left -= 1
            if not left:
                return
