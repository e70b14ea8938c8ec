"""`doorframe-admin health`: what /healthz says, from the command line; exit 1 when something fails."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from doorframe.web import health


class Command(BaseCommand):
    help = "Say whether the database, migrations, worker and disk are fine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = health.checks(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(health.as_json(found), indent=2))
        else:
            for check in found:
                self.stdout.write(f"{'fine ' if check.fine else 'FAILS'}  {check.name}: {check.says}")
        if not all(check.fine for check in found):
            sys.exit(1)
