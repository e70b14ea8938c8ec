"""The world of these tests: built once a module, and every request leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import transaction
from django.test.utils import override_settings
from django.utils import translation

from tests.walls.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Practice A with everybody and everything, and the owner of practice B."""
    assert django_settings.ROOT_URLCONF == "doorframe.web.urls"
    with (
        django_db_blocker.unblock(),
        override_settings(JOBS_ENGINE="db", PUBLIC_URL="https://frame.example"),
        translation.override("en-gb"),
        transaction.atomic(),
    ):
        call_command("createcachetable", verbosity=0)
        yield build()
        transaction.set_rollback(True)
