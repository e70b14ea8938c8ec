"""The life of a policy version, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a version stands."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Verb(models.TextChoices):
    """What a person does to it; the label is the button."""

    SUBMIT = "submit", _("Ask for review")
    RETURN = "return", _("Return to draft")
    APPROVE = "approve", _("Approve")
    PUBLISH = "publish", _("Publish")
    RETIRE = "retire", _("Retire")


TRANSITIONS: dict[tuple[State, Verb], State] = {
    (State.DRAFT, Verb.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Verb.RETURN): State.DRAFT,
    (State.IN_REVIEW, Verb.APPROVE): State.APPROVED,
    (State.APPROVED, Verb.RETURN): State.DRAFT,
    (State.APPROVED, Verb.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Verb.RETIRE): State.RETIRED,
}
"""Every step there is. What is not here cannot happen."""


def after(state: str, verb: Verb) -> State | None:
    """The state that follows, or None where the step does not exist."""
    return TRANSITIONS.get((State(state), verb))


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {_word(State.DRAFT)}"]
    for (state, verb), following in TRANSITIONS.items():
        lines.append(f"    {_word(state)} --> {_word(following)}: {verb.value}")
    lines.append(f"    {_word(State.RETIRED)} --> [*]")
    return "\n".join(lines)


def _word(state: State) -> str:
    return state.value.replace("-", "_")
