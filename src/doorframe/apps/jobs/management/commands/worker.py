"""`doorframe-admin worker [--once]`: does the work that pages have asked for."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from doorframe.apps.jobs.worker import WorkerLoop


class Command(BaseCommand):
    help = "Do the work that pages have asked for. Several workers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        loop = WorkerLoop(now=timezone.now, stop=stop)
        if options["once"]:
            count = loop.run_once()
            self.stdout.write(f"{count} {'job' if count == 1 else 'jobs'} done.")
            return
        loop.run()
