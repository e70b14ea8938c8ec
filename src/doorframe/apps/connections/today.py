"""What connections ask of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorframe.apps.connections import queries
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.today import Item

RECENT = timedelta(days=7)


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """Connections that were switched off by themselves, and messages that did not arrive."""
    if not permissions.can_edit_practice(member):
        return
    found = queries.troubled(member.practice, since=now - RECENT)
    for endpoint in (one for one in found if not one.enabled):
        yield Item(
            _("Today"),
            _("“%(name)s” is no longer told what happens") % {"name": endpoint.name},
            _("It took no message for a day, so the connection was switched off. Nothing here was lost."),
            reverse("connections:endpoint", args=[endpoint.uid]),
            _("See"),
            order=4,
        )
    count = sum(one.missed for one in found if one.enabled)
    if count:
        title = ngettext(
            "%(count)s message to another program did not arrive",
            "%(count)s messages to other programs did not arrive",
            count,
        )
        yield Item(
            _("When you can"),
            title % {"count": count},
            _("Other messages did. See why, and send it again."),
            reverse("connections:index"),
            _("See"),
            order=20,
        )
