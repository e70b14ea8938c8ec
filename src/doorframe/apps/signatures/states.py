"""The life of an acknowledgement, as one table, and what each signer's answer makes of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an acknowledgement stands."""

    OPEN = "open", _("Waiting for an answer")
    TALK = "talk", _("Wants to talk first")
    PAPER = "paper", _("Will sign on paper")
    SIGNED = "signed", _("Signed, to be countersigned")
    COMPLETE = "complete", _("Complete")
    DECLINED = "declined", _("Declined")
    SUPERSEDED = "superseded", _("Replaced by a newer version")


OPEN_STATES = (State.OPEN, State.TALK, State.PAPER)
"""Those in which a client may still answer."""

SETTLED_STATES = (State.SIGNED, State.COMPLETE, State.DECLINED)
"""Those in which every signer has answered this version."""


class Answer(models.TextChoices):
    """What one signer said."""

    NONE = "", _("No answer yet")
    AGREE = "agree", _("Agrees")
    TALK = "agree-after-talk", _("Agrees after we have talked")
    DECLINE = "decline", _("Declines")
    PAPER = "paper", _("Wants paper")


class Method(models.TextChoices):
    """How an agreement was given."""

    NONE = "", _("Not yet")
    TYPED = "typed", _("Typed name")
    DRAWN = "drawn", _("Drawn signature")
    CONFIRMED = "confirmed", _("Said on the screen")
    PAPER = "paper", _("Signed on paper")
    VERBAL = "verbal", _("Said aloud")


class Capacity(models.TextChoices):
    """As whom somebody signs."""

    CLIENT = "client", _("Client")
    GUARDIAN = "guardian", _("Parent or guardian")
    INTERPRETER = "interpreter", _("Interpreter")
    WITNESS = "witness", _("Witness")
    THERAPIST = "therapist", _("Therapist")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.TALK, State.PAPER, State.SIGNED, State.COMPLETE, State.DECLINED, State.SUPERSEDED}),
    State.TALK: frozenset({State.OPEN, State.PAPER, State.SIGNED, State.COMPLETE, State.DECLINED, State.SUPERSEDED}),
    State.PAPER: frozenset({State.OPEN, State.TALK, State.SIGNED, State.COMPLETE, State.DECLINED, State.SUPERSEDED}),
    State.SIGNED: frozenset({State.COMPLETE}),
    State.COMPLETE: frozenset(),
    # Somebody who declined may think again, as long as this version is in force.
    State.DECLINED: frozenset({State.OPEN, State.TALK, State.PAPER, State.SIGNED, State.COMPLETE}),
    State.SUPERSEDED: frozenset(),
}
"""Every step there is. What is not here cannot happen."""


def standing(answers: Iterable[tuple[Answer, Method]], *, countersign: bool) -> State:
    """What the answers of clients and guardians together make of an acknowledgement.

    One who declines outweighs everyone; then whoever wants paper, then whoever wants to talk; only when each has
    agreed and signed is it signed.
    """
    given = list(answers)
    said = {answer for answer, _method in given}
    if Answer.DECLINE in said:
        return State.DECLINED
    if given and all(answer == Answer.AGREE and method for answer, method in given):
        return State.SIGNED if countersign else State.COMPLETE
    if Answer.PAPER in said:
        return State.PAPER
    return State.TALK if Answer.TALK in said else State.OPEN


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.OPEN.value}"]
    for state in State:
        lines += [f"    {state.value} --> {following.value}" for following in State if following in TRANSITIONS[state]]
    lines += [f"    {state.value} --> [*]" for state in State if not TRANSITIONS[state]]
    return "\n".join(lines)
