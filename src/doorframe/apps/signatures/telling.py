"""Acknowledgements in words, for the practice's pages. What a role may not see is left out here, before any template.

Days and hours are of the time zone in force, which is the practice's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from doorframe.apps.signatures import rules
from doorframe.apps.signatures.models import Acknowledgement, Link, Signer
from doorframe.apps.signatures.queries import Desk
from doorframe.apps.signatures.states import OPEN_STATES, Answer, Capacity, Method, State


@dataclass(frozen=True, slots=True)
class Line:
    """One signer as a page shows them. `reach` says how far they came; `said`, `reason` are "" where not shown."""

    signer: Signer
    name: str
    capacity: str
    said: str
    reason: str
    reach: tuple[str, ...]
    may_send: bool
    why_not: str
    may_record: bool


def day(moment: datetime | date) -> str:
    """“3 May 2026”."""
    return date_format(localtime(moment) if isinstance(moment, datetime) else moment, "j F Y")


def moment(at: datetime) -> str:
    """“3 May 2026, 10:14”."""
    return date_format(localtime(at), "j F Y, H:i")


def called(signer: Signer) -> str:
    """A signer's name, or their place: “Client 2”."""
    if signer.capacity == Capacity.THERAPIST and signer.member is not None:
        return str(signer.member.user)
    return signer.name or f"{signer.get_capacity_display()} {signer.position}"


def standing(item: Acknowledgement) -> str:
    """Where an acknowledgement stands, for everyone who may see the client: no word of what was answered."""
    if item.state in {State.OPEN, State.TALK}:
        return _("Waiting for an answer since %(day)s") % {"day": day(item.opened_at)}
    if item.state == State.PAPER:
        return _("Waiting for a signed sheet")
    if item.state in {State.SIGNED, State.DECLINED}:
        return _("Answered")
    if item.state == State.COMPLETE and item.closed_at:
        return _("Complete since %(day)s") % {"day": day(item.closed_at)}
    return ""


def state(desk: Desk, *, sees: bool) -> str:
    """Where an acknowledgement stands, in one sentence: “Waiting for Ana Lima since 3 May 2026; opened, not …”."""
    item = desk.item
    if item.state == State.SUPERSEDED:
        return _("A newer version has taken its place.")
    if not sees:
        return f"{standing(item)}."
    waiting = [one for one in desk.signers if one.required and one.person_id and not one.method]
    who = _names(waiting)
    if item.state == State.OPEN:
        since = _("Waiting for an answer from %(who)s since %(day)s") % {"who": who, "day": day(item.opened_at)}
        return f"{since}; {_progress(waiting[0])}." if len(waiting) == 1 else f"{since}."
    if item.state == State.TALK:
        return _talk(desk)
    if item.state == State.PAPER:
        asked = [one for one in desk.signers if one.answer == Answer.PAPER]
        return _("%(who)s would like paper. The signed sheet is not back yet.") % {"who": _names(asked)}
    if item.state == State.SIGNED:
        therapist = _names(one for one in desk.signers if one.capacity == Capacity.THERAPIST)
        return _("Everyone has signed. It waits for %(who)s to countersign.") % {"who": therapist}
    if item.state == State.DECLINED:
        said_no = _names(one for one in desk.signers if one.answer == Answer.DECLINE)
        return _("%(who)s declined. Care goes on as before; you can talk about it and ask again.") % {"who": said_no}
    return _("Complete since %(day)s.") % {"day": day(item.closed_at or item.opened_at)}


def _talk(desk: Desk) -> str:
    asked = [one for one in desk.signers if one.answer == Answer.TALK]
    talked = [one.talked_on for one in asked if one.talked_on]
    if talked:
        sentence = _("You talked with %(who)s on %(day)s. Now ask again.")
        return sentence % {"who": _names(asked), "day": day(max(talked))}
    return _("%(who)s would like to talk before signing.") % {"who": _names(asked)}


def _progress(signer: Signer) -> str:
    if signer.read_at:
        return _("opened, read to the end")
    if signer.opened_at:
        return _("opened, not read to the end")
    return _("sent, not opened yet") if signer.sent_at else _("nothing was sent yet")


def lines(desk: Desk, *, sees: bool, at: datetime) -> list[Line]:
    """Every signer of an acknowledgement."""
    return [_line(one, desk.links.get(one.pk), sees=sees, at=at) for one in desk.signers]


def _line(signer: Signer, link: Link | None, *, sees: bool, at: datetime) -> Line:
    may_send, why_not = True, ""
    try:
        rules.check_can_send(signer)
    except rules.NotNow as error:
        may_send, why_not = False, str(error)
    is_open = signer.acknowledgement.paper.is_in_force and signer.acknowledgement.state in {
        *OPEN_STATES,
        State.DECLINED,
    }
    therapist = signer.capacity == Capacity.THERAPIST
    return Line(
        signer=signer,
        name=called(signer),
        capacity=_capacity(signer),
        said=said(signer) if sees else _settled(signer),
        reason=signer.reason if sees else "",
        reach=() if therapist else tuple(_reach(signer, link, sees=sees, at=at)),
        may_send=may_send and not therapist,
        why_not="" if therapist or signer.method or not is_open else why_not,
        may_record=is_open and not signer.method and not therapist,
    )


def _capacity(signer: Signer) -> str:
    label = str(Capacity(signer.capacity).label)
    return f"{label}, {signer.relationship}" if signer.relationship else label


def _settled(signer: Signer) -> str:
    """For who sees no answers: whether there is one."""
    return _("Has answered") if signer.answer else _("No answer yet")


def said(signer: Signer) -> str:
    """What a signer said, how and when, and who recorded it."""
    if not signer.answer or signer.answered_at is None:
        return _unsaid(signer)
    elsewhere = signer.recorded_by is not None and signer.talked_on is not None
    on = day(signer.talked_on) if elsewhere and signer.talked_on else moment(signer.answered_at)
    sentence = _said(signer) % {"on": on}
    if signer.recorded_by is None:
        return sentence
    return _("%(sentence)s, recorded by %(name)s") % {"sentence": sentence, "name": signer.recorded_by.user}


def _unsaid(signer: Signer) -> str:
    if signer.capacity == Capacity.THERAPIST:
        return _("Signs last")
    helps = signer.capacity in {Capacity.INTERPRETER, Capacity.WITNESS}
    return _("Has not signed") if helps else _("No answer yet")


def _said(signer: Signer) -> str:
    if signer.capacity == Capacity.THERAPIST:
        return _("Countersigned on %(on)s")
    if signer.answer == Answer.AGREE:
        return {
            Method.TYPED: _("Agreed, and signed with a typed name on %(on)s"),
            Method.DRAWN: _("Agreed, and signed by hand on the screen on %(on)s"),
            Method.PAPER: _("Agreed, and signed on paper on %(on)s"),
            Method.VERBAL: _("Agreed aloud on %(on)s"),
        }.get(Method(signer.method), _("Agreed on %(on)s"))
    return {
        Answer.TALK: _("Would like to talk first (%(on)s)"),
        Answer.DECLINE: _("Declined on %(on)s"),
        Answer.PAPER: _("Would like paper (%(on)s)"),
    }[Answer(signer.answer)]


def _reach(signer: Signer, link: Link | None, *, sees: bool, at: datetime) -> Iterable[str]:
    """How far a signer came: what was sent and opened, until when the link works, the next reminder."""
    if signer.sent_at:
        yield _("Link sent on %(on)s") % {"on": moment(link.created_at if link else signer.sent_at)}
    if link is not None and link.used_at is None and not signer.method:
        yield _link(link, at=at)
    if sees and signer.opened_at:
        yield _("opened on %(on)s") % {"on": moment(signer.opened_at)}
    if sees and signer.read_at:
        yield _("read to the end on %(on)s") % {"on": moment(signer.read_at)}
    if sees and signer.understanding:
        yield _("%(right)s of %(asked)s questions on the text were right") % signer.understanding
    if signer.next_reminder_at:
        paused = signer.acknowledgement.client.reminders_paused
        words = _("reminders are paused") if paused else _("next reminder on %(on)s")
        yield words % {"on": day(signer.next_reminder_at)}


def _link(link: Link, *, at: datetime) -> str:
    if link.revoked_at is not None:
        return _("the link was withdrawn")
    if link.tries >= rules.CODE_TRIES:
        return _("the code was wrong too often, so the link no longer opens")
    if at >= link.expires_at:
        return _("the link ended on %(on)s without being opened") % {"on": day(link.expires_at)}
    words = _("it opens once, with its code, until %(on)s") if link.code_hash else _("it opens once, until %(on)s")
    return words % {"on": day(link.expires_at)}


def _names(signers: Iterable[Signer]) -> str:
    found: Sequence[str] = [called(one) for one in signers]
    return get_text_list(list(found), _("and"))


def page(desk: Desk, *, sees: bool, at: datetime) -> dict[str, Any]:
    """What a template about one acknowledgement needs: its state and people in words, and the steps that fit."""
    item = desk.item
    is_open = item.paper.is_in_force and item.state in {*OPEN_STATES, State.DECLINED}
    found = lines(desk, sees=sees, at=at)
    return {
        "item": item, "client": item.client, "state": state(desk, sees=sees), "lines": found, "sees": sees,
        "is_open": is_open, "explanations": desk.explanations if sees else [],
        "open_questions": desk.open_questions if sees else 0, "is_sealed": sees and desk.is_sealed,
        "may_countersign": sees and item.state == State.SIGNED,
        "may_ask_again": sees and is_open and item.state in {State.DECLINED, State.TALK, State.PAPER},
        "may_withdraw": any(_lives(link, at=at) for link in desk.links.values()),
        "nobody_reached": all(not one.may_send for one in found),
    }  # fmt: skip


def _lives(link: Link, *, at: datetime) -> bool:
    ended = link.used_at is not None or link.revoked_at is not None or link.tries >= rules.CODE_TRIES
    return not ended and at < link.expires_at
