"""A practice with two clinicians, clients of each, and browsers in which somebody has signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client as Browser

from doorframe.apps.clients import actions
from doorframe.apps.clients.models import Capacity, Client, Kind, Status
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role

ANA: dict[str, Any] = {"name": "Ana Lima", "email": "ana@post.example", "phone": "(503) 555-0100"}
MIA: dict[str, Any] = {"name": "Mia Hart", "is_minor": True}
JUNE: dict[str, Any] = {
    "name": "June Hart", "email": "june@post.example", "capacity": Capacity.GUARDIAN, "relationship": "mother",
    "authority": "sole custody",
}  # fmt: skip

Browse = Callable[[Membership], Browser]


@pytest.fixture
def colleague(owner: Membership, now: datetime) -> Membership:
    """A clinician of the same practice."""
    return add_member(actor=owner, email="li@a.example", name="Li Wei", role=Role.CLINICIAN, at=now)


@pytest.fixture
def ana(owner: Membership, now: datetime) -> Client:
    """The owner's client, with a name and an address."""
    return actions.add_client(actor=owner, at=now, values={"code": "HL-1", "status": Status.CURRENT}, people=[ANA])


@pytest.fixture
def family(owner: Membership, now: datetime) -> Client:
    """A minor with her mother."""
    return actions.add_client(actor=owner, at=now, values={"code": "HL-2", "kind": Kind.FAMILY}, people=[MIA, JUNE])


@pytest.fixture
def theirs(colleague: Membership, now: datetime) -> Client:
    """The colleague's client."""
    return actions.add_client(actor=colleague, at=now, values={"code": "LW-1"}, people=[{"name": "Omar Said"}])


@pytest.fixture
def browse() -> Browse:
    """Sign somebody in."""

    def signed_in(member: Membership) -> Browser:
        browser = Browser()
        browser.force_login(member.user, backend="doorframe.apps.members.backends.MemberBackend")
        return browser

    return signed_in
