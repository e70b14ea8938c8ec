"""`doorframe-admin person reset-second-factor`: let somebody in with the password alone, where no owner can."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from doorframe.apps.members import queries
from doorframe.apps.members.actions import reset_second_factor_here


class Command(BaseCommand):
    help = "Take away a person's passkeys, app and recovery codes, when they are lost and no owner can help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["reset-second-factor"])
        parser.add_argument("--email", required=True, help="what the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = queries.user_by_email(options["email"])
        if user is None:
            self.stderr.write(f"Nobody signs in with {options['email']}. Nothing was changed.")
            sys.exit(2)
        if not reset_second_factor_here(user=user, at=timezone.now()):
            self.stdout.write(f"{user} has no second way to sign in. Nothing was changed.")
            return
        self.stdout.write(f"{user} signs in with the password alone now, and is signed out everywhere.")
