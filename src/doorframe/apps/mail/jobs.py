"""The work of sending."""

from __future__ import annotations

from django.utils import timezone

from doorframe.apps.jobs.registry import JobError, Run, job
from doorframe.apps.mail import actions, sending


# So many that the letter's own rule decides when to give up: after an hour of short pauses, one try an hour.
@job(actions.JOB, max_attempts=200)
def send(run: Run, *, letter_id: int) -> None:
    """Send one letter, or fail with the sentence that it has as well, to be tried again."""
    try:
        sending.send(letter_id=letter_id, at=timezone.now())
    except sending.Later as reason:
        raise JobError(str(reason)) from None
