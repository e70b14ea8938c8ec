"""Where the passphrase of a backup comes from: a file, a setting, a person who types it, or chance."""

from __future__ import annotations

import getpass
import secrets
import sys
from pathlib import Path

from django.conf import settings

from doorframe.web.backup.errors import BackupError

SETTING = "DOORFRAME_BACKUP_PASSPHRASE"
LEAST_LETTERS = 12
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def generate() -> str:
    """Six groups of five letters and digits that are not easily mistaken; more than 140 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(6))


def given(file: str | None) -> str | None:
    """The passphrase from a file or from the setting; None where there is neither."""
    if file is None:
        return str(settings.ENV[SETTING]) or None
    try:
        found = Path(file).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"The passphrase file {file} cannot be read ({type(error).__name__}).") from error
    if not found:
        raise BackupError(f"The passphrase file {file} is empty.")
    return found


def for_backup(file: str | None) -> str:
    """The passphrase to encrypt with. Typed twice where nothing else gives it. Raises BackupError."""
    found = given(file) or _typed_twice()
    if len(found) < LEAST_LETTERS:
        raise BackupError(
            f"The passphrase is too short; it needs at least {LEAST_LETTERS} characters. Leave it to --generate, or use"
            " five words that have nothing to do with each other."
        )
    return found


def for_restore(file: str | None) -> str:
    """The passphrase to open a backup with. Raises BackupError."""
    found = given(file)
    if found:
        return found
    _check_terminal()
    return getpass.getpass("Passphrase of the backup: ")


def _typed_twice() -> str:
    _check_terminal()
    first = getpass.getpass("Passphrase for the backup: ")
    if getpass.getpass("The same again: ") != first:
        raise BackupError("The two were not the same. No backup was made; try again.")
    return first


def _check_terminal() -> None:
    if not sys.stdin.isatty():
        raise BackupError(
            f"There is nobody to ask for the passphrase. Name a file with --passphrase-file, or set {SETTING}."
        )
