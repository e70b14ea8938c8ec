"""An archive from end to end: plan, do what is not done yet, keep account."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doorframe.adapters.archive import parts, pools, sources
from doorframe.adapters.archive.book import Book
from doorframe.adapters.archive.parts import Part, Seams
from doorframe.adapters.archive.pools import Pool
from doorframe.adapters.archive.work import Changed, Entry, Settings, score

TRIES = 2
"""How often a part may take its worker with it, alone, before it is given up."""

_BEAT = 0.5
"""Seconds after which it is looked whether a cluster is still there."""


@dataclass
class Progress:
    """How far it is.

    whole   bytes of all files
    past    of these done, now or before
    skipped of these done before
    windows judged in this run
    """

    whole: int = 0
    past: float = 0.0
    skipped: float = 0.0
    windows: int = 0


@dataclass
class Outcome:
    """What became of an archive, beside the manifest.

    fresh    parts done in this run; kept were done before
    changed  of the fresh ones those whose place had a result of other input
    removed  results whose input is gone; spared ones are from before and belong to files in `failed`
    others   files whose endings are not read, by ending
    failed   (file, first line, why) of parts that were given up, and of files that cannot be read
    """

    fresh: int = 0
    kept: int = 0
    changed: int = 0
    removed: int = 0
    spared: int = 0
    others: dict[str, int] = field(default_factory=dict)
    failed: list[tuple[str, int, str]] = field(default_factory=list)
    seams: Seams = field(default_factory=Seams)


class Run:
    """One command's work on one archive."""

    def __init__(self, source: Path, book: Book, settings: Settings, pool: Pool, *, lines: int = parts.LINES,
                 say: Callable[[Progress], None] = lambda _: None) -> None:  # fmt: skip
        self._source = source.resolve()
        self._book = book
        self._settings = settings
        self._pool = pool
        self._lines = lines
        self._say = say
        self._progress = Progress()
        self._weights: dict[str, float] = {}
        self._doing: dict[Future[Entry], Part] = {}
        self._alone: deque[Part] = deque()
        self._tries: dict[str, int] = {}
        self.outcome = Outcome()

    def go(self) -> Outcome:
        """Score what is not scored yet and write the manifest. Raises what a task raises, Lost, OSError."""
        files = sources.files(self._source)
        self.outcome.others = sources.others(self._source)
        self._progress.whole = sum((self._source / file).stat().st_size for file in files)
        self._say(self._progress)
        waiting = self._parts(files)
        while self._fill(waiting):
            self._collect()
        ended = self._book.finish(self.outcome.failed, self.outcome.others)
        self.outcome.removed, self.outcome.spared = ended.removed, ended.spared
        return self.outcome

    def _parts(self, files: list[str]) -> Iterator[Part]:
        """The parts that are to be done."""
        for file in files:
            line = 1
            try:
                self._weights[file] = (self._source / file).stat().st_size / max(1, sources.length(self._source / file))
                for part in parts.plan(self._source, file, self.outcome.seams, self._lines):
                    line = part.line + part.lines
                    if not self._held(part):
                        yield part
            except sources.NoParquet:
                raise
            except (OSError, ValueError) as error:  # a damaged Parquet file raises one of these
                self.outcome.failed.append((file, line, sources.why(error)))

    def _held(self, part: Part) -> bool:
        entry = self._book.holds(part)
        if entry is None:
            self.outcome.changed += part.name in self._book.before
            return False
        self._book.keep(entry, new=False)
        self.outcome.kept += 1
        self._progress.past += self._weight(part)
        self._progress.skipped += self._weight(part)
        return True

    def _weight(self, part: Part) -> float:
        return (part.end - part.start) * self._weights[part.file]

    def _fill(self, waiting: Iterator[Part]) -> bool:
        """Give out parts; False when all is done."""
        while len(self._doing) < self._room():
            part = self._alone.popleft() if self._alone else next(waiting, None)
            if part is None:
                break
            try:
                future = self._pool.submit(score, part, str(self._source), str(self._book.folder), self._settings)
            except self._pool.broken:
                self._died(part)
                continue
            self._doing[future] = part
        return bool(self._doing)

    def _room(self) -> int:
        """How many parts may be out. One whose worker may have died of it is out alone, to see which it was."""
        suspects = bool(self._alone) or any(part.name in self._tries for part in self._doing.values())
        return 1 if suspects else self._pool.slots

    def _collect(self) -> None:
        """Take what is ready."""
        ready, _ = wait(self._doing, timeout=_BEAT, return_when=FIRST_COMPLETED)
        if not ready and self._pool.gone():
            raise pools.Lost(pools.GONE)
        for future in ready:
            part = self._doing.pop(future, None)
            if part is not None:
                self._take(part, future)

    def _take(self, part: Part, future: Future[Any]) -> None:
        try:
            entry = future.result()
        except CancelledError as error:
            raise pools.Lost(pools.GONE) from error
        except self._pool.broken:
            self._died(part)
            return
        except Changed as error:
            self.outcome.failed.append((part.file, part.line, str(error)))
            return
        self._book.keep(entry, new=True)
        self.outcome.fresh += 1
        self._progress.past += self._weight(part)
        self._progress.windows += entry.windows
        self._say(self._progress)

    def _died(self, part: Part) -> None:
        """A worker died. With several parts out nobody knows of which, so each is then tried alone."""
        if not self._pool.shared:
            self._give_up(part)
            return
        together = [part, *self._doing.values()]
        self._doing.clear()
        self._pool.again()
        for one in together:
            self._tries[one.name] = self._tries.get(one.name, 0) + (len(together) == 1)
        if self._tries[part.name] >= TRIES:
            self._give_up(part)
        else:
            self._alone.extend(together)

    def _give_up(self, part: Part) -> None:
        self.outcome.failed.append((part.file, part.line, "its worker died again and again"))
