"""What the accounts ask of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from doorframe.apps.accounts import queries
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.today import Item


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """Worksheets left half-way."""
    if not permissions.can_edit_accounts(member):
        return
    for thought in queries.drafts(member.practice)[:3]:
        yield Item(
            _("When you can"),
            _("Decide about %(account)s") % {"account": thought.name},
            _("The worksheet is begun and kept. It goes on where you left it."),
            reverse("accounts:worksheet", args=[thought.worksheet.uid]),
            _("Go on"),
            order=6,
        )
