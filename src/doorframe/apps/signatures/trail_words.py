"""The trail of a practice in words: what each event says, whom it is about, and whether the chain holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from doorframe.apps.signatures.happening import WORDS
from doorframe.apps.trail.models import Event
from doorframe.apps.trail.queries import Report

MORE: dict[str, Promise] = {
    "clients.client.added": _lazy("Client entered"),
    "clients.client.changed": _lazy("Client's entry changed"),
    "clients.client.erased": _lazy("Client's names and addresses removed"),
    "clients.list.exported": _lazy("List of clients taken out"),
    "clients.list.imported": _lazy("List of clients brought in"),
    "clients.person.added": _lazy("Somebody added to a client"),
    "clients.person.changed": _lazy("Somebody's entry changed"),
    "clients.person.removed": _lazy("Somebody taken out of a client"),
    "clients.reminders.paused": _lazy("Letters to a client paused"),
    "clients.reminders.resumed": _lazy("Letters to a client go on"),
    "mail.letter.posted": _lazy("Letter written down"),
    "mail.letter.sent": _lazy("Letter sent"),
    "mail.letter.failed": _lazy("Letter could not be sent"),
    "mail.letter.bounced": _lazy("Letter refused"),
    "mail.letter.cancelled": _lazy("Letter no longer needed"),
    "policies.version.published": _lazy("Version published"),
    "policies.version.approved": _lazy("Version approved"),
    "policies.version.submitted": _lazy("Version sent for review"),
    "policies.version.retired": _lazy("Version taken out of force"),
    "policies.version.started": _lazy("Draft begun"),
    "policies.answers.saved": _lazy("Answers of a draft saved"),
    "policies.document.issued": _lazy("Document of a version written"),
    "signatures.bundle.taken": _lazy("Record taken out for another system"),
    "signatures.campaign.filled": _lazy("Clients put on the list to be asked again"),
    "signatures.campaign.opened": _lazy("Asking again begun"),
    "signatures.campaign.sent": _lazy("Letters written"),
    "signatures.campaign.started": _lazy("Sending of the letters begun"),
    "signatures.campaign.stopped": _lazy("Letters stopped"),
    "signatures.evidence.asked": _lazy("Evidence pack asked for"),
    "signatures.evidence.made": _lazy("Evidence pack made"),
    "signatures.evidence.removed": _lazy("Evidence pack removed after its day"),
    "signatures.evidence.taken": _lazy("Evidence pack taken out"),
    "signatures.key.brought": _lazy("The practice's own key brought"),
    "signatures.key.made": _lazy("Key for seals made"),
    "signatures.paper.ended": _lazy("Version can no longer be signed"),
    "signatures.paper.issued": _lazy("Version can be signed now"),
    "signatures.preferences.changed": _lazy("Preferences changed"),
    "signatures.register.taken": _lazy("Register of acknowledgements taken out"),
    "signatures.reminders.paused": _lazy("Letters paused on the board"),
    "signatures.trail.asked": _lazy("Trail checked"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event: its number, when, who, what in words, and the ids that it holds, as text."""

    seq: int
    at: datetime
    who: str
    what: str
    name: str
    about: str
    hash: str


def told(events: Iterable[Event]) -> list[Told]:
    """The events as a person reads them. An event that has no words yet is shown by its name."""
    return [
        Told(one.seq, one.at, one.actor_label, _what(one.name), one.name, _about(one), one.hash[:12]) for one in events
    ]


def verdict(report: Report) -> str:
    """What checking the whole chain found, in a sentence or two."""
    if report.is_whole:
        sentence = _("All %(events)s events hold, from the first to the last. The last has the hash %(hash)s…")
        return sentence % {"events": report.events, "hash": report.head_hash[:16]}
    if report.breaks:
        first = report.breaks[0]
        sentence = _("The trail does not hold: something is wrong at event %(seq)s, and %(count)s places in all.")
        return sentence % {"seq": first.seq, "count": len(report.breaks)}
    return _("Every event holds, but the database no longer refuses changes to the trail. Tell whoever runs it.")


def _what(name: str) -> str:
    words = WORDS.get(name) or MORE.get(name)
    return str(words) if words else name


def _about(event: Event) -> str:
    """The short facts of an event: ids, numbers and states; what is long, such as a hash, is left to the pack."""
    data = event.data if isinstance(event.data, dict) else {}
    facts = [(key, value) for key, value in data.items() if isinstance(value, str | int) and 0 < len(str(value)) <= 40]
    return " · ".join(f"{key.replace('_', ' ')} {value}" for key, value in facts if not isinstance(value, bool))
