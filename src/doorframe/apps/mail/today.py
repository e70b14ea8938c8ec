"""What the mail asks of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorframe.apps.mail import queries
from doorframe.apps.mail.states import TROUBLED
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.today import Item

SLOW = timedelta(hours=1)


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """E-mails that did not go out, and those that have waited for an hour or longer."""
    if not permissions.can_view_mail(member):
        return
    counts = queries.counts(member.practice)
    troubled = sum(counts.get(state, 0) for state in TROUBLED)
    if troubled:
        title = ngettext("%(count)s e-mail did not arrive", "%(count)s e-mails did not arrive", troubled)
        yield Item(
            _("Today"),
            title % {"count": troubled},
            _("Nothing more is tried by itself. See why, and try again or reach the person in another way."),
            reverse("mail:index"),
            _("See"),
            order=1,
        )
    slow = queries.overdue(member.practice, before=now - SLOW)
    if slow:
        title = ngettext("%(count)s e-mail is still waiting", "%(count)s e-mails are still waiting", slow)
        yield Item(
            _("Today"),
            title % {"count": slow},
            _("The mail server does not take them. They are kept, and tried again for two days."),
            reverse("mail:index"),
            _("See"),
            order=3,
        )
