"""Real worker processes on a real file: one is killed in the middle, two race; nothing is lost or done twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# What the child processes run: Doorframe with one job more, which writes a line to a file and can be slow.
SETTINGS = """
from doorframe.web.settings import *
ROOMS = [*ROOMS]
INSTALLED_APPS = [*INSTALLED_APPS, "slow_room"]
"""
JOBS = """
import os, time
from pathlib import Path
from doorframe.apps.jobs.registry import job

@job("slow_room.line.written")
def write(run, *, number, slow):
    run.progress(10, "Begun.")
    folder = Path(os.environ["DOORFRAME_DATA"])
    (folder / "begun").touch()
    if slow and run.job.attempts == 1:
        time.sleep(600)
    with open(folder / "lines", "a") as file:
        file.write(f"{number}\\n")
"""
ASK = """
import sys, django
django.setup()
from django.db import transaction
from django.utils import timezone
from doorframe.apps.jobs.actions import enqueue
from doorframe.apps.members import seed
owner, _ = seed.seed(password="a long demo password", at=timezone.now())
count, slow = int(sys.argv[1]), sys.argv[2] == "slow"
with transaction.atomic():
    for number in range(count):
        args = {"number": number, "slow": slow}
        enqueue("slow_room.line.written", practice=owner.practice, at=timezone.now(), args=args)
"""


class Installation:
    """A data folder of its own and processes that use it."""

    def __init__(self, folder: Path) -> None:
        room = folder / "slow_room"
        room.mkdir()
        (folder / "slow_settings.py").write_text(SETTINGS)
        (room / "__init__.py").write_text("")
        (room / "jobs.py").write_text(JOBS)
        self.data = folder / "data"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
        self.environ = {
            **kept,
            "DOORFRAME_DATA": str(self.data),
            "DJANGO_SETTINGS_MODULE": "slow_settings",
            "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        self.children: list[subprocess.Popen[bytes]] = []
        self.run("-m", "doorframe.web.admin_cli", "migrate", "--verbosity=0")

    def run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], env=self.environ, check=True, timeout=120)

    def worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "doorframe.web.admin_cli", "worker", *arguments]
        self.children.append(subprocess.Popen(command, env=self.environ))
        return self.children[-1]

    def ask(self, count: int, how: str) -> None:
        self.run("-c", ASK, str(count), how)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.data / "doorframe.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()

    def lines(self) -> list[int]:
        file = self.data / "lines"
        return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Ends its processes whatever happens."""
    made = Installation(tmp_path)
    yield made
    for child in made.children:
        child.kill()
        child.wait()


def wait_for(what: Callable[[], bool], *, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_work_of_a_killed_worker_is_done_by_the_next(installation: Installation) -> None:
    installation.ask(1, "slow")
    worker = installation.worker()
    wait_for((installation.data / "begun").exists)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert installation.lines() == []
    assert installation.rows("SELECT state, attempts, progress FROM jobs_job") == [("running", 1, 10)]
    # Instead of waiting a minute for the lease to run out, set it back.
    with sqlite3.connect(installation.data / "doorframe.sqlite3", timeout=20) as database:
        database.execute("UPDATE jobs_job SET lease_until = '2020-01-01 00:00:00'")
    installation.worker()
    wait_for(lambda: installation.rows("SELECT state FROM jobs_job") == [("done",)])
    assert installation.lines() == [0]
    assert installation.rows("SELECT attempts FROM jobs_job") == [(2,)]


def test_two_worker_processes_do_each_job_once(installation: Installation) -> None:
    installation.ask(60, "quick")
    workers = [installation.worker(), installation.worker()]
    wait_for(lambda: installation.rows("SELECT count(*) FROM jobs_job WHERE state = 'done'") == [(60,)])
    for worker in workers:
        worker.terminate()
        assert worker.wait(timeout=30) == 0
    assert sorted(installation.lines()) == list(range(60))
    assert installation.rows("SELECT DISTINCT attempts FROM jobs_job") == [(1,)]
    assert installation.rows("SELECT count(*) FROM jobs_worker") == [(0,)], "a worker that ends says goodbye"


def test_once_does_what_is_due_and_ends(installation: Installation) -> None:
    installation.ask(3, "quick")
    assert installation.worker("--once").wait(timeout=60) == 0
    assert installation.lines() == [0, 1, 2]
