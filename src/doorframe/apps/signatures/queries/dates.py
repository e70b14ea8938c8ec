"""When a reminder goes out, and until when proof is kept."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from doorframe.apps.members.models import Practice
from doorframe.apps.signatures.models import Acknowledgement, Preferences, Signer
from doorframe.apps.signatures.queries.practice import preferences
from doorframe.engines.scheduling import reminders, retention


def plan(kept: Preferences) -> reminders.Plan:
    """When reminders may go out."""
    return reminders.Plan(days=tuple(kept.reminder_days)) if kept.reminder_days else reminders.Plan()


def next_reminder(signer: Signer) -> datetime | None:
    """When the next reminder of a signer is due; None once all were sent, or nothing was sent yet."""
    if signer.sent_at is None:
        return None
    sent = [datetime.fromisoformat(moment) for moment in signer.reminders]
    zone = ZoneInfo(signer.practice.time_zone)
    return reminders.next_reminder(
        sent_at=signer.sent_at, reminders=sent, plan=plan(preferences(signer.practice)), zone=zone
    )


def next_allowed(practice: Practice, at: datetime) -> datetime:
    """The first moment from this one on at which a reminder may go out: no weekend, no night of the practice."""
    return reminders.allowed(at, plan(preferences(practice)), ZoneInfo(practice.time_zone))


def keep_until(item: Acknowledgement, closed_at: datetime) -> date:
    """The last day on which the proof of an acknowledgement is kept, counted from the day it was closed."""
    day = closed_at.astimezone(ZoneInfo(item.practice.time_zone)).date()
    return retention.keep_until(day, preferences(item.practice).keep_years)
