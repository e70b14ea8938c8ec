"""The life of a post, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in


class State(models.TextChoices):
    """Where a post stands."""

    DRAFT = "draft", _in("a post", "Draft")
    WAITING = "waiting", _("Waiting for approval")
    SENT_BACK = "sent-back", _("Sent back")
    APPROVED = "approved", _in("a post", "Approved")
    PUBLISHED = "published", _("Posted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Verb(models.TextChoices):
    """What happens to it; the label is the button, or the line of the log."""

    CHANGE = "change", _("Change the words")
    SUBMIT = "submit", _("Send for approval")
    SEND_BACK = "send-back", _("Send back")
    APPROVE = "approve", _in("a post", "Approve")
    PUBLISH = "publish", _("Mark as posted")
    WITHDRAW = "withdraw", _in("a post", "Withdraw")
    LET_GO = "let-go", _("Remove the text")


TRANSITIONS: dict[tuple[State, Verb], State] = {
    (State.DRAFT, Verb.CHANGE): State.DRAFT,
    (State.DRAFT, Verb.SUBMIT): State.WAITING,
    (State.DRAFT, Verb.WITHDRAW): State.WITHDRAWN,
    (State.DRAFT, Verb.LET_GO): State.WITHDRAWN,
    (State.WAITING, Verb.CHANGE): State.DRAFT,
    (State.WAITING, Verb.APPROVE): State.APPROVED,
    (State.WAITING, Verb.SEND_BACK): State.SENT_BACK,
    (State.WAITING, Verb.WITHDRAW): State.WITHDRAWN,
    (State.WAITING, Verb.LET_GO): State.WITHDRAWN,
    (State.SENT_BACK, Verb.CHANGE): State.SENT_BACK,
    (State.SENT_BACK, Verb.SUBMIT): State.WAITING,
    (State.SENT_BACK, Verb.WITHDRAW): State.WITHDRAWN,
    (State.SENT_BACK, Verb.LET_GO): State.WITHDRAWN,
    (State.APPROVED, Verb.CHANGE): State.DRAFT,
    (State.APPROVED, Verb.SEND_BACK): State.SENT_BACK,
    (State.APPROVED, Verb.PUBLISH): State.PUBLISHED,
    (State.APPROVED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Verb.LET_GO): State.WITHDRAWN,
    (State.PUBLISHED, Verb.LET_GO): State.PUBLISHED,
    (State.WITHDRAWN, Verb.LET_GO): State.WITHDRAWN,
}
"""Every step there is. What is not here cannot happen."""

DONE = {
    Verb.CHANGE: _("Words changed"),
    Verb.SUBMIT: _("Sent for approval"),
    Verb.SEND_BACK: _("Sent back"),
    Verb.APPROVE: _in("a post", "Approved"),
    Verb.PUBLISH: _("Posted"),
    Verb.WITHDRAW: _("Withdrawn"),
    Verb.LET_GO: _("Text removed"),
}
"""Each step as the log tells of it."""

ENDED = frozenset({State.PUBLISHED, State.WITHDRAWN})
"""States that lead nowhere else."""


def after(state: str, verb: Verb) -> State | None:
    """The state that follows, or None where the step does not exist."""
    return TRANSITIONS.get((State(state), verb))


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {_word(State.DRAFT)}"]
    for (state, verb), following in TRANSITIONS.items():
        lines.append(f"    {_word(state)} --> {_word(following)}: {verb.value}")
    return "\n".join([*lines, *(f"    {_word(state)} --> [*]" for state in State if state in ENDED)])


def _word(state: State) -> str:
    return state.value.replace("-", "_")
