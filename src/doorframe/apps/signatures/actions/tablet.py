"""The tablet in a client's hands: turns that end, silence that locks it, and a code for somebody's own phone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from doorframe.apps.signatures import rules, tablet_rules, tokens
from doorframe.apps.signatures.holding import SHOWN, end_shown_links, locked_signer, locked_visit
from doorframe.apps.signatures.models import Link, Signer, Visit
from doorframe.apps.signatures.queries import tablet as rows
from doorframe.apps.trail import actions as trail


@transaction.atomic
def note_touch(*, visit: Visit, at: datetime) -> Visit:
    """Somebody touched the tablet. After too long a silence it locks instead, whatever they asked for."""
    visit = locked_visit(visit)
    if visit.locked_at is None and at - visit.last_at >= rows.idle(visit):
        return lock_tablet(visit=visit, at=at)
    visit.last_at = max(at, visit.last_at)
    visit.save(update_fields=["last_at"])
    return visit


@transaction.atomic
def lock_tablet(*, visit: Visit, at: datetime) -> Visit:
    """Lock the tablet: it shows nothing of anyone until somebody says who they are, or the PIN is typed."""
    visit = locked_visit(visit)
    if visit.is_kiosk and visit.locked_at is None and visit.ended_at is None:
        visit.locked_at, visit.signer = at, None
        visit.save(update_fields=["locked_at", "signer"])
        _record("signatures.tablet.locked", visit, at)
    return visit


@transaction.atomic
def take_turn(*, visit: Visit, signer: Signer, at: datetime) -> Visit:
    """The next person reads. What the one before had opened is out of sight. Raises NotNow for who has answered."""
    visit = locked_visit(visit)
    rules.check_visit(visit, at=at)
    signer = locked_signer(signer)
    tablet_rules.check_can_take_turn(visit, signer)
    visit.signer, visit.seen, visit.last_at, visit.locked_at = signer, 0, at, None
    visit.save(update_fields=["signer", "seen", "last_at", "locked_at"])
    if signer.opened_at is None:
        signer.opened_at = at
        signer.save(update_fields=["opened_at"])
    _record("signatures.tablet.turn-taken", visit, at, signer)
    return visit


@transaction.atomic
def end_turn(*, visit: Visit, at: datetime) -> Visit:
    """The one who read hands the tablet on: from now on nobody reads in their place."""
    visit = locked_visit(visit)
    signer = visit.signer
    if signer is not None and visit.is_kiosk:
        visit.signer = None
        visit.save(update_fields=["signer"])
        _record("signatures.tablet.turn-ended", visit, at, signer)
    return visit


@transaction.atomic
def show_link(*, visit: Visit, signer: Signer, at: datetime) -> Link:
    """A link for somebody's own phone, to be shown as a square code on the tablet and nowhere else.

    It opens once, for a few minutes, and ends with the sitting. Raises NotNow where no code can be shown.
    """
    visit = locked_visit(visit)
    rules.check_visit(visit, at=at)
    signer = locked_signer(signer)
    tablet_rules.check_can_take_turn(visit, signer)
    tablet_rules.check_can_show(visit, signer)
    end_shown_links(visit.acknowledgement, at, signer=signer)
    link = Link(practice=visit.practice, signer=signer, created_at=at, expires_at=at + SHOWN)
    link.token_sha256 = tokens.fingerprint(tokens.link_token(link.uid))
    link.save(force_insert=True)
    _record("signatures.link.shown", visit, at, signer)
    return link


def _record(name: str, visit: Visit, at: datetime, signer: Signer | None = None) -> None:
    data = {"signer": str(signer.uid), "capacity": signer.capacity} if signer is not None else {}
    by = "client" if signer is not None else ""
    trail.record(name, practice=visit.practice, actor=None, by=by, subject=visit.acknowledgement, at=at, data=data)
