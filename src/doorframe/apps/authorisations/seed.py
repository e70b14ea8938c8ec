"""Three permissions of the fictional practice: one that was signed, one that waits for a couple, one taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from doorframe.apps.authorisations import queries
from doorframe.apps.authorisations.actions import answering, writing
from doorframe.apps.authorisations.models import Authorisation
from doorframe.apps.clients.queries import everyone
from doorframe.apps.members.models import Membership, Practice

SIGNED, WAITING, TAKEN_BACK = "T9R-2XE", "P4D-9WH", "K7M-3QT"
STORIES: dict[str, dict[str, Any]] = {
    SIGNED: {
        "scope": "That somebody who slept badly for years found a way to rest again.\n"
        "That it took patience, and that small steps helped more than big plans.",
        "purpose": "to show that poor sleep can get better", "platforms": ["instagram"],
        "elsewhere": "our newsletter",
    },
    WAITING: {
        "scope": "That two people learned to argue without shouting, with one pause that either of them may ask for.",
        "purpose": "to tell couples about the pause", "platforms": ["linkedin"], "elsewhere": "",
    },
    TAKEN_BACK: {
        "scope": "That somebody afraid of the telephone can make calls now.",
        "purpose": "to give courage to others", "platforms": ["facebook"], "elsewhere": "",
    },
}  # fmt: skip


def seed(*, practice: Practice, actor: Membership, at: datetime) -> None:
    """Enter the permissions of the fictional practice, once."""
    clients = {one.code: one for one in everyone(actor)}
    if queries.visible(actor).exists() or not set(STORIES) <= set(clients):
        return
    day = queries.today(practice, at)
    for code, values in STORIES.items():
        item = writing.begin(actor=actor, at=at, clients=[clients[code]])
        days = {"first_on": day, "last_on": day + timedelta(days=300)}
        item = writing.write(item=item, actor=actor, at=at, values={**values, **days})
        item = writing.prepare(item=item, actor=actor, at=at)
        if code != WAITING:
            _sign(item, actor, at)
    gone = queries.of_client(actor, clients[TAKEN_BACK], at)[0].item
    answering.revoke(item=gone, actor=actor, at=at, reason="Would rather not be read about at work.")


def _sign(item: Authorisation, actor: Membership, at: datetime) -> None:
    answers = {str(one.uid): True for one in queries.people(item)}
    answering.record_paper(
        item=item, actor=actor, at=at, on=queries.today(item.practice, at), answers=answers,
        kept_where="Green folder, under permissions",
    )  # fmt: skip
