"""Rows on their way into a database of either kind."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from doorframe.web.backup.columns import Column, decoder, placeholder, preparer
from doorframe.web.backup.errors import BackupError
from doorframe.web.backup.scan import Rows
from doorframe.web.backup.tables import Table, count, kept_models

ROWS_AT_ONCE = 500
_USE_THE_SAME = "Restore with the version that made the backup, and update afterwards. Nothing was changed."


def check_tables(found: list[Table]) -> None:
    """Raise BackupError unless this version has the same tables with the same columns."""
    known = {model._meta.label_lower: model for model in kept_models()}
    for table in found:
        if table.label not in known:
            raise BackupError(f"The backup holds {table.label}, which this version does not know. {_USE_THE_SAME}")
        ours = {str(field.column) for field in known[table.label]._meta.local_concrete_fields}
        theirs = {column.name for column in table.columns}
        if ours != theirs:
            named = ", ".join(sorted(ours ^ theirs))
            raise BackupError(f"{table.label} has other columns in the backup than here ({named}). {_USE_THE_SAME}")


class Loader:
    """Puts the rows of a backup into its tables, within the transaction that is open."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def take(self, table: Table, rows: Rows) -> None:
        """Insert the rows of one table. Raises BackupError where the database refuses one."""
        statement = self._statement(table)
        steps = [self._step(column) for column in table.columns]
        with self._connection.cursor() as cursor:
            while some := list(islice(rows, ROWS_AT_ONCE)):
                values = [[step(value) for step, value in zip(steps, row, strict=True)] for row in some]
                try:
                    cursor.executemany(statement, values)
                except DatabaseError as error:
                    said = str(error).strip().splitlines()[0]
                    raise BackupError(
                        f"This database does not take a row of {table.label} ({said}). Nothing was kept of it."
                    ) from error

    def _statement(self, table: Table) -> str:
        quote = self._connection.ops.quote_name
        named = ", ".join(quote(column.name) for column in table.columns)
        values = ", ".join(placeholder(column, self._connection) for column in table.columns)
        return f"INSERT INTO {quote(table.name)} ({named}) VALUES ({values})"

    def _step(self, column: Column) -> Any:
        decode, prepare = decoder(column), preparer(column, self._connection)
        if prepare is None:
            return decode
        return lambda value: None if value is None else prepare(decode(value))

    def finish(self, about: dict[str, Any], manifest: dict[str, Any]) -> None:
        """See that every row arrived, and let the database go on counting where the other one stopped."""
        for table in map(Table.from_json, about["tables"]):
            if count(table, self._connection) != manifest["tables"][table.label]["count"]:
                raise BackupError(f"Not all rows of {table.label} arrived. Nothing was kept of it.")
            if table.last_number:
                self._go_on_counting(table, table.last_number)

    def _go_on_counting(self, table: Table, number: int) -> None:
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                quoted = self._connection.ops.quote_name(table.name)
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted, table.key, number])
                return
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [number, table.name])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, number])
