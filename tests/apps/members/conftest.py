"""The demo in a folder of its own, people in every role, and browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from doorframe.apps.members import seed
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role

PASSWORD = "a quiet long password"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """What these tests keep in the data folder, they keep elsewhere. There is no demo unless a test makes one."""
    settings.DEMO = False
    settings.DEMO_PUT_AWAY_FILE = tmp_path / "demo-put-away"
    settings.SETUP_CODE_FILE = tmp_path / "setup-code.txt"
    return tmp_path


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in one spelling, whatever another test left behind."""
    with translation.override("en-gb"):
        yield


@pytest.fixture
def demo(db: None, settings: Any, now: datetime) -> Membership:
    """The owner of the fictional practice, while the demo is on."""
    settings.DEMO = True
    return seed.seed(password=PASSWORD, at=now)[0]


@pytest.fixture
def joined(now: datetime) -> Callable[..., Membership]:
    """A further person of somebody's practice, with a password."""

    def add(owner: Membership, role: Role, email: str = "") -> Membership:
        email = email or f"{role.value}-{Membership.objects.count()}@d.example"
        return add_member(actor=owner, email=email, name=f"Sam {role.label}", role=role, at=now, password=PASSWORD)

    return add


@pytest.fixture
def browse() -> Callable[[Membership], Client]:
    """A browser in which somebody has signed in as people do."""

    def sign_in(member: Membership) -> Client:
        if not member.user.check_password(PASSWORD):
            member.user.set_password(PASSWORD)
            member.user.save()
        client = Client()
        answer = client.post("/me/login/", {"login": member.user.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return sign_in
