"""An account, a worksheet, and browsers in which somebody has signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from doorframe.apps.accounts import actions
from doorframe.apps.accounts.models import Account, Worksheet
from doorframe.apps.members.models import Membership

VALUES: dict[str, object] = {
    "platform": "instagram", "handle": "@harbourlane", "kind": "professional", "owner": "Harbour Lane",
    "purpose": "articles about sleep", "who_posts": "Dr Cole", "two_factor": "yes", "recovery": "the safe",
    "since": date(2022, 3, 14),
}  # fmt: skip

Browse = Callable[[Membership], Client]


@pytest.fixture
def values() -> dict[str, object]:
    """What a person fills in about an account."""
    return dict(VALUES)


@pytest.fixture
def account(owner: Membership, now: datetime) -> Account:
    """The practice's Instagram account."""
    return actions.add_account(actor=owner, at=now, values=VALUES)


@pytest.fixture
def worksheet(owner: Membership, now: datetime) -> Worksheet:
    """A worksheet about TikTok, just begun."""
    return actions.start_worksheet(actor=owner, at=now, platform="tiktok", handle="@lane", kind="professional")


@pytest.fixture
def browse() -> Browse:
    """Sign somebody in."""

    def signed_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="doorframe.apps.members.backends.MemberBackend")
        return client

    return signed_in
