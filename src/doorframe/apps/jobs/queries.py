"""Reads about the work."""

from __future__ import annotations

from doorframe.apps.jobs.models import Job
from doorframe.apps.members.models import Practice


def latest(most: int = 50) -> list[Job]:
    """The work that was asked for last, newest first, of every practice: for whoever runs the machine."""
    return list(Job.objects.select_related("practice").order_by("-created_at")[:most])


def practice_of(slug: str) -> Practice | None:
    """The practice at this public address."""
    return Practice.objects.filter(slug=slug).first()
