"""The inside of the envelope: a compressed tar file, so that any program can read it once it is decrypted.

about.json                        version, migrations, tables, heads of the trail: what a reader must know first
files/NAME                        the data folder
named/SETTING/NAME                what a setting names outside the data folder
tables/LABEL/NNNNNN.jsonl         the rows of one table, about a megabyte in each part
manifest.json                     counts and SHA-256 of everything above; the last member
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from doorframe.adapters import envelope
from doorframe.web.backup import folder
from doorframe.web.backup.errors import BackupError

ABOUT, MANIFEST = "about.json", "manifest.json"
PART_BYTES = 1024 * 1024
BLOCK_BYTES = 256 * 1024
_COMPRESSION = 4
_LONGEST_DESCRIPTION = 64 * 1024 * 1024
DAMAGED = "The backup is damaged inside: {}. Nothing was changed; use another backup."


@dataclass(slots=True)
class Sum:
    """What is known of a group of parts: how many rows or files, how many bytes, and their SHA-256."""

    count: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, data: bytes) -> None:
        """More bytes of the same part."""
        self.size += len(data)
        self.digest.update(data)

    def as_json(self) -> dict[str, Any]:
        return {"count": self.count, "bytes": self.size, "sha256": self.digest.hexdigest()}


class Writer:
    """Writes the parts in their order: about, files, tables, and at the end the manifest."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._sealed = envelope.Writer(file, passphrase)
        self._pressed = _Pressed(self._sealed)
        self._tar = _tar(self._pressed, "w|")
        self.files = Sum()
        self.tables: dict[str, Sum] = {}
        self._about = ""

    def about(self, found: dict[str, Any]) -> None:
        """The first member."""
        self._about = self._json(ABOUT, found)

    def file(self, name: str, path: Path) -> None:
        """One file as it is now. One that is gone since it was listed is left out."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source:
            size = source.seek(0, io.SEEK_END)
            source.seek(0)
            self.files.count += 1
            self.files.digest.update(_file_line(name, size))
            self._tar.addfile(_member(name, size), _Summed(source, size, self.files, path.name))
            _forget(self._tar)

    def table(self, label: str, rows: Iterable[bytes]) -> None:
        """All rows of one table, each a line."""
        total = self.tables[label] = Sum()
        number, part = 0, bytearray()
        for row in rows:
            part += row
            total.count += 1
            if len(part) >= PART_BYTES:
                number += 1
                self._rows(label, number, part, total)
                part = bytearray()
        if part:
            self._rows(label, number + 1, part, total)

    def finish(self) -> dict[str, Any]:
        """Write the manifest and the envelope's end; gives the manifest."""
        manifest = {
            "about_sha256": self._about,
            "files": self.files.as_json(),
            "tables": {label: total.as_json() for label, total in self.tables.items()},
        }
        self._json(MANIFEST, manifest)
        self._tar.close()
        self._pressed.finish()
        self._sealed.finish()
        return manifest

    def abandon(self) -> None:
        """Write nothing more, whatever still wants to be flushed."""
        self._pressed.is_dead = True

    def _rows(self, label: str, number: int, part: bytearray, total: Sum) -> None:
        data = bytes(part)
        total.add(data)
        self._bytes(f"tables/{label}/{number:06}.jsonl", data)

    def _json(self, name: str, found: dict[str, Any]) -> str:
        data = json.dumps(found, indent=1, sort_keys=True).encode("ascii")
        self._bytes(name, data)
        return hashlib.sha256(data).hexdigest()

    def _bytes(self, name: str, data: bytes) -> None:
        self._tar.addfile(_member(name, len(data)), io.BytesIO(data))
        _forget(self._tar)


def _tar(stream: Any, mode: Any) -> tarfile.TarFile:
    return tarfile.open(fileobj=stream, mode=mode, format=tarfile.PAX_FORMAT, bufsize=BLOCK_BYTES)


def _forget(tar: tarfile.TarFile) -> None:
    """It would keep a note of every member for ever."""
    tar.members = []  # type: ignore[attr-defined]


class _Pressed(io.RawIOBase):
    """Compresses what is written to it, in the form of gzip."""

    def __init__(self, sealed: envelope.Writer) -> None:
        super().__init__()
        self._sealed = sealed
        self._press = zlib.compressobj(_COMPRESSION, wbits=31)
        self.is_dead = False

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if not self.is_dead:
            self._sealed.write(self._press.compress(data))
        return len(data)

    def finish(self) -> None:
        """Write what is left."""
        self._sealed.write(self._press.flush())


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _file_line(name: str, size: int) -> bytes:
    return json.dumps([name, size]).encode("ascii") + b"\n"


class _Summed(io.RawIOBase):
    """A file as the archive reads it, added up on the way."""

    def __init__(self, source: BinaryIO, size: int, total: Sum, name: str) -> None:
        super().__init__()
        self._source, self._left, self._total, self._name = source, size, total, name

    def read(self, size: int = -1) -> bytes:
        wanted = min(size, self._left) if size >= 0 else self._left
        data = self._source.read(wanted)
        if len(data) < wanted:
            raise BackupError(f"{self._name} became shorter while it was copied. No backup was made; try again.")
        self._left -= len(data)
        self._total.add(data)
        return data


@dataclass(frozen=True, slots=True)
class Part:
    """One member as it is read: `kind` is file or rows, `name` the file's name or the table's label."""

    kind: str
    name: str
    source: BinaryIO
    size: int


class Reader:
    """Reads the parts in their order and proves each against the manifest.

    Every error is a BackupError; a caller that has taken all of `parts` knows that the whole file is sound.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        with sentences():
            file.seek(0)
            self._sealed = envelope.Reader(file, passphrase)
            self._pressed = gzip.GzipFile(fileobj=io.BufferedReader(self._sealed, BLOCK_BYTES), mode="rb")
            self._tar = _tar(self._pressed, "r|")
            data = self._expect(ABOUT)
            self._about_sha256 = hashlib.sha256(data).hexdigest()
            self.about: dict[str, Any] = _object(data)
        self.files = Sum()
        self.tables: dict[str, Sum] = {label: Sum() for label in self._labels()}
        self.manifest: dict[str, Any] = {}

    def _labels(self) -> list[str]:
        try:
            return [str(table["label"]) for table in self.about["tables"]]
        except (KeyError, TypeError) as error:
            raise BackupError(DAMAGED.format("it does not say which tables it holds")) from error

    def parts(self) -> Iterator[Part]:
        """Every file and every part of a table; the caller reads each before it asks for the next."""
        with sentences():
            numbers: dict[str, int] = {}
            while (member := self._next()).name != MANIFEST:
                yield self._part(member, numbers)
            self._finish(self._read(member))

    def _part(self, member: tarfile.TarInfo, numbers: dict[str, int]) -> Part:
        source = self._source(member)
        group, _, rest = member.name.partition("/")
        if group in {"files", "named"} and folder.is_safe(rest):
            self.files.count += 1
            self.files.digest.update(_file_line(member.name, member.size))
            return Part("file", member.name, cast(BinaryIO, _Counted(source, self.files)), member.size)
        label, _, number = rest.partition("/")
        numbers[label] = numbers.get(label, 0) + 1
        if group == "tables" and label in self.tables and number == f"{numbers[label]:06}.jsonl":
            return Part("rows", label, cast(BinaryIO, _Counted(source, self.tables[label])), member.size)
        raise BackupError(DAMAGED.format(f"{member.name!r} does not belong there"))

    def _next(self) -> tarfile.TarInfo:
        _forget(self._tar)
        member = self._tar.next()
        if member is None:
            raise BackupError(DAMAGED.format("its list of contents is missing"))
        return member

    def _source(self, member: tarfile.TarInfo) -> BinaryIO:
        source = self._tar.extractfile(member) if member.isreg() else None
        if source is None:
            raise BackupError(DAMAGED.format(f"{member.name!r} is no file"))
        return cast(BinaryIO, source)

    def _read(self, member: tarfile.TarInfo) -> bytes:
        if member.size > _LONGEST_DESCRIPTION:
            raise BackupError(DAMAGED.format("its description is too long"))
        return self._source(member).read()

    def _expect(self, name: str) -> bytes:
        member = self._next()
        if member.name != name:
            raise BackupError(DAMAGED.format(f"it does not begin with {name}"))
        return self._read(member)

    def _finish(self, data: bytes) -> None:
        """Everything added up must be what the manifest says, and nothing may follow."""
        self.manifest = _object(data)
        if self._tar.next() is not None or self._pressed.read(1).strip(b"\0"):
            raise BackupError(DAMAGED.format("something follows its list of contents"))
        while self._pressed.read(BLOCK_BYTES):
            pass
        self._sealed.drain()
        found = {
            "about_sha256": self._about_sha256,
            "files": self.files.as_json(),
            "tables": {label: total.as_json() for label, total in self.tables.items()},
        }
        for what, value in found.items():
            if self.manifest.get(what) != value:
                raise BackupError(DAMAGED.format(f"its {what} are not what its list says"))


class _Counted(io.RawIOBase):
    """A part as a caller reads it, added up on the way."""

    def __init__(self, source: BinaryIO, total: Sum) -> None:
        super().__init__()
        self._source, self._total = source, total

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._total.add(data)
        return data


def rows(part: Part, total: Sum) -> Iterator[list[Any]]:
    """The rows of a part of a table, counted."""
    for line in part.source.read().splitlines():
        row = json.loads(line)
        if not isinstance(row, list):
            raise BackupError(DAMAGED.format(f"a row of {part.name} is no list"))
        total.count += 1
        yield row


def _object(data: bytes) -> dict[str, Any]:
    found = json.loads(data)
    if not isinstance(found, dict):
        raise BackupError(DAMAGED.format("a description is no object"))
    return found


class sentences:
    """Turns what the libraries say of a broken file into a sentence of ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, envelope.EnvelopeError):
            raise BackupError(str(error)) from error
        if isinstance(error, tarfile.TarError | zlib.error | gzip.BadGzipFile | EOFError | ValueError | RecursionError):
            raise BackupError(DAMAGED.format(f"its contents make no sense ({type(error).__name__})")) from error
