"""The worker that looks into the database for work, and how any worker says now and then that it is alive."""

from __future__ import annotations

import logging
import os
import threading
from datetime import datetime, timedelta

from django.db import Error, close_old_connections

from doorframe.apps.jobs import runner
from doorframe.apps.jobs.models import Worker

log = logging.getLogger(__name__)

BEAT = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=60)
PAUSE_SECONDS = 1.0


class Presence:
    """A worker process's row, renewed by a thread of its own: a long job must not look like a dead worker."""

    def __init__(self, *, now: runner.Clock, stop: threading.Event) -> None:
        self._now, self._stop = now, stop
        started = now()
        self._row = Worker(process=os.getpid(), started_at=started, beat_at=started)

    def begin(self) -> None:
        """Say so from now on, until told to stop."""
        threading.Thread(target=self._beat_until_stopped, daemon=True).start()

    def end(self) -> None:
        """Say goodbye."""
        Worker.objects.filter(pk=self._row.pk).delete()

    def _beat_until_stopped(self) -> None:
        while True:
            try:
                self._beat()
            except Error:
                log.exception("the worker could not say that it is alive")
                close_old_connections()
            if self._stop.wait(BEAT.total_seconds()):
                return

    def _beat(self) -> None:
        self._row.beat_at = self._now()
        self._row.save()
        Worker.objects.filter(beat_at__lt=self._row.beat_at - timedelta(days=1)).delete()


class WorkerLoop:
    """One worker process. `stop` ends it after the job in hand."""

    def __init__(self, *, now: runner.Clock, stop: threading.Event) -> None:
        self._now, self._stop = now, stop
        self._presence = Presence(now=now, stop=stop)

    def run(self) -> None:
        """Work until told to stop."""
        self._presence.begin()
        while not self._stop.is_set():
            if not self._turn():
                self._stop.wait(PAUSE_SECONDS)
        self._presence.end()

    def run_once(self) -> int:
        """Do everything that is due now and return how many jobs that was."""
        runner.reclaim(at=self._now())
        count = 0
        while not self._stop.is_set() and runner.run_next(now=self._now):
            count += 1
        return count

    def _turn(self) -> bool:
        try:
            runner.reclaim(at=self._now())
            return runner.run_next(now=self._now)
        except Error:  # the database is busy, restarting or full: wait and look again
            log.exception("the database did not answer")
            close_old_connections()
            return False


def last_beat() -> datetime | None:
    """When any worker last said that it is alive."""
    newest = Worker.objects.order_by("-beat_at").first()
    return newest.beat_at if newest else None
