"""Who may see and do what with an authorisation: `check_x` raises with a sentence, `can_x` asks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from doorframe.apps.authorisations.models import Authorisation, Signer, Turn
from doorframe.apps.authorisations.states import TRANSITIONS, Answer, State
from doorframe.apps.clients import rules as clients
from doorframe.apps.clients.models import Capacity, Client, Person
from doorframe.apps.clients.rules import NotNow
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission

__all__ = ["NotNow"]

LONGEST_YEARS = 2
"""For how long a permission may hold before it is asked for again."""
USUAL_DAYS = 365
SILENCE = timedelta(minutes=15)
"""After so long a silence a device that was handed over shows nothing more."""
MOST_CLIENTS = 5
"""So many practice ids stand on one permission."""


def check_can_view(actor: Membership | None, item: Authorisation) -> None:
    """Raise PermissionDenied unless the actor's role lets them, and everyone on it is a client they may see."""
    permissions.check_can(actor, Permission.VIEW_AUTHORISATIONS, item)
    assert actor is not None
    if permissions.can(actor, Permission.VIEW_ALL_CLIENTS):
        return
    if Signer.objects.filter(authorisation=item).exclude(client__clinician=actor).exists():
        raise PermissionDenied(_("This is about a client of a colleague. Ask your colleague or the practice's owner."))


def check_can_edit(actor: Membership | None, item: Authorisation) -> None:
    """Raise PermissionDenied unless the actor may write, record and take back this one."""
    check_can_view(actor, item)
    permissions.check_can(actor, Permission.EDIT_AUTHORISATIONS, item)


def can_edit(actor: Membership | None, item: Authorisation) -> bool:
    """Whether `check_can_edit` would let this pass."""
    try:
        check_can_edit(actor, item)
    except PermissionDenied:
        return False
    return True


def check_step(item: Authorisation, following: State) -> None:
    """Raise NotNow unless this step is in the table."""
    if following in TRANSITIONS[State(item.state)]:
        return
    said = _("This permission is not where you saw it: “%(state)s”. Nothing was changed. Look at it again.")
    raise NotNow(said % {"state": State(item.state).label})


def check_draft(item: Authorisation) -> None:
    """Raise NotNow unless it is still being written."""
    if item.state != State.DRAFT:
        raise NotNow(_("The words are fixed, because somebody may be reading them. Nothing was changed."))


def check_can_reopen(item: Authorisation, people: Sequence[Signer]) -> None:
    """Raise NotNow once anybody has answered: signed words never change."""
    check_step(item, State.DRAFT)
    if any(one.answer for one in people):
        raise NotNow(_("Somebody has answered already, so the words stay as they are. Take it back and ask anew."))


def check_clients(actor: Membership, found: Sequence[Client]) -> None:
    """Raise unless a story of these clients may be asked for by this member."""
    permissions.check_can(actor, Permission.EDIT_AUTHORISATIONS)
    if not found:
        raise NotNow(_("Say whose story it is."))
    if len(found) > MOST_CLIENTS:
        raise NotNow(_("At most five practice ids stand on one permission. Ask for the others in one of their own."))
    for client in found:
        clients.check_can_view(actor, client)
        permissions.check_can(actor, Permission.EDIT_AUTHORISATIONS, client)
        if client.erased_at is not None:
            raise NotNow(_("The names of %(code)s were removed, so nobody there can be asked.") % {"code": client.code})


def check_people(found: Sequence[Client], people: Sequence[Person]) -> None:
    """Raise ValidationError unless everyone is spoken for: a client of each practice id, a guardian for a minor."""
    for client in found:
        here = [one for one in people if one.client_id == client.pk]
        if not any(one.capacity == Capacity.CLIENT for one in here):
            raise ValidationError(
                {"people": _("Choose at least one client of %(code)s, whose story it is.") % {"code": client.code}}
            )
        if any(one.is_minor for one in here) and not any(one.capacity == Capacity.GUARDIAN for one in here):
            raise ValidationError({"people": _("Somebody under age is in it. A parent or guardian has to sign too.")})


def check_days(first: date | None, last: date | None, *, today: date) -> None:
    """Raise ValidationError unless the permission has an end, after its beginning and within two years of it."""
    if first is None or last is None:
        raise ValidationError({"last_on": _("A permission needs a day on which it ends.")})
    if last < first:
        raise ValidationError({"last_on": _("The last day is before the first. Choose a later one.")})
    if last < today:
        raise ValidationError({"last_on": _("This day is over. Choose one that is still to come.")})
    if last > latest(first):
        raise ValidationError({"last_on": _("A permission holds for two years at most. After that, ask again.")})


def latest(first: date) -> date:
    """The last day that a permission from this day on can have."""
    try:
        return first.replace(year=first.year + LONGEST_YEARS)
    except ValueError:  # 29 February
        return first.replace(year=first.year + LONGEST_YEARS, day=28)


def check_waiting(item: Authorisation) -> None:
    """Raise NotNow unless its people can answer now."""
    if item.state == State.DRAFT:
        raise NotNow(_("The words are not fixed yet. Finish them first."))
    if item.state != State.PREPARED:
        raise NotNow(_("Nobody's answer is waited for here. Nothing was recorded."))


def check_can_answer(item: Authorisation, signer: Signer) -> None:
    """Raise NotNow unless this person has not answered yet."""
    check_waiting(item)
    if signer.answer:
        raise NotNow(_("This person has answered already. What they said is kept."))


def check_authority(signer: Signer, relationship: str, authority: str, *, field: str = "") -> None:
    """Raise ValidationError where somebody signs for another and does not say by what right.

    field is what hangs on the names of the fields where several people are asked on one page.
    """
    if signer.capacity != Capacity.GUARDIAN:
        return
    said = {}
    if not relationship.strip():
        said[f"relationship{field}"] = _("Somebody signs for another here. Write who they are to each other.")
    if not authority.strip():
        said[f"authority{field}"] = _("Somebody signs for another here. Write what lets them.")
    if said:
        raise ValidationError(said)


def check_signed_on(item: Authorisation, on: date, *, today: date) -> None:
    """Raise ValidationError unless the sheet can have been signed on this day."""
    if on > today:
        raise ValidationError({"on": _("This day is still to come.")})
    if item.prepared_at is not None and on < item.prepared_at.date() - timedelta(days=1):
        raise ValidationError({"on": _("The sheet was printed after this day. Look at it again.")})


def check_turn(turn: Turn | None, *, at: datetime) -> Turn:
    """The turn, or NotNow where it is over."""
    if turn is None or turn.ended_at is not None or at - turn.last_at >= SILENCE:
        raise NotNow(_("This page is closed. Please hand the device back."))
    return turn


def is_waited_for(signer: Signer) -> bool:
    """Whether this person can still answer."""
    return signer.answer == Answer.NONE
