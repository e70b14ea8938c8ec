"""For tests only: let the test database be emptied although the trail refuses deletion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from doorframe.apps.trail import guards


@contextmanager
def unguarded(database: BaseDatabaseWrapper = connection) -> Iterator[None]:
    """Drop the triggers, and put them back afterwards whatever happens."""
    guards.remove(database)
    try:
        yield
    finally:
        guards.install(database)


@contextmanager
def flush_allowed() -> Iterator[None]:
    """While this is open, Django's `flush` (the end of every transactional test) may empty the trail."""
    operations = type(connection.ops)
    original = operations.execute_sql_flush

    def execute_sql_flush(self: Any, sql_list: Iterable[str]) -> None:
        with unguarded(self.connection):
            original(self, sql_list)

    operations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]
    try:
        yield
    finally:
        operations.execute_sql_flush = original  # type: ignore[method-assign]
