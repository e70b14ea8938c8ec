"""`doorframe-admin worker [--once]`: does the work that pages have asked for."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from doorframe.apps.jobs import wake
from doorframe.apps.jobs.worker import WorkerLoop


class Command(BaseCommand):
    help = "Do the work that pages have asked for. Several workers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if options["once"]:
            count = WorkerLoop(now=timezone.now, stop=stop).run_once()
            self.stdout.write(f"{count} {'job' if count == 1 else 'jobs'} done.")
        elif settings.JOBS_ENGINE == wake.CELERY:
            sys.exit(_celery(stop))
        else:
            WorkerLoop(now=timezone.now, stop=stop).run()


def _celery(stop: threading.Event) -> int:
    from doorframe.apps.jobs.celery_worker import CeleryLoop  # Celery is imported only where it was chosen

    return CeleryLoop(now=timezone.now, stop=stop).run()
