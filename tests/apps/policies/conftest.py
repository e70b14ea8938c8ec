"""Versions in every state, people in every role, and browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from doorframe.apps.members.actions import add_member, create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import actions
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State
from tests.answers import COMPLETE

BACKEND = "doorframe.apps.members.backends.MemberBackend"


def noon() -> datetime:
    """The worker's clock: later than everything that these tests do."""
    return datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in one spelling, whatever another test left behind."""
    with translation.override("en-gb"):
        yield


@pytest.fixture(autouse=True)
def jobs_wait(settings: Any) -> None:
    """No job runs by itself: a test that wants the files asks a worker for them."""
    settings.JOBS_ENGINE = "db"


@pytest.fixture
def group(db: None, now: datetime) -> Membership:
    """The owner of a practice in which a second person approves."""
    return create_practice(
        name="Two Rivers", owner_email="ana@c.example", owner_name="Ana Silva", password=None, two_person_rule=True,
        at=now,
    )  # fmt: skip


@pytest.fixture
def in_role(now: datetime) -> Callable[[Membership, Role], Membership]:
    """A further person of somebody's practice."""

    def add(owner: Membership, role: Role) -> Membership:
        if role == Role.OWNER:
            return owner
        email = f"{role.value}-{Membership.objects.count()}@d.example"
        return add_member(actor=owner, email=email, name=f"A {role.label}", role=role, at=now)

    return add


@pytest.fixture
def signed_in() -> Callable[[Membership], Client]:
    """A browser of somebody's."""

    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def made(now: datetime) -> Callable[..., Version]:
    """A version in the state that is asked for, brought there by its own steps."""

    def make(
        owner: Membership, state: State = State.DRAFT, *, second: Membership | None = None,
        at: datetime = now, **answers: Any,
    ) -> Version:  # fmt: skip
        version = actions.start_version(actor=owner, at=at, answers={**COMPLETE, **answers})
        later = at + timedelta(minutes=1)
        if state in {State.PUBLISHED, State.RETIRED} and not owner.practice.two_person_rule:
            version = actions.publish_version(version=version, actor=owner, at=later, change_note="Shorter.")
        elif state != State.DRAFT:
            version = actions.submit_version(version=version, actor=owner, at=later)
            if state != State.IN_REVIEW:
                version = actions.approve_version(version=version, actor=second or owner, at=later)
            if state in {State.PUBLISHED, State.RETIRED}:
                version = actions.publish_version(version=version, actor=owner, at=later, change_note="Shorter.")
        if state == State.RETIRED:
            version = actions.retire_version(version=version, actor=owner, at=later)
        return version

    return make
