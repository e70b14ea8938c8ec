"""Tells other rooms what the policy says of accounts and of the profession: they do not know it, this door does."""

from __future__ import annotations

from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Practice
from doorframe.apps.members.register import COLUMNS, Rows
from doorframe.apps.policies import queries as policies
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State
from doorframe.engines.interview.facts import resolve


def accounts(practice: Practice) -> Rows | None:
    """The accounts in the answers of the version that was changed last and is not retired."""
    latest = next((one for one in policies.versions(practice) if one.state != State.RETIRED), None)
    if latest is None:
        return None
    rows = resolve(library.pack(), latest.answers).get("accounts")
    if not isinstance(rows, (list, tuple)):
        return []
    return [{column: str(row.get(column) or "") for column in COLUMNS} for row in rows]


def profession(practice: Practice) -> str:
    """The profession that the answers of the same version give, "" where they give none."""
    rows = Version.objects.for_practice(practice).exclude(state=State.RETIRED).order_by("-changed_at", "-pk")
    found = rows.values_list("answers__profession", flat=True).first()
    return found if isinstance(found, str) else ""
