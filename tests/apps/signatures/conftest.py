"""A published policy, a client who was asked, and a reader who came in by a link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client as Browser

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.jobs import runner
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions as policies
from doorframe.apps.signatures import queries, tokens
from doorframe.apps.signatures.actions import asking
from doorframe.apps.signatures.models import Acknowledgement, Link, Signer
from tests.answers import COMPLETE

BACKEND = "doorframe.apps.members.backends.MemberBackend"
ANA = {"name": "Ana Lima", "email": "ana@post.example"}


@pytest.fixture(autouse=True)
def jobs_wait(settings: Any) -> None:
    """The tests are the worker themselves, at the moment they say."""
    settings.JOBS_ENGINE = "db"


def work(at: datetime) -> None:
    """What a worker would do at this moment."""
    while runner.run_next(now=lambda: at):
        continue


def publish(owner: Membership, at: datetime, *, material: bool = False, **answers: Any) -> None:
    """Put a version in force."""
    version = policies.start_version(actor=owner, at=at, answers={**COMPLETE, **answers})
    policies.publish_version(version=version, actor=owner, at=at, change_note="Shorter.", material=material)


@pytest.fixture
def ana(owner: Membership, now: datetime) -> Client:
    """A client of a practice whose policy is published."""
    publish(owner, now)
    return clients.add_client(actor=owner, at=now, values={"code": "A-1"}, people=[ANA])


@pytest.fixture
def asked(owner: Membership, ana: Client, now: datetime) -> Acknowledgement:
    """She was asked to read it."""
    return asking.ask(client=ana, paper=queries.current_paper(owner.practice), actor=owner, at=now)


@pytest.fixture
def her(asked: Acknowledgement) -> Signer:
    """Her line on the acknowledgement."""
    return queries.signers(asked)[0]


@pytest.fixture
def door_of(owner: Membership) -> Callable[..., str]:
    """Sends a link, and gives the path that the letter would hold."""

    def sent(signer: Signer, at: datetime, code: str = "") -> str:
        link: Link = asking.send_link(signer=signer, actor=owner, at=at, code=code)
        return f"/c/{tokens.link_token(link.uid)}/"

    return sent


@pytest.fixture
def reader(her: Signer, door_of: Callable[..., str]) -> Browser:
    """Her browser, past the door."""
    from django.utils import timezone

    browser = Browser()
    assert browser.post(door_of(her, timezone.now())).status_code == 302
    return browser
