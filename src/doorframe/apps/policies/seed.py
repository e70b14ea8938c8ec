"""A draft half way for the fictional practice, so that the first look shows something alive."""

from __future__ import annotations

from datetime import datetime

from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.policies import actions, queries
from doorframe.apps.policies.models import Version

ANSWERS: dict[str, object] = {
    "country": "US", "region": "US-OR", "profession": "psychologist", "practice": "solo",
    "practice_name": "Harbour Lane Therapy", "therapist_name": "Dr Imani Cole",
    "board_name": "Oregon Board of Psychology", "board_contact": "oregon.gov/psychology",
    "clients": ["adults", "couples-families"], "phone": "(503) 555-0142", "email": "office@harbour-lane.example",
    "website": "https://harbour-lane.example", "address": "12 Harbour Lane\nPortland, OR 97201",
}  # fmt: skip


def seed(*, practice: Practice, actor: Membership, at: datetime) -> None:
    """Begin the policy of the fictional practice, once."""
    if Version.objects.for_practice(practice).exists():
        return
    actions.start_version(actor=actor, at=at, answers=ANSWERS, done=queries.answered_screens(ANSWERS))
