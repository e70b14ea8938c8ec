"""A database and a practice of its own for what is measured inside Django."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@contextmanager
def practice() -> Iterator[Any]:
    """The owner of a new practice, in an empty database that goes away at the end. Django is set up within."""
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"DOORFRAME_DATA": folder, "DOORFRAME_DEMO": "off", "DOORFRAME_LOG_LEVEL": "ERROR"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "doorframe.web.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        from doorframe.apps.members.actions import create_practice

        yield create_practice(
            name="Harbour Lane", owner_email="imani@a.example", owner_name="Dr Imani Cole", password=None, at=NOW
        )
        connection.close()


def client(owner: Any) -> Any:
    """A browser that is signed in as this person."""
    from django.conf import settings
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(owner.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return browser
