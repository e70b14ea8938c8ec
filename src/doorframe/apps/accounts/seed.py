"""Two accounts of the fictional practice, so that the first look shows a register."""

from __future__ import annotations

from datetime import date, datetime

from doorframe.apps.accounts import actions, queries
from doorframe.apps.members.models import Membership, Practice

ACCOUNTS: tuple[dict[str, object], ...] = (
    {
        "platform": "instagram", "handle": "@harbourlane", "kind": "professional", "owner": "Harbour Lane Therapy",
        "purpose": "articles about sleep and worry", "who_posts": "Dr Imani Cole", "two_factor": "yes",
        "recovery": "Codes in the office safe", "since": date(2022, 3, 14),
    },
    {
        "platform": "facebook", "handle": "Imani Cole", "kind": "personal", "owner": "Dr Imani Cole",
        "purpose": "family and friends, friends only", "who_posts": "Dr Imani Cole", "two_factor": "no",
        "recovery": "", "since": date(2011, 8, 1),
    },
)  # fmt: skip


def seed(*, practice: Practice, actor: Membership, at: datetime) -> None:
    """Enter the accounts of the fictional practice, once."""
    if queries.register(practice) is not None:
        return
    for values in ACCOUNTS:
        actions.add_account(actor=actor, at=at, values=values)
