"""People of a group, a screener of fixed words, and browsers in which somebody has signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.posts.actions import deciding, writing
from doorframe.apps.posts.models import Post
from tests.apps.posts import fake
from tests.apps.posts.fake import Fake

Browse = Callable[[Membership], Client]
Write = Callable[..., Post]


@pytest.fixture(autouse=True)
def quiet(settings: Any) -> Iterator[None]:
    """The tests are the worker themselves; sentences are compared in one spelling."""
    settings.JOBS_ENGINE = "db"
    with translation.override("en-gb"):
        yield


@pytest.fixture(autouse=True)
def screener(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Who screens here."""
    return fake.use(monkeypatch)


def member(owner: Membership, name: str, role: Role, at: datetime) -> Membership:
    return add_member(actor=owner, email=f"{name.lower()}@a.example", name=name, role=role, at=at)


@pytest.fixture
def clinician(owner: Membership, now: datetime) -> Membership:
    """Writes posts, and approves none."""
    return member(owner, "Kim", Role.CLINICIAN, now)


@pytest.fixture
def supervisor(owner: Membership, now: datetime) -> Membership:
    """Approves posts, as the owner does."""
    return member(owner, "Sasha", Role.SUPERVISOR, now)


@pytest.fixture
def write(now: datetime) -> Write:
    """Keep a draft of somebody's."""

    def written(author: Membership, text: str = fake.PLAIN, *, planned_for: date | None = None) -> Post:
        return writing.start_post(
            actor=author, at=now, kind="caption", platform="instagram", text=text, planned_for=planned_for
        )

    return written


@pytest.fixture
def approved(write: Write, owner: Membership, clinician: Membership, now: datetime) -> Post:
    """The clinician's post, approved by the owner."""
    post = deciding.submit_post(post=write(clinician), actor=clinician, at=now)
    return deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256)


@pytest.fixture
def browse() -> Browse:
    """Sign somebody in."""

    def signed_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="doorframe.apps.members.backends.MemberBackend")
        return client

    return signed_in
