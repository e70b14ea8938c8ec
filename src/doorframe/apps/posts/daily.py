"""What is done once a day for a practice that keeps drafts: a job that asks for the next one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from doorframe.apps.jobs import actions as jobs
from doorframe.apps.members.models import Practice

JOB = "posts.text.let-go"
AT = time(3, 40)
"""When on the practice's own clock."""


def plan_next(practice: Practice, at: datetime) -> None:
    """Ask for the next day's look; part of an action. One job for each day, however often it is asked for."""
    zone = ZoneInfo(practice.time_zone)
    day = at.astimezone(zone).date() + timedelta(days=1)
    run_at = datetime.combine(day, AT, zone)
    jobs.enqueue(JOB, practice=practice, at=at, run_at=run_at, unique_key=f"{JOB}:{day.isoformat()}")
