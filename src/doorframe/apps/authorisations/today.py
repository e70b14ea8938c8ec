"""What permissions ask of a person today. References and days alone: never a client's name or story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from doorframe.apps.authorisations import queries
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.members.today import Item

SOON = timedelta(days=30)
"""How long before its end somebody is told that a permission ends."""
MOST = 3
LATE_AFTER = 2
"""Days after which posts that rest on a permission that was taken back have stood too long."""


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """A permission that was taken back, whose posts nobody has looked at; and one that ends soon."""
    if not permissions.can(member, Permission.EDIT_AUTHORISATIONS):
        return
    taken_back, ending = queries.pressing(member, now, SOON)
    for item in taken_back[:MOST]:
        days = (now.date() - localtime(item.revoked_at).date()).days if item.revoked_at else 0
        yield Item(
            _("Today"), _("A permission was taken back: see which posts used it"),
            _("Reference %(reference)s. Nothing more may rest on it. Remove what you can.")
            % {"reference": item.reference},
            reverse("authorisations:permission", args=[item.uid]), _("See the posts"), late=days >= LATE_AFTER,
            order=-1,
        )  # fmt: skip
    for item in ending[:MOST]:
        assert item.last_on is not None
        day = date_format(item.last_on, "j F")
        yield Item(
            day, _("A permission to tell a story ends"),
            _("Reference %(reference)s. After that day nothing may rest on it, unless it is signed again.")
            % {"reference": item.reference},
            reverse("authorisations:permission", args=[item.uid]), _("See"), order=7,
        )  # fmt: skip
