"""Restoring a backup into an empty installation: all of it, proved, or nothing."""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from doorframe.apps.members.models import Practice
from doorframe.apps.trail import queries as trail
from doorframe.web.backup import archive, chain, folder, scan, schema, tables, writing
from doorframe.web.backup.errors import BackupError, NotEmpty


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `aside` are files that were here before and were kept under another name."""

    found: scan.Found
    practices: int
    waiting_jobs: int
    aside: tuple[Path, ...]


def verify(path: Path, *, passphrase: str) -> scan.Found:
    """Read and prove a whole backup and touch nothing. Raises BackupError."""
    with _opened(path) as file:
        return scan.prove(file, passphrase, begin=schema.check_fits)


def restore(path: Path, *, passphrase: str) -> Restored:
    """Put everything back, in one transaction, into an installation without a practice. Raises BackupError."""
    check_empty()
    with _opened(path) as file:
        proved = scan.prove(file, passphrase, begin=schema.check_fits)
        schema.check_here(proved.about)
        schema.make_tables(proved.about)
        check_empty()
        staging = settings.DATA / folder.STAGING
        shutil.rmtree(staging, ignore_errors=True)
        try:
            return _restore(file, passphrase, proved, staging)
        except (OSError, DatabaseError) as error:
            said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise BackupError(f"The backup could not be put back ({said}). Nothing was kept of it.") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror}).") from error
    with file:
        try:
            yield file
        except OSError as error:
            raise BackupError(f"{path} cannot be read to its end ({error.strerror}).") from error


def check_empty() -> None:
    """Raise NotEmpty where there is anything that a restore would mix with."""
    there = set(connection.introspection.table_names())
    for model in tables.kept_models():
        if model._meta.db_table in there and model._base_manager.values("pk").first() is not None:
            what = "a practice" if model is Practice else f"something ({model._meta.verbose_name})"
            raise NotEmpty(
                f"There is {what} in this database already, and a backup goes only into an empty installation."
                " Name an empty folder in DOORFRAME_DATA or an empty database in DOORFRAME_DATABASE_URL."
                " Nothing was changed."
            )


def _restore(file: BinaryIO, passphrase: str, proved: scan.Found, staging: Path) -> Restored:
    about = proved.about
    with schema.growing(about), transaction.atomic():
        loader, stage = writing.Loader(connection), _Stage(staging)
        again = scan.scan(file, passphrase, begin=schema.check_fits, take_rows=loader.take, take_file=stage.take)
        if again.manifest != proved.manifest:
            raise BackupError("The backup changed while it was read. Nothing was changed; try again.")
        loader.finish(about, proved.manifest)
        schema.grow(about)
        _check_trails(proved)
        # Before the commit: a restore that dies between the two can be done again, for there is no practice yet.
        aside = _move(staging)
    call_command("createcachetable", verbosity=0)
    return Restored(proved, len(proved.heads), _waiting(), tuple(aside))


def _check_trails(proved: scan.Found) -> None:
    """Every chain holds in this database, behind its guards, and ends where it ended in the backup."""
    heads: chain.Heads = {}
    for practice in Practice.objects.all():
        report = trail.verify(practice)
        if not report.is_whole:
            said = report.breaks[0].sentence if report.breaks else "its guards are missing"
            raise BackupError(f"In the trail of practice {practice.uid} {said}. Nothing was kept of it.")
        if report.events:
            heads[str(practice.uid)] = (report.events, report.head_hash)
    if heads != {uid: head for uid, head in proved.heads.items() if head[0]}:
        raise BackupError("The heads of the trail are not those of the backup. Nothing was kept of it.")


class _Stage:
    """Takes the files of a backup into a folder from which they move to their places at the end."""

    def __init__(self, staging: Path) -> None:
        self._staging = staging

    def take(self, part: archive.Part) -> None:
        target = self._staging.joinpath(*part.name.split("/"))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            while data := part.source.read(archive.BLOCK_BYTES):
                file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _move(staging: Path) -> list[Path]:
    """Give every file its place; one that stands there and differs is kept beside it. Can be done again."""
    aside = []
    for name, source in folder.files(staging) if staging.is_dir() else ():
        target = place_of(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if name != folder.SESSION_KEY and target.exists() and not filecmp.cmp(target, source, shallow=False):
            kept = target.with_name(target.name + folder.BEFORE_RESTORE)
            os.replace(target, kept)
            aside.append(kept)
        os.replace(source, target)
    return aside


def place_of(name: str) -> Path:
    """Where a file of a backup belongs in this installation.

    What a setting named outside the old data folder goes to where the same setting points here, else below `restored`.
    """
    if name == folder.KEYS:
        return Path(settings.FIELD_KEYS_FILE)
    group, _, rest = name.partition("/")
    if group == "files":
        return Path(settings.DATA, *rest.split("/"))
    setting, _, inside = rest.partition("/")
    return Path(settings.DATA, "restored", setting, *inside.split("/"))


def _waiting() -> int:
    from doorframe.apps.jobs.models import OPEN_STATES, Job

    return Job.objects.filter(state__in=OPEN_STATES).count()
