"""`doorframe-admin docs`: write every generated page of docs/reference, or say which are out of date."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from doorframe.web import reference


class Command(BaseCommand):
    help = "Write every generated page of the documentation. Needs a checkout."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
        parser.add_argument("--checkout", default=".", metavar="DIR", help="the folder that holds run.py")

    def handle(self, *args: Any, **options: Any) -> None:
        checkout = Path(options["checkout"]).resolve()
        folder = checkout / "docs" / "reference"
        if not (folder.is_dir() and (checkout / "run.py").is_file()):
            self.stderr.write("This is no checkout of Doorframe. Go to the folder that holds run.py.")
            sys.exit(2)
        with translation.override(settings.LANGUAGE_CODE):
            wanted = reference.pages(checkout)
        stale = [name for name, text in wanted.items() if _read(folder / name) != text]
        for name in stale:
            if options["check"]:
                self.stdout.write(f"{name} is out of date.")
            else:
                (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
                self.stdout.write(f"{name} written.")
        code = _content_docs(folder, check=options["check"])
        if code or (stale and options["check"]):
            sys.exit(code or 1)


def _content_docs(folder: Path, *, check: bool) -> int:
    """The pages that come from content are the other door's work; this asks the installed program for them."""
    (program,) = entry_points(group="console_scripts", name="doorframe")
    code: int = program.load()(["content", "docs", "--out", str(folder), *(["--check"] if check else [])])
    return code


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
