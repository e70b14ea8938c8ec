"""What may be done at the tablet, and by whom: `check_x` raises with a sentence a person can read, `can_x` asks it."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from doorframe.apps.members.backends import may_sign_in
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries, rules
from doorframe.apps.signatures.models import Acknowledgement, Pin, Signer, Visit
from doorframe.apps.signatures.states import State

NAME_TRIES = 5
"""Names that may be typed on a locked tablet within ten minutes, so that nobody tries out who comes here."""


def check_pin(pin: Pin | None) -> None:
    """Raise NotNow unless there is a PIN that takes the tablet back."""
    if pin is None:
        raise rules.NotNow(queries.no_pin())
    if pin.tries >= rules.PIN_TRIES:
        raise rules.NotNow(_("Your PIN was tried wrong too often. Set a new one first. Nothing was opened."))


def can_take_back(member: Membership | None) -> bool:
    """Whether whoever handed the tablet over may still be signed in."""
    return member is not None and member.is_active and may_sign_in(member.user)


def check_somebody_left(people: list[Signer]) -> None:
    """Raise NotNow where everyone who could read on the tablet has answered."""
    if not any(can_take_turn(one) for one in people):
        raise rules.NotNow(
            _("Everyone here has answered already. To ask them again, open it again first. You are still signed in.")
        )


def can_take_turn(signer: Signer) -> bool:
    """Whether this person has a turn left: an answer once given on the tablet is out of everyone's sight."""
    return signer.member_id is None and not signer.answer


def check_can_take_turn(visit: Visit, signer: Signer) -> None:
    """Raise unless this person may read on this tablet now."""
    if signer.acknowledgement_id != visit.acknowledgement_id or not visit.is_kiosk or signer.member_id is not None:
        raise PermissionDenied(queries.not_here())
    if not can_take_turn(signer):
        raise rules.NotNow(_("This person has answered already. What they said is kept. Ask at the desk to change it."))


def can_show(visit: Visit, signer: Signer) -> bool:
    """Whether a square code could lead this person's own phone here: it needs an address that phones can reach."""
    reachable = bool(settings.PUBLIC_URL) and visit.is_kiosk and can_take_turn(signer)
    return reachable and (signer.person is None or signer.person.electronic)


def check_can_show(visit: Visit, signer: Signer) -> None:
    """Raise NotNow unless a square code can be shown to this person."""
    if not can_show(visit, signer):
        raise rules.NotNow(_("No code can be shown here. Read on this tablet, or ask for paper."))


def is_over(item: Acknowledgement, people: list[Signer]) -> bool:
    """Whether nobody has anything left to do on the tablet."""
    if item.state == State.SIGNED:
        return not any(can_take_turn(one) for one in people if not one.required)
    return item.state == State.COMPLETE or not any(can_take_turn(one) for one in people)


def same_name(typed: str, signer: Signer) -> bool:
    """Whether somebody typed the name of this person, give or take capitals and spaces."""
    plain = " ".join(typed.split()).casefold()
    return bool(plain) and plain == " ".join(signer.name.split()).casefold()
