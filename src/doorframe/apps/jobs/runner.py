"""Taking one job, doing it, and keeping what came of it. The writes here are the worker's own bookkeeping."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from doorframe.apps.jobs import registry
from doorframe.apps.jobs.models import Job, State

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)

Clock = Callable[[], datetime]


class LostLease(Exception):
    """Another worker holds this job now; whatever is still going on here no longer counts."""


class JobRun:
    """The running of one job: see registry.Run."""

    def __init__(self, job: Job, now: Clock) -> None:
        self.job = job
        self._now = now

    def progress(self, percent: int, sentence: str) -> None:
        """Keep how far it is and stay in possession of the job; raises LostLease if it was taken away."""
        share = min(max(percent, 0), 100)
        if not _mine(self.job).update(
            progress=share, progress_sentence=sentence[:300], lease_until=self._now() + LEASE
        ):
            raise LostLease(self.job.pk)
        self.job.progress, self.job.progress_sentence = share, sentence[:300]

    def done(self, sentence: str = "") -> None:
        """Mark the job as done in the transaction of its effect, so that both are kept or neither.

        Raises RuntimeError outside a transaction, and LostLease if another worker has the job now: the transaction,
        and the effect with it, is then undone.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("A job is marked as done in the transaction of its effect; none is open")
        if not _finish(self.job, self._now(), sentence or self.job.progress_sentence):
            raise LostLease(self.job.pk)
        self.job.state = State.DONE


def run_next(*, now: Clock, only: uuid.UUID | None = None, waited: timedelta = timedelta()) -> bool:
    """Take the next job that is due, and has been for as long as `waited`, and do it; False if there was none."""
    job = claim(at=now(), only=only, waited=waited)
    if job is None:
        return False
    _run(job, now)
    return True


def claim(*, at: datetime, only: uuid.UUID | None = None, waited: timedelta = timedelta()) -> Job | None:
    """Take the job that has been due longest, under a lease that others respect until it ends."""
    due = Job.objects.filter(state=State.WAITING, run_at__lte=at - waited)
    if only is not None:
        due = due.filter(pk=only)
    # A plain read first: looking for work must not take SQLite's one write lock.
    if not due.exists():
        return None
    with transaction.atomic():
        job = _locked(due.order_by("run_at", "created_at", "pk")).first()
        if job is None:
            return None
        job.state, job.attempts = State.RUNNING, job.attempts + 1
        job.lease, job.lease_until = uuid.uuid4(), at + LEASE
        job.error_sentence = ""
        job.save(update_fields=["state", "attempts", "lease", "lease_until", "error_sentence"])
    return job


def reclaim(*, at: datetime) -> int:
    """Put back the jobs whose worker went silent; how many those were."""
    stale = Job.objects.filter(state=State.RUNNING, lease_until__lt=at)
    if not stale.exists():
        return 0
    with transaction.atomic():
        taken = list(_locked(stale))
        for job in taken:
            _give_back(job, at, _("The work was interrupted."))
    return len(taken)


def _locked(rows: models.QuerySet[Job]) -> models.QuerySet[Job]:
    # PostgreSQL: each worker locks a row of its own. SQLite: the transaction holds the whole file.
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _mine(job: Job) -> models.QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, lease=job.lease)


def _run(job: Job, now: Clock) -> None:
    with _Renewal(job, now):
        try:
            registry.find(job.name).function(JobRun(job, now), **job.args)
        except LostLease:
            log.warning("job %s %s was taken over by another worker", job.name, job.pk)
            return
        except registry.JobError as error:
            sentence = str(error)
        except Exception as error:  # a job may fail in any way; the worker goes on
            sentence = _("It failed unexpectedly (%(kind)s).") % {"kind": type(error).__name__}
            log.exception("job %s %s failed", job.name, job.pk)
        else:
            _finish(job, now(), job.progress_sentence)
            return
    with transaction.atomic():
        held = _locked(_mine(job)).first()
        if held is not None:
            _give_back(held, now(), sentence)


def _finish(job: Job, at: datetime, sentence: str) -> int:
    ended = {"lease": None, "lease_until": None, "finished_at": at, "progress_sentence": sentence[:300]}
    return _mine(job).update(state=State.DONE, progress=100, **ended)


def _give_back(job: Job, at: datetime, sentence: str) -> None:
    job.lease = job.lease_until = None
    job.error_sentence = sentence[:300]
    if job.attempts >= job.max_attempts:
        job.state, job.finished_at = State.FAILED, at
    else:
        job.state, job.run_at = State.WAITING, at + pause_after(job.attempts)
    job.save(update_fields=["state", "run_at", "lease", "lease_until", "error_sentence", "finished_at"])


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 5 s, 10 s, 20 s ... at most an hour."""
    return min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 20), LONGEST_PAUSE)


class _Renewal:
    """Renews a lease from a thread of its own, so that slow work is not taken for dead."""

    def __init__(self, job: Job, now: Clock) -> None:
        self._job, self._now = job, now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self._thread.join()

    def _renew(self) -> None:
        try:
            while not self._stop.wait(LEASE.total_seconds() / 3):
                if not _mine(self._job).update(lease_until=self._now() + LEASE):
                    return
        except Exception:  # the lease then runs out, and the job is simply done again
            log.exception("the lease of job %s could not be renewed", self._job.pk)
        finally:
            connection.close()
