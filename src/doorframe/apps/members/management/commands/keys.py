"""`doorframe-admin keys list|rotate|finish`: the keys that names and notes are encrypted with."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from doorframe.adapters.encryption import KeyringError
from doorframe.apps.members import rotation
from doorframe.apps.members.actions import keys
from doorframe.apps.members.encryption import keyring


class Command(BaseCommand):
    help = "Show, change and tidy the keys that names and notes are encrypted with. No key itself is ever shown."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        listing = commands.add_parser("list", help="show each key and how many values it holds")
        listing.add_argument("--json", action="store_true", help="print the result as JSON")
        commands.add_parser("rotate", help="encrypt with a new key from now on, and everything kept with it too")
        commands.add_parser("finish", help="forget the older keys once nothing needs them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"list": self._list, "rotate": self._rotate, "finish": self._finish}[options["command"]](options)
        except KeyringError as error:
            raise CommandError(str(error), returncode=1) from error

    def _list(self, options: dict[str, Any]) -> None:
        ring, used = keyring(), rotation.usage()
        rows = [
            {"id": key.id, "made_at": key.made_at, "primary": key == ring.primary, "values": used.pop(key.id, 0)}
            for key in ring.keys.values()
        ]
        rows += [{"id": id, "made_at": None, "primary": False, "values": count} for id, count in sorted(used.items())]
        if options["json"]:
            self.stdout.write(json.dumps({"keys": rows}, indent=2))
        else:
            for row in rows:
                self.stdout.write(f"{row['id']}  {row['values']} values  {_says(row)}")
        if used:
            raise CommandError("A key that is needed is missing. Put the key file back from a backup.", returncode=1)

    def _rotate(self, options: dict[str, Any]) -> None:
        key = keys.rotate_keys(at=timezone.now())
        self.stdout.write(
            f"From now on {key} encrypts. A worker encrypts what is kept again; keys list shows how far it is."
            " Back the key file up now, and run keys finish when it is done."
        )

    def _finish(self, options: dict[str, Any]) -> None:
        count = keys.finish_rotation(at=timezone.now())
        self.stdout.write(f"{count} older {'key was' if count == 1 else 'keys were'} forgotten.")


def _says(row: dict[str, Any]) -> str:
    if row["made_at"] is None:
        return "missing from the key file"
    return f"made {row['made_at']}{', encrypts now' if row['primary'] else ', only opens'}"
