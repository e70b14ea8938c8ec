"""Where a message to another program stands, and which step leads where, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Only a waiting message is ever sent. From what failed or was let go, a person may begin again."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Delivered")
    FAILED = "failed", _("Not delivered")
    CANCELLED = "cancelled", _("Not sent")


class Verb(models.TextChoices):
    """What can become of a message."""

    SEND = "send", _("Send")
    FAIL = "fail", _("Give up")
    CANCEL = "cancel", _("Let go")
    RETRY = "retry", _("Send again")


TRANSITIONS: dict[tuple[State, Verb], State] = {
    (State.WAITING, Verb.SEND): State.SENT,
    (State.WAITING, Verb.FAIL): State.FAILED,
    (State.WAITING, Verb.CANCEL): State.CANCELLED,
    (State.FAILED, Verb.RETRY): State.WAITING,
    (State.CANCELLED, Verb.RETRY): State.WAITING,
}


def after(state: str, verb: Verb) -> State | None:
    """Where the step leads, None where it does not fit."""
    return TRANSITIONS.get((State(state), verb))
