"""An archive scored in this process, on lines or on Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from doorframe.adapters.archive import parts, pools, work
from doorframe.adapters.archive.book import Book, Stamp
from doorframe.adapters.archive.parts import Part, Seams
from doorframe.adapters.archive.run import Outcome, Run
from doorframe.adapters.archive.scoring import digest, scoring
from doorframe.adapters.archive.work import Settings
from tests.adapters.fake_reader import FakeReader

SCORING = digest(scoring(FakeReader(), ""))
SETTINGS = Settings(reader="tests.adapters.fake_reader:load", sha256="0" * 64, scoring=SCORING)
STAMP = Stamp("1", "fake", "0" * 64, None, False)


class Here:
    """Does each task at once, in this process."""

    slots, shared = 2, True
    broken: tuple[type[BaseException], ...] = (BrokenPipeError,)

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.tasks += 1
        try:
            future.set_result(task(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def again(self) -> None: ...

    def gone(self) -> bool:
        return False

    def close(self) -> None: ...


class Stumbling(Here):
    """Finds that one part changed, the one that begins with a line."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self._line = line

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        if arguments[0].line != self._line:
            return super().submit(task, *arguments)
        future: Future[Any] = Future()
        future.set_exception(work.Changed("a.jsonl changed while it was read."))
        return future


def go(source: Path, target: Path, lines: int = 50, stamp: Stamp = STAMP, pool: pools.Pool | None = None
       ) -> tuple[Outcome, dict[str, Any]]:  # fmt: skip
    book = Book(target, stamp)
    try:
        outcome = Run(source, book, SETTINGS, pool or Here(), lines=lines).go()
    finally:
        book.close()
    return outcome, book.totals()


def planned(place: Path, size: int) -> tuple[list[Part], Seams]:
    seams = Seams()
    return list(parts.plan(place, "a.jsonl", seams, size)), seams


def written(place: Path, lines: Iterator[str] | list[str]) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "a.jsonl").write_bytes("".join(lines).encode("utf-8", "surrogatepass"))
    return place


def table(rows: list[dict[str, Any]], place: Path) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    place.parent.mkdir(exist_ok=True)
    parquet.write_table(pyarrow.Table.from_pylist(rows), place, row_group_size=33)
    return place
