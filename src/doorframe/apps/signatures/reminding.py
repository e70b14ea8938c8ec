"""Writing down when the next reminder is due: a step of the actions that send."""

from __future__ import annotations

from datetime import datetime

from doorframe.apps.jobs import actions as jobs
from doorframe.apps.signatures import queries
from doorframe.apps.signatures.models import Signer


def plan_next(signer: Signer, at: datetime) -> None:
    """Keep when the next reminder of a signer is due, and ask for the job that sends it; part of an action."""
    plan_for(signer, queries.next_reminder(signer), at)


def plan_for(signer: Signer, due: datetime | None, at: datetime) -> None:
    """The same for a moment that is known. One job for each moment: an earlier one finds that nothing is due yet."""
    signer.next_reminder_at = due
    signer.save(update_fields=["next_reminder_at"])
    if due is None:
        return
    jobs.enqueue(
        "signatures.reminder.send", practice=signer.practice, at=at, run_at=max(due, at),
        args={"signer_id": signer.pk}, unique_key=f"signatures.reminder.send:{signer.pk}:{max(due, at):%Y%m%dT%H%M%S}",
    )  # fmt: skip
