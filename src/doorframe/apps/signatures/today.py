"""What acknowledgements ask of a person today. Counts, and practice ids at most: never a client's name or words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.members.today import Item
from doorframe.apps.signatures import queries
from doorframe.apps.signatures.models import Acknowledgement

LATE_AFTER = 5
"""Days after which a question has waited too long."""
PAPER_WITHIN = timedelta(days=14)
"""How long a sheet of paper may take to come back before somebody is reminded of it."""
MOST_CODES = 3
"""So many practice ids stand in one line."""


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """One line for each kind of thing that waits for this member."""
    if not permissions.can(member, Permission.VIEW_ANSWERS):
        return
    waiting = queries.waiting(member, paper_before=now - PAPER_WITHIN)
    yield from _questions(member, now)
    yield from _to_talk(waiting.to_talk)
    yield from _to_countersign(waiting.to_countersign)
    yield from _not_sealed(member)
    yield from _due_talks(member, now)
    yield from _not_back(waiting.not_back)


def _questions(member: Membership, now: datetime) -> Iterable[Item]:
    waiting = queries.open_questions(member)
    if not waiting:
        return
    days = (now.date() - localtime(waiting[0].asked_at).date()).days
    title = ngettext("%(count)s question waits for an answer", "%(count)s questions wait for an answer", len(waiting))
    codes = _codes([one.acknowledgement for one in waiting])
    only = reverse("acks:question", args=[waiting[0].uid]) if len(waiting) == 1 else reverse("acks:questions")
    yield Item(
        _since(days), title % {"count": len(waiting)}, _("From %(codes)s, about your policy.") % {"codes": codes}, only,
        _("Answer"), late=days >= LATE_AFTER, order=0,
    )  # fmt: skip


def _to_talk(waiting: list[Acknowledgement]) -> Iterable[Item]:
    if waiting:
        title = ngettext("%(count)s client would like to talk before signing",
                         "%(count)s clients would like to talk before signing", len(waiting))  # fmt: skip
        sentence = _("%(codes)s. Say on which day you talked; then you can ask again.")
        yield Item(
            _("Next session"), title % {"count": len(waiting)}, sentence % {"codes": _codes(waiting)},
            _one(waiting, "acks:index"), _("See"), order=1,
        )  # fmt: skip


def _to_countersign(waiting: list[Acknowledgement]) -> Iterable[Item]:
    if waiting:
        title = ngettext("%(count)s acknowledgement waits for your signature",
                         "%(count)s acknowledgements wait for your signature", len(waiting))  # fmt: skip
        sentence = _("%(codes)s. Everyone else has signed; the copies go out after you.")
        yield Item(
            _("Today"), title % {"count": len(waiting)}, sentence % {"codes": _codes(waiting)},
            reverse("acks:countersign-all"), _("Countersign"), order=1,
        )  # fmt: skip


def _not_sealed(member: Membership) -> Iterable[Item]:
    for item in queries.not_sealed(member)[:MOST_CODES]:
        yield Item(
            _("Today"),
            _("A sealed copy could not be made: %(code)s") % {"code": item.client.code},
            _("What was signed is kept. See why, and try again."),
            reverse("acks:item", args=[item.uid]),
            _("See"),
            order=1,
        )


def _due_talks(member: Membership, now: datetime) -> Iterable[Item]:
    due = queries.due_prompts(member, today=now.date())
    if due:
        title = ngettext("Talk about the policy again with %(count)s client",
                         "Talk about the policy again with %(count)s clients", len(due))  # fmt: skip
        codes = _listed([one.client.code for one in due])
        only = reverse("acks:talk", args=[due[0].client.uid, due[0].kind]) if len(due) == 1 else reverse("acks:talks")
        sentence = _("%(codes)s. How it could begin stands on the page.") % {"codes": codes}
        yield Item(_("Next session"), title % {"count": len(due)}, sentence, only, _("See"), order=4)


def _not_back(missing: list[Acknowledgement]) -> Iterable[Item]:
    if missing:
        title = ngettext("%(count)s signed sheet is not back", "%(count)s signed sheets are not back", len(missing))
        sentence = _("%(codes)s. Ask for it, or record that it was declined.") % {"codes": _codes(missing)}
        link = _one(missing, "acks:index")
        yield Item(_("When you can"), title % {"count": len(missing)}, sentence, link, _("See"), order=5)


def _since(days: int) -> str:
    if days < 1:
        return _("Today")
    return ngettext("For %(days)s day", "For %(days)s days", days) % {"days": days}


def _one(waiting: list[Acknowledgement], many: str) -> str:
    """The page of the only one, or of all."""
    return reverse("acks:item", args=[waiting[0].uid]) if len(waiting) == 1 else reverse(many)


def _codes(waiting: list[Acknowledgement]) -> str:
    return _listed([one.client.code for one in waiting])


def _listed(codes: list[str]) -> str:
    """“A-1, A-2, A-3 and 4 more”."""
    told = list(dict.fromkeys(codes))
    shown = ", ".join(told[:MOST_CODES])
    more = len(told) - MOST_CODES
    return _("%(codes)s and %(count)s more") % {"codes": shown, "count": more} if more > 0 else shown
