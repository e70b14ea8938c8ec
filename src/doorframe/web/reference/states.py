"""docs/reference/states.md: the life of a policy version, and who may take which step."""

from __future__ import annotations

from doorframe.apps.members.roles import ALLOWED, Permission, Role
from doorframe.apps.policies.states import TRANSITIONS, diagram
from doorframe.web.reference import markdown


def page() -> str:
    """The diagram, the same as a table, and the roles."""
    steps = [
        (str(state.label), str(verb.label), str(following.label), f"`{verb.value}`")
        for (state, verb), following in TRANSITIONS.items()
    ]
    roles = [
        (
            str(Permission(permission).label).capitalize(),
            *("yes" if permission in ALLOWED[role] else "" for role in Role),
        )
        for permission in Permission
    ]
    lines = [
        "## The life of a version", "",
        "```mermaid", diagram(), "```", "",
        "What is not in this table cannot happen. A draft can be deleted; nothing else can.", "",
        *markdown.table(("A version that is", "Step", "Becomes", "Name of the step"), steps),
        "Publishing a version retires the one before it in the same moment. Without the two-person rule one person may "
        "publish a draft at once; each step is still taken, and recorded.", "",
        "## Who may do what", "",
        *markdown.table(("What", *(str(role.label) for role in Role)), roles),
        "With the two-person rule nobody approves a version that they wrote or changed, whatever their role.",
    ]  # fmt: skip
    return markdown.page("States and roles", "How a version of the policy lives, and who moves it on.", lines)
