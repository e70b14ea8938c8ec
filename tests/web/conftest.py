"""Practices and people to test with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.trail.testing import flush_allowed

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="session")
def trail_may_be_flushed() -> Iterator[None]:
    """A transactional test ends by emptying every table; the trail's guards step aside for that alone."""
    with flush_allowed():
        yield


@pytest.fixture
def now() -> datetime:
    """A Saturday morning."""
    return NOW


@pytest.fixture
def owner(db: None) -> Membership:
    """The owner of practice A."""
    return create_practice(
        name="Harbour Lane", owner_email="imani@a.example", owner_name="Dr Imani Cole", password=None, at=NOW
    )


@pytest.fixture
def stranger(db: None) -> Membership:
    """The owner of practice B."""
    return create_practice(name="Mill Road", owner_email="jo@b.example", owner_name="Jo Reyes", password=None, at=NOW)
