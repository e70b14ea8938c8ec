"""A practice with clients of two clinicians, and permissions at every stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from doorframe.apps.authorisations import queries
from doorframe.apps.authorisations.actions import answering, writing
from doorframe.apps.authorisations.models import Authorisation
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Capacity, Client, Kind, Status
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role

STORY = "That somebody who slept badly found a way to rest.\nThat small steps helped."
PURPOSE = "to show that sleep can come back"
SECRETS = (
    "slept badly",
    "small steps",
    "sleep can come back",
    "Robin",
    "Mia Hart",
    "June Hart",
    "sole custody",
    "Ana Lima",
)
"""Words that only pages about one permission may ever show."""

Make = Callable[..., Authorisation]


def add(actor: Membership, at: datetime, code: str, *people: dict[str, Any], **values: Any) -> Client:
    found = {"code": code, "status": Status.FORMER, **values}
    return clients.add_client(actor=actor, at=at, values=found, people=people)


@pytest.fixture
def colleague(owner: Membership, now: datetime) -> Membership:
    """A clinician of the same practice."""
    return add_member(actor=owner, email="li@a.example", name="Li Wei", role=Role.CLINICIAN, at=now)


@pytest.fixture
def robin(owner: Membership, now: datetime) -> Client:
    """A former client of the owner."""
    return add(owner, now, "HL-1", {"name": "Robin Example"})


@pytest.fixture
def couple(owner: Membership, now: datetime) -> Client:
    """Two who come together, now."""
    return add(owner, now, "HL-2", {"name": "Kit Sample"}, {"name": "Sam Sample"}, kind=Kind.COUPLE,
               status=Status.CURRENT)  # fmt: skip


@pytest.fixture
def family(owner: Membership, now: datetime) -> Client:
    """A minor and her mother, whose right to sign nobody wrote down yet."""
    june = {"name": "June Hart", "capacity": Capacity.GUARDIAN}
    return add(owner, now, "HL-3", {"name": "Mia Hart", "is_minor": True}, june, kind=Kind.FAMILY)


@pytest.fixture
def theirs(colleague: Membership, now: datetime) -> Client:
    """The colleague's client."""
    return add(colleague, now, "LW-1", {"name": "Omar Said"})


@pytest.fixture
def draft(owner: Membership, now: datetime) -> Make:
    """A permission with all its words, not fixed yet."""

    def made(*found: Client, actor: Membership | None = None, days: int = 365, **values: Any) -> Authorisation:
        actor = actor or owner
        item = writing.begin(actor=actor, at=now, clients=found)
        told: dict[str, Any] = {
            "scope": STORY, "purpose": PURPOSE, "platforms": ["instagram"], "elsewhere": "our newsletter",
            "first_on": now.date(), "last_on": now.date() + timedelta(days=days), **values,
        }  # fmt: skip
        return writing.write(item=item, actor=actor, at=now, values=told)

    return made


@pytest.fixture
def prepared(draft: Make, owner: Membership, now: datetime) -> Make:
    """One that waits for its people."""

    def made(*found: Client, actor: Membership | None = None, **values: Any) -> Authorisation:
        item = draft(*found, actor=actor, **values)
        return writing.prepare(item=item, actor=actor or owner, at=now)

    return made


@pytest.fixture
def signed(prepared: Make, owner: Membership, now: datetime) -> Make:
    """One that everyone signed on paper."""

    def made(*found: Client, actor: Membership | None = None, **values: Any) -> Authorisation:
        item = prepared(*found, actor=actor, **values)
        people = queries.people(item)
        return answering.record_paper(
            item=item, actor=actor or owner, at=now, on=now.date(), kept_where="Green folder",
            answers={str(one.uid): True for one in people},
            rights={str(one.uid): ("mother", "sole custody") for one in people},
        )  # fmt: skip

    return made


@pytest.fixture
def browse() -> Callable[[Membership], Browser]:
    """Sign somebody in."""

    def signed_in(member: Membership) -> Browser:
        browser = Browser()
        browser.force_login(member.user, backend="doorframe.apps.members.backends.MemberBackend")
        return browser

    return signed_in
