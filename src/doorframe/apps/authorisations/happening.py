"""What happened with a permission, event by event, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doorframe.apps.trail.models import Event

WORDS: dict[str, Promise] = {
    "authorisations.permission.begun": _("Begun"),
    "authorisations.people.chosen": _("Chosen who signs"),
    "authorisations.permission.changed": _("Words changed"),
    "authorisations.permission.prepared": _("Words fixed, ready to be signed"),
    "authorisations.permission.reopened": _("Opened again to change the words"),
    "authorisations.permission.discarded": _("Thrown away before it was signed"),
    "authorisations.device.handed-over": _("Device handed over"),
    "authorisations.device.turn-taken": _("Somebody began to read"),
    "authorisations.device.closed": _("Device closed after a silence"),
    "authorisations.device.handed-back": _("Device handed back"),
    "authorisations.paper.printed": _("Printed"),
    "authorisations.answer.signed": _("Said yes and signed"),
    "authorisations.answer.declined": _("Said no"),
    "authorisations.answer.recorded": _("Answer on paper recorded"),
    "authorisations.permission.settled": _("Everyone needed has answered"),
    "authorisations.permission.revoked": _("Taken back"),
    "authorisations.permission.followed-up": _("Posts gone through after it was taken back"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: when, what in words, and who did it."""

    at: datetime
    what: str
    who: str


def told(events: Iterable[Event]) -> list[Happened]:
    """The events in their order; one without words is shown by its name."""
    return [Happened(one.at, str(WORDS.get(one.name, one.name)), _who(one)) for one in events]


def _who(event: Event) -> str:
    return str(_("Client")) if event.actor_label == "client" else event.actor_label
