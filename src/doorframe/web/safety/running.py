"""Whether everything runs, the trail is guarded, and there is a backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from doorframe.apps.members import queries as members
from doorframe.apps.trail import guards
from doorframe.web import health as healthz
from doorframe.web.backup import make
from doorframe.web.env import Env
from doorframe.web.safety.finding import Finding

BACKUP_EVERY = timedelta(days=7)

_TO_DO = {
    "migrations": "Bring the tables up to date: doorframe-admin migrate",
    "worker": "Start one: doorframe-admin worker. Without it no letter is sent and no document is made.",
    "disk": "Make room: when the disk is full, nothing more can be kept.",
    "keys": "Put the key file back from a backup before anything else.",
}


def health(env: Env, now: datetime) -> Iterator[Finding]:
    """What /healthz finds failing."""
    for check in healthz.checks(now=now):
        if not check.fine:
            says = f"Not fine: {check.name}, {check.says}."
            yield Finding(check.name, says, _TO_DO.get(check.name, "See: doorframe-admin health"))


def trail(env: Env, now: datetime) -> Iterator[Finding]:
    """A database that would let somebody change the trail."""
    if not guards.are_installed(connection):
        yield Finding(
            "trail-unguarded",
            "The database's own guards of the trail are missing, so its records could be changed unnoticed.",
            "Put them back with doorframe-admin migrate, then look: doorframe-admin trail verify",
        )


def backups(env: Env, now: datetime) -> Iterator[Finding]:
    """No backup of the last days."""
    if not members.any_practice():
        return
    last = make.last_backup()
    if last is None or now - last > BACKUP_EVERY:
        said = "There is no backup yet." if last is None else f"The last backup is {(now - last).days} days old."
        yield Finding(
            "no-backup",
            f"{said} What a broken disk takes would be gone.",
            "Make one, and let a clock repeat it: doorframe-admin backup FILE",
        )
