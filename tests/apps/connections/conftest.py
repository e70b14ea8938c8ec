"""A practice with an acknowledgement, another practice beside it, and another program on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from doorframe.apps.clients import actions as clients
from doorframe.apps.connections.actions import tokens
from doorframe.apps.jobs import runner
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries as signatures
from doorframe.apps.signatures.actions import asking
from doorframe.apps.signatures.models import Acknowledgement
from tests.apps.connections.program import Program
from tests.apps.signatures.conftest import publish


@pytest.fixture(autouse=True)
def quiet(settings: Any) -> Iterator[None]:
    """The tests are the worker themselves; sentences are compared in one spelling."""
    settings.JOBS_ENGINE = "db"
    with translation.override("en-gb"):
        yield


def ask(owner: Membership, at: datetime, code: str, name: str = "Ana Lima") -> Acknowledgement:
    """A client is asked to read and sign, by a link."""
    row = clients.add_client(
        actor=owner, at=at, values={"code": code}, people=[{"name": name, "email": "ana@post.example"}]
    )
    item = asking.ask(client=row, paper=signatures.current_paper(owner.practice), actor=owner, at=at)
    asking.send_link(signer=signatures.signers(item)[0], actor=owner, at=at)
    return item


@pytest.fixture
def asked(owner: Membership, now: datetime) -> Acknowledgement:
    """One client of practice A, asked."""
    publish(owner, now)
    return ask(owner, now, "A-1")


def key_of(owner: Membership, at: datetime, *, days: int = 30) -> dict[str, str]:
    """A key of this practice, as a header."""
    scopes = ["read", "screen"]
    _row, secret = tokens.make_token(actor=owner, at=at, name="Diary", ends_at=at + timedelta(days=days), scopes=scopes)
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[timedelta], None]:
    """Set the clock, `later` than now."""

    def go(later: timedelta = timedelta()) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now + later)

    go()
    return go


@pytest.fixture
def send(at_now: Callable[[timedelta], None]) -> Callable[..., int]:
    """Do all the work that is due, `later` than now; how many jobs that was."""

    def work(later: timedelta = timedelta()) -> int:
        at_now(later)
        count = 0
        while runner.run_next(now=timezone.now):
            count += 1
        return count

    return work


@pytest.fixture
def program(settings: Any) -> Iterator[Program]:
    """Another program that listens, and a server that is allowed to speak to its own machine."""
    settings.WEBHOOKS_NEAR = True
    made = Program()
    yield made
    made.close()
