"""`doorframe-admin practice create`: open a real practice with its owner."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Language


class Command(BaseCommand):
    help = "Open a practice with its owner. The password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["create"])
        parser.add_argument("--name", required=True, help="the name of the practice")
        parser.add_argument("--owner-email", required=True, help="what the owner signs in with")
        parser.add_argument("--owner-name", required=True, help="the owner's name as it is shown")
        parser.add_argument("--country", default="US", help="two letters, such as US, GB, CA, AU or IE")
        parser.add_argument("--region", default="", help="the state, province or territory, where it matters")
        parser.add_argument("--language", default=Language.AMERICAN, choices=Language.values)
        parser.add_argument("--time-zone", default="UTC", help="such as America/New_York")
        parser.add_argument("--two-person-rule", action="store_true", help="a second person approves each policy")

    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        fields = ("name", "owner_email", "owner_name", "country", "region", "language", "time_zone", "two_person_rule")
        try:
            owner = create_practice(**{name: options[name] for name in fields}, password=password, at=timezone.now())
        except ValidationError as error:
            self.stderr.write(" ".join(error.messages))
            sys.exit(2)
        self.stdout.write(f"{owner.practice.name} is open; {owner.user.email} can sign in.")
