"""Which tables a backup holds, and their rows as lines of JSON. New rooms are in it without being named here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from doorframe.web.backup.columns import Column, column_of, encoder
from doorframe.web.backup.errors import BackupError

ROWS_AT_ONCE = 1000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

LEFT_OUT = {
    "sessions": "sign-ins of this moment; everybody signs in again, and no stolen backup holds a way in",
    "usersessions": "the list of those sign-ins",
    "axes": "failed tries to sign in; they count for minutes, and hold addresses of machines",
    "jobs.worker": "processes that run now, on this machine",
    "contenttypes": "made by every migrate, from the program itself",
    "auth": "permissions and groups of the framework; Doorframe keeps roles of its own",
}
"""Apps and models that are not in a backup, each with the reason. Beside them: the cache, which is no model."""

_AT_FIRST = ("members.practice", "trail.head")
"""Whoever proves the chains of the trail needs these before the events."""

_NOT_READY = (
    "No backup was made. Is this the right data folder and database? If it is, bring it up to date first:"
    " doorframe-admin migrate"
)

_IN_ORDER = {"trail.event": ("practice_id", "seq")}
"""Rows go by their key, but the events of each chain stand together."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the model's label, the table's name, its columns, its key, and the numbers given so far.

    `last_number` is the highest number that the table's key ever had, also of rows that are gone: the trail names
    things by their number, so none may be given twice. None where keys are not numbered.
    """

    label: str
    name: str
    columns: tuple[Column, ...]
    key: str
    last_number: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "table": self.name,
            "columns": [column.as_json() for column in self.columns],
            "key": self.key,
            "last_number": self.last_number,
        }

    @classmethod
    def from_json(cls, found: Any) -> Table:
        number = found["last_number"]
        columns = tuple(Column.from_json(column) for column in found["columns"])
        names = [str(found["table"]), str(found["key"]), *(column.name for column in columns)]
        for name in names:
            if not _NAME.fullmatch(name):
                raise BackupError(f"The backup names something in the database in a strange way: {name!r}.")
        return cls(str(found["label"]), names[0], columns, names[1], None if number is None else int(number))


def is_left_out(model: type[models.Model]) -> bool:
    """Whether the rows of this model stay behind."""
    return model._meta.app_label in LEFT_OUT or model._meta.label_lower in LEFT_OUT


def kept_models() -> list[type[models.Model]]:
    """Every model whose rows go into a backup, in the order of the file."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped and not is_left_out(model)
    ]
    for model in found:
        for field in model._meta.local_concrete_fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, models.Model) and is_left_out(target):
                raise BackupError(f"{model._meta.label} points at {target._meta.label}, which is left out.")
    return sorted(found, key=lambda model: (_place(model._meta.label_lower), model._meta.label_lower))


def _place(label: str) -> int:
    return _AT_FIRST.index(label) if label in _AT_FIRST else len(_AT_FIRST)


def check_there(found: list[type[models.Model]], connection: BaseDatabaseWrapper) -> None:
    """Raise BackupError where a table or column is missing: nothing was set up, or the program is newer."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        missing = [model._meta.db_table for model in found if model._meta.db_table not in there]
        if missing:
            raise BackupError(f"The table {missing[0]} is missing. {_NOT_READY}")
        for model in found:
            described = connection.introspection.get_table_description(cursor, model._meta.db_table)
            ours = {str(field.column) for field in model._meta.local_concrete_fields}
            if missing := sorted(ours - {column.name for column in described}):
                raise BackupError(f"{model._meta.db_table} has no column {missing[0]}. {_NOT_READY}")


def table_of(model: type[models.Model], connection: BaseDatabaseWrapper) -> Table:
    """The description of a model's table as it stands now."""
    columns = tuple(column_of(field) for field in model._meta.local_concrete_fields)
    number = _last_number(model, connection) if is_numbered(model) else None
    return Table(model._meta.label_lower, model._meta.db_table, columns, str(model._meta.pk.column), number)


def is_numbered(model: type[models.Model]) -> bool:
    """Whether the database itself gives this table's keys, one after the other."""
    return isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.SmallAutoField)


def _last_number(model: type[models.Model], connection: BaseDatabaseWrapper) -> int:
    meta = model._meta
    key = str(meta.pk.column)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quote(meta.db_table), key])
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}")
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [meta.db_table])
        kept = cursor.fetchone()
        cursor.execute(f"SELECT max({quote(key)}) FROM {quote(meta.db_table)}")
        highest = cursor.fetchone()[0]
    return max(kept[0] if kept else 0, highest or 0)


def count(table: Table, connection: BaseDatabaseWrapper) -> int:
    """How many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table.name)}")
        return int(cursor.fetchone()[0])


def lines(table: Table, model: type[models.Model], connection: BaseDatabaseWrapper) -> Iterator[bytes]:
    """Every row as one line of JSON: a list in the order of the columns."""
    quote = connection.ops.quote_name
    order = _IN_ORDER.get(table.label, (str(model._meta.pk.column),))
    named = ", ".join(quote(column.name) for column in table.columns)
    by = ", ".join(quote(name) for name in order)
    steps = [(place, step) for place, column in enumerate(table.columns) if (step := encoder(column, connection))]
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {named} FROM {quote(table.name)} ORDER BY {by}")
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                values = list(row)
                for place, step in steps:
                    values[place] = step(values[place])
                yield json.dumps(values, separators=(",", ":")).encode("ascii") + b"\n"
