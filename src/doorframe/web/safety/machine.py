"""The machine: who can read the files, what kind of disk they are on, and whether its clock is right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from doorframe.apps.trail.models import Event
from doorframe.web.env import Env
from doorframe.web.safety.finding import Finding

NETWORK_KINDS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs",
                 "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "davfs", "fuse.davfs2"}  # fmt: skip
MOUNTS = Path("/proc/self/mounts")
MOST_APART = timedelta(minutes=2)
_OTHERS = 0o077
_SECRETS = ("*.key", "*.p12", "*.pfx", "demo-password.txt", "setup-code.txt")


def permissions(env: Env, now: datetime) -> Iterator[Finding]:
    """Files of secrets, and the database, that other accounts of this machine can read."""
    if os.name == "nt":  # there, rights are inherited from the person's own folder
        return
    files = sorted({path for path in _secret_files(env) if _is_readable_by_others(path)})
    if files:
        folders = " ".join(sorted({str(path.parent) for path in files}))
        yield Finding(
            "readable-by-others",
            f"Other accounts on this machine can read {', '.join(path.name for path in files)}.",
            f"Close what they are in to others: chmod -R go= {folders}",
        )


def _secret_files(env: Env) -> Iterator[Path]:
    for pattern in _SECRETS:
        yield from env.data.glob(pattern)
    yield env.field_keys_file
    used: dict[str, Any] = settings.DATABASES["default"]
    if used["ENGINE"].endswith("sqlite3"):
        yield Path(used["NAME"])


def _is_readable_by_others(path: Path) -> bool:
    """Whether the file lets others in, and the folder that it is in lets them get so far."""
    try:
        return bool(path.stat().st_mode & _OTHERS and path.parent.stat().st_mode & 0o011)
    except FileNotFoundError:
        return False


def network_share(env: Env, now: datetime) -> Iterator[Finding]:
    """The embedded database on a disk of another machine, where its locks do not hold."""
    used: dict[str, Any] = settings.DATABASES["default"]
    if used["ENGINE"].endswith("sqlite3") and kind_of_disk(Path(used["NAME"])) in NETWORK_KINDS:
        yield Finding(
            "database-on-a-share",
            "The embedded database is on a network share. Its locks do not hold there, and it can break.",
            "Move the data folder to a disk of this machine, or use PostgreSQL.",
        )


def kind_of_disk(path: Path, mounts: Path = MOUNTS) -> str:
    """The kind of file system that a path is on; "" where the machine does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place, longest, kind = path.resolve(), -1, ""
    for line in lines:
        _device, where, found, *_rest = line.split(" ")
        mounted = Path(where.replace("\\040", " "))
        # Of two on one place, the later one lies on top.
        if place.is_relative_to(mounted) and len(mounted.parts) >= longest:
            longest, kind = len(mounted.parts), found
    return kind


def clock(env: Env, now: datetime) -> Iterator[Finding]:
    """A clock that is far from the database's, or behind what was already written down."""
    theirs = database_time()
    apart = abs(theirs - now) if theirs else timedelta()
    if apart > MOST_APART:
        yield Finding(
            "clocks-apart",
            f"The clocks of this machine and of the database are {int(apart.total_seconds())} seconds apart.",
            "Let both take their time from the network (NTP).",
        )
    newest = Event.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest and newest - now > MOST_APART:
        yield Finding(
            "clock-behind",
            "The clock of this machine is behind the newest record of the trail, so new records would seem older.",
            "Set the clock right, and let it take its time from the network (NTP).",
        )


def database_time() -> datetime | None:
    """What the database's clock says; None where it has none of its own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        said: datetime = cursor.fetchone()[0]
    return said
