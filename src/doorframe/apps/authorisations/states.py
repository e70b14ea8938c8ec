"""The life of an authorisation, as one table, and what the answers of its people make of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an authorisation stands, as it is kept."""

    DRAFT = "draft", _("Being written")
    PREPARED = "prepared", _("Waiting for signatures")
    SIGNED = "signed", _("Signed by everyone")
    DECLINED = "declined", _("Declined")
    REVOKED = "revoked", _("Taken back")


class Standing(models.TextChoices):
    """Where it stands on a day: the state, and for a signed one what the day makes of it."""

    DRAFT = "draft", _("Being written")
    PREPARED = "prepared", _("Waiting for signatures")
    LATER = "later", _("Signed, and not begun yet")
    IN_FORCE = "in-force", _("In force")
    EXPIRED = "expired", _("Ended")
    DECLINED = "declined", _("Declined")
    REVOKED = "revoked", _("Taken back")


class Answer(models.TextChoices):
    """What one person said."""

    NONE = "", _("No answer yet")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Method(models.TextChoices):
    """How somebody answered."""

    NONE = "", _("Not yet")
    TYPED = "typed", _("On the screen, in the room")
    PAPER = "paper", _("On paper")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PREPARED}),
    # Back to a draft only as long as nobody has answered: signed words never change.
    State.PREPARED: frozenset({State.DRAFT, State.SIGNED, State.DECLINED, State.REVOKED}),
    State.SIGNED: frozenset({State.REVOKED}),
    State.DECLINED: frozenset(),
    State.REVOKED: frozenset(),
}
"""Every step there is. What is not here cannot happen."""


def settled(answers: Iterable[tuple[str, bool]]) -> State:
    """What the answers make of it; each is what was said, and whether it is required. One no outweighs every yes."""
    given = list(answers)
    if any(said == Answer.NO for said, _required in given):
        return State.DECLINED
    if given and all(said == Answer.YES for said, required in given if required):
        return State.SIGNED if any(required for _said, required in given) else State.PREPARED
    return State.PREPARED


def standing(state: str, first: date | None, last: date | None, today: date) -> Standing:
    """Where it stands on this day. A signed one without days is in force on none."""
    if state != State.SIGNED:
        return Standing(state)
    if first is None or last is None or today > last:
        return Standing.EXPIRED
    return Standing.LATER if today < first else Standing.IN_FORCE
