"""`doorframe-admin backup FILE`: everything of this installation in one encrypted file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from doorframe.web.backup import make, passphrase
from doorframe.web.backup.errors import BackupError


class Command(BaseCommand):
    help = "Write the database and the data folder into one encrypted file, while everything runs, and read it back."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file to write; an older one of this name is replaced at the very end")
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--passphrase-file", metavar="F", help="the passphrase stands in this file")
        source.add_argument("--generate", action="store_true", help="make a passphrase and print it once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            words = passphrase.generate() if options["generate"] else passphrase.for_backup(options["passphrase_file"])
            made = make.backup(Path(options["file"]).absolute(), passphrase=words, at=timezone.now())
        except BackupError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(
            f"Backup {made.path}: {made.rows} rows of {made.tables} tables and {made.files} files,"
            f" {made.size:,} bytes. It was read back and is whole."
        )
        if options["generate"]:
            self.stdout.write("Its passphrase is shown here once. Keep it apart from the file; nobody can recover it:")
            self.stdout.write(words)
        for name in make.secrets_outside():
            self.stdout.write(f"Not in the backup: {name}, which you set yourself. Keep it as well.")
