"""Where an archive is cut. The same file gives the same parts on every machine.

A file of windows is cut after every so many lines. In a file of messages the messages of a conversation must stand
together, in the order of time. It is cut where a conversation ends or is silent so long that it begins anew, so
windows come out as if it had not been cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from doorframe.adapters.archive.sources import Line, lines
from doorframe.adapters.conversations.found import Latest
from doorframe.adapters.windows_file import moment, word
from doorframe.engines.detection.windows import PAUSE

LINES = 5_000
"""Lines of a part."""

LONGEST = 10
"""A conversation without a pause is cut after so many times the lines of a part all the same."""

REMEMBERED = 10_000
"""Conversations that are remembered, so that one that comes again is noticed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file.

    file        its path below the archive
    kind        "windows" or "messages"
    start, end  bytes, of Parquet rows
    line        the number of its first line, from 1
    lines       how many
    sha256      of the hashes of its lines
    """

    file: str
    kind: str
    start: int
    end: int
    line: int
    lines: int
    sha256: str

    @property
    def name(self) -> str:
        """A name for its result that no other part has, also when files are added."""
        return f"{prefix(self.file)}{self.start:014d}"


def prefix(file: str) -> str:
    """How the names of all results of a file begin."""
    return f"part-{sha256(file.encode()).hexdigest()[:12]}-"


@dataclass
class Seams:
    """What is said of a plan: conversations that were cut all the same, and those that come again after others."""

    forced: int = 0
    again: int = 0


@dataclass
class _Place:
    """Where the planning of a file stands."""

    start: int = 0
    at: int = 0
    line: int = 1
    count: int = 0
    digest: Any = field(default_factory=sha256)

    def take(self, line: Line) -> None:
        self.at += line.size
        self.count += 1
        self.digest.update(line.sha256)

    def cut(self, file: str, kind: str) -> Part:
        part = Part(file, kind, self.start, self.at, self.line, self.count, self.digest.hexdigest())
        self.start, self.line, self.count, self.digest = self.at, self.line + self.count, 0, sha256()
        return part


class _Talk:
    """Which conversation the lines of a file are in, and whether it may be cut before a line."""

    def __init__(self, seams: Seams) -> None:
        self._seams = seams
        self._conversation: str | None = None
        self._highest: float | None = None
        self._last: float | None = None
        self._ended: Latest[int, None] = Latest(REMEMBERED)

    def begins(self, line: Line) -> bool:
        """Take a line; say whether a conversation begins with it, or begins anew after a pause."""
        row = _row(line)
        if row is None:
            return False
        name, at = word(row.get("conversation"), ""), moment(row.get("at"))
        other = name != self._conversation
        if other:
            self._change(name)
        paused = self._last is not None and at is not None and at - (self._highest or at) > PAUSE
        self._last = at
        self._highest = at if self._highest is None or paused else max(self._highest, at or self._highest)
        return other or paused

    def _change(self, name: str) -> None:
        if self._conversation is not None:
            self._ended.keep(hash(self._conversation), None)
        self._seams.again += hash(name) in self._ended
        self._conversation, self._highest, self._last = name, None, None


def plan(folder: Path, file: str, seams: Seams, size: int = LINES) -> Iterator[Part]:
    """The parts of a file, as it is read. Memory holds a line."""
    kind = _kind(folder / file)
    place, talk = _Place(), _Talk(seams)
    for line in lines(folder / file):
        between = kind == "windows" or talk.begins(line)
        forced = place.count >= size * LONGEST
        if place.count >= size and (between or forced):
            seams.forced += not between
            yield place.cut(file, kind)
        place.take(line)
    if place.count:
        yield place.cut(file, kind)


def _kind(path: Path) -> str:
    """Whether lines are windows or messages: what the first that can be read is."""
    for line, _ in zip(lines(path), range(1000), strict=False):
        row = _row(line)
        if row is not None and ("messages" in row or "text" in row):
            return "windows" if isinstance(row.get("messages"), list) else "messages"
    return "windows"


def _row(line: Line) -> dict[str, object] | None:
    try:
        row = json.loads(line.raw) if line.raw is not None else None
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
