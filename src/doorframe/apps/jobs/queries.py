"""Reads about the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from doorframe.apps.jobs.models import Job, State, Worker
from doorframe.apps.jobs.worker import SILENT_AFTER
from doorframe.apps.members.models import Practice

STUCK_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the work of all practices stands: the seconds that the oldest job has been due for, and counts."""

    waited: int
    failed: int
    workers: int
    is_stuck: bool


def backlog(*, now: datetime) -> Backlog:
    """What waits, what failed and who lives. Stuck means: work is overdue, and nobody does or did any."""
    due = Job.objects.filter(state=State.WAITING, run_at__lte=now).order_by("run_at").first()
    return Backlog(
        waited=int((now - due.run_at).total_seconds()) if due else 0,
        failed=Job.objects.filter(state=State.FAILED).count(),
        workers=Worker.objects.filter(beat_at__gte=now - SILENT_AFTER).count(),
        is_stuck=due is not None and due.run_at < now - STUCK_AFTER and not _moves(now),
    )


def _moves(now: datetime) -> bool:
    if Job.objects.filter(state=State.RUNNING, lease_until__gt=now).exists():
        return True
    return Job.objects.filter(finished_at__gt=now - STUCK_AFTER).exists()


def latest(most: int = 50) -> list[Job]:
    """The work that was asked for last, newest first, of every practice: for whoever runs the machine."""
    return list(Job.objects.select_related("practice").order_by("-created_at")[:most])


def practice_of(slug: str) -> Practice | None:
    """The practice at this public address."""
    return Practice.objects.filter(slug=slug).first()
