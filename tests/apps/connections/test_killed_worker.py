"""A real worker process is killed after the other program took the message, before that could be written down."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.apps.connections.program import Program

# What the processes run: Doorframe with one room more, that can end its own process at a bad moment.
SETTINGS = """
from doorframe.web.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "deadly_room"]
"""
JOBS = """
import os, signal
from pathlib import Path
from doorframe.apps.connections.actions import deliveries

flag = Path(os.environ["DOORFRAME_DATA"]) / "die"
kept = deliveries.keep_sent

def keep_sent(**values):
    if flag.exists():
        flag.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(**values)

deliveries.keep_sent = keep_sent
"""
ASK = """
import os
import django
django.setup()
from django.utils import timezone
from doorframe.apps.connections.actions import endpoints
from doorframe.apps.members.actions import create_practice
now = timezone.now()
owner = create_practice(name="Harbour", owner_email="imani@a.example", owner_name="Imani Cole", password=None, at=now)
made, _secret = endpoints.add_endpoint(
    actor=owner, at=now, name="Diary", url=os.environ["PROGRAM"], events=["proof.sealed"]
)
for number in range(3):
    endpoints.send_test(endpoint=made, actor=owner, at=now)
"""


class Installation:
    """A data folder of its own, and processes that use it and the other program."""

    def __init__(self, folder: Path, url: str) -> None:
        room = folder / "deadly_room"
        room.mkdir()
        (folder / "deadly_settings.py").write_text(SETTINGS)
        (room / "__init__.py").write_text("")
        (room / "jobs.py").write_text(JOBS)
        self.data = folder / "data"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
        self.environ = {
            **kept,
            "DOORFRAME_DATA": str(self.data),
            "DOORFRAME_WEBHOOKS_NEAR": "on",
            "PROGRAM": url,
            "DJANGO_SETTINGS_MODULE": "deadly_settings",
            "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        assert self.run("-m", "doorframe.web.admin_cli", "migrate", "--verbosity=0") == 0
        assert self.run("-c", ASK) == 0

    def run(self, *arguments: str) -> int:
        return subprocess.run([sys.executable, *arguments], env=self.environ, timeout=120, check=False).returncode

    def work(self) -> int:
        return self.run("-m", "doorframe.web.admin_cli", "worker", "--once")

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.data / "doorframe.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()


@pytest.mark.promise("L6")
def test_a_message_whose_worker_was_killed_right_after_the_answer_counts_once(tmp_path: Path, program: Program) -> None:
    installation = Installation(tmp_path, program.url)
    (installation.data / "die").touch()
    assert installation.work() == -signal.SIGKILL
    assert len(program.got) == 1
    states = "SELECT state, count(*) FROM connections_delivery GROUP BY state"
    assert installation.rows(states) == [("waiting", 3)]
    # Instead of waiting a minute for the lease to run out, set it back; the pause after it as well.
    installation.rows("UPDATE jobs_job SET lease_until = '2020-01-01 00:00:00' WHERE state = 'running'")
    assert installation.work() == 0
    installation.rows("UPDATE jobs_job SET run_at = '2020-01-01 00:00:00'")
    assert installation.work() == 0
    assert installation.rows(states) == [("sent", 3)]
    ids = [got.headers["webhook-id"] for got in program.got]
    assert len(ids) == 4 and len(set(ids)) == 3, "by its id each message counts once"
    assert len({(got.headers["webhook-id"], got.body) for got in program.got}) == 3, "what came twice was the same"
    told = "SELECT count(*) FROM trail_event WHERE name = 'connections.delivery.sent'"
    assert installation.rows(told) == [(3,)]
    assert sorted(installation.rows("SELECT attempts FROM connections_delivery")) == [(1,), (1,), (2,)]
