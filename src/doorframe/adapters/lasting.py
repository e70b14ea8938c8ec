"""Making what was written last through a power cut."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Make a new name in a folder itself last; not every system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
