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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from doorframe.adapters import lasting
from doorframe.adapters.archive import folder as ours
from doorframe.adapters.archive.parts import Part, prefix
from doorframe.adapters.archive.scoring import hashed
from doorframe.adapters.archive.work import UNFINISHED, Entry

MANIFEST, JOURNAL, LOCK = "manifest.json", "journal.jsonl", ".lock"
KIND, VERSION = "doorframe-archive", 1


class Refused(Exception):
    """The folder for results cannot be used. Its words are for a person."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """With what results were made. Results with another stamp are made again.

    scoring  what scores hang on beside the model's own file
    """

    doorframe: str
    model: str
    model_sha256: str
    threshold: float | None
    quick: bool
    content_sha256: str = ""
    scoring: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return {
            "doorframe": self.doorframe, "model": {"id": self.model, "sha256": self.model_sha256},
            "threshold": "alert" if self.threshold is None else self.threshold, "quick": self.quick,
            "content_sha256": self.content_sha256, "scoring": dict(self.scoring),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of results from before that no part of now stands for.

    removed  their input is gone
    spared   they belong to files that failed, and stay
    """

    removed: int
    spared: int


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
                    found.pop(entry.part.name, None)  # so that the newest stands last
                    found[entry.part.name] = entry
        return found, other

    def _kept(self) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
        with contextlib.suppress(FileNotFoundError):
            yield _manifest(self.folder / MANIFEST)
        with contextlib.suppress(FileNotFoundError):
            if not ours.is_journal(self.folder / JOURNAL):
                raise Refused(_not_ours(JOURNAL))
            for line in (self.folder / JOURNAL).open("rb"):
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    row = json.loads(line)
                    yield row["stamp"], [row["entry"]]

    def holds(self, part: Part) -> Entry | None:
        """The entry of a part that is done: same input, and the result is as it was written."""
        entry = self.before.get(part.name)
        if entry is None or entry.part != part or hashed(self.folder / entry.result) != entry.sha256:
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

    def finish(self, failed: Sequence[tuple[str, int, str]], others: Mapping[str, int]) -> Ended:
        """Write the manifest and drop results that no part stands for any more.

        failed  (file, line, why) of what was given up; what was made of these files before stays
        others  files whose endings are not read, by ending
        """
        files = {file for file, _, _ in failed}
        taken = ours.Taken()
        for entry in self._done.values():
            taken.add(entry.part)
        spared = self._spare(files, taken)
        order = sorted(self._done.values(), key=lambda one: (one.part.file, one.part.start))
        data = {
            "kind": KIND, "version": VERSION, **self._stamp, "totals": self.totals(),
            "failed": [{"file": file, "line": line, "error": why} for file, line, why in failed],
            "other_endings": dict(others),
            "parts": [one.as_data() for one in order],
        }  # fmt: skip
        _written(self.folder / MANIFEST, data)
        ended = self._drop(files, taken, spared)
        self._sweep()
        self._journal.close()
        (self.folder / JOURNAL).unlink(missing_ok=True)
        return ended

    def _spare(self, files: set[str], taken: ours.Taken) -> int:
        """Take entries from before of files that failed, where nothing newer stands in their place; how many."""
        spared = 0
        for entry in reversed(list(self.before.values())):
            part = entry.part
            if part.file not in files or taken.meets(prefix(part.file), part.start, part.end):
                continue
            if hashed(self.folder / entry.result) == entry.sha256:
                self._done[part.name] = entry
                taken.add(part)
                spared += 1
        return spared

    def _drop(self, files: set[str], taken: ours.Taken, spared: int) -> Ended:
        """Remove results that the manifest does not name, but not those of files that failed."""
        kept = {one.result for one in self._done.values()}
        begins = {prefix(file) for file in files}
        removed = 0
        for path, begin, start in list(ours.results(self.folder)):
            if path.name in kept:
                continue
            if begin in begins and not taken.meets(begin, start, start + 1):
                spared += 1  # of another stamp, so it could not be taken into the manifest
                continue
            path.unlink()
            removed += 1
        return Ended(removed, spared)

    def _sweep(self) -> None:
        """Drop what workers that died had begun."""
        for left in ours.begun(self.folder):
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
        stamp = {name: data[name] for name in ("doorframe", "model", "threshold", "quick", "content_sha256")}
        # Manifests from before it was written down have none, and so another stamp.
        stamp["scoring"] = data.get("scoring")
        return stamp, data["parts"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(_not_ours(place.name)) from error


def _not_ours(name: str) -> str:
    return f"{name} there is not from this command, so nothing was written. Name another folder."


def _written(place: Path, data: dict[str, Any]) -> None:
    unfinished = place.with_name(f".{place.name}{UNFINISHED}")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)
    lasting.settle(place.parent)


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
