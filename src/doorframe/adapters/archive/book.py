"""What is done, written so that a death at any moment loses a part at most, and that part is only done again.

Each part that is done is a line of journal.jsonl, flushed to the disk. At the end manifest.json takes all of them,
under a temporary name that is then renamed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from doorframe.adapters import lasting
from doorframe.adapters.archive.parts import Part
from doorframe.adapters.archive.work import UNFINISHED, Entry

MANIFEST, JOURNAL, LOCK = "manifest.json", "journal.jsonl", ".lock"
KIND, VERSION = "doorframe-archive", 1


class Refused(Exception):
    """The folder for results cannot be used. Its words are for a person."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """With what results were made. Results with another stamp are made again."""

    doorframe: str
    model: str
    model_sha256: str
    threshold: float | None
    quick: bool
    content_sha256: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "doorframe": self.doorframe, "model": {"id": self.model, "sha256": self.model_sha256},
            "threshold": "alert" if self.threshold is None else self.threshold, "quick": self.quick,
            "content_sha256": self.content_sha256,
        }  # fmt: skip


class Book:
    """The account of one folder of results, open to one command at a time."""

    def __init__(self, folder: Path, stamp: Stamp) -> None:
        self.folder = folder
        self._stamp = stamp.as_data()
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(folder / LOCK)
        self.before, self.other = self._read()
        self._sweep()
        self._done: dict[str, Entry] = {}
        # Without a line end at its end the journal was torn; what follows must not be joined to that.
        self._journal = (folder / JOURNAL).open("ab")
        self._journal.write(b"\n")

    def _read(self) -> tuple[dict[str, Entry], bool]:
        """What was done before with this stamp, and whether anything was done with another."""
        found: dict[str, Entry] = {}
        other = False
        for stamp, rows in self._kept():
            if stamp != self._stamp:
                other = other or bool(rows)
                continue
            for row in rows:
                with contextlib.suppress(TypeError, KeyError):
                    entry = Entry.of(row)
                    found[entry.part.name] = entry
        return found, other

    def _kept(self) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
        with contextlib.suppress(FileNotFoundError):
            yield _manifest(self.folder / MANIFEST)
        with contextlib.suppress(FileNotFoundError):
            for line in (self.folder / JOURNAL).open("rb"):
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    row = json.loads(line)
                    yield row["stamp"], [row["entry"]]

    def holds(self, part: Part) -> Entry | None:
        """The entry of a part that is done: same input, and the result is as it was written."""
        entry = self.before.get(part.name)
        if entry is None or entry.part != part or _hash(self.folder / entry.result) != entry.sha256:
            return None
        return entry

    def keep(self, entry: Entry, *, new: bool) -> None:
        """Take a part that is done."""
        self._done[entry.part.name] = entry
        if not new:
            return
        row = {"stamp": self._stamp, "entry": entry.as_data()}
        self._journal.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())

    def totals(self) -> dict[str, Any]:
        """All parts together."""
        entries = self._done.values()
        left: Counter[str] = Counter()
        for one in entries:
            left.update(one.left)
        sums = {name: sum(getattr(one, name) for one in entries)
                for name in ("windows", "messages", "alerts", "uncovered", "back")}  # fmt: skip
        return {
            "parts": len(self._done), "lines": sum(one.part.lines for one in entries), **sums,
            "left": dict(sorted(left.items())),
        }  # fmt: skip

    def finish(self, failed: Sequence[tuple[str, int, str]] = ()) -> int:
        """Write the manifest and drop results that no part stands for any more; how many there were.

        failed  (file, line, why) of what was given up
        """
        order = sorted(self._done.values(), key=lambda one: (one.part.file, one.part.start))
        data = {
            "kind": KIND, "version": VERSION, **self._stamp, "totals": self.totals(),
            "failed": [{"file": file, "line": line, "error": why} for file, line, why in failed],
            "parts": [one.as_data() for one in order],
        }  # fmt: skip
        _written(self.folder / MANIFEST, data)
        kept = {one.result for one in order}
        old = [path for path in self.folder.glob("part-*.jsonl") if path.name not in kept]
        for path in old:
            path.unlink()
        self._sweep()
        self._journal.close()
        (self.folder / JOURNAL).unlink(missing_ok=True)
        return len(old)

    def _sweep(self) -> None:
        """Drop what workers that died had begun."""
        for left in self.folder.glob(f".part-*{UNFINISHED}"):
            left.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the folder."""
        self._journal.close()
        self._lock.close()


def _manifest(place: Path) -> tuple[Any, list[dict[str, Any]]]:
    try:
        data = json.loads(place.read_text(encoding="utf-8"))
        if data["kind"] != KIND or data["version"] != VERSION:
            raise KeyError(KIND)
        return {name: data[name] for name in ("doorframe", "model", "threshold", "quick", "content_sha256")}, data[
            "parts"
        ]
    except (ValueError, KeyError, TypeError) as error:
        said = f"{place.name} there is not from this command, so nothing was written. Name another folder."
        raise Refused(said) from error


def _written(place: Path, data: dict[str, Any]) -> None:
    unfinished = place.with_name(f".{place.name}{UNFINISHED}")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)
    lasting.settle(place.parent)


def _hash(place: Path) -> str:
    digest = sha256()
    try:
        with place.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def _locked(place: Path) -> IO[bytes]:
    """A lock that ends with the process, however that ends."""
    handle = place.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise Refused("Another command is writing there, so nothing was begun. Wait for it.") from error
    return handle
