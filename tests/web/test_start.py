"""The real start: processes, a ready line that is true, a worker that comes back, a clean end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doorframe.apps.members.seed import OWNER_EMAIL


class Started:
    """One running start."""

    def __init__(self, data: Path, port: int, **environ: str) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
        self.data = data
        self.log = data.parent / "start.log"
        command = [sys.executable, "-m", "doorframe.web.start", "--no-open", "--port", str(port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env={**kept, "DOORFRAME_DATA": str(data), **environ}, stdout=log, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text()

    def wait_until_said(self, words: str) -> str:
        until = time.monotonic() + 90
        while words not in self.said():
            assert time.monotonic() < until, self.said()
            assert self.process.poll() is None or words in self.said(), self.said()
            time.sleep(0.05)
        return self.said()

    def address(self) -> str:
        found = re.findall(r"Doorframe is ready: (\S+)", self.wait_until_said("Stop it with Ctrl-C."))
        return str(found[-1])

    def health(self) -> Any:
        with urllib.request.urlopen(self.address() + "healthz", timeout=10) as answer:
            return json.load(answer)

    def workers(self) -> list[int]:
        with sqlite3.connect(self.data / "doorframe.sqlite3", timeout=20) as database:
            return [row[0] for row in database.execute("SELECT process FROM jobs_worker ORDER BY started_at")]

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=40)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Started]]:
    """Whatever a test starts is stopped."""
    running: list[Started] = []
    yield running
    for one in running:
        one.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.promise("L1")
def test_first_start_second_start_and_everything_between(tmp_path: Path, started: list[Started]) -> None:
    first = Started(tmp_path / "data", free_port())
    started.append(first)
    assert first.health()["status"] == "ok"
    said = first.said()
    assert "Preparing the database" in said and "Harbour Lane Therapy" in said
    password = (tmp_path / "data" / "demo-password.txt").read_text()
    assert f"as {OWNER_EMAIL} with the password {password}" in said
    assert f"Begin your own practice: {first.address()}begin/" in said

    # A worker that dies is started again.
    (worker,) = first.workers()
    os.kill(worker, signal.SIGKILL)
    first.wait_until_said("The worker ended unexpectedly and is started again.")
    until = time.monotonic() + 60
    while len(first.workers()) < 2:
        assert time.monotonic() < until
        time.sleep(0.1)

    # Another start beside it takes the next free port and says so.
    taken = int(first.address().rsplit(":", 1)[1].strip("/"))
    (tmp_path / "other").mkdir()
    beside = Started(tmp_path / "other" / "data", taken)
    started.append(beside)
    beside.wait_until_said(f"Port {taken} is in use")
    assert beside.health()["status"] == "ok"

    assert first.stop() == 0
    assert "Doorframe has stopped." in first.said()
    with pytest.raises(OSError, match=r"refused|timed out"):
        urllib.request.urlopen(f"http://127.0.0.1:{taken}/healthz", timeout=5)

    # The second start prepares nothing and prints the same password; with the demo off it prints none.
    first.log.write_text("")
    second = Started(tmp_path / "data", free_port())
    started.append(second)
    second.address()
    assert "Preparing" not in second.said() and password in second.said()
    second.stop()
    second.log.write_text("")
    third = Started(tmp_path / "data", free_port(), DOORFRAME_DEMO="off")
    started.append(third)
    third.address()
    assert password not in third.said() and OWNER_EMAIL not in third.said()
    assert "doorframe-admin practice create" in third.said()
    # The printed address, and only that, opens the page on which the first practice is begun.
    code = (tmp_path / "data" / "setup-code.txt").read_text()
    assert f"{third.address()}begin/?code={code}" in third.said() and len(code) >= 20
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with pytest.raises(urllib.error.HTTPError, match="403"):
        opener.open(third.address(), timeout=20)
    with opener.open(f"{third.address()}begin/?code={code}", timeout=20) as answer:
        assert b"Name of the practice" in answer.read() and "code" not in answer.url


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"DOORFRAME_JOBS": "sometimes"}, "DOORFRAME_JOBS is “sometimes”"),
        ({"DOORFRAME_DATA": "/proc/nowhere"}, "cannot write to"),
        ({"DOORFRAME_DATABASE_URL": "postgresql://x:secret@127.0.0.1:9/none"}, "the database does not answer"),
    ],
)
def test_a_start_that_cannot_be_says_why_in_one_line(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    one = Started(tmp_path / "data", free_port(), **environ)
    assert one.process.wait(timeout=60) == 2
    assert words in one.said()
    assert "Traceback" not in one.said() and "secret" not in one.said()
    assert len(one.said().strip().splitlines()) == 1
