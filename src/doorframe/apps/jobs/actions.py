"""Asking for work, in the transaction of the change that needs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from doorframe.apps.jobs import registry, wake
from doorframe.apps.jobs.models import OPEN_STATES, Job, State
from doorframe.apps.members.isolation import written_once
from doorframe.apps.members.models import Practice
from doorframe.apps.trail import actions as trail


def enqueue(
    name: str,
    *,
    practice: Practice,
    at: datetime,
    args: dict[str, Any] | None = None,
    unique_key: str | None = None,
    run_at: datetime | None = None,
) -> Job:
    """Write down that a job must run, no earlier than `run_at` (default: `at`).

    With a `unique_key`, a job of this practice that is still open under the same key is returned instead of a
    second one. The job exists exactly if the surrounding transaction commits. No trail record of its own: the
    action that asks for the work records itself.

    Raises RuntimeError outside a transaction, LookupError for an unknown name, ValueError for arguments that
    are no ids.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A job is asked for in the transaction of the change that needs it; none is open")
    registered = registry.find(name)
    registry.check_args(args or {})
    row = Job(
        practice=practice,
        name=name,
        args=args or {},
        unique_key=unique_key,
        run_at=run_at or at,
        max_attempts=registered.max_attempts,
        created_at=at,
    )
    kept = written_once(row, twin=lambda: _open_twin(row))
    if kept is row:
        wake.after_commit(row, at=at)
    return kept


@transaction.atomic
def ask(*, name: str, practice: Practice, at: datetime, args: dict[str, Any] | None = None) -> Job:
    """Ask for a piece of work by hand. Raises as `enqueue` does."""
    job = enqueue(name, practice=practice, at=at, args=args)
    trail.record("jobs.work.asked", practice=practice, actor=None, subject=job, at=at, data={"name": name})
    return job


@transaction.atomic
def retry_failed(
    *, at: datetime, practice: Practice | None = None, name: str = "", args: dict[str, Any] | None = None
) -> int:
    """Let everything that failed wait for a worker again, of one practice, name or set of arguments; how many."""
    failed = Job.objects.filter(state=State.FAILED).select_related("practice")
    narrowed = {"practice": practice, "name": name or None, "args": args}
    rows = list(failed.filter(**{key: value for key, value in narrowed.items() if value is not None}))
    for job in rows:
        job.state, job.attempts, job.run_at, job.finished_at = State.WAITING, 0, at, None
        job.save(update_fields=["state", "attempts", "run_at", "finished_at"])
        trail.record(
            "jobs.work.retried", practice=job.practice, actor=None, subject=job, at=at, data={"name": job.name}
        )
        wake.after_commit(job, at=at)
    return len(rows)


def _open_twin(row: Job) -> Job | None:
    if row.unique_key is None:
        return None
    same = Job.objects.for_practice(row.practice).filter(unique_key=row.unique_key)
    return same.filter(state__in=OPEN_STATES).first()
