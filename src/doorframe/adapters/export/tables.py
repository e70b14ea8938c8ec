"""Tables that leave and come in: CSV that no spreadsheet takes for a formula, JSON, and the reading of somebody's CSV.

A spreadsheet runs a cell that begins with one of = + - @ as a formula, and a name can be chosen so. `harmless` puts an
apostrophe before such a cell, which spreadsheets show as text; `plain` takes exactly that apostrophe away again. The
same is done after a semicolon, a tab and a new line inside a cell, because a spreadsheet that expects another
separator would begin a cell there. Numbers are written as numbers, minus sign and all.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | Decimal | bool | date | datetime | time | None

BOM = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for something else."""

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a table that is read."""

MOST_ROWS = 50_000
MOST_PROBLEMS = 50
"""Problems that are listed; who has more has given the wrong file."""

LONGEST_CELL = 10_000

# Signs that begin a formula, their full-width twins too; and what a reader may skip before them.
_FORMULA = "=+@\\-\uff1d\uff0b\uff0d\uff20"
_BLANK = "[ \u00a0\u200b\u2060\ufeff\x00]*"
_DANGER = re.compile(f"(^'*(?={_BLANK}[{_FORMULA}\t\r\n])|(?<=[;\t\r\n])'*(?={_BLANK}[{_FORMULA}]))")
_MADE_HARMLESS = re.compile(f"(^'(?='*{_BLANK}[{_FORMULA}\t\r\n])|(?<=[;\t\r\n])'(?='*{_BLANK}[{_FORMULA}]))")


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet runs; `plain` gives it back."""
    return _DANGER.sub(lambda found: found.group() + "'", text)


def plain(cell: str) -> str:
    """What a cell that `harmless` wrote says. Cells of others come back as they are."""
    return _MADE_HARMLESS.sub("", cell)


# Writing


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole table as CSV (RFC 4180): UTF-8 with a mark at its start, commas, text in quotes, lines ending CR LF."""
    return b"".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same line by line, for tables that should not stand in memory.

    Raises ValueError for a row that is not as long as the header.
    """
    yield BOM + _line(header)
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells, but the header has {len(header)}")
        yield _line(row)


def _line(row: Sequence[Cell]) -> bytes:
    return (",".join(_cell(value) for value in row) + "\r\n").encode("utf-8")


def _cell(value: Cell) -> str:
    """One cell. Numbers stand bare, everything else in quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return '"yes"' if value else '"no"'
    if isinstance(value, int | Decimal):
        return _number(value)
    text = value if isinstance(value, str) else value.isoformat()
    return '"' + harmless(text).replace('"', '""') + '"'


def _number(value: int | Decimal) -> str:
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{value} is no number that a table can hold")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def json_bytes(value: object) -> bytes:
    """JSON for people and programs to read: UTF-8, two spaces, keys as they come, a new line at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


# Reading


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an import knows. Other names for it may stand in the file; case and blanks do not count."""

    name: str
    required: bool = False
    also: tuple[str, ...] = ()
    longest: int = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file on which it begins, and its cells by the name of the column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, as a sentence. `line` 0 means the file as a whole; `blocks` False is only worth knowing."""

    line: int
    sentence: str
    blocks: bool = True


def read_csv(data: bytes, columns: Sequence[Column]) -> tuple[list[Row], list[Problem]]:
    """The rows of somebody's CSV file, and what is wrong with it.

    UTF-8, UTF-16 and Windows-1252 are read, with commas, semicolons or tabs. Rows with a problem are left out, so
    that the others can still be shown. Every column of `columns` is in every row, as "" where the file has none.
    """
    text, problem = _decoded(data)
    if problem:
        return [], [problem]
    lines, problems = _records(text)
    if not lines:
        return [], problems or [Problem(0, "This file has no rows. The first line should name the columns.")]
    places, more = _places(lines[0], columns)
    if any(one.blocks for one in more):
        return [], more
    rows: list[Row] = []
    for line, cells in lines[1:]:
        if not any(cells):
            continue
        found = list(_row_problems(line, cells, len(lines[0][1]), places, columns))
        problems += found
        if not found:
            known = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
            rows.append(Row(line, {column.name: known.get(column.name, "") for column in columns}))
    return rows, _shortened([*more, *problems])


def _decoded(data: bytes) -> tuple[str, Problem | None]:
    if len(data) > LARGEST_FILE:
        return "", Problem(0, "This file is larger than 10 MB, so nothing was read. Split it, and bring in each part.")
    if not data.strip(b"\x00 \t\r\n" + BOM):
        return "", Problem(0, "This file is empty.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "", Problem(0, "This is a spreadsheet file. Open it, save it as CSV, and bring in that file.")
    for encoding in _encodings(data):
        try:
            return data.decode(encoding).removeprefix("\ufeff"), None
        except UnicodeDecodeError:
            continue
    return "", Problem(0, "The letters of this file cannot be read. Save it as “CSV UTF-8”, and bring in that file.")


def _encodings(data: bytes) -> tuple[str, ...]:
    """What the bytes may be written in: by their mark, else by where the zeros stand, else the usual two."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if data.startswith(BOM):
        return ("utf-8",)
    start = data[:2000]
    if start[1::2].count(0) > len(start) // 5 and not start[0::2].count(0):
        return ("utf-16-le",)
    if start[0::2].count(0) > len(start) // 5 and not start[1::2].count(0):
        return ("utf-16-be",)
    return ("utf-8", "cp1252", "latin-1")


def _records(text: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Every record with the line on which it begins. Reading stops where the quotes no longer fit."""
    text, skipped, delimiter = _delimiter(text)
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if len(found) > MOST_ROWS:
                return found[:1], [Problem(0, f"This file has more than {MOST_ROWS} rows. Split it.")]
            found.append((line + skipped, [plain(cell).strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error:
        at = line + skipped
        sentence = f"Line {at}: the quotation marks do not fit, so nothing from here on was read."
        return found, [Problem(at, sentence)]
    first = next((place for place, (_, cells) in enumerate(found) if any(cells)), len(found))
    return found[first:], []


def _delimiter(text: str) -> tuple[str, int, str]:
    """The text, how many lines were skipped, and what parts its cells: as “sep=” says, else the most frequent."""
    told = re.match(r"sep=([,;\t|])\r?\n", text)
    if told:
        return text[told.end() :], 1, told.group(1)
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return text, 0, max(",;\t", key=bare.count)


def _places(header: tuple[int, list[str]], columns: Sequence[Column]) -> tuple[dict[str, int], list[Problem]]:
    """Which cell of a record belongs to which column."""
    line, names = header
    known = {_folded(name): column.name for column in columns for name in (column.name, *column.also)}
    places: dict[str, int] = {}
    problems: list[Problem] = []
    for place, shown in enumerate(names):
        column = known.get(_folded(shown))
        if column is None:
            if shown:
                problems.append(Problem(line, f"The column “{_short(shown)}” is not known and is left out.", False))
        elif column in places:
            problems.append(Problem(line, f"The column “{_short(shown)}” stands twice. Keep one of them."))
        else:
            places[column] = place
    missing = [column.name for column in columns if column.required and column.name not in places]
    problems += [Problem(line, f"There is no column “{name}”. The first line should name it.") for name in missing]
    if not places and not missing:
        problems.append(Problem(line, "None of the columns is known, so nothing can be brought in."))
    return places, problems


def _row_problems(
    line: int, cells: list[str], width: int, places: dict[str, int], columns: Sequence[Column]
) -> Iterator[Problem]:
    if any(cells[width:]):
        yield Problem(line, f"Line {line} has more cells than the first line. A cell with a comma needs quotes.")
        return
    if any("\x00" in cell for cell in cells):
        yield Problem(line, f"Line {line} holds a character that no text has. Type this line again.")
        return
    for column in columns:
        place = places.get(column.name, len(cells))
        cell = cells[place] if place < len(cells) else ""
        if column.required and not cell:
            yield Problem(line, f"Line {line}: “{column.name}” is empty. Fill it in, or leave the line out.")
        elif len(cell) > min(column.longest, LONGEST_CELL):
            yield Problem(line, f"Line {line}: “{column.name}” is longer than {column.longest} letters. Shorten it.")


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


def _short(text: str) -> str:
    """A name from the file, short enough for a sentence and on one line."""
    shown = " ".join(text.split())
    return shown if len(shown) <= 40 else shown[:39] + "…"


def _shortened(problems: list[Problem]) -> list[Problem]:
    left = len(problems) - MOST_PROBLEMS
    if left <= 0:
        return problems
    return [*problems[:MOST_PROBLEMS], Problem(0, f"There are {left} more problems of this kind.")]
