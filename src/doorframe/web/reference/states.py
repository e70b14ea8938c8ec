"""docs/reference/states.md: the lives of a policy version and of a post, and who may take which step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doorframe.apps.members.roles import ALLOWED, Permission, Role
from doorframe.apps.policies import states as versions
from doorframe.apps.posts import states as posts
from doorframe.web.reference import markdown


def page() -> str:
    """The diagrams, the same as tables, and the roles."""
    roles = [
        (
            str(Permission(permission).label).capitalize(),
            *("yes" if permission in ALLOWED[role] else "" for role in Role),
        )
        for permission in Permission
    ]
    lines = [
        "## The life of a version", "",
        "```mermaid", versions.diagram(), "```", "",
        "What is not in this table cannot happen. A draft can be deleted; nothing else can.", "",
        *markdown.table(("A version that is", "Step", "Becomes", "Name of the step"), _steps(versions.TRANSITIONS)),
        "Publishing a version retires the one before it in the same moment. Without the two-person rule one person may "
        "publish a draft at once; each step is still taken, and recorded.", "",
        "## The life of a post", "",
        "```mermaid", posts.diagram(), "```", "",
        "A post whose words are changed after it was approved is a draft again. Removing the text leaves the line in "
        "the log, with its outcome and the hash of the words; it happens by itself after the days that the practice "
        "has set.", "",
        *markdown.table(("A post that is", "Step", "Becomes", "Name of the step"), _steps(posts.TRANSITIONS)),
        "", "## Who may do what", "",
        *markdown.table(("What", *(str(role.label) for role in Role)), roles),
        "With the two-person rule nobody approves a version that they wrote or changed, whatever their role.",
    ]  # fmt: skip
    return markdown.page(
        "States and roles", "How a version of the policy and a post live, and who moves them on.", lines
    )


def _steps(transitions: Mapping[tuple[Any, Any], Any]) -> list[tuple[str, ...]]:
    return [
        (str(state.label), str(verb.label), str(following.label), f"`{verb.value}`")
        for (state, verb), following in transitions.items()
    ]
