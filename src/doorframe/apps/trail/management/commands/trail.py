"""`doorframe-admin trail verify`: prove every practice's chain, exit 1 when one is broken."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from doorframe.apps.members.models import Practice
from doorframe.apps.trail.queries import Report, verify


class Command(BaseCommand):
    help = "Prove that no record of the trail was altered, removed or added afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--practice", help="only this practice (its web address name)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        practices = Practice.objects.order_by("slug")
        if options["practice"]:
            practices = practices.filter(slug=options["practice"])
            if not practices:
                self.stderr.write(f"There is no practice called {options['practice']}.")
                sys.exit(2)
        reports = [verify(practice) for practice in practices]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(report) for report in reports], indent=2))
        else:
            self._print(reports)
        if not all(report.is_whole for report in reports):
            sys.exit(1)

    def _print(self, reports: list[Report]) -> None:
        if not reports:
            self.stdout.write("There is no practice yet, so there is no trail to verify.")
        for report in reports:
            verdict = "whole" if report.is_whole else "BROKEN"
            self.stdout.write(f"{report.practice.name}: {report.events} records, {verdict}, head {report.head_hash}")
            for found in report.breaks:
                self.stdout.write(f"  {found.sentence}")
            if not report.guarded:
                self.stdout.write("  the database's own guards are missing; `doorframe-admin migrate` restores them")


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "practice": report.practice.slug,
        "events": report.events,
        "head": report.head_hash,
        "whole": report.is_whole,
        "guarded": report.guarded,
        "breaks": [{"record": found.seq, "what": found.sentence} for found in report.breaks],
    }
