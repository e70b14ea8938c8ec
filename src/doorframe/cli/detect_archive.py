"""`doorframe detect archive`: an archive of any size, part by part; what is done stays done, whoever dies."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doorframe import __version__
from doorframe.adapters.archive import parts, sources, work
from doorframe.adapters.archive.book import Book, Refused, Stamp
from doorframe.adapters.archive.pools import Cluster, Lost, Pool, Processes
from doorframe.adapters.archive.run import Outcome, Progress, Run
from doorframe.adapters.archive.scoring import digest, scoring
from doorframe.adapters.small_model import Damaged
from doorframe.cli import common, detecting

_EVERY = 10.0
"""Seconds between two lines of progress where they are not written over each other."""

_MOST_NAMED = 20
_MOST_ENDINGS = 8


def run(argv: list[str], *, reader: str = work.READER) -> int:
    """Score an archive; 0 where nothing is to be looked at, 1 where something is, 2 where something was left out."""
    options = _options(argv)
    source, target = Path(options.source), Path(options.target)
    _check(source, target)
    loaded = work.reader(reader, options.model)
    if loaded is None:
        detecting.missing()
    scored = scoring(loaded, options.model)
    settings = work.Settings(
        detecting.threshold(options.threshold),
        options.quick,
        options.model,
        reader,
        loaded.model[1],
        digest(scored),
        common.load_detection(),
    )
    stamp = Stamp(__version__, *loaded.model, settings.threshold, settings.quick, settings.content_sha256, scored)
    try:
        book = Book(target, stamp)
    except Refused as error:
        common.fail(f"{target}: {error}")
    try:
        pool: Pool = Cluster(options.dask) if options.dask else Processes(options.workers)
        try:
            said = _Said()
            outcome = Run(source, book, settings, pool, lines=options.lines, say=said.progress).go()
        finally:
            pool.close()
    except (Lost, Damaged, work.OtherModel, sources.NoParquet) as error:
        common.fail(str(error))
    finally:
        book.close()
    said.end()
    totals = book.totals()
    print("\n".join(_sentences(totals, outcome, target, other=book.other)))
    for file, line, why in outcome.failed[:_MOST_NAMED]:
        print(f"doorframe: {file}, from line {line}: {why}; run the same command again.", file=sys.stderr)
    if outcome.failed or _UNREADABLE & totals["left"].keys():
        return 2
    return 1 if totals["alerts"] else 0


_UNREADABLE = {"longer than 4 MB", "not JSON in UTF-8", "not an object", "has no messages", "has no text",
               "has a message without text"}  # fmt: skip


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="doorframe detect archive",
        description="Score every window of an archive. Run it again after any interruption: what is done stays done.",
        epilog="IN_DIR holds JSON lines or Parquet: windows, or messages with those of a conversation together, in the "
        "order of time. OUT_DIR gets a file of results for each part, and manifest.json.",
    )
    parser.add_argument("source", metavar="IN_DIR", help="the archive")
    parser.add_argument("target", metavar="OUT_DIR", help="where the results go; made where it is missing")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes on this machine")
    parser.add_argument("--dask", metavar="tcp://HOST:PORT", default="", help="a Dask cluster instead of processes")
    parser.add_argument("--threshold", default="alert", help='"alert" (the model\'s own) or a number from 0 to 1')
    parser.add_argument("--quick", action="store_true", help="skip windows in which no word points anywhere")
    parser.add_argument("--model", metavar="DIR", default="", help="another model than the one that ships")
    parser.add_argument("--lines", type=int, default=parts.LINES, help=f"lines of a part ({parts.LINES:,})")
    options = parser.parse_args(argv)
    if options.workers < 1 or options.lines < 1:
        parser.error("--workers and --lines are 1 or more")
    options.model = str(Path(options.model).resolve()) if options.model else ""
    return options


def _check(source: Path, target: Path) -> None:
    if not source.is_dir():
        common.fail(f"There is no folder {source}.")
    if target.exists() and not target.is_dir():
        common.fail(f"{target} is not a folder.")
    if source.resolve() == target.resolve() or source.resolve() in target.resolve().parents:
        common.fail("OUT_DIR must lie outside IN_DIR, or results would be read as input; nothing was written.")
    if not sources.files(source):
        common.fail(f"{source} holds no file that ends in {', '.join(sources.ENDINGS)}.")


class _Said:
    """How far it is and how long it will take, on standard error."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._last = 0.0
        self._over = sys.stderr.isatty()
        self._open = False

    def progress(self, at: Progress) -> None:
        now = time.monotonic()
        if now - self._last < (0.5 if self._over else _EVERY):
            return
        self._last = now
        line = self._line(at, now - self._began)
        print(f"\r{line:<78}" if self._over else line, end="" if self._over else "\n", file=sys.stderr, flush=True)
        self._open = self._over

    def _line(self, at: Progress, seconds: float) -> str:
        share = at.past / at.whole if at.whole else 1.0
        fresh = at.past - at.skipped
        if not fresh or not seconds:
            return f"{share:4.0%} done before; beginning" if at.skipped else "Beginning"
        left = seconds * max(0.0, at.whole - at.past) / fresh
        return f"{share:4.0%}, {at.windows / seconds:,.0f} windows a second, about {duration(left)} left"

    def end(self) -> None:
        if self._open:
            print(file=sys.stderr)


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours" if seconds < 36 * 3600 else f"{seconds / 86_400:.1f} days"


def _sentences(totals: dict[str, Any], outcome: Outcome, target: Path, *, other: bool) -> Iterator[str]:
    yield (
        f"{totals['windows']:,} windows of {totals['messages']:,} messages, {totals['alerts']:,} to look at. "
        "A person decides."
    )
    yield f"Parts done now: {outcome.fresh:,}; done before: {outcome.kept:,}. The results stand in {target}."
    if other:
        yield "Results made with another model, version, setting or content were made anew."
    if outcome.changed:
        yield f"The input changed since it was scored: {outcome.changed:,} parts were scored again."
    if outcome.removed:
        yield f"{outcome.removed:,} results were removed, because their input is no longer there."
    if outcome.spared:
        yield _spared(outcome.spared)
    if outcome.others:
        yield _unread(outcome.others)
    for reason, number in totals["left"].items():
        yield f"{number:,} lines: {reason}." if reason in _UNREADABLE else f"{number:,}: {reason}."
    if totals["back"]:
        yield f"{totals['back']:,} messages have a time before the one above them; they stay where they stand."
    if totals["uncovered"]:
        yield f"{totals['uncovered']:,} windows are not in English; they are not covered and were not scored."
    if outcome.seams.again:
        yield (
            f"{outcome.seams.again:,} times a conversation goes on after another one. Sort the files by conversation "
            "and time, so that windows hold what belongs together."
        )
    if outcome.seams.forced:
        yield f"{outcome.seams.forced:,} long conversations without a pause were cut between two messages."


def _spared(number: int) -> str:
    if number == 1:
        return "1 result from before stays, because its file could not be read or scored now."
    return f"{number:,} results from before stay, because their files could not be read or scored now."


def _unread(others: dict[str, int]) -> str:
    """The files that were passed over, and how they end."""
    number = sum(others.values())
    endings = [detecting.shown(one)[:20] or "no ending" for one in others]
    named = ", ".join(endings[:_MOST_ENDINGS]) + (", …" if len(endings) > _MOST_ENDINGS else "")
    what = "1 file with another ending was" if number == 1 else f"{number:,} files with other endings were"
    return f"{what} not read ({named})."
