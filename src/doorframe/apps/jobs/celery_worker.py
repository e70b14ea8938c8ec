"""The worker of the Celery engine: hears the broker's messages, and sweeps for the work that no message told of."""

from __future__ import annotations

import logging
import os
import threading
from datetime import timedelta

from celery.worker import WorkController, state
from django.conf import settings
from django.db import close_old_connections

from doorframe.apps.jobs import messages, runner
from doorframe.apps.jobs.worker import Presence

log = logging.getLogger(__name__)


class CeleryLoop:
    """One worker process. `stop` ends it after the job in hand."""

    def __init__(self, *, now: runner.Clock, stop: threading.Event) -> None:
        self._now, self._stop = now, stop
        self._every = settings.JOBS_SWEEP_SECONDS
        self._presence = Presence(now=now, stop=stop)

    def run(self) -> int:
        """Work until told to stop; the exit code. A broker that is down is waited for; the sweep works meanwhile."""
        self._presence.begin()
        threads = [threading.Thread(target=work, daemon=True) for work in (self._sweep, self._end_celery_too)]
        for thread in threads:
            thread.start()
        try:
            self._controller().start()
            return 0 if self._stop.is_set() else 1
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
            self._presence.end()

    def _controller(self) -> WorkController:
        # One thread and one job a process, as with the other engines; for more at once, start more workers.
        return WorkController(
            app=messages.app,
            hostname=f"doorframe-{os.getpid()}",
            pool="solo",
            concurrency=1,
            use_eventloop=False,  # with it and one thread, RabbitMQ's next message comes half a second late
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )

    def _end_celery_too(self) -> None:
        self._stop.wait()
        state.should_stop = 0

    def _sweep(self) -> None:
        # Messages get lost, brokers go down, and nobody rings when the time of a job has come.
        while not self._stop.wait(self._every):
            try:
                self.sweep()
            except Exception:  # the database is busy, restarting or full; whatever it was, look again later
                log.exception("a sweep was broken off")
            finally:
                close_old_connections()

    def sweep(self) -> int:
        """Put back the jobs of dead workers, then do whatever has been due for a while; how many jobs that was."""
        runner.reclaim(at=self._now())
        count = 0
        while not self._stop.is_set():
            with messages.one_at_a_time:
                if not runner.run_next(now=self._now, waited=timedelta(seconds=self._every)):
                    return count
            count += 1
        return count
