"""The keyring on the disk: a file that only its owner may read, never half written, and never lost in a power cut."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from doorframe.adapters.encryption import Keyring, KeyringError
from doorframe.adapters.lasting import settle


def read(path: Path) -> Keyring:
    """The ring in this file. Raises FileNotFoundError, or KeyringError with a sentence."""
    try:
        return Keyring.read(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise KeyringError(f"The key file {path} cannot be read ({type(error).__name__}).") from None


def make(path: Path, ring: Keyring) -> Keyring:
    """Write this ring unless there is a file already, and return the one that counts.

    Of two starts at once, one is quicker and both get its ring. Raises KeyringError.
    """
    draft = _draft(path, ring)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another start was quicker; its keys count
    except OSError:
        _take_name(draft, path)  # a file system without links
    _remove(draft)
    settle(path.parent)
    return read(path)


def replace(path: Path, ring: Keyring) -> None:
    """Put this ring in the place of the one that is there. Raises KeyringError; the old file then still stands."""
    draft = _draft(path, ring)
    try:
        os.replace(draft, path)
    except OSError as error:
        _remove(draft)
        raise KeyringError(f"Doorframe cannot write to {path.parent}: {error.strerror}.") from error
    settle(path.parent)


def _draft(path: Path, ring: Keyring) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(ring.write())
            file.flush()
            # A row sealed with a key that never reached the disk could never be opened again.
            os.fsync(file.fileno())
    except OSError as error:
        _remove(draft)
        raise KeyringError(f"Doorframe cannot write to {path.parent}: {error.strerror}.") from error
    return draft


def _take_name(draft: Path, path: Path) -> None:
    """Without links two starts at the very same moment could disagree; the second then reads what stands there."""
    if not path.exists():
        os.replace(draft, path)


def _remove(draft: Path) -> None:
    """No second copy of the keys is left lying about."""
    with contextlib.suppress(OSError):
        draft.unlink()
