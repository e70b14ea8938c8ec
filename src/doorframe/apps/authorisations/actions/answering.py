"""Answers: typed in the room, or on a sheet of paper; and taking a permission back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.apps.authorisations import queries, rules
from doorframe.apps.authorisations.holding import locked, locked_signer, locked_turn
from doorframe.apps.authorisations.models import Authorisation, Signer, Turn
from doorframe.apps.authorisations.states import Answer, Method, State, settled
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import tokens
from doorframe.apps.trail import actions as trail


@transaction.atomic
def hand_over(*, item: Authorisation, actor: Membership, at: datetime) -> tuple[Turn, str]:
    """Hand a device to the people of one permission; give the secret for the browser. Earlier ones end."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_waiting(item)
    if not any(rules.is_waited_for(one) for one in item.signers.all()):
        raise rules.NotNow(_("Everyone here has answered already."))
    Turn.objects.filter(held_by=actor, ended_at=None).update(ended_at=at)
    secret = tokens.fresh()
    turn = Turn.objects.create(
        practice=item.practice, authorisation=item, held_by=actor, secret_sha256=tokens.fingerprint(secret),
        opened_at=at, last_at=at,
    )  # fmt: skip
    _record("authorisations.device.handed-over", item, actor, at)
    return turn, secret


@transaction.atomic
def touch(*, turn: Turn, at: datetime) -> Turn | None:
    """Somebody is still reading; None once the turn is over. After too long a silence it ends here, for good."""
    turn = locked_turn(turn)
    if turn.ended_at is not None:
        return None
    if at - turn.last_at >= rules.SILENCE:
        turn.ended_at, turn.signer = at, None
        turn.save(update_fields=["ended_at", "signer"])
        _record("authorisations.device.closed", turn.authorisation, None, at)
        return None
    turn.last_at = max(at, turn.last_at)
    turn.save(update_fields=["last_at"])
    return turn


@transaction.atomic
def take_turn(*, turn: Turn, signer: Signer | None, at: datetime) -> Turn:
    """This person reads now, or nobody between two. Raises NotNow for who has answered."""
    turn = rules.check_turn(locked_turn(turn), at=at)
    if signer is not None:
        if signer.authorisation_id != turn.authorisation_id:
            raise rules.NotNow(_("This page is closed. Please hand the device back."))
        rules.check_can_answer(turn.authorisation, locked_signer(signer))
    if turn.signer_id == (signer.pk if signer else None):
        return turn
    turn.signer = signer
    turn.save(update_fields=["signer"])
    if signer is not None:
        _record("authorisations.device.turn-taken", turn.authorisation, None, at, signer=str(signer.uid))
    return turn


@transaction.atomic
def end_turn(*, turn: Turn, at: datetime) -> None:
    """The device goes back to the practice."""
    turn = locked_turn(turn)
    if turn.ended_at is None:
        turn.ended_at, turn.signer = at, None
        turn.save(update_fields=["ended_at", "signer"])
        _record("authorisations.device.handed-back", turn.authorisation, None, at)


@transaction.atomic
def sign_by(
    *, turn: Turn, signer: Signer, at: datetime, yes: bool, name: str = "", relationship: str = "", authority: str = ""
) -> Authorisation:
    """What somebody answered in the room; a yes with their typed name. One answer settles the whole.

    Raises NotNow where they cannot answer, ValidationError for a name or an authority that is missing.
    """
    turn = rules.check_turn(locked_turn(turn), at=at)
    if turn.signer_id != signer.pk:
        raise rules.NotNow(_("This page is closed. Please hand the device back."))
    signer = locked_signer(signer)
    rules.check_can_answer(signer.authorisation, signer)
    typed = " ".join(name.split())
    if yes and not typed:
        raise ValidationError({"name": _("Type your name. It stands for your signature.")})
    if yes:
        _take_right(signer, relationship, authority)
        signer.signed_name = typed
    signer.answer, signer.method = (Answer.YES if yes else Answer.NO), Method.TYPED
    signer.signed_on, signer.answered_at = queries.today(turn.practice, at), at
    signer.save()
    data = {"signer": str(signer.uid), "capacity": signer.capacity, "method": signer.method}
    _record("authorisations.answer.signed" if yes else "authorisations.answer.declined",
            signer.authorisation, None, at, text_sha256=signer.authorisation.text_sha256, **data)  # fmt: skip
    return _settle(signer.authorisation, None, at)


@transaction.atomic
def record_paper(
    *, item: Authorisation, actor: Membership, at: datetime, on: date, answers: Mapping[str, bool], kept_where: str,
    rights: Mapping[str, tuple[str, str]] | None = None,
) -> Authorisation:  # fmt: skip
    """Record what stands on a signed sheet: by a signer's uid whether they said yes, and where the sheet is kept.

    rights  by a signer's uid who they are to the person they sign for, and what lets them sign
    All of it or nothing. Raises NotNow, PermissionDenied, ValidationError.
    """
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_waiting(item)
    rules.check_signed_on(item, on, today=queries.today(item.practice, at))
    if not kept_where.strip():
        raise ValidationError({"kept_where": _("Write where the signed sheet or its scan is kept.")})
    named = [one for one in item.signers.select_for_update(of=("self",)) if str(one.uid) in answers]
    if not named:
        raise rules.NotNow(_("Say for at least one person what stands on the sheet. Nothing was recorded."))
    for signer in named:
        rules.check_can_answer(item, signer)
        yes = answers[str(signer.uid)]
        if yes:
            _take_right(signer, *(rights or {}).get(str(signer.uid), ("", "")), field=f"-{signer.uid}")
        signer.answer, signer.method = (Answer.YES if yes else Answer.NO), Method.PAPER
        signer.signed_on, signer.answered_at, signer.recorded_by = on, at, actor
        signer.kept_where = kept_where.strip()
        signer.save()
        data = {"signer": str(signer.uid), "capacity": signer.capacity, "yes": yes, "on": on.isoformat()}
        _record("authorisations.answer.recorded", item, actor, at, **data)
    return _settle(item, actor, at)


@transaction.atomic
def revoke(*, item: Authorisation, actor: Membership, at: datetime, reason: str = "") -> Authorisation:
    """Somebody took it back: from now on nothing rests on it. One of several is enough, and no reason is needed."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    rules.check_step(item, State.REVOKED)
    before = item.state
    item.state, item.revoked_at, item.revoked_by, item.revoked_reason = State.REVOKED, at, actor, reason.strip()
    # What nobody had signed yet can have been used nowhere.
    item.followed_up_at = None if before == State.SIGNED else at
    item.save()
    Turn.objects.filter(authorisation=item, ended_at=None).update(ended_at=at)
    _record("authorisations.permission.revoked", item, actor, at, before=before)
    return item


@transaction.atomic
def follow_up(*, item: Authorisation, actor: Membership, at: datetime) -> Authorisation:
    """Somebody went through the posts that used it, and removed what they could."""
    item = locked(item)
    rules.check_can_edit(actor, item)
    if item.state != State.REVOKED:
        raise rules.NotNow(_("This permission was not taken back. Nothing was changed."))
    if item.followed_up_at is None:
        item.followed_up_at = at
        item.save(update_fields=["followed_up_at"])
        _record("authorisations.permission.followed-up", item, actor, at)
    return item


@transaction.atomic
def note_printed(*, item: Authorisation, actor: Membership, at: datetime) -> None:
    """Keep that it was printed."""
    item = locked(item)
    rules.check_can_view(actor, item)
    _record("authorisations.paper.printed", item, actor, at)


def _take_right(signer: Signer, relationship: str, authority: str, field: str = "") -> None:
    """Who they are to the person they sign for, and what lets them: what was said now, or what is known."""
    told = relationship.strip() or signer.relationship, authority.strip() or signer.authority
    rules.check_authority(signer, *told, field=field)
    signer.relationship, signer.authority = told


def _settle(item: Authorisation, actor: Membership | None, at: datetime) -> Authorisation:
    """What all the answers together make of it."""
    following = settled([(one.answer, one.required) for one in item.signers.all()])
    if following == item.state:
        return item
    rules.check_step(item, following)
    item.state = following
    item.signed_at = at if following == State.SIGNED else None
    item.save(update_fields=["state", "signed_at"])
    _record("authorisations.permission.settled", item, actor, at, state=str(following))
    return item


def _record(name: str, item: Authorisation, actor: Membership | None, at: datetime, **data: Any) -> None:
    told = {"reference": item.reference, **data}
    by = "" if actor is not None else "client"
    trail.record(name, practice=item.practice, actor=actor, by=by, subject=item, at=at, data=told)
