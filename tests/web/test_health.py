"""/healthz tells machines, and nobody's secrets."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from doorframe import __version__
from doorframe.apps.jobs.models import Job, State, Worker
from doorframe.apps.members.models import Membership
from doorframe.web import health


@pytest.fixture
def worker(db: None, settings: Any) -> Worker:
    """A worker that was just heard of."""
    settings.JOBS_ENGINE = "db"
    now = timezone.now()
    return Worker.objects.create(process=1, started_at=now, beat_at=now)


def failing(client: Client) -> set[str]:
    answer = client.get("/healthz")
    found = answer.json()
    names = {name for name, check in found["checks"].items() if not check["ok"]}
    assert answer.status_code == (503 if names else 200)
    assert found["status"] == ("failing" if names else "ok")
    return names


@pytest.mark.promise("L5")
def test_all_is_fine(client: Client, worker: Worker) -> None:
    answer = client.get("/healthz").json()
    assert (answer["status"], answer["version"]) == ("ok", __version__)
    assert set(answer["checks"]) == {"database", "migrations", "worker", "jobs", "keys", "disk"}


def test_no_worker_and_a_silent_worker(client: Client, worker: Worker, settings: Any) -> None:
    worker.beat_at = timezone.now() - timedelta(seconds=61)
    worker.save()
    assert failing(client) == {"worker"}
    Worker.objects.all().delete()
    assert failing(client) == {"worker"}
    settings.JOBS_ENGINE = "immediate"
    assert failing(client) == set()


@pytest.mark.promise("L5")
@pytest.mark.parametrize("engine", ["db", "celery", "immediate"])
def test_how_the_work_stands(client: Client, owner: Membership, worker: Worker, settings: Any, engine: str) -> None:
    settings.JOBS_ENGINE = engine
    now = timezone.now()
    row: dict[str, Any] = {"practice": owner.practice, "name": "tests.thing.noted", "created_at": now}
    Job.objects.create(**row, run_at=now + timedelta(days=1))
    Job.objects.create(**row, run_at=now, state=State.FAILED, finished_at=now)
    jobs = client.get("/healthz").json()["checks"]["jobs"]
    assert {key: jobs[key] for key in ("engine", "oldest_waiting_seconds", "failed", "workers")} == {
        "engine": engine, "oldest_waiting_seconds": 0, "failed": 1, "workers": 1,
    }  # fmt: skip
    Job.objects.create(**row, run_at=now - timedelta(seconds=100))
    jobs = client.get("/healthz").json()["checks"]["jobs"]
    assert jobs["ok"] and 100 <= jobs["oldest_waiting_seconds"] < 160
    assert f"engine {engine}; the oldest job has waited for 1" in jobs["says"] and "1 failed" in jobs["says"]


def test_work_that_nobody_does(client: Client, owner: Membership, worker: Worker, settings: Any) -> None:
    now = timezone.now()
    row: dict[str, Any] = {"practice": owner.practice, "name": "tests.thing.noted", "created_at": now}
    Job.objects.create(**row, run_at=now - timedelta(minutes=11))
    assert failing(client) == {"jobs"}
    other = Job.objects.create(
        **row, run_at=now, state=State.RUNNING, lease=uuid.uuid4(), lease_until=now + timedelta(seconds=30)
    )
    assert failing(client) == set(), "somebody is at work"
    other.state, other.lease, other.lease_until, other.finished_at = State.DONE, None, None, now
    other.save()
    assert failing(client) == set(), "somebody just was"
    other.delete()
    settings.JOBS_ENGINE = "immediate"
    assert failing(client) == set(), "what waits here waits for somebody to run the command"


def test_a_missing_migration(client: Client, worker: Worker) -> None:
    MigrationRecorder.Migration.objects.filter(app="trail", name="0002_guards").delete()
    assert failing(client) == {"migrations"}


def test_a_full_disk(client: Client, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    assert failing(client) == {"disk"}


def test_a_database_that_does_not_answer(client: Client, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        vendor = "postgresql"

        def cursor(self) -> Any:
            raise DatabaseError('password authentication failed for user "door" at db.local')

    monkeypatch.setattr(health, "connection", Broken())
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "db.local" not in answer.content.decode() and "password" not in answer.content.decode()


def test_the_command_says_the_same(worker: Worker) -> None:
    out = StringIO()
    call_command("health", "--json", stdout=out)
    assert json.loads(out.getvalue())["status"] == "ok"
    Worker.objects.all().delete()
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("health", stdout=out)
    assert end.value.code == 1
    assert "FAILS  worker: none is running" in out.getvalue()
