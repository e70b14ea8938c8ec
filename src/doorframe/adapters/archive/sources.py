"""The lines of an archive's files: JSONL as it stands, Parquet a row as a line."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from doorframe.adapters.windows_file import LARGEST

ENDINGS = (".jsonl", ".ndjson", ".parquet")

_BATCH = 1024
"""Rows of a Parquet file that are held at once."""


class NoParquet(ValueError):
    """There are Parquet files and nothing is installed that reads them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    raw     its bytes, None where it is longer than is read
    size    in bytes, of Parquet in rows
    sha256  of all its bytes, also of those that were not kept
    """

    raw: bytes | None
    size: int
    sha256: bytes


def files(folder: Path) -> list[str]:
    """The files of an archive, as paths below its folder, in one order on every machine."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found if not path.name.startswith("."))


def others(folder: Path) -> dict[str, int]:
    """How many files there are whose endings are not read, by ending; hidden ones do not count."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() not in ENDINGS and path.is_file())
    endings = (path.suffix.lower() for path in found if not path.name.startswith("."))
    # The name of a file may hold bytes that are no letters, which the manifest could not be written with.
    return dict(sorted(Counter(one.encode("utf-8", "replace").decode() for one in endings).items()))


def why(error: OSError | ValueError) -> str:
    """Why a file cannot be read, and what to do about it, for a person."""
    if isinstance(error, PermissionError):
        return "it cannot be read, because this account may not open it. Allow that"
    if isinstance(error, FileNotFoundError):
        return "it went away while it was to be read. Put it back"
    if isinstance(error, OSError) and error.errno is not None:
        return "it cannot be read, because its disk or network folder gave an error. See to that"
    return "it cannot be read, because it is damaged or cut short. Put a whole copy in its place"


def lines(path: Path, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """The lines from `start` up to `end` (bytes, of Parquet rows). Memory holds one line, or a batch of rows."""
    yield from (_rows if path.suffix.lower() == ".parquet" else _lines)(path, start, end)


def _lines(path: Path, start: int, end: int | None) -> Iterator[Line]:
    with path.open("rb") as stream:
        stream.seek(start)
        at = start
        while (end is None or at < end) and (raw := stream.readline(LARGEST + 1)):
            line = Line(raw, len(raw), sha256(raw).digest()) if len(raw) <= LARGEST else _gigantic(stream, raw)
            at += line.size
            yield line


def _gigantic(stream: BinaryIO, raw: bytes) -> Line:
    """A line that is not kept, read to its end."""
    digest, size = sha256(), 0
    while raw:
        digest.update(raw)
        size += len(raw)
        if raw.endswith(b"\n"):
            break
        raw = stream.readline(LARGEST)
    return Line(None, size, digest.digest())


def _rows(path: Path, start: int, end: int | None) -> Iterator[Line]:
    with _parquet(path) as file:
        group, at = _group(file.metadata, start)
        for batch in file.iter_batches(batch_size=_BATCH, row_groups=list(range(group, file.num_row_groups))):
            if end is not None and at >= end:
                return
            first, last = max(0, start - at), len(batch) if end is None else min(len(batch), end - at)
            at += len(batch)
            for row in batch.slice(first, max(0, last - first)).to_pylist():
                raw = json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "replace")
                yield Line(raw if len(raw) <= LARGEST else None, 1, sha256(raw).digest())


def _group(metadata: Any, start: int) -> tuple[int, int]:
    """The row group that holds a row, and its first row."""
    group, before = 0, 0
    while group < metadata.num_row_groups and before + metadata.row_group(group).num_rows <= start:
        before += metadata.row_group(group).num_rows
        group += 1
    return group, before


def length(path: Path) -> int:
    """Bytes of a file, of Parquet rows."""
    if path.suffix.lower() != ".parquet":
        return path.stat().st_size
    with _parquet(path) as file:
        return int(file.metadata.num_rows)


def _parquet(path: Path) -> Any:
    if importlib.util.find_spec("pyarrow") is None:
        raise NoParquet('Parquet files need pyarrow: python -m pip install "doorframe[bulk]".')
    return importlib.import_module("pyarrow.parquet").ParquetFile(path)
