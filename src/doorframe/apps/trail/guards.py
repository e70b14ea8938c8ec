"""The triggers by which the database itself refuses to change or delete an event."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "trail_event"

_INSTALL = {
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS trail_event_no_update BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'trail: events are never changed'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS trail_event_no_delete BEFORE DELETE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'trail: events are never deleted'); END""",
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION trail_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'trail: events are never changed or deleted'; END $$""",
        f"""CREATE OR REPLACE TRIGGER trail_event_no_change BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION trail_event_refuse()""",
        f"""CREATE OR REPLACE TRIGGER trail_event_no_truncate BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION trail_event_refuse()""",
    ],
}
_REMOVE = {
    "sqlite": ["DROP TRIGGER IF EXISTS trail_event_no_update", "DROP TRIGGER IF EXISTS trail_event_no_delete"],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS trail_event_no_change ON {TABLE}",
        f"DROP TRIGGER IF EXISTS trail_event_no_truncate ON {TABLE}",
    ],
}
_COUNT = {
    "sqlite": f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'",
    "postgresql": f"""SELECT count(*) FROM pg_trigger
                      WHERE tgrelid = '{TABLE}'::regclass AND NOT tgisinternal AND tgenabled <> 'D'""",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers where they are missing."""
    _run(connection, _INSTALL)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for tests that must empty or damage the table, and for nothing else."""
    _run(connection, _REMOVE)


def are_installed(connection: BaseDatabaseWrapper) -> bool:
    """Whether every trigger stands and is switched on."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT[connection.vendor])
        return bool(cursor.fetchone()[0] == len(_REMOVE[connection.vendor]))


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
