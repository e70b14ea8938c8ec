"""The trail's only write."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from doorframe.apps.trail.models import Event, Head
from doorframe.engines.sealing import Json, canonical_bytes, link_hash

if TYPE_CHECKING:
    from doorframe.apps.members.models import Membership, Practice, User

_NAME = re.compile(r"[a-z_]+(\.[a-z_-]+){2}\Z")
SYSTEM = "Doorframe"
"""The label of what nobody did by hand: clocks, seeds, imports."""


def record(
    name: str,
    *,
    practice: Practice,
    actor: Membership | User | None,
    subject: models.Model,
    at: datetime,
    data: Mapping[str, object] | None = None,
    by: str = "",
) -> Event:
    """Append one event to the practice's chain, in the transaction of the change it tells of.

    `name` is `app.noun.verb`; `actor` None means Doorframe itself, or whoever `by` says, such as "client", for people
    who have no sign-in; `at` is aware; `data` holds ids, states and counts, never a client's words.

    Whatever stands in the setting DOORFRAME_HEARERS is then told of the event, in the same transaction.

    Raises RuntimeError outside a transaction, ValueError for a name or time of the wrong shape, and
    CanonicalError when `data` cannot be written canonically.
    """
    _check(name, at)
    previous = _locked_head(practice)
    user = _user(actor)
    event = Event(
        practice=practice,
        seq=previous.seq + 1,
        at=at.astimezone(UTC),
        actor=user,
        actor_label=_label(user, by),
        name=name,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        # Read back from its canonical bytes: what is kept is exactly what was hashed.
        data=json.loads(canonical_bytes(cast("dict[str, Json]", dict(data or {})))),
        previous_hash=previous.hash,
    )
    event.hash = link_hash(event.previous_hash, event.payload(practice_uid=str(practice.uid)))
    event.save(force_insert=True)
    previous.seq, previous.hash = event.seq, event.hash
    previous.save(update_fields=["seq", "hash"])
    for hearer in settings.DOORFRAME_HEARERS:
        import_string(hearer)(event)
    return event


def _check(name: str, at: datetime) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A trail record stands in the transaction of the change it tells of; none is open")
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is not of the form app.noun.verb")
    if at.tzinfo is None:
        raise ValueError("The time of a trail record needs its time zone")


def _locked_head(practice: Practice) -> Head:
    """The practice's head, locked to the end of the transaction.

    PostgreSQL locks the row; SQLite has locked the whole file when the transaction began (IMMEDIATE). The
    insert that loses a race for the first head does nothing and then waits at the lock like any other.
    """
    heads = Head.objects.select_for_update().filter(practice=practice)
    head = heads.first()
    if head is not None:
        return head
    Head.objects.bulk_create([Head(practice=practice)], ignore_conflicts=True)
    return heads.get()


def _user(actor: Membership | User | None) -> User | None:
    if actor is None or actor._meta.label == "members.User":
        return cast("User | None", actor)
    return cast("Membership", actor).user


def _label(user: User | None, by: str) -> str:
    return by or SYSTEM if user is None else f"{user.display_name or user.email}"
