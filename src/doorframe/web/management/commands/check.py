"""`doorframe-admin check`: every unsafe setting, one sentence each, and what to do.

Stands in the place of the framework's command of this name; what that one looks at is looked at here as well.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from doorframe.web import safety
from doorframe.web.safety import Finding


class Command(BaseCommand):
    help = "Name everything about this installation that is unsafe. Exit codes: 0 nothing, 1 something, 2 cannot look."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = safety.look(settings.ENV, now=timezone.now())
        except (DatabaseError, OSError) as error:
            said = f"Doorframe cannot look: {type(error).__name__}. Is the database there and up to date?"
            self.stderr.write(f"{said} See: doorframe-admin health")
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(finding) for finding in found], ensure_ascii=False, indent=2))
        else:
            self._print(found)
        if found:
            sys.exit(1)

    def _print(self, found: list[Finding]) -> None:
        for finding in found:
            self.stdout.write(f"{finding.says}\n  {finding.do}")
        if not found:
            self.stdout.write("Nothing unsafe was found.")


def _as_json(finding: Finding) -> dict[str, str]:
    return {"id": finding.id, "says": finding.says, "do": finding.do}
