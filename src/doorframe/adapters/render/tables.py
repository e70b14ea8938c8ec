"""A Table with every row as wide as its header, so that no format has to guess."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from doorframe.adapters.render.words import Run, one_line, runs
from doorframe.engines.assembly.document import Table


@dataclass(frozen=True, slots=True)
class Grid:
    """caption may be empty; header and every row hold the same number of cells."""

    caption: str
    header: list[str]
    rows: list[list[list[Run]]]


_SHORT = 18
_LONG = 200


def weights(found: Grid) -> list[float]:
    """How wide each column wants to be beside the others; 0 for one that is as wide as its few words.

    The root of the longest cell: a column of sentences gets more room, but does not crush the rest.
    """
    columns = zip(found.header, *([_words(cell) for cell in row] for row in found.rows), strict=True)
    longest = [max(map(len, column)) for column in columns]
    wanted = [0.0 if length <= _SHORT else round(sqrt(min(length, _LONG)), 2) for length in longest]
    return wanted if any(wanted) else [*wanted[:-1], 1.0]


def natural(found: Grid, column: int) -> int:
    """The characters of the longest cell of one column."""
    return max([len(found.header[column]), *(len(_words(row[column])) for row in found.rows)])


def _words(cell: list[Run]) -> str:
    return "".join(run.text for run in cell)


def grid(table: Table) -> Grid:
    """The table's words, cleaned; missing cells are empty."""
    width = max([len(table.header), *(len(row) for row in table.rows)], default=0)
    header = [one_line(name) for name in table.header]
    header += [""] * (width - len(header))
    rows = [[runs(cell) for cell in row] + [[]] * (width - len(row)) for row in table.rows]
    return Grid(one_line(table.caption), header, rows)
