"""Reading a ZIP from a stranger: nothing is written to disk, nothing grows without bounds, no name leads elsewhere."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import IO

from doorframe.adapters.export.evidence.entries import is_safe

MOST_FILES = 200_000
LARGEST_TOTAL = 8 * 1024**3
HIGHEST_RATIO = 300
"""How many bytes one byte may become in a file over a megabyte. Ours stay below fifty; a bomb is near a thousand."""
HIGHEST_TOTAL_RATIO = 100

_SMALL = 1024 * 1024
_LARGE = 64 * _SMALL
_PART = 256 * 1024
_HEADER = 30
"""Bytes of a file's own header before its name."""


class NotAPack(ValueError):
    """The file is no evidence pack, or one that is not opened; the message is one sentence for a person."""


class Archive:
    """A ZIP whose table of contents has been found safe. Raises NotAPack when it is not."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = _opened(file)
        try:
            self._infos = _checked(self._zip, file)
        except NotAPack:
            self._zip.close()
            raise
        self.names = set(self._infos)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def parts(self, name: str) -> Iterator[bytes]:
        """A file in parts. Raises NotAPack where it is damaged."""
        try:
            with self._zip.open(self._infos[name]) as file:
                while part := file.read(_PART):
                    yield part
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise NotAPack(f"The file {name} in this pack is damaged.") from error

    def read(self, name: str, most: int) -> bytes | None:
        """A whole file; None where it is missing, damaged, or larger than `most` bytes."""
        if name not in self._infos or self._infos[name].file_size > most:
            return None
        try:
            return b"".join(self.parts(name))
        except NotAPack:
            return None

    def lines(self, name: str, most: int) -> Iterator[bytes | None]:
        """A file line by line. A last None stands for a line over `most` bytes, or for damage."""
        rest = b""
        try:
            for part in self.parts(name):
                *whole, rest = (rest + part).split(b"\n")
                yield from whole
                if len(rest) > most:
                    yield None
                    return
        except NotAPack:
            yield None
            return
        if rest:
            yield rest


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise NotAPack("This is not a ZIP file, so it is no evidence pack.")
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise NotAPack("This ZIP file is damaged or cut short. Ask for the pack again.") from error


def _checked(archive: zipfile.ZipFile, file: IO[bytes]) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise NotAPack("This file holds more files than any evidence pack. It was not opened.")
    _check_ends(archive, file)
    _check_places(archive, infos)
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for info in infos:
        _check_one(info)
        if info.filename.casefold() in folded:
            raise NotAPack("Two files in this ZIP have the same name, so it was not opened.")
        folded.add(info.filename.casefold())
        found[info.filename] = info
    _check_size(infos)
    return found


def _check_size(infos: list[zipfile.ZipInfo]) -> None:
    """The whole may not become far larger either: many small files make a bomb as well as one."""
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > LARGEST_TOTAL or (total > _LARGE and total > HIGHEST_TOTAL_RATIO * packed):
        raise NotAPack("This ZIP would become far larger when unpacked than any evidence pack. It was not opened.")


def _check_one(info: zipfile.ZipInfo) -> None:
    # Python cuts a name at a zero; the name as it stands is the one to judge.
    if info.orig_filename != info.filename or not is_safe(info.filename):
        raise NotAPack("A file in this ZIP has a name that could lead out of its folder. It was not opened.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & 0x1 or kind not in (0, stat.S_IFREG):
        raise NotAPack("This ZIP holds a locked file or a link, which no evidence pack does. It was not opened.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotAPack("This ZIP is compressed in a way that no evidence pack is. It was not opened.")
    if info.file_size > _SMALL and info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
        raise NotAPack("A file in this ZIP would become far larger when unpacked. It was not opened.")


def _check_ends(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    """Nothing may stand after the end of the ZIP, where another kind of file could hide."""
    file.seek(-22, 2)
    if archive.comment or not file.read(4) == b"PK\x05\x06":
        raise NotAPack("Something stands after the end of this ZIP, so it was not opened.")


def _check_places(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Files lie one after the other from the first byte on: none shares its bytes with another, none hides between."""
    free = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < free or (free == 0 and info.header_offset != 0):
            raise NotAPack("The files in this ZIP overlap, which no evidence pack's do. It was not opened.")
        free = info.header_offset + _HEADER + len(info.filename.encode("utf-8")) + info.compress_size
    if free > archive.start_dir:
        raise NotAPack("The files in this ZIP overlap, which no evidence pack's do. It was not opened.")
