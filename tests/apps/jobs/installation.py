"""An installation of its own for a test: a database, a broker's queue, a process that asks and workers that do."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[3]
BROKERS = {
    "celery-files": "filesystem://",
    "celery-redis": os.environ.get("DOORFRAME_TEST_REDIS", ""),
    "celery-amqp": os.environ.get("DOORFRAME_TEST_AMQP", ""),
}
"""Files always work; .ci/run names the other two, and python3 run.py test runs with whatever is named."""

ENGINES = ["db", "immediate", *(name for name, broker in BROKERS.items() if broker)]
PREPARE = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from doorframe.apps.members.actions import create_practice
call_command("migrate", verbosity=0)
create_practice(name="P", owner_email="p@p.example", owner_name="P", password=None, at=timezone.now())
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE effects (number integer, told integer)")
"""


def wait_for(what: Callable[[], bool], *, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


class Database:
    """A database made ready once, and copied for each installation: of the kind that the suite runs on."""

    def __init__(self, folder: Path, *, copy_of: Database | None = None) -> None:
        self.suite = os.environ.get("DOORFRAME_DATABASE_URL", "")
        self.name = f"doorframe_{uuid.uuid4().hex[:12]}"
        self.file = folder / "doorframe.sqlite3"
        folder.mkdir(exist_ok=True)
        if self.suite:
            self._on_server(f"CREATE DATABASE {self.name}" + (f" TEMPLATE {copy_of.name}" if copy_of else ""))
        elif copy_of:
            with sqlite3.connect(copy_of.file) as source, sqlite3.connect(self.file) as target:
                source.backup(target)

    @property
    def url(self) -> str:
        parts = urlsplit(self.suite)
        return urlunsplit(parts._replace(path=f"/{self.name}")) if self.suite else f"sqlite:///{self.file}"

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        if not self.suite:
            with sqlite3.connect(self.file, timeout=20) as database:
                return database.execute(statement).fetchall()
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as server:
            cursor = server.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def trouble(self) -> None:
        """On a server, everybody's connection is cut, as when it restarts; a file is locked for a moment."""
        if self.suite:
            others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            self.rows(f"SELECT pg_terminate_backend(pid) FROM ({others}) AS others")
            return
        with sqlite3.connect(self.file, timeout=20, isolation_level=None) as database:
            database.execute("BEGIN EXCLUSIVE")
            time.sleep(0.3)
            database.execute("ROLLBACK")

    def drop(self) -> None:
        if self.suite:
            self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.suite, autocommit=True) as server:
            server.execute(statement)


class Forked:
    """A worker that the nursery started, with the words of subprocess.Popen."""

    def __init__(self, pid: int, folder: Path) -> None:
        self.pid, self._ended = pid, folder / f"ended-{pid}"

    def poll(self) -> int | None:
        return int(self._ended.read_text()) if self._ended.exists() else None

    def wait(self) -> int:
        wait_for(lambda: self.poll() is not None)
        return int(self._ended.read_text())

    def send(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class Installation:
    """`engine` is one of ENGINES; `broker` puts another broker in the place of the one that belongs to it."""

    def __init__(self, folder: Path, engine: str, ready: Database, *, broker: str = "") -> None:
        self.engine, self.folder = engine, folder
        self.broker = broker or BROKERS.get(engine, "")
        self.queue = f"doorframe-test-{uuid.uuid4().hex[:12]}"
        self.database = Database(folder, copy_of=ready)
        self.workers: list[Forked] = []
        for name in ("control", "read"):
            (folder / "messages" / name).mkdir(parents=True)
        self.environ = environ(folder, self.database) | {
            "CHILD_ENGINE": engine.partition("-")[0],
            "CHILD_BROKER": self.broker,
            "CHILD_MESSAGES": str(folder / "messages"),
            "DOORFRAME_QUEUE": self.queue,
        }
        self.asker, self._nursery = self._child("asker"), self._child("nursery")

    # --- its processes

    def start_workers(self, count: int = 1) -> list[Forked]:
        assert self._nursery.stdin and self._nursery.stdout
        self._nursery.stdin.write("worker\n" * count)
        self._nursery.stdin.flush()
        started = [Forked(int(self._nursery.stdout.readline()), self.folder) for _ in range(count)]
        self.workers += started
        return started

    def command(self, *words: str) -> int:
        """The exit code of a command of doorframe-admin."""
        command = [sys.executable, "-m", "doorframe.web.admin_cli", *words]
        return subprocess.run(command, env=self.environ, cwd=ROOT, timeout=120).returncode

    def _child(self, module: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", f"tests.apps.jobs.child.{module}"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, env=self.environ, cwd=ROOT, **pipes)

    def say(self, do: str, **more: Any) -> Any:
        """What the asking process answers; None if it died over it."""
        assert self.asker.stdin and self.asker.stdout
        self.asker.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.asker.stdin.flush()
        answer = self.asker.stdout.readline()
        return json.loads(answer) if answer else None

    def ask(self, *numbers: int, slow: bool = False, **more: Any) -> Any:
        """Ask for these effects in one transaction; the ids of the rows."""
        return self.say("ask", jobs=[{"args": {"number": number, "slow": slow}} for number in numbers], **more)

    def die_at(self, point: str) -> None:
        (self.folder / f"die-{point}").touch()

    def somebody_died(self) -> bool:
        return any(child.poll() is not None for child in (self.asker, *self.workers))

    def replace_the_dead(self) -> list[int]:
        """Start again whatever ended; with which codes they had ended."""
        dead = [child for child in self.workers if child.poll() is not None]
        self.workers = [child for child in self.workers if child not in dead]
        codes = [child.wait() for child in dead]
        self.start_workers(len(dead))
        if self.asker.poll() is not None:
            codes.append(self.asker.wait())
            self.asker = self._child("asker")
        return codes

    # --- what came of it

    def effects(self) -> list[int]:
        return [row[0] for row in self.database.rows("SELECT number FROM effects ORDER BY 1")]

    def told(self) -> list[int]:
        """The effects that a message led to, with Celery; with the other engines, all of them."""
        return [row[0] for row in self.database.rows("SELECT number FROM effects WHERE told = 1 ORDER BY 1")]

    def forget(self) -> None:
        """As if nothing had been asked for yet."""
        self.database.rows("DELETE FROM jobs_job")
        self.database.rows("DELETE FROM effects")

    def states(self) -> set[str]:
        return {row[0] for row in self.database.rows("SELECT DISTINCT state FROM jobs_job")}

    def wait_until_done(self) -> None:
        wait_for(lambda: self.states() <= {"done"})

    def leases_run_out(self) -> None:
        """Instead of waiting a minute for the leases of the dead to end, set them back."""
        self.database.rows("UPDATE jobs_job SET lease_until = '2020-01-01 00:00:00' WHERE state = 'running'")

    def close(self) -> None:
        for worker in self.workers:
            worker.send(signal.SIGKILL)
            worker.wait()
        for child in (self.asker, self._nursery):
            child.kill()
            child.communicate()
        self._purge()
        self.database.drop()

    def _purge(self) -> None:
        if self.engine == "celery-redis":
            import redis

            with redis.Redis.from_url(self.broker) as store:
                for key in store.scan_iter(f"{self.queue}:*"):
                    store.delete(key)
        elif self.engine == "celery-amqp":
            import kombu

            with kombu.Connection(self.broker) as connection, connection.channel() as channel:
                channel.queue_delete(self.queue)
                channel.exchange_delete(self.queue)


def environ(folder: Path, database: Database) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
    return kept | {
        "DOORFRAME_DATA": str(folder),
        "DOORFRAME_DATABASE_URL": database.url if database.suite else "",
        "DJANGO_SETTINGS_MODULE": "tests.apps.jobs.child.settings",
        "CHILD_ENGINE": "db",
    }


def make_ready(folder: Path) -> Database:
    """A database with every table and one practice."""
    database = Database(folder)
    subprocess.run([sys.executable, "-c", PREPARE], env=environ(folder, database), cwd=ROOT, check=True, timeout=180)
    return database
