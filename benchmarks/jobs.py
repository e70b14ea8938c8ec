"""Jobs a second on each engine, and how soon one is done, against Celery alone: no rows, a message for each task."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from benchmarks.measure import ROOT, Row, Unable, ms

COUNT = 1000
REDIS = os.environ.get("DOORFRAME_TEST_REDIS", "redis://127.0.0.1:6379/0")
AMQP = os.environ.get("DOORFRAME_TEST_AMQP", "amqp://guest:guest@127.0.0.1:5672//")
POSTGRES = os.environ.get("DOORFRAME_TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/test")

Times = dict[str, float]


def rows(rounds: int) -> list[Row]:
    """Each engine beside Celery alone on the same broker; db and immediate beside Celery alone on Redis."""
    if not _answers(REDIS):
        raise Unable("Celery is measured on Redis; start one, or name it in DOORFRAME_TEST_REDIS.")
    databases = {"the embedded database": "", **({"PostgreSQL": POSTGRES} if _answers(POSTGRES) else {})}
    brokers = {"Redis": REDIS, **({"RabbitMQ": AMQP} if _answers(AMQP) else {})}
    alone = {name: _measured("plain", "celery", broker, "") for name, broker in brokers.items()}
    found = []
    for place, database in databases.items():
        for engine in ("db", "immediate"):
            found += _both(f"{engine}, {place}", _measured("ours", engine, "", database), "Redis", alone["Redis"])
        for name, broker in brokers.items():
            found += _both(
                f"celery on {name}, {place}", _measured("ours", "celery", broker, database), name, alone[name]
            )
        two = _measured("ours", "celery", REDIS, database, workers=2)
        found += _both(f"celery on Redis with two workers, {place}", two, "Redis", alone["Redis"])
    return found


def _both(title: str, ours: Times, name: str, alone: Times) -> list[Row]:
    many = f"{COUNT / ours['many']:.0f} jobs a second against {COUNT / alone['many']:.0f} for Celery alone on {name}"
    one = f"{ms(ours['one'])} from the asking to the end against {ms(alone['one'])}"
    return [
        Row(f"{COUNT} jobs: {title}", ours["many"] / alone["many"], None, many),
        Row(f"one job: {title}", ours["one"] / alone["one"], None, one),
    ]


def _measured(kind: str, engine: str, broker: str, database: str, *, workers: int = 1) -> Times:
    with (
        tempfile.TemporaryDirectory(prefix="doorframe-bench-", ignore_cleanup_errors=True) as data,
        _own(database) as url,
    ):
        env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.room.settings", "DOORFRAME_DATA": data,
            "DOORFRAME_DATABASE_URL": url, "DOORFRAME_JOBS": engine, "DOORFRAME_BROKER": broker or REDIS,
            "DOORFRAME_QUEUE": f"doorframe-bench-{uuid.uuid4().hex[:8]}", "DOORFRAME_LOG_LEVEL": "ERROR",
            "ROOM_COUNTER": REDIS, "ROOM_WORKERS": str(workers), "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.room", kind, str(COUNT)]
        try:
            done = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        finally:
            _sweep_up(env["DOORFRAME_BROKER"], env["DOORFRAME_QUEUE"])
    times: Times = json.loads(done.stdout.splitlines()[-1])
    return times


@contextmanager
def _own(server: str) -> Iterator[str]:
    """The address of a new database on this server, which goes away at the end; "" for the embedded one."""
    if not server:
        yield ""
        return
    import psycopg

    name = f"doorframe_bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _sweep_up(broker: str, queue: str) -> None:
    import kombu
    import redis

    with redis.Redis.from_url(REDIS) as store:
        for key in store.scan_iter(f"{queue}:*"):
            store.delete(key)
    if broker.startswith("amqp"):
        with kombu.Connection(broker) as connection, connection.channel() as channel:
            channel.queue_delete(queue)
            channel.exchange_delete(queue)


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    ports = {"redis": 6379, "amqp": 5672, "postgresql": 5432}
    try:
        socket.create_connection((parts.hostname or "", parts.port or ports[parts.scheme]), timeout=2).close()
    except OSError:
        return False
    return True
