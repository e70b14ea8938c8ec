"""Reading and proving the trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, models, transaction

from doorframe.apps.members.isolation import PracticeQuerySet
from doorframe.apps.members.models import Practice
from doorframe.apps.trail import guards
from doorframe.apps.trail.models import Event, Head
from doorframe.engines.sealing import GENESIS, Break, Link, find_breaks

PART = 2000
"""So many events are read at a time."""


@dataclass(frozen=True, slots=True)
class Report:
    """What verifying one practice's chain found."""

    practice: Practice
    events: int
    head_hash: str
    breaks: tuple[Break, ...]
    guarded: bool

    @property
    def is_whole(self) -> bool:
        """The chain holds from its first record to its head, and the database still guards it."""
        return not self.breaks and self.guarded


def events_of(subject: models.Model, *, practice: Practice) -> PracticeQuerySet[Event]:
    """The events about one thing, oldest first."""
    return Event.objects.for_practice(practice).filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    )


def verify(practice: Practice, *, expected_head: tuple[int, str] | None = None) -> Report:
    """Recompute the whole chain of a practice.

    `expected_head`, a number and hash that left the machine earlier (in a sealed PDF or an export), must still
    stand in the chain: whoever rewrites every row and the head together cannot rewrite that.
    """
    rows = Event.objects.for_practice(practice).order_by("seq", "pk")
    uid, count = str(practice.uid), 0

    def links(part: Iterable[Event]) -> Iterator[Link]:
        nonlocal count
        for row in part:
            count += 1
            yield row.link(practice_uid=uid)

    # What the head names now is never changed again, so it is read while others go on writing: a long chain would
    # hold them up for minutes.
    now = _kept_head(Head.objects.filter(practice=practice).first(), rows) or (0, GENESIS)
    breaks = list(find_breaks(links(_in_parts(rows, now[0])), head=now)) if now[0] else []
    # The rest is what was written meanwhile. One transaction: each event is in the rows and the head or in neither.
    with transaction.atomic():
        head = Head.objects.select_for_update().filter(practice=practice).first()
        rest = rows.filter(seq__gt=now[0]) if now[0] else rows
        breaks += find_breaks(links(rest.iterator(chunk_size=PART)), head=_kept_head(head, rows), after=now)
    return Report(
        practice=practice,
        events=count,
        head_hash=head.hash if head else "",
        breaks=(*breaks, *_anchor_breaks(practice, expected_head)),
        guarded=guards.are_installed(connection),
    )


def _in_parts(rows: PracticeQuerySet[Event], last: int) -> Iterator[Event]:
    """The events up to this number, a part at a time: neither memory nor a cursor grows with the chain."""
    yield from rows.filter(seq__lte=min(PART, last))
    for first in range(PART, last, PART):
        yield from rows.filter(seq__gt=first, seq__lte=min(first + PART, last))


def _kept_head(head: Head | None, rows: PracticeQuerySet[Event]) -> tuple[int, str] | None:
    if head is not None:
        return head.seq, head.hash
    # A practice in which nothing has happened yet has no head, and needs none.
    return None if rows.exists() else (0, GENESIS)


def _anchor_breaks(practice: Practice, expected: tuple[int, str] | None) -> list[Break]:
    if expected is None:
        return []
    seq, hash_ = expected
    if Event.objects.for_practice(practice).filter(seq=seq, hash=hash_).exists():
        return []
    return [Break(seq, f"record {seq} is not the one that was noted outside this database")]
