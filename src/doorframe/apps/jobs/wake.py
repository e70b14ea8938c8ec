"""Telling whoever does the work that there is some, once the change that asks for it is kept.

Only a bell: a job whose bell is never heard is found by the sweep of any worker, because its row is there.
"""

from __future__ import annotations

import functools
import threading
import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from doorframe.apps.jobs import runner
from doorframe.apps.jobs.models import Job

IMMEDIATE, DB, CELERY = "immediate", "db", "celery"


class _Pending(threading.local):
    """The jobs that this thread's transaction asked for. One that was rolled back rings for a row that is not there."""

    def __init__(self) -> None:
        self.ids: list[str] = []


_pending = _Pending()


def after_commit(job: Job, *, at: datetime) -> None:
    """Ring for this job when the transaction is kept; nothing for a job whose time is still to come."""
    if job.run_at > at or settings.JOBS_ENGINE == DB:
        return
    if settings.JOBS_ENGINE == IMMEDIATE:
        transaction.on_commit(functools.partial(_run_now, job.pk))
        return
    _pending.ids.append(str(job.pk))
    transaction.on_commit(_send_pending, robust=True)


def _run_now(job_id: uuid.UUID) -> None:
    # The door of the immediate engine: it is the worker here, so it asks the clock.
    while runner.run_next(now=timezone.now, only=job_id):
        continue


def _send_pending() -> None:
    # The first of a transaction's bells rings for all of them, so that they share their messages.
    ids, _pending.ids = _pending.ids, []
    if not ids:
        return
    from doorframe.apps.jobs import messages  # Celery is imported only where it was chosen

    messages.send(ids)
