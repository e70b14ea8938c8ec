"""What the pages of the posts share."""

from __future__ import annotations

from typing import Any

from django.views.decorators.debug import sensitive_post_parameters

from doorframe.apps.members.models import Membership
from doorframe.apps.posts import queries, rules, shown, verdicts
from doorframe.apps.posts.models import Post, Step
from doorframe.apps.posts.states import Verb

private = sensitive_post_parameters()
"""No part of what is sent here belongs in a report of a mistake."""


def result_of(post: Post) -> shown.Result | None:
    """What was found in a post's words, None where they are gone."""
    verdict = verdicts.read(post.verdict)
    return shown.result(post.text, verdict) if verdict else None


def may(member: Membership, post: Post) -> dict[str, bool]:
    """What this person may do with this post now, by the name of the step."""
    found = {verb.name.lower(): rules.can(member, post, verb) for verb in Verb}
    return {**found, "decide_alone": rules.may_decide_alone(member, post)}


def place_of(post: Post) -> str:
    """The platform's name, "" where it is not decided."""
    return queries.platform_name(post.platform) if post.platform else ""


def shown_steps(steps: list[Step]) -> list[dict[str, Any]]:
    """Each step with what screening said before and after."""
    return [
        {"step": step, "before": shown.outcome_words(step.before_outcome),
         "after": shown.outcome_words(step.after_outcome)}
        for step in steps
    ]  # fmt: skip
