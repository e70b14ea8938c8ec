"""Making a backup: one moment of the database and the data folder, in one encrypted file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection as main
from django.db.backends.base.base import BaseDatabaseWrapper

from doorframe import __version__
from doorframe.adapters.lasting import settle
from doorframe.apps.members.models import Practice
from doorframe.web import env
from doorframe.web.backup import archive, folder, scan, tables
from doorframe.web.backup.columns import column_of, encoder
from doorframe.web.backup.errors import BackupError
from doorframe.web.backup.snapshot import snapshot

_NEEDED_BY_NO_ONE = {"DOORFRAME_BACKUP_PASSPHRASE", "DOORFRAME_DATABASE_URL"}
"""Secrets that a restored installation does not need to be told again."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written, read back and given its name."""

    path: Path
    rows: int
    tables: int
    files: int
    size: int
    sha256: str


def backup(path: Path, *, passphrase: str, at: datetime) -> Made:
    """Write everything into one encrypted file, read it back, and only then give it its name.

    Until then it is called `path` with `.part`, and whatever stood under the name stays. Raises BackupError.
    """
    try:
        with _part(path) as part:
            found = _write(part, path, passphrase, at)
            part.flush()
            os.fsync(part.fileno())
            proved = scan.prove(part, passphrase)
            if proved.manifest != found:
                raise BackupError("What was written is not what can be read back. Is the disk sound?")
            size, digest = part.seek(0, os.SEEK_END), _digest(part)
            os.replace(_unfinished(path), path)
        settle(path.parent)
    except OSError as error:
        raise BackupError(_why(error, path)) from error
    made = Made(path, proved.rows, len(proved.manifest["tables"]), proved.files, size, digest)
    _note(made, at)
    return made


def _why(error: OSError, path: Path) -> str:
    kept = f"No backup was made; a file that stood at {path} before is untouched."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full. {kept} Make room, or choose another place."
    return f"The backup could not be written ({error.strerror or type(error).__name__}). {kept}"


@contextlib.contextmanager
def _part(path: Path) -> Iterator[BinaryIO]:
    """The unfinished file, ours alone. It goes away whatever happens, unless it was given its name."""
    name = _unfinished(path)
    with _locked(name) as file:
        try:
            yield file
        except BaseException:
            name.unlink(missing_ok=True)
            raise


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _locked(name: Path) -> BinaryIO:
    """Open the unfinished file; one that a killed backup left behind is taken over.

    Raises BackupError while another backup writes it.
    """
    while True:
        file = os.fdopen(os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b")
        if not _lock(file):
            file.close()
            raise BackupError(f"Another backup is writing to {name} now. Wait until it is done.")
        # The other one may have finished and renamed it between our opening and our lock: then it is not ours.
        if name.exists() and os.path.samestat(os.fstat(file.fileno()), name.stat()):
            file.truncate()
            return file
        file.close()


def _lock(file: BinaryIO) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: a file that is open cannot be renamed over, so two cannot get through
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(part: BinaryIO, path: Path, passphrase: str, at: datetime) -> dict[str, Any]:
    models = tables.kept_models()
    tables.check_there(models, main)
    writer = archive.Writer(part, passphrase)
    try:
        with snapshot() as connection:
            described = [tables.table_of(model, connection) for model in models]
            writer.about(_about(described, connection, at))
            # The files before the rows: the keys must be those that sealed the rows of this very moment.
            for name, source in _files(path):
                writer.file(name, source)
            for table, model in zip(described, models, strict=True):
                writer.table(table.label, tables.lines(table, model, connection))
        return writer.finish()
    except BaseException:
        writer.abandon()
        raise


def _about(described: list[tables.Table], connection: BaseDatabaseWrapper, at: datetime) -> dict[str, Any]:
    return {
        "content_format": scan.CONTENT_FORMAT,
        "version": __version__,
        "made_at": at.isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": _migrations(connection),
        "tables": [table.as_json() for table in described],
        "heads": _heads(connection),
        "outside": secrets_outside(),
    }


def _migrations(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return cursor.fetchall()


def _heads(connection: BaseDatabaseWrapper) -> dict[str, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.uid, h.seq, h.hash FROM trail_head h"
            " JOIN members_practice p ON p.id = h.practice_id ORDER BY p.id"
        )
        rows = cursor.fetchall()
    encode = encoder(column_of(Practice._meta.get_field("uid")), connection)
    return {encode(uid) if encode else uid: (seq, hash_) for uid, seq, hash_ in rows}


def secrets_outside() -> list[str]:
    """The settings that hold a secret which no backup of files can hold: whoever set them must keep them."""
    return [
        setting.name
        for setting in env.TABLE
        if setting.secret and setting.name not in _NEEDED_BY_NO_ONE and settings.ENV[setting.name]
    ]


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """The data folder, and what settings name outside it."""
    without = frozenset({path.resolve(), _unfinished(path).resolve()})
    for database in (settings.DATA / "doorframe.sqlite3", *_embedded()):
        without |= folder.database_files(database)
    keys = Path(settings.FIELD_KEYS_FILE)
    if keys.exists():
        yield folder.KEYS, keys
    for name, source in folder.files(settings.DATA, without=without | {keys.resolve()}):
        yield f"files/{name}", source
    for setting, place in sorted(settings.ENV.values.items()):
        if setting == "DOORFRAME_FIELD_KEYS" or not isinstance(place, Path) or not place.exists():
            continue
        if not place.resolve().is_relative_to(settings.DATA.resolve()):
            yield from _named(setting, place)


def _embedded() -> list[Path]:
    database: dict[str, Any] = settings.DATABASES["default"]
    return [Path(database["NAME"])] if database["ENGINE"].endswith("sqlite3") else []


def _named(setting: str, place: Path) -> Iterator[tuple[str, Path]]:
    if place.is_file():
        yield f"named/{setting}/{place.name}", place
        return
    for name, source in folder.files(place):
        yield f"named/{setting}/{name}", source


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    total = hashlib.sha256()
    while data := file.read(archive.BLOCK_BYTES):
        total.update(data)
    return total.hexdigest()


def _note(made: Made, at: datetime) -> None:
    """Keep in the data folder when the last good backup was made. A backup is no worse for a note that failed."""
    with contextlib.suppress(OSError):
        descriptor, draft = tempfile.mkstemp(dir=settings.DATA, suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"at": at.isoformat(timespec="seconds"), "bytes": made.size, "sha256": made.sha256}, file)
        os.replace(draft, settings.DATA / folder.LAST_BACKUP)


def last_backup() -> datetime | None:
    """When this installation last made a backup that could be read back; None where it never did."""
    try:
        return datetime.fromisoformat(json.loads((settings.DATA / folder.LAST_BACKUP).read_text("utf-8"))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
