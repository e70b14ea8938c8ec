"""Sending one letter. The attempts noted here are the worker's own bookkeeping; what becomes of it is an action."""

from __future__ import annotations

import logging
import zoneinfo
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorframe.apps.mail import actions, names, registry, transport
from doorframe.apps.mail.models import Letter
from doorframe.apps.mail.states import State
from doorframe.apps.members.models import Practice

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=2)
LEAST_ATTEMPTS = 12
"""Both must be over before nothing more is tried: a computer may have been off for those two days."""


class Later(Exception):
    """The letter did not go out and still waits; the message says why."""


def send(*, letter_id: int, at: datetime) -> State:
    """Write the letter, hand it over, and keep what came of it; safe to run twice.

    Sent letters are left alone. Raises Later while it is worth trying again.
    """
    letter = Letter.objects.select_related("practice").get(pk=letter_id)
    if letter.state != State.WAITING:
        return State(letter.state)
    with translation.override(letter.practice.language.lower()), timezone.override(_zone(letter.practice)):
        return State(_attempt(letter, at).state)


def _attempt(letter: Letter, at: datetime) -> Letter:
    _count(letter, at)
    try:
        outgoing = _written(letter)
        if outgoing is None:
            return actions.cancel(letter=letter, at=at, sentence=_("It was no longer needed when its time came."))
        note = transport.deliver(outgoing, into_files=letter.practice.is_demo)
    except transport.SwitchedOff as reason:
        return actions.cancel(letter=letter, at=at, sentence=str(reason))
    except transport.Refused as reason:
        return actions.keep_bounced(letter=letter, at=at, sentence=str(reason))
    except transport.NotNow as reason:
        return _postponed(letter, at, str(reason))
    except _Telling as reason:
        return actions.keep_failed(letter=letter, at=at, sentence=str(reason))
    return actions.keep_sent(letter=letter, at=at, note=note)


def _written(letter: Letter) -> transport.Outgoing | None:
    """The letter in its words, None where it is no longer to be sent."""
    try:
        composed = registry.find(letter.kind).compose(letter)
    except Exception as error:  # a room may fail in any way; the letter waits and is not lost
        log.exception("letter %s %s could not be written", letter.kind, letter.uid)
        kind = type(error).__name__
        raise transport.NotNow(_("The e-mail could not be written (%(kind)s).") % {"kind": kind}) from None
    if composed is None:
        return None
    sender = names.of_sender(letter.practice, composed.sender_name)
    if names.reveals_in_letter(f"{composed.subject}\n{composed.body}"):
        raise _Telling(_("This e-mail was not sent: its words would tell others what it is about."))
    return transport.Outgoing(
        to=composed.to, subject=composed.subject, body=composed.body, sender_name=sender,
        reply_to=names.reply_to(letter.practice), message_id=letter.message_id, at=letter.run_at,
    )  # fmt: skip


def _count(letter: Letter, at: datetime) -> None:
    # Before the attempt, so that one which a crash cuts short is counted too.
    Letter.objects.filter(pk=letter.pk).update(attempts=F("attempts") + 1, tried_at=at)
    letter.attempts += 1


def _postponed(letter: Letter, at: datetime, sentence: str) -> Letter:
    if letter.attempts >= LEAST_ATTEMPTS and at - letter.run_at >= GIVE_UP_AFTER:
        return actions.keep_failed(letter=letter, at=at, sentence=sentence)
    Letter.objects.filter(pk=letter.pk, state=State.WAITING).update(error_sentence=sentence[:300])
    raise Later(sentence)


class _Telling(Exception):
    """The words hold something that would tell a stranger of care."""


def _zone(practice: Practice) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(practice.time_zone)
