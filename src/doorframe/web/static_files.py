"""Static files under their own names, with a short hash in the query so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStorage(StaticFilesStorage):
    """`/static/theme.css?v=3f2a91c0`: no collecting step, and no stale style sheet after an upgrade."""

    def url(self, name: str | None, *args: object, **kwargs: object) -> str:
        """The address of the file, with its version when the file exists."""
        address = super().url(name)
        version = _version(name) if name else ""
        return f"{address}?v={version}" if version else address


@cache
def _version(name: str) -> str:
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8] if path else ""
