"""Writing a pack: the same entries give the same bytes, and memory holds one part of one entry at a time."""

from __future__ import annotations

import hashlib
import stat
import tempfile
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from doorframe.adapters.export.evidence.entries import FORMAT, MANIFEST, README, About, Entry, is_safe
from doorframe.adapters.export.evidence.readme import readme
from doorframe.adapters.export.tables import json_bytes

_IN_MEMORY = 4 * 1024 * 1024
"""Bytes of a pack that stay in memory; a larger one goes to a temporary file that has no name."""

_NO_DAY = (1980, 1, 1, 0, 0, 0)


def pack(entries: Iterable[Entry], *, about: About, to: IO[bytes] | None = None) -> IO[bytes]:
    """Write the pack, and give back the file at its beginning. The caller closes it.

    Entries stand in the order in which they come, between README.txt and manifest.json. `to` is a file that can be
    read and sought; left out, it is a temporary one that goes when it is closed.

    Raises ValueError for a path that is not safe or stands twice; nothing of such a pack may be used.
    """
    file = to if to is not None else _temporary()
    start = file.tell()
    listed: list[dict[str, Any]] = []
    seen = {README.casefold(), MANIFEST.casefold()}
    with zipfile.ZipFile(file, "w", compresslevel=6) as archive:
        listed.append(_write(archive, Entry(README, readme(about).encode("utf-8"))))
        for entry in entries:
            _check(entry.path, seen)
            listed.append(_write(archive, entry))
        _write(archive, Entry(MANIFEST, json_bytes(_manifest(about, listed))))
    file.seek(start)
    return file


def _temporary() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


def _check(path: str, seen: set[str]) -> None:
    if not is_safe(path):
        raise ValueError(f"{path!r} is no safe name for a file of a pack")
    if path.casefold() in seen:
        raise ValueError(f"{path!r} stands twice in this pack")
    seen.add(path.casefold())


def _write(archive: zipfile.ZipFile, entry: Entry) -> dict[str, Any]:
    """Write one file, and say what the manifest will say of it."""
    info = zipfile.ZipInfo(entry.path, _NO_DAY)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    # A PDF is compressed inside already.
    info.compress_type = zipfile.ZIP_STORED if entry.path.endswith(".pdf") else zipfile.ZIP_DEFLATED
    whole = isinstance(entry.data, bytes)
    parts = [entry.data] if isinstance(entry.data, bytes) else entry.data
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=not whole) as file:
        for part in parts:
            digest.update(part)
            size += len(part)
            file.write(part)
    return {"path": entry.path, "size": size, "sha256": digest.hexdigest()}


def _manifest(about: About, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": about.made_at,
        "practice": {"uid": about.practice_uid, "name": about.practice_name},
        "about": {"kind": about.kind, "reference": about.reference},
        "trail": {"seq": about.head[0], "hash": about.head[1]},
        "certificate_sha256": about.certificate,
        "files": files,
    }
