"""Reading a backup from end to end: who wants the files and rows gets them, and every sum is checked on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO

from doorframe import __version__
from doorframe.web.backup import archive, chain
from doorframe.web.backup.archive import Part
from doorframe.web.backup.errors import BackupError
from doorframe.web.backup.tables import Table

CONTENT_FORMAT = 1

Rows = Iterator[list[Any]]
TakeFile = Callable[[Part], None]
TakeRows = Callable[[Table, Rows], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a whole and sound backup says of itself."""

    about: dict[str, Any]
    manifest: dict[str, Any]

    @property
    def rows(self) -> int:
        return sum(int(table["count"]) for table in self.manifest["tables"].values())

    @property
    def files(self) -> int:
        return int(self.manifest["files"]["count"])

    @property
    def heads(self) -> chain.Heads:
        return chain.heads(self.about)


def prove(file: BinaryIO, passphrase: str, *, begin: Callable[[dict[str, Any]], None] | None = None) -> Found:
    """Read the whole backup and keep nothing: every byte, every sum and every chain of the trail is proved.

    `begin` hears what the backup says of itself before the rest is read, and may refuse. Raises BackupError.
    """
    proof: chain.Proof | None = None

    def start(about: dict[str, Any]) -> None:
        nonlocal proof
        proof = chain.Proof(chain.heads(about))
        if begin:
            begin(about)

    def take(table: Table, rows: Rows) -> None:
        assert proof
        proof.take(table, rows)

    found = scan(file, passphrase, begin=start, take_rows=take)
    assert proof
    with archive.sentences():
        proof.end()
    return found


def scan(
    file: BinaryIO,
    passphrase: str,
    *,
    begin: Callable[[dict[str, Any]], None],
    take_rows: TakeRows,
    take_file: TakeFile | None = None,
) -> Found:
    """Give out every file and every row, and check the sums.

    Raises BackupError, perhaps after much was given out: whoever takes it must be able to take it back.
    """
    reader = archive.Reader(file, passphrase)
    with archive.sentences():
        _check_version(reader.about)
        begin(reader.about)
        tables = {found["label"]: Table.from_json(found) for found in reader.about["tables"]}
        for (kind, name), parts in groupby(reader.parts(), key=_group):
            if kind == "file":
                _files(parts, take_file)
                continue
            rows = _rows(parts, reader.tables[name])
            take_rows(tables[name], rows)
            for _ in rows:
                pass
        return Found(reader.about, reader.manifest)


def _check_version(about: dict[str, Any]) -> None:
    if about.get("content_format") != CONTENT_FORMAT:
        raise BackupError(
            f"This backup was made by Doorframe {about.get('version', 'unknown')} in a form that {__version__} cannot"
            " read. Restore it with that version or a later one."
        )


def _group(part: Part) -> tuple[str, str]:
    return part.kind, part.name if part.kind == "rows" else ""


def _files(parts: Iterable[Part], take: TakeFile | None) -> None:
    for part in parts:
        if take:
            take(part)
        while part.source.read(archive.BLOCK_BYTES):
            pass


def _rows(parts: Iterable[Part], total: archive.Sum) -> Rows:
    for part in parts:
        yield from archive.rows(part, total)
