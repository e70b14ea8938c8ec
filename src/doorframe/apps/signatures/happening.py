"""What happened with an acknowledgement, event by event, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doorframe.apps.trail.models import Event

WORDS: dict[str, Promise] = {
    "signatures.acknowledgement.opened": _("Asked to read and sign"),
    "signatures.acknowledgement.moved": _("Moved on"),
    "signatures.acknowledgement.superseded": _("Replaced by a newer version"),
    "signatures.link.sent": _("Link sent"),
    "signatures.link.opened": _("Link opened"),
    "signatures.link.shown": _("Square code shown on the tablet"),
    "signatures.links.withdrawn": _("Links withdrawn"),
    "signatures.code.refused": _("A wrong code was tried"),
    "signatures.reminder.sent": _("Reminder sent"),
    "signatures.reminder.held": _("Reminder held back"),
    "signatures.reminder.stopped": _("Reminders ended"),
    "signatures.reminders.planned": _("Reminders planned again"),
    "signatures.helper.added": _("Interpreter or witness added"),
    "signatures.tablet.handed-over": _("Tablet handed over"),
    "signatures.tablet.turn-taken": _("Next turn at the tablet"),
    "signatures.tablet.turn-ended": _("Turn at the tablet ended"),
    "signatures.tablet.locked": _("Tablet locked"),
    "signatures.tablet.taken-back": _("Tablet taken back"),
    "signatures.pin.refused": _("A wrong PIN was tried"),
    "signatures.pin.locked": _("PIN wrong too often"),
    "signatures.pin.set": _("PIN for the tablet set"),
    "signatures.visit.ended": _("Stopped reading"),
    "signatures.paper.read": _("Read to the end"),
    "signatures.paper.printed": _("Printed on paper"),
    "signatures.paper.explained": _("Explained aloud"),
    "signatures.understanding.checked": _("Questions on the text answered"),
    "signatures.question.asked": _("Question asked"),
    "signatures.question.answered": _("Question answered"),
    "signatures.question.talked-about": _("Question talked about"),
    "signatures.clarification.settled": _("Wish for clearer words settled"),
    "signatures.answer.signed": _("Agreed and signed"),
    "signatures.answer.given": _("Answered"),
    "signatures.answer.recorded": _("Answer recorded"),
    "signatures.answer.countersigned": _("Countersigned"),
    "signatures.electronic.withdrawn": _("Wants everything on paper from now on"),
    "signatures.copy.chosen": _("Chose how to get the copy"),
    "signatures.copy.printed": _("Printed copy handed over"),
    "signatures.scan.kept": _("Scan of the signed sheet kept"),
    "signatures.scan.opened": _("Scan of the signed sheet opened"),
    "signatures.prompts.planned": _("Talks planned"),
    "signatures.prompt.closed": _("Talked about it again"),
    "signatures.proof.sealed": _("Sealed"),
    "signatures.proof.taken": _("Sealed copy downloaded"),
    "signatures.proof.asked-again": _("Sealing tried again"),
    "signatures.proof.let-go": _("Removed at the end of its time"),
}
_HIDDEN = {"signatures.acknowledgement.moved"}
"""What only repeats the event before it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: when, what in words, and who did it; `seq` is its number on the trail."""

    seq: int
    at: datetime
    what: str
    who: str


def told(events: Iterable[Event]) -> list[Happened]:
    """The events that say something of their own, in their order."""
    return [
        Happened(one.seq, one.at, str(WORDS.get(one.name, one.name)), one.actor_label)
        for one in events
        if one.name not in _HIDDEN
    ]
