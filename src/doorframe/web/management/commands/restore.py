"""`doorframe-admin restore FILE`: put a backup back; with `--verify`, only prove that one could."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from doorframe.web.backup import passphrase, restore
from doorframe.web.backup.errors import BackupError


class Command(BaseCommand):
    help = "Put a backup back into an empty installation: all of it, proved, or nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a file made by doorframe-admin backup")
        parser.add_argument("--verify", action="store_true", help="read and prove the whole file, and change nothing")
        parser.add_argument("--passphrase-file", metavar="F", help="the passphrase stands in this file")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"]).absolute()
        try:
            if not options["verify"]:
                restore.check_empty()
            words = passphrase.for_restore(options["passphrase_file"])
            if options["verify"]:
                self._verify(path, words)
            else:
                self._restore(path, words)
        except BackupError as error:
            self.stderr.write(str(error))
            sys.exit(2)

    def _verify(self, path: Path, words: str) -> None:
        found = restore.verify(path, passphrase=words)
        self.stdout.write(
            f"{path} is whole: made {found.about['made_at']} by Doorframe {found.about['version']}, {found.rows} rows"
            f" and {found.files} files. Nothing was changed."
        )
        for uid, (number, head) in found.heads.items():
            self.stdout.write(f"The trail of practice {uid} holds: {number} records, head {head}.")

    def _restore(self, path: Path, words: str) -> None:
        done = restore.restore(path, passphrase=words)
        self.stdout.write(
            f"Restored {done.found.rows} rows and {done.found.files} files."
            f" Practices whose trail holds: {done.practices}."
        )
        for kept in done.aside:
            self.stdout.write(f"A file that was here before is kept as {kept}.")
        for name in done.found.about["outside"]:
            self.stdout.write(f"Set {name} again as it was; it was not in the backup.")
        if done.waiting_jobs:
            self.stdout.write(
                f"Work that waited when the backup was made: {done.waiting_jobs}. It is done as soon as a worker runs,"
                " even if it was done elsewhere since. Look at it first with: doorframe-admin jobs list"
            )
