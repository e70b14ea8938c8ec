"""Where a letter stands, and which step leads where, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Only a waiting letter is ever sent. From a failed or refused one, a person may begin again."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    BOUNCED = "bounced", _("Refused")
    CANCELLED = "cancelled", _("No longer needed")


class Verb(models.TextChoices):
    """What can become of a letter."""

    SEND = "send", _("Send")
    FAIL = "fail", _("Give up")
    BOUNCE = "bounce", _("Refuse")
    CANCEL = "cancel", _("Cancel")
    RETRY = "retry", _("Try again")


TRANSITIONS: dict[tuple[State, Verb], State] = {
    (State.WAITING, Verb.SEND): State.SENT,
    (State.WAITING, Verb.FAIL): State.FAILED,
    (State.WAITING, Verb.BOUNCE): State.BOUNCED,
    (State.WAITING, Verb.CANCEL): State.CANCELLED,
    (State.FAILED, Verb.RETRY): State.WAITING,
    (State.BOUNCED, Verb.RETRY): State.WAITING,
}

TROUBLED = (State.FAILED, State.BOUNCED)
"""What needs a person: the letter did not arrive, and nothing more will happen by itself."""


def after(state: str, verb: Verb) -> State | None:
    """Where the step leads, None where it does not fit."""
    return TRANSITIONS.get((State(state), verb))
