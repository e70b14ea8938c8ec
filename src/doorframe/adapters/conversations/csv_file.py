"""A table: one message a row, with a line of names above. Commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO, TextIO

from doorframe.adapters.conversations import encoding, fields, found
from doorframe.adapters.conversations.dates import Dates
from doorframe.adapters.conversations.found import Conversation, Told, Unreadable
from doorframe.engines.detection.conversation import Message

LARGEST = 1_000_000
"""Letters of one line that are read."""

MOST_LINES = 2_000
"""Lines of one row: beyond that a quotation mark was never closed."""

SAMPLE = 2_000
"""Rows from which the order of day and month is learnt."""


def read(stream: BinaryIO, told: Told) -> Iterator[Conversation]:
    """The conversations of a table. Memory holds one row. Raises Unreadable where no column holds the words."""
    return found.stretches(_messages(stream, told), told)


def header(line: str) -> tuple[str, list[str]]:
    """The separator and the names of a first line."""
    separator = max(",;\t|", key=line.count)
    return separator, next(csv.reader([line.lstrip("\ufeff")], delimiter=separator), [])


def _messages(stream: BinaryIO, told: Told) -> Iterator[tuple[str, Message]]:
    lines = encoding.opened(stream, newline="")
    separator, titles = header(lines.readline(LARGEST).rstrip("\r\n"))
    names = fields.known(titles)
    if "text" not in names:
        raise Unreadable("The first line names no column with the words. Call it text, and the others author and at.")
    dates = _dates(lines, separator, titles, names)
    told.notes += [] if dates.certain else [f"Dates could be read both ways; they were read as {dates.order}."]
    lines.seek(0)
    lines.readline(LARGEST)
    for place, values in _rows(lines, separator, titles, told):
        row = dict(zip(titles, values, strict=False))
        message = fields.message(row, names, dates, place)
        if message is not None:
            yield fields.conversation(row, names, told.name), message


def _dates(lines: TextIO, separator: str, titles: Sequence[str], names: dict[str, str]) -> Dates:
    at = names.get("at")
    if at is None:
        return Dates()
    clock = next((one for one in titles if one.strip().lower() == "time" and one != at), "")
    rows = (dict(zip(titles, values, strict=False)) for _, values in _rows(lines, separator, titles, Told()))
    return Dates(f"{row.get(at, '')} {row.get(clock, '')}" for row in islice(rows, SAMPLE))


def _rows(lines: TextIO, separator: str, titles: Sequence[str], told: Told) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its line. A row that breaks is counted, and reading goes on at the next line."""
    source = _Lines(lines)
    while (first := source.take()) is not None:
        place, kept = source.place, [first]
        if not first.strip():
            continue
        values = _whole(source, kept, separator)
        if values is None:
            source.give_back(kept[1:])
            values = _loosely(first, separator)
        values = _fitting(values, titles, separator)
        if values is None or len(first) > LARGEST:
            told.left[found.BROKEN] += 1
        else:
            yield place, values


class _Lines:
    """Lines of a file, some of which may be given back."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._back: list[str] = []
        self.place = 1

    def take(self) -> str | None:
        self.place += 1
        if self._back:
            return self._back.pop(0)
        line = self._lines.readline(LARGEST + 1)
        if len(line) > LARGEST and not line.endswith("\n"):
            while (more := self._lines.readline(LARGEST)) and not more.endswith("\n"):
                pass
        return line or None

    def give_back(self, lines: list[str]) -> None:
        self.place -= len(lines)
        self._back[:0] = lines


def _whole(source: _Lines, kept: list[str], separator: str) -> list[str] | None:
    """The values of the row that begins with the line in `kept`, which grows by the lines that were needed."""

    def more() -> Iterator[str]:
        yield kept[0]
        size = len(kept[0])
        while size <= LARGEST and len(kept) < MOST_LINES and (line := source.take()) is not None:
            kept.append(line)
            size += len(line)
            yield line

    csv.field_size_limit(max(csv.field_size_limit(), LARGEST + 1))
    try:
        return next(csv.reader(more(), delimiter=separator, strict=True), None)
    except csv.Error:
        return None


def _loosely(line: str, separator: str) -> list[str] | None:
    """A single line in which quotation marks do not close as they should."""
    try:
        return next(csv.reader([line.rstrip("\r\n").replace("\0", "")], delimiter=separator), None)
    except csv.Error:
        return None


def _fitting(values: list[str] | None, titles: Sequence[str], separator: str) -> list[str] | None:
    """Values in the columns; commas too many belong to a last column. None where values are missing."""
    if values is None or len(values) < len(titles):
        return None
    last = len(titles) - 1
    return [*values[:last], separator.join(values[last:])]
