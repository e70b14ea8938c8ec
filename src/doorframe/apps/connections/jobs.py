"""The work of telling other programs."""

from __future__ import annotations

from django.utils import timezone

from doorframe.apps.connections import hearing, sending
from doorframe.apps.jobs.registry import JobError, Run, job


# So many that the message's own rule decides when to give up: after an hour of short pauses, one try an hour.
@job(hearing.JOB, max_attempts=200)
def send(run: Run, *, delivery_id: int) -> None:
    """Send one message, or fail with the sentence that it has as well, to be tried again."""
    try:
        sending.send(delivery_id=delivery_id, at=timezone.now())
    except sending.Later as reason:
        raise JobError(str(reason)) from None
