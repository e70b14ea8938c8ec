"""A real mail server on this machine, and a kind of letter for tests alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from doorframe.apps.jobs import runner
from doorframe.apps.mail import registry
from doorframe.apps.mail.models import Letter
from doorframe.apps.mail.registry import Composed
from tests.apps.mail.office import KIND, Desk, PostOffice


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in one spelling, whatever another test left behind."""
    with translation.override("en-gb"):
        yield


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """It is `now`, whatever the day on this machine, so that a session lasts as long as the test."""
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    """The mail server, open; Doorframe is told to use it."""
    made = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SENDS_MAIL = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "post@letters.example"
    made.open()
    yield made
    made.close()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Desk:
    """The one kind of letter of these tests."""
    settings.JOBS_ENGINE = "db"
    monkeypatch.setattr(registry, "_registry", {})
    made = Desk()

    def compose(letter: Letter) -> Composed | None:
        return made.compose(letter)

    registry.letter(KIND, label="An invitation to read", sample=lambda: (made.subject, made.body))(compose)
    return made


@pytest.fixture
def send(clock: None, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[..., int]:
    """Do all the work that is due, `later` than now; how many jobs that was. The clock stands at that moment."""

    def work(later: timedelta = timedelta()) -> int:
        monkeypatch.setattr(timezone, "now", lambda: now + later)
        count = 0
        while runner.run_next(now=lambda: now + later):
            count += 1
        return count

    return work
