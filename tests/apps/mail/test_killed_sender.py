"""A real worker process is killed after the mail server took the letter, before that could be written down."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apps.mail.office import PostOffice

# What the processes run: Doorframe with one room more, that writes letters and can end its own process at a bad moment.
SETTINGS = """
from doorframe.web.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "writing_room"]
"""
LETTERS = """
import os, signal
from pathlib import Path
from doorframe.apps.mail import actions, sending, words
from doorframe.apps.mail.registry import Composed, letter

@letter("writing_room.letter", label="A letter", sample=lambda: ("", ""))
def compose(row):
    subject, body = words.invitation("Imani Cole", "https://post.example/r/%d" % row.args["number"], row.created_at)
    return Composed("ana%d@home.example" % row.args["number"], subject, body, "Imani Cole")

flag = Path(os.environ["DOORFRAME_DATA"]) / "die"
kept = actions.keep_sent

def keep_sent(**values):
    if flag.exists():
        flag.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(**values)

actions.keep_sent = keep_sent
"""
ASK = """
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from doorframe.apps.mail.actions import post
from doorframe.apps.members.actions import create_practice
now = timezone.now()
owner = create_practice(name="Harbour", owner_email="imani@a.example", owner_name="Imani Cole", password=None, at=now)
with transaction.atomic():
    for number in range(3):
        post(practice=owner.practice, kind="writing_room.letter", args={"number": number}, at=now)
"""


class Installation:
    """A data folder of its own, and processes that use it and the mail server."""

    def __init__(self, folder: Path, port: int) -> None:
        room = folder / "writing_room"
        room.mkdir()
        (folder / "writing_settings.py").write_text(SETTINGS)
        (room / "__init__.py").write_text("")
        (room / "letters.py").write_text(LETTERS)
        self.data = folder / "data"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
        self.environ = {
            **kept,
            "DOORFRAME_DATA": str(self.data),
            "DOORFRAME_EMAIL": "smtp",
            "DOORFRAME_EMAIL_FROM": "post@letters.example",
            "DOORFRAME_SMTP_HOST": "127.0.0.1",
            "DOORFRAME_SMTP_PORT": str(port),
            "DOORFRAME_SMTP_SECURITY": "none",
            "DJANGO_SETTINGS_MODULE": "writing_settings",
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


@pytest.fixture
def installation(tmp_path: Path, office: PostOffice) -> Iterator[Installation]:
    """With three letters that wait."""
    yield Installation(tmp_path, office.port)


def test_a_letter_whose_worker_was_killed_right_after_the_250_counts_once(
    installation: Installation, office: PostOffice
) -> None:
    (installation.data / "die").touch()
    assert installation.work() == -signal.SIGKILL
    assert len(office.taken) == 1
    assert installation.rows("SELECT state, count(*) FROM mail_letter GROUP BY state") == [("waiting", 3)]
    # Instead of waiting a minute for the lease to run out, set it back; the pause after it as well.
    installation.rows("UPDATE jobs_job SET lease_until = '2020-01-01 00:00:00' WHERE state = 'running'")
    assert installation.work() == 0
    installation.rows("UPDATE jobs_job SET run_at = '2020-01-01 00:00:00'")
    assert installation.work() == 0
    assert installation.rows("SELECT state, count(*) FROM mail_letter GROUP BY state") == [("sent", 3)]
    assert len(set(office.ids)) == 3, "by its Message-ID each letter counts once"
    assert len(office.ids) == 4 and len(set(office.raw)) == 3, "what came twice was the same to the byte"
    told = "SELECT name, count(*) FROM trail_event WHERE name LIKE 'mail.%' GROUP BY name ORDER BY name"
    assert installation.rows(told) == [("mail.letter.posted", 3), ("mail.letter.sent", 3)]
    assert sorted(installation.rows("SELECT attempts FROM mail_letter")) == [(1,), (1,), (2,)]
