"""Reading and proving the trail."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, models, transaction

from doorframe.apps.members.isolation import PracticeQuerySet
from doorframe.apps.members.models import Practice
from doorframe.apps.trail import guards
from doorframe.apps.trail.models import Event, Head
from doorframe.engines.sealing import GENESIS, Break, find_breaks


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
    # One transaction, so that an event written meanwhile is either in the rows and the head or in neither.
    with transaction.atomic():
        head = Head.objects.select_for_update().filter(practice=practice).first()
        rows = Event.objects.for_practice(practice).order_by("seq", "pk")
        links = (row.link(practice_uid=str(practice.uid)) for row in rows.iterator(chunk_size=2000))
        breaks = [*find_breaks(links, head=_kept_head(head, rows)), *_anchor_breaks(practice, expected_head)]
        return Report(
            practice=practice,
            events=rows.count(),
            head_hash=head.hash if head else "",
            breaks=tuple(breaks),
            guarded=guards.are_installed(connection),
        )


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
