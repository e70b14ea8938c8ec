"""The files of the data folder that belong in a backup."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from doorframe.adapters import envelope

LAST_BACKUP = "last-backup.json"
BEFORE_RESTORE = ".before-restore"
STAGING = "restoring.part"

KEYS = "files/field-keys.json"
"""The keys of encrypted fields have this name in every backup, wherever a setting keeps them."""

SESSION_KEY = "files/secret.key"
"""Every command makes one where there is none, so an empty installation has one that nobody needs."""

LEFT_OUT = {
    "outbox": "mail that was written to files, with links in the clear",
    "packs": "evidence that was asked for and is let go after a day; it can be made again",
    "setup-code.txt": "the code to begin a practice; there is one",
    LAST_BACKUP: "when this machine last made a backup",
    STAGING: "a restore under way",
}
"""Names directly in the data folder that stay behind, each with the reason. Beside them: the database itself."""

_UNFINISHED = re.compile(r"(\.part|\.tmp|\.[0-9]+-[0-9a-f]{8}|\.before-restore)\Z")


def files(root: Path, *, without: frozenset[Path] = frozenset()) -> Iterator[tuple[str, Path]]:
    """Each file below `root` with its name in the backup, those directly in it first.

    Links are followed, each folder once. Files that are being written, earlier backups and `without` stay out.
    """
    seen: set[Path] = set()
    for here, folders, names in os.walk(root, followlinks=True):
        folder = Path(here)
        if folder.resolve() in seen:
            folders.clear()
            continue
        seen.add(folder.resolve())
        at_root = folder == root
        folders[:] = sorted(name for name in folders if not (at_root and name in LEFT_OUT) and _is_finished(name))
        for name in sorted(names):
            path = folder / name
            if at_root and name in LEFT_OUT:
                continue
            if _is_finished(name) and path.resolve() not in without and path.is_file() and not _is_backup(path):
                yield path.relative_to(root).as_posix(), path


def database_files(path: Path) -> frozenset[Path]:
    """The embedded database and what SQLite keeps beside it."""
    found = path.resolve()
    return frozenset(found.with_name(found.name + end) for end in ("", "-wal", "-shm", "-journal"))


def _is_finished(name: str) -> bool:
    return _UNFINISHED.search(name) is None


def _is_backup(path: Path) -> bool:
    """Whether this is a backup itself: one that holds all earlier ones would double each time."""
    try:
        with path.open("rb") as file:
            return file.read(len(envelope.MAGIC)) == envelope.MAGIC
    except FileNotFoundError:
        return True  # gone since it was listed


def is_safe(name: str) -> bool:
    """Whether a name from a backup stays inside the folder it is put into, on every system."""
    strange = {"\0", "\\", ":"} if os.name == "nt" else {"\0"}
    return not any(part in {"", ".", ".."} or strange & set(part) for part in name.split("/"))
