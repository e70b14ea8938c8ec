"""For tests only: let the test database be emptied although the trail refuses deletion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
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


def _empty(database: BaseDatabaseWrapper, statements: list[str]) -> bool:
    """Empty the tables row by row where that is allowed: TRUNCATE writes fifty files anew after every such test.

    Foreign keys and the guards step aside for this transaction alone. False where this role may not do that.
    """
    if any("RESTART IDENTITY" in statement for statement in statements):
        return False
    with database.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        found = cursor.fetchone()
        if not found or not found[0]:
            return False
        tables = [table for statement in statements for table in re.findall(r'"([^"]+)"', statement)]
        with transaction.atomic(using=database.alias):
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                cursor.execute(f'DELETE FROM "{table}"')
    return True


@contextmanager
def flush_allowed() -> Iterator[None]:
    """While this is open, Django's `flush` (the end of every transactional test) may empty the trail."""
    operations = type(connection.ops)
    original = operations.execute_sql_flush

    def execute_sql_flush(self: Any, sql_list: Iterable[str]) -> None:
        statements = list(sql_list)
        if self.connection.vendor == "postgresql" and _empty(self.connection, statements):
            return
        with unguarded(self.connection):
            original(self, statements)

    operations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]
    try:
        yield
    finally:
        operations.execute_sql_flush = original  # type: ignore[method-assign]
