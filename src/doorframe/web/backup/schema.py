"""Which tables a backup needs, and how an older backup grows into the tables of today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from doorframe.web.backup import writing
from doorframe.web.backup.errors import BackupError, NotEmpty
from doorframe.web.backup.tables import Table

State = set[tuple[str, str]]
"""The migrations that were applied, each as its app and its name."""


def state_of(about: dict[str, Any]) -> State:
    """The state of the tables that a backup was made from."""
    return {(str(app), str(name)) for app, name in about["migrations"]}


def known() -> State:
    """The migrations of this version."""
    return set(MigrationExecutor(None).loader.disk_migrations or ())


def is_older(about: dict[str, Any]) -> bool:
    """Whether this version has tables or columns that came after the backup."""
    return state_of(about) != known()


def check_fits(about: dict[str, Any]) -> None:
    """Raise BackupError unless this version knows the tables that the backup was made from."""
    unknown = sorted(state_of(about) - known())
    if unknown:
        raise BackupError(
            f"This backup was made by Doorframe {about.get('version')}, whose tables this version does not know"
            f" ({'.'.join(unknown[0])}). Restore it with that version or a later one."
        )
    if not is_older(about):
        writing.check_tables([Table.from_json(found) for found in about["tables"]])


def check_here(about: dict[str, Any]) -> None:
    """Raise NotEmpty where this database, empty as it is, is already further than an older backup."""
    if is_older(about) and _applied() - state_of(about):
        raise NotEmpty(
            "This backup is of an older Doorframe, and the tables here are of a newer one already. Name a folder or a"
            " database in which there are no tables yet. Nothing was changed."
        )


def make_tables(about: dict[str, Any]) -> None:
    """Make the tables that the backup was made from, and no newer ones."""
    if is_older(about):
        wanted = state_of(about)
        executor = MigrationExecutor(connection)
        nodes = executor.loader.graph.nodes
        followed = {
            parent for key in wanted if key in nodes for parent in nodes[key].dependencies if parent[0] == key[0]
        }
        executor.migrate(sorted(key for key in wanted - followed if key in nodes))
        return
    call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def growing(about: dict[str, Any]) -> Iterator[None]:
    """Around the transaction in which an older backup grows: SQLite rebuilds no table while it watches references."""
    if is_older(about):
        connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


def grow(about: dict[str, Any]) -> None:
    """Bring tables and rows from the state of the backup to today's, within the transaction that is open."""
    connection.check_constraints()  # PostgreSQL alters no table while references wait to be looked at
    if is_older(about):
        call_command("migrate", verbosity=0, interactive=False)


def _applied() -> State:
    return set(MigrationExecutor(connection).loader.applied_migrations or ())
