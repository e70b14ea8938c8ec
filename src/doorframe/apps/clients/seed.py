"""Four clients of the fictional practice: a person, a couple, a family with a minor, and somebody who has finished."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from doorframe.apps.clients import actions, queries
from doorframe.apps.clients.models import Capacity, Kind, Status
from doorframe.apps.members.models import Membership, Practice

CLIENTS: tuple[tuple[dict[str, Any], int, tuple[dict[str, Any], ...]], ...] = (
    (
        {"code": "K7M-3QT", "kind": Kind.INDIVIDUAL, "status": Status.CURRENT}, 9,
        ({"name": "Robin Example", "email": "robin@client.example", "phone": "(503) 555-0161"},),
    ),
    (
        {"code": "P4D-9WH", "kind": Kind.COUPLE, "status": Status.CURRENT}, 30,
        (
            {"name": "Kit Sample", "email": "kit@client.example"},
            {"name": "Sam Sample", "email": "sam@client.example"},
        ),
    ),
    (
        {"code": "W2F-6NC", "kind": Kind.FAMILY, "status": Status.PROSPECTIVE}, 0,
        (
            {"name": "Mia Specimen", "is_minor": True, "copy_way": "print"},
            {
                "name": "June Specimen", "email": "june@client.example", "capacity": Capacity.GUARDIAN,
                "relationship": "mother", "authority": "lives with her, sole custody",
            },
        ),
    ),
    ({"code": "T9R-2XE", "kind": Kind.INDIVIDUAL, "status": Status.FORMER}, 400, ({"copy_way": "print"},)),
)  # fmt: skip
"""The entry, how many days ago the first session was (0: none yet), and the people."""


def seed(*, practice: Practice, actor: Membership, at: datetime) -> None:
    """Enter the clients of the fictional practice, once."""
    if queries.visible(actor).exists():
        return
    for values, days, people in CLIENTS:
        began = at.date() - timedelta(days=days) if days else None
        actions.add_client(actor=actor, at=at, values={**values, "first_session_on": began}, people=people)
