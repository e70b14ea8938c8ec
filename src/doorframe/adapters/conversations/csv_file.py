"""A table: one message a row, with a line of names above. Commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\t|]*', re.IGNORECASE)
"""The line that Excel writes above a table, and reads without showing it."""


def read(stream: BinaryIO, told: Told) -> Iterator[Conversation]:
    """The conversations of a table. Memory holds one row. Raises Unreadable where no column holds the words."""
    return found.stretches(_messages(stream, told), told)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the rows: the separator, the names of the columns, and how many lines that takes."""

    separator: str
    titles: list[str]
    lines: int


def header(beginning: Sequence[str]) -> Header:
    """What the first lines say, of which there is at least one."""
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST + 1))
    first, *more = (line.lstrip("\ufeff") for line in beginning[:2])
    told = _SEPARATOR.fullmatch(first)
    line = "".join(more) if told else first
    separator = told[1] if told else max(",;\t|", key=line.count)
    return Header(separator, next(csv.reader([line], delimiter=separator), []), 2 if told else 1)


def _messages(stream: BinaryIO, told: Told) -> Iterator[tuple[str, Message]]:
    lines = encoding.opened(stream, newline="")
    head = header([lines.readline(LARGEST).rstrip("\r\n") for _ in range(2)])
    titles, names = head.titles, fields.known(head.titles)
    if "text" not in names:
        raise Unreadable("The first line names no column with the words. Call it text, and the others author and at.")
    told.notes += [] if "author" in names else ["No column says who wrote; name it author."]
    dates = _dates(lines, head, names)
    told.notes += [] if dates.certain else [f"Dates could be read both ways; they were read as {dates.order}."]
    for place, values in _rows(lines, head, told):
        row = dict(zip(titles, values, strict=False))
        message = fields.message(row, names, dates, place)
        if message is not None:
            yield fields.conversation(row, names, told.name), message


def _dates(lines: TextIO, head: Header, names: dict[str, str]) -> Dates:
    at = names.get("at")
    if at is None:
        return Dates()
    clock = fields.clock(head.titles, at)
    rows = (dict(zip(head.titles, values, strict=False)) for _, values in _rows(lines, head, Told()))
    return Dates(f"{row.get(at, '')} {row.get(clock, '')}" for row in islice(rows, SAMPLE))


def _rows(lines: TextIO, head: Header, told: Told) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its line. A row that breaks is counted, and reading goes on at the next line."""
    separator, titles = head.separator, head.titles
    source = _Lines(lines, head.lines)
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
    """Lines of a file below those that say how it is made, some of which may be given back."""

    def __init__(self, lines: TextIO, above: int) -> None:
        lines.seek(0)
        for _ in range(above):
            lines.readline(LARGEST)
        self._lines = lines
        self._back: list[str] = []
        self.place = above

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
