"""Changing the keys that names and notes are encrypted with."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from doorframe.adapters import key_file
from doorframe.adapters.encryption import KeyringError, new_key
from doorframe.apps.jobs import actions as jobs
from doorframe.apps.members import rotation
from doorframe.apps.members.encryption import keyring
from doorframe.apps.members.models import Practice
from doorframe.apps.trail import actions as trail
from doorframe.apps.trail.models import Event
from doorframe.engines.sealing import Json

JOB = "members.keys.rotate"
SETTLING = timedelta(minutes=10)
"""How long an old key is kept in any case: a request that began before the change may still be writing."""


@transaction.atomic
def rotate_keys(*, at: datetime) -> str:
    """Seal with a new key from now on, and ask for each practice's rows to be sealed again; the new key's id.

    While an earlier change is unfinished no further key is made: that one goes on. Raises KeyringError.
    """
    practices = _locked_practices()
    ring = keyring()
    if not ring.older:
        ring = ring.with_key(new_key(at))
        # Before the rows: a key without rows does no harm, rows without their key are lost.
        key_file.replace(settings.FIELD_KEYS_FILE, ring)
    key = ring.primary.id
    for practice in practices:
        _say_once("members.keys.added", practice, key, at)
        jobs.enqueue(JOB, practice=practice, at=at, args={"key": key}, unique_key=f"{JOB}:{key}")
    return key


@transaction.atomic
def note_rotated(*, practice: Practice, key: str, at: datetime) -> None:
    """Keep that every row of this practice is sealed with this key; said once, however often the work ran."""
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    _say_once("members.keys.rotated", practice, key, at)


@transaction.atomic
def finish_rotation(*, at: datetime) -> int:
    """Forget the older keys; how many those were. Raises KeyringError while a row may still need one."""
    practices = _locked_practices()
    ring = keyring()
    if not ring.older:
        return 0
    if at < datetime.fromisoformat(ring.primary.made_at) + SETTLING:
        raise KeyringError(
            "The new key is only minutes old, and somebody may still be writing with the old one."
            " Nothing was changed. Try again in ten minutes."
        )
    left = sum(count for key, count in rotation.usage().items() if key != ring.primary.id)
    if left:
        raise KeyringError(
            f"Older keys still hold {left} encrypted values. Nothing was changed, and all keys were kept."
            " Let the worker finish, or run doorframe-admin keys rotate again."
        )
    for practice in practices:
        data: dict[str, Json] = {"key": ring.primary.id, "dropped": len(ring.older)}
        trail.record("members.keys.finished", practice=practice, actor=None, subject=practice, at=at, data=data)
    key_file.replace(settings.FIELD_KEYS_FILE, ring.only_primary())
    return len(ring.older)


def _locked_practices() -> list[Practice]:
    """All practices, locked, so that two people at two keyboards change the keys one after the other."""
    return list(Practice.objects.select_for_update(no_key=True).order_by("pk"))


def _say_once(name: str, practice: Practice, key: str, at: datetime) -> None:
    if not Event.objects.filter(practice=practice, name=name, data__key=key).exists():
        trail.record(name, practice=practice, actor=None, subject=practice, at=at, data={"key": key})
