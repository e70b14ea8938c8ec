"""What a signer says, on a screen, on paper or aloud, and what it makes of the acknowledgement."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from doorframe.apps.clients.models import CopyWay
from doorframe.apps.jobs import actions as jobs
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import queries, rules
from doorframe.apps.signatures.holding import end_links, locked, locked_signer, locked_visit
from doorframe.apps.signatures.models import Acknowledgement, Explanation, Signer, Visit
from doorframe.apps.signatures.states import Answer, Capacity, Method, State, standing
from doorframe.apps.trail import actions as trail
from doorframe.engines.sealing import Json

LONGEST = 2_000
"""Letters of a reason that are kept; whatever is longer is cut."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a reader hands in to agree: a typed name, and strokes where it was drawn; neither where the policy asks for
    no signature.

    strokes: lists of [x, y], whole numbers, 0 to 1000 across and 0 to 400 down. disclosure: the exact words about
    electronic records that were shown and agreed to. understanding: how many of the questions were right, or None.
    """

    name: str
    disclosure: str
    strokes: list[list[list[int]]] = field(default_factory=list)
    understanding: dict[str, int] | None = None
    user_agent: str = ""
    ip: str = ""


@transaction.atomic
def note_seen(*, visit: Visit, cards: int, whole: int, at: datetime) -> Visit:
    """Keep how far somebody has read; at the last card it goes on the trail, once."""
    visit = locked_visit(visit)
    rules.check_visit(visit, at=at)
    visit.seen, visit.last_at = max(visit.seen, min(cards, whole)), at
    visit.save(update_fields=["seen", "last_at"])
    if visit.signer is None or visit.seen < whole or visit.copy_only:
        return visit
    signer = locked_signer(visit.signer)
    if signer.read_at is None:
        signer.read_at = at
        signer.save(update_fields=["read_at"])
        _record("signatures.paper.read", signer, at, {"cards": whole})
    return visit


@transaction.atomic
def keep_understanding(*, visit: Visit, signer: Signer, at: datetime, asked: int, right: int) -> None:
    """Keep how many of the questions were right. It decides nothing; the first answers count."""
    visit, signer = locked_visit(visit), locked_signer(signer)
    rules.check_can_answer(visit, signer, at=at)
    if signer.understanding is None:
        signer.understanding = {"asked": asked, "right": right}
        signer.save(update_fields=["understanding"])
        _record("signatures.understanding.checked", signer, at, {"asked": asked, "right": right})


@transaction.atomic
def sign(*, visit: Visit, signer: Signer, at: datetime, signature: Signature) -> Acknowledgement:
    """Agree and sign on a screen. Raises NotNow, PermissionDenied; ValueError for strokes of another shape."""
    visit, signer = locked_visit(visit), locked_signer(signer)
    rules.check_can_answer(visit, signer, at=at)
    _check_strokes(signature.strokes)
    signer.answer, signer.method = Answer.AGREE, _method(signature)
    signer.signed_name = " ".join(signature.name.split())[:200]
    signer.drawing = signature.strokes or None
    signer.disclosure = signature.disclosure
    signer.disclosure_sha256 = hashlib.sha256(signature.disclosure.encode()).hexdigest()
    signer.consented_at = signer.answered_at = at
    signer.understanding = signature.understanding
    signer.user_agent = signature.user_agent[:400]
    signer.ip = signature.ip if queries.preferences(signer.practice).keep_ip else ""
    signer.next_reminder_at = None
    signer.save()
    data: dict[str, Json] = {
        "method": signer.method,
        "text_sha256": signer.acknowledgement.paper.text_sha256,
        "disclosure_sha256": signer.disclosure_sha256,
        "tablet": visit.is_kiosk,
    }
    _record("signatures.answer.signed", signer, at, data)
    return _settle(signer.acknowledgement, None, at)


@transaction.atomic
def answer_otherwise(
    *, visit: Visit, signer: Signer, at: datetime, answer: Answer, reason: str = ""
) -> Acknowledgement:
    """Decline, ask to talk first, or take paper, on a screen. A reason is never asked for, and kept where given."""
    visit, signer = locked_visit(visit), locked_signer(signer)
    rules.check_can_answer(visit, signer, at=at)
    if answer not in {Answer.DECLINE, Answer.TALK, Answer.PAPER}:
        raise ValueError("To agree is to sign")
    signer.answer, signer.method = answer, Method.NONE
    signer.reason, signer.answered_at, signer.next_reminder_at = reason.strip()[:LONGEST], at, None
    signer.save()
    _record("signatures.answer.given", signer, at, {"answer": str(answer), "reason": bool(signer.reason)})
    return _settle(signer.acknowledgement, None, at)


@transaction.atomic
def record_elsewhere(
    *, signer: Signer, actor: Membership, at: datetime, method: Method, on: date, agreed: bool = True, reason: str = ""
) -> Acknowledgement:
    """Record what was signed on paper, said aloud, or declined in the room: method, the day, and who recorded it."""
    signer = locked_signer(signer)
    rules.check_can_ask(actor, signer.acknowledgement)
    rules.check_takes(signer)
    if signer.answer == Answer.AGREE and signer.method:
        raise rules.NotNow(rules.signed_already())
    if method not in {Method.PAPER, Method.VERBAL}:
        raise ValueError("Only paper and spoken answers are recorded for somebody")
    signer.answer = Answer.AGREE if agreed else Answer.DECLINE
    signer.method = method if agreed else Method.NONE
    signer.answered_at, signer.talked_on, signer.recorded_by = at, on, actor
    signer.reason, signer.next_reminder_at = reason.strip()[:LONGEST], None
    signer.save()
    data: dict[str, Json] = {"method": str(method), "agreed": agreed, "on": on.isoformat()}
    _record("signatures.answer.recorded", signer, at, data, actor=actor)
    return _settle(signer.acknowledgement, actor, at)


@transaction.atomic
def explain(*, item: Acknowledgement, actor: Membership, at: datetime, on: date) -> Explanation:
    """“Explained aloud on … by …”. Whoever asked to talk first may be asked again after it."""
    item = locked(item)
    rules.check_can_see_answers(actor, item)
    kept = Explanation.objects.create(practice=item.practice, acknowledgement=item, on=on, by=actor, recorded_at=at)
    item.signers.filter(answer=Answer.TALK).update(talked_on=on)
    trail.record("signatures.paper.explained", practice=item.practice, actor=actor, subject=item, at=at,
                 data={"on": on.isoformat()})  # fmt: skip
    return kept


@transaction.atomic
def withdraw_electronic(*, visit: Visit, signer: Signer, at: datetime) -> Acknowledgement:
    """Take back the consent to electronic records: from now on this person gets paper. What was signed stands."""
    visit, signer = locked_visit(visit), locked_signer(signer)
    rules.check_visit(visit, at=at)
    person = signer.person
    if person is not None and person.electronic:
        person.electronic = False
        person.copy_way = CopyWay.PRINT
        person.save(update_fields=["electronic", "copy_way"])
    if not (signer.answer == Answer.AGREE and signer.method):
        signer.answer, signer.answered_at, signer.next_reminder_at = Answer.PAPER, at, None
        signer.save()
    _record("signatures.electronic.withdrawn", signer, at, {})
    return _settle(signer.acknowledgement, None, at)


@transaction.atomic
def choose_copy(*, visit: Visit, signer: Signer, at: datetime, way: str) -> None:
    """How this person wants their copy; a way that does not exist changes nothing."""
    visit, signer = locked_visit(visit), locked_signer(signer)
    rules.check_visit(visit, at=at)
    if signer.person is None or way not in CopyWay.values:
        return
    signer.person.copy_way = way
    signer.person.save(update_fields=["copy_way"])
    _record("signatures.copy.chosen", signer, at, {"way": way})


@transaction.atomic
def record_copy(*, signer: Signer, actor: Membership, at: datetime) -> None:
    """A printed copy was handed over."""
    signer = locked_signer(signer)
    rules.check_can_ask(actor, signer.acknowledgement)
    _record("signatures.copy.printed", signer, at, {}, actor=actor)


@transaction.atomic
def countersign(*, item: Acknowledgement, actor: Membership, at: datetime) -> Acknowledgement:
    """The therapist signs last, and the acknowledgement is complete."""
    item = locked(item)
    rules.check_can_countersign(actor, item)
    permissions.check_can(actor, Permission.VIEW_ANSWERS, item)
    signer = item.signers.filter(capacity=Capacity.THERAPIST).first()
    if signer is None:
        raise rules.NotNow(queries.not_here())
    signer.member, signer.name, signer.signed_name = actor, str(actor.user), str(actor.user)
    signer.answer, signer.method, signer.answered_at = Answer.AGREE, Method.TYPED, at
    signer.save()
    _record("signatures.answer.countersigned", signer, at, {}, actor=actor)
    _move(item, State.COMPLETE, actor, at)
    return item


@transaction.atomic
def open_again(*, item: Acknowledgement, actor: Membership, at: datetime) -> Acknowledgement:
    """Somebody who declined, or asked to talk, is asked again on this version. What was said before stays known."""
    item = locked(item)
    rules.check_can_ask(actor, item)
    rules.check_open(item)
    item.signers.filter(answer__in=[Answer.DECLINE, Answer.TALK, Answer.PAPER]).update(answer="", answered_at=None)
    _move(item, State.OPEN, actor, at)
    return item


def _method(signature: Signature) -> Method:
    """A policy that asks for no signature is agreed to without a name."""
    if signature.strokes:
        return Method.DRAWN
    return Method.TYPED if signature.name.strip() else Method.CONFIRMED


def _settle(item: Acknowledgement, actor: Membership | None, at: datetime) -> Acknowledgement:
    """Bring the acknowledgement to what its signers' answers make of it."""
    rows = item.signers.filter(required=True).exclude(capacity=Capacity.THERAPIST)
    given = [(Answer(one.answer), Method(one.method)) for one in rows]
    countersign = item.signers.filter(capacity=Capacity.THERAPIST, method="").exists()
    _move(item, standing(given, countersign=countersign), actor, at)
    return item


def _move(item: Acknowledgement, following: State, actor: Membership | None, at: datetime) -> None:
    rules.check_step(item, following)
    before, item.state = item.state, following
    if before == following:
        return
    item.closed_at = at if following in {State.COMPLETE, State.DECLINED} else None
    if following in {State.COMPLETE, State.DECLINED, State.SIGNED}:
        end_links(item, at)
        item.signers.update(next_reminder_at=None)
    if following == State.COMPLETE:
        item.keep_until = queries.keep_until(item, at)
    item.save(update_fields=["state", "closed_at", "keep_until"])
    data = {"from": before, "to": str(following)}
    name = "signatures.acknowledgement.moved"
    trail.record(name, practice=item.practice, actor=actor, subject=item, at=at, data=data, by="client")
    if following == State.COMPLETE:
        jobs.enqueue(
            "signatures.proof.seal", practice=item.practice, at=at, args={"acknowledgement_id": item.pk},
            unique_key=f"signatures.proof.seal:{item.pk}",
        )  # fmt: skip


def _record(name: str, signer: Signer, at: datetime, data: dict[str, Json], *, actor: Membership | None = None) -> None:
    told: dict[str, Json] = {"signer": str(signer.uid), "capacity": signer.capacity, **data}
    trail.record(
        name, practice=signer.practice, actor=actor, subject=signer.acknowledgement, at=at, data=told,
        by=signer.capacity,
    )  # fmt: skip


def _check_strokes(strokes: Any) -> None:
    points = [point for stroke in strokes for point in stroke]
    if len(points) > 20_000:
        raise ValueError("The drawing has too many points")
    for point in points:
        x, y = point
        if not (isinstance(x, int) and isinstance(y, int) and 0 <= x <= 1000 and 0 <= y <= 400):
            raise ValueError("A point of the drawing lies outside its frame")
