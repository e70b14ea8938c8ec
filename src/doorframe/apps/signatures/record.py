"""An acknowledgement as plain values: what the certificate says in words, and what the sealed file carries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from doorframe.apps.signatures import queries
from doorframe.apps.signatures.models import Acknowledgement, Question, Signer
from doorframe.apps.signatures.states import Answer, Capacity
from doorframe.apps.trail import queries as trail
from doorframe.apps.trail.models import Event
from doorframe.engines.sealing import Json

FORMAT = "doorframe-acknowledgement/1"


def record(item: Acknowledgement, *, at: datetime) -> dict[str, Json]:
    """The record in the shape "doorframe-acknowledgement/1": ids, hashes, who, when, and the disclosure's words."""
    return _told(item, list(trail.events_of(item, practice=item.practice).order_by("seq")), at)


def record_until(item: Acknowledgement, *, at: datetime, seq: int) -> dict[str, Json] | None:
    """The record as far as this event of the trail; None where nothing had happened by then."""
    events = list(trail.events_of(item, practice=item.practice).filter(seq__lte=seq).order_by("seq"))
    return _told(item, events, at) if events else None


def moment(at: datetime) -> str:
    """A time as records write it: in UTC, ending in Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _told(item: Acknowledgement, events: Sequence[Event], at: datetime) -> dict[str, Json]:
    people = queries.signers(item)
    head = events[-1]
    return {
        "format": FORMAT,
        "practice": {
            "uid": str(item.practice.uid), "name": item.practice.name, "country": item.practice.country,
            "time_zone": item.practice.time_zone,
        },
        "acknowledgement": {
            "uid": str(item.uid), "reference": item.reference, "state": item.state, "opened_at": _time(item.opened_at),
            "closed_at": _time(item.closed_at),
        },
        "client": {"code": item.client.code, "kind": item.client.kind},
        "paper": _paper(item),
        "disclosures": _disclosures(people, item.paper.language),
        "signers": [_signer(one, item) for one in people],
        "questions": [_question(one) for one in queries.questions_of(item)],
        "events": [_event(one) for one in events],
        "chain": {"seq": head.seq, "hash": head.hash},
        "sealed_at": _time(at),
    }  # fmt: skip


def _paper(item: Acknowledgement) -> dict[str, Json]:
    paper = item.paper
    return {
        "kind": paper.key, "number": paper.number, "title": paper.title, "language": paper.language,
        "in_force_from": paper.in_force_from.isoformat(), "text_sha256": paper.text_sha256, "pack": paper.pack,
        "pack_sha256": paper.pack_sha256,
    }  # fmt: skip


def _disclosures(people: Sequence[Signer], language: str) -> list[Json]:
    found = {one.disclosure_sha256: one.disclosure for one in people if one.disclosure_sha256}
    return [{"sha256": hash, "language": language, "text": text} for hash, text in sorted(found.items())]


def _signer(one: Signer, item: Acknowledgement) -> dict[str, Json]:
    choice = "countersign" if one.capacity == Capacity.THERAPIST and one.answer else one.answer
    return {
        "uid": str(one.uid), "capacity": one.capacity, "name": one.name, "relationship": one.relationship,
        "authority": one.authority, "signs_for": item.client.code, "choice": choice, "method": one.method or "none",
        "signed_name": one.signed_name, "drawing": one.drawing,
        "signed_at": _time(one.answered_at) if one.answer == Answer.AGREE else None, "zone": item.practice.time_zone,
        "disclosure_sha256": one.disclosure_sha256, "consented_at": _time(one.consented_at),
        "sent_at": _time(one.sent_at), "opened_at": _time(one.opened_at), "read_at": _time(one.read_at),
        "user_agent": one.user_agent, "ip": one.ip, "understanding": one.understanding, "reason": one.reason,
    }  # fmt: skip


def _question(one: Question) -> dict[str, Json]:
    how = "open" if one.closed_at is None else "talked-about" if one.talked_on else "answered"
    return {
        "clause": one.clause, "title": one.title, "asked_at": _time(one.asked_at), "closed_at": _time(one.closed_at),
        "how": how, "text_sha256": hashlib.sha256(one.text.encode()).hexdigest(),
    }  # fmt: skip


def _event(one: Event) -> dict[str, Json]:
    data: Any = one.data
    return {
        "seq": one.seq, "at": _time(one.at), "name": one.name, "who": one.actor_label, "data": data, "hash": one.hash,
    }  # fmt: skip


def _time(at: datetime | None) -> str | None:
    return moment(at) if at else None
