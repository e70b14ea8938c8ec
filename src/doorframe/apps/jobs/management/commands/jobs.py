"""`doorframe-admin jobs list|run|retry`: every piece of background work by hand."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from doorframe.apps.jobs import actions, queries, registry, runner
from doorframe.apps.jobs.models import State


class Command(BaseCommand):
    help = "Show the work that was asked for, do a piece of it now, or try again what failed."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        listing = commands.add_parser("list", help="show the latest work, and the names of all there is")
        listing.add_argument("--json", action="store_true", help="print the result as JSON")
        run = commands.add_parser("run", help="do one piece of work now")
        run.add_argument("name", help="for example policies.documents.issue")
        run.add_argument("--practice", required=True, metavar="SLUG", help="the practice it belongs to")
        run.add_argument("--set", action="append", default=[], metavar="NAME=ID", help="an argument of the job")
        retry = commands.add_parser("retry", help="try again everything that failed")
        retry.add_argument("--practice", metavar="SLUG", help="only of this practice")

    def handle(self, *args: Any, **options: Any) -> None:
        {"list": self._list, "run": self._run, "retry": self._retry}[options["command"]](options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = [
            {"id": str(job.pk), "name": job.name, "practice": job.practice.slug, "state": job.state,
             "progress": job.progress, "sentence": job.error_sentence or job.progress_sentence}
            for job in queries.latest()
        ]  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps({"names": registry.names(), "jobs": rows}, ensure_ascii=False, indent=2))
            return
        self.stdout.write("Work there is: " + ", ".join(registry.names()))
        for row in rows:
            self.stdout.write(
                f"{row['state']:8} {row['progress']:3} %  {row['name']}  {row['practice']}  {row['sentence']}"
            )

    def _run(self, options: dict[str, Any]) -> None:
        practice = self._practice(options["practice"])
        try:
            job = actions.ask(
                name=options["name"], practice=practice, at=timezone.now(), args=_arguments(options["set"])
            )
        except (LookupError, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        runner.run_next(now=timezone.now, only=job.pk)
        job.refresh_from_db()
        if job.state != State.DONE:
            raise CommandError(job.error_sentence or "The work is not done yet; a worker has it.", returncode=1)
        self.stdout.write(job.progress_sentence or "Done.")

    def _retry(self, options: dict[str, Any]) -> None:
        practice = self._practice(options["practice"]) if options["practice"] else None
        count = actions.retry_failed(practice=practice, at=timezone.now())
        self.stdout.write(f"{count} {'piece' if count == 1 else 'pieces'} of work will be tried again.")

    def _practice(self, slug: str) -> Any:
        practice = queries.practice_of(slug)
        if practice is None:
            raise CommandError(f"There is no practice “{slug}”.", returncode=2)
        return practice


def _arguments(pairs: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(f"--set takes NAME=ID, not “{pair}”.", returncode=2)
        found[name] = int(value) if value.isdigit() else value
    return found
