"""Sittings: a reader on their own device, or in turn on the practice's tablet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries, rules, tablet_rules, tokens
from doorframe.apps.signatures.holding import end_shown_links, locked, locked_signer, locked_visit
from doorframe.apps.signatures.models import Acknowledgement, Link, Pin, Signer, Visit
from doorframe.apps.trail import actions as trail


@transaction.atomic
def open_link(*, token: str, code: str, at: datetime) -> tuple[Visit, str]:
    """Open a link, once, and give the sitting with the secret for the browser.

    Raises LinkClosed, and CodeNeeded where a code was given apart and this is not it. A wrong code is counted even
    though it raises, so the caller must not roll back: see `count_wrong_code`.
    """
    seen = Link.objects.filter(token_sha256=tokens.fingerprint(token)).select_related("signer__acknowledgement").first()
    if seen is not None:
        locked(seen.signer.acknowledgement)  # before the link, as everybody holds them who ends or sends one
    rows = Link.objects.select_for_update(of=("self",)).select_related(
        "practice", "signer__acknowledgement__paper", "signer__person"
    )
    link = rules.check_link(rows.filter(token_sha256=tokens.fingerprint(token)).first(), at=at)
    if link.code_hash and not tokens.is_code(code, link.code_hash):
        raise rules.CodeNeeded(wrong=bool(code.strip()))
    link.used_at = at
    link.save(update_fields=["used_at"])
    signer = locked_signer(link.signer)
    if signer.opened_at is None and link.purpose == Link.READ:
        signer.opened_at = at
        signer.save(update_fields=["opened_at"])
    # Whoever reads on their own phone does not read on the tablet too.
    Visit.objects.filter(signer=signer, held_by__isnull=False, ended_at=None).update(signer=None)
    return _visit(
        signer.acknowledgement, at, signer=signer, link=link, copy_only=link.purpose == Link.COPY,
        event="signatures.link.opened",
    )  # fmt: skip


@transaction.atomic
def count_wrong_code(*, token: str, at: datetime) -> int:
    """Keep that a wrong code was tried; how many tries are left. Too many, and the link no longer opens."""
    link = Link.objects.select_for_update(of=("self",)).filter(token_sha256=tokens.fingerprint(token)).first()
    if link is None:
        return 0
    link.tries += 1
    link.save(update_fields=["tries"])
    item = link.signer.acknowledgement
    trail.record(
        "signatures.code.refused", practice=link.practice, actor=None, subject=item, at=at, by="client",
        data={"tries": link.tries},
    )  # fmt: skip
    return max(rules.CODE_TRIES - link.tries, 0)


@transaction.atomic
def hand_over(*, item: Acknowledgement, actor: Membership, at: datetime) -> tuple[Visit, str]:
    """Hand the tablet to the client: a sitting that shows this one paper, for everyone who signs it in turn.

    Raises NotNow when the actor has no PIN to take the tablet back with.
    """
    item = locked(item)
    rules.check_can_ask(actor, item)
    rules.check_open(item)
    tablet_rules.check_pin(Pin.objects.filter(member=actor).first())
    tablet_rules.check_somebody_left(list(item.signers.all()))
    Visit.objects.filter(held_by=actor, ended_at=None).update(ended_at=at)
    return _visit(item, at, held_by=actor, event="signatures.tablet.handed-over", actor=actor)


@transaction.atomic
def end_visit(*, visit: Visit, at: datetime) -> Visit:
    """The reader leaves, or a newer sitting began."""
    visit = locked_visit(visit)
    if visit.ended_at is None:
        _end(visit, at)
        data = {"tablet": visit.is_kiosk}
        trail.record("signatures.visit.ended", practice=visit.practice, actor=None, by="client",
                     subject=visit.acknowledgement, at=at, data=data)  # fmt: skip
    return visit


@transaction.atomic
def set_pin(*, actor: Membership, pin: str, at: datetime) -> Pin:
    """Set the PIN with which the actor takes the tablet back: six digits or more."""
    digits = "".join(pin.split())
    if not digits.isdecimal() or not 6 <= len(digits) <= 12 or len(set(digits)) < 3:
        raise rules.NotNow(queries.weak_pin())
    kept, _made = Pin.objects.update_or_create(
        member=actor,
        defaults={"practice": actor.practice, "pin_hash": tokens.keep_code(digits), "tries": 0, "set_at": at},
    )
    trail.record("signatures.pin.set", practice=actor.practice, actor=actor, subject=kept, at=at)
    return kept


@transaction.atomic
def take_back(*, visit: Visit, pin: str, at: datetime) -> Membership | None:
    """Take the tablet back with the PIN of whoever handed it over; None for a wrong one, which is counted.

    Whatever happens, too many wrong tries end the sitting, and only a full sign-in follows.
    """
    visit = locked_visit(visit)
    kept = Pin.objects.select_for_update().filter(member=visit.held_by).first()
    if kept is None or not tablet_rules.can_take_back(visit.held_by) or kept.tries >= rules.PIN_TRIES:
        _end(visit, at)
        trail.record("signatures.pin.locked", practice=visit.practice, actor=None, subject=visit, at=at)
        return None
    fits = tokens.is_code(pin, kept.pin_hash)
    kept.tries = 0 if fits else kept.tries + 1
    kept.save(update_fields=["tries"])
    if fits or kept.tries >= rules.PIN_TRIES:
        _end(visit, at)
    name = "signatures.tablet.taken-back" if fits else "signatures.pin.refused"
    trail.record(name, practice=visit.practice, actor=visit.held_by if fits else None, subject=visit.acknowledgement,
                 at=at, data={"tries": kept.tries})  # fmt: skip
    return visit.held_by if fits else None


def _end(visit: Visit, at: datetime) -> None:
    visit.ended_at = at
    visit.save(update_fields=["ended_at"])
    end_shown_links(visit.acknowledgement, at)


def _visit(
    item: Acknowledgement, at: datetime, *, event: str, signer: Signer | None = None, link: Link | None = None,
    held_by: Membership | None = None, copy_only: bool = False, actor: Membership | None = None,
) -> tuple[Visit, str]:  # fmt: skip
    secret = tokens.fresh()
    visit = Visit.objects.create(
        practice=item.practice, acknowledgement=item, signer=signer, link=link, held_by=held_by, copy_only=copy_only,
        secret_sha256=tokens.fingerprint(secret), opened_at=at, last_at=at, ends_at=at + rules.VISIT,
    )  # fmt: skip
    data = {"signer": str(signer.uid) if signer else None, "copy": copy_only}
    trail.record(event, practice=item.practice, actor=actor, subject=item, at=at, data=data, by="client")
    return visit, secret
