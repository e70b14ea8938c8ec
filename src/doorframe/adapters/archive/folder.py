"""Which files in a folder of results are ours. Whatever else somebody keeps there is not touched."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from pathlib import Path

from doorframe.adapters.archive.parts import Part, prefix
from doorframe.adapters.archive.work import UNFINISHED

_RESULT = re.compile(r"(part-[0-9a-f]{12}-)([0-9]{14,})\.jsonl")
_BEGUN = re.compile(r"\.part-[0-9a-f]{12}-[0-9]{14,}-[0-9a-f]{12}" + re.escape(UNFINISHED))

ROW = b'{"stamp": '
"""How each line of a journal begins."""


class Taken:
    """Stretches of files that results stand for. No two meet."""

    def __init__(self) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}

    def add(self, part: Part) -> None:
        insort(self._spans.setdefault(prefix(part.file), []), (part.start, part.end))

    def meets(self, begins: str, start: int, end: int) -> bool:
        """Whether a stretch of the file whose results begin so shares anything with those here."""
        spans = self._spans.get(begins, [])
        before = bisect_left(spans, (end,))
        return before > 0 and spans[before - 1][1] > start


def begun(folder: Path) -> Iterator[Path]:
    """What workers were writing when they died."""
    return (path for path in folder.glob(".part-*") if _BEGUN.fullmatch(path.name))


def results(folder: Path) -> Iterator[tuple[Path, str, int]]:
    """Each result, how those of its file begin, and where in its file it starts."""
    for path in folder.glob("part-*.jsonl"):
        if match := _RESULT.fullmatch(path.name):
            yield path, match[1], int(match[2])


def is_journal(place: Path) -> bool:
    """Whether it is a journal of ours, perhaps torn: empty, or it begins as one, as far as it goes."""
    with place.open("rb") as file:
        first = file.read(4096).lstrip(b"\n\0").split(b"\n")[0].rstrip(b"\0")
    return first.startswith(ROW) or ROW.startswith(first)
