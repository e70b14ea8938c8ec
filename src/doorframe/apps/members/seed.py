"""The fictional practice of a first start."""

from __future__ import annotations

from datetime import datetime

from doorframe.apps.members import actions, queries
from doorframe.apps.members.models import Membership

NAME = "Harbour Lane Therapy"
OWNER_NAME = "Dr Imani Cole"
OWNER_EMAIL = "imani@harbour-lane.example"


def seed(*, password: str, at: datetime) -> tuple[Membership, bool]:
    """The demo owner's membership, and whether it was made just now; safe to call again."""
    practice = queries.demo_practice()
    if practice is None:
        owner = actions.create_practice(
            name=NAME,
            owner_email=OWNER_EMAIL,
            owner_name=OWNER_NAME,
            password=password,
            region="OR",
            time_zone="America/Los_Angeles",
            is_demo=True,
            at=at,
        )
        return owner, True
    owner = queries.member_by_email(practice, OWNER_EMAIL)
    actions.reset_demo_password(owner=owner, password=password, at=at)
    return owner, False
