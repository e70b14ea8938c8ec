"""A second connection that sees the database as it was at one moment, while everybody else goes on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as main
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """One read transaction. It holds up no writer and sees nothing that is written meanwhile."""
    connection = main.copy("backup")
    try:
        _begin(connection)
        yield connection
    finally:
        connection.close()


def _begin(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "postgresql":
        # Not autocommit: only then does a cursor fetch its rows bit by bit without keeping them all first.
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT 1")
        return
    with connection.cursor() as cursor:
        # Our writers begin IMMEDIATE; a reader must not, or it would lock them out.
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT count(*) FROM sqlite_master")  # the moment that counts is the first read
