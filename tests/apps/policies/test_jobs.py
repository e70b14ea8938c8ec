"""The files of a published version are written, whatever happens to the worker."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from doorframe.apps.jobs import runner
from doorframe.apps.jobs.models import Job
from doorframe.apps.jobs.models import State as JobState
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import documents, queries
from doorframe.apps.policies.models import IssuedDocument, Version
from doorframe.apps.policies.states import State
from doorframe.apps.trail import queries as proof
from tests.apps.policies.conftest import noon


def part(browser: Any, version: Version) -> str:
    return str(browser.get(f"/policy/{version.uid}/documents/").content.decode())


@pytest.mark.promise("B1")
def test_every_file_is_written_and_the_page_says_how_far_it_is(
    owner: Membership, made: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, browser, said = made(owner, State.PUBLISHED), signed_in(owner), []
    real = documents.file

    def file(*known: Any) -> tuple[bytes, str]:
        issue = queries.issue(version, len(documents.outputs()))
        said.append((issue.progress, issue.sentence, issue.complete))
        return real(*known)

    assert "being written" in part(browser, version) and "hx-get" in part(browser, version)
    monkeypatch.setattr(documents, "file", file)
    assert runner.run_next(now=noon)
    wanted = [(name, format) for name, format, _ in documents.outputs()]
    assert [sentence for _, sentence, _ in said] == [f"Writing {name}.{format}" for name, format in wanted]
    assert [progress for progress, _, _ in said] == sorted(progress for progress, _, _ in said)
    assert queries.issued_names(version) == set(wanted)
    assert Job.objects.get().state == JobState.DONE
    assert "hx-get" not in part(browser, version) and "policy.pdf" in part(browser, version)
    assert proof.verify(owner.practice).is_whole


def test_what_is_kept_is_not_written_again(owner: Membership, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    version = made(owner, State.PUBLISHED)
    runner.run_next(now=noon)
    before = list(IssuedDocument.objects.order_by("pk").values("pk", "sha256"))
    IssuedDocument.objects.filter(name="policy", format="md").delete()
    Job.objects.update(state=JobState.WAITING, run_at=noon())
    written: list[tuple[str, str]] = []
    real = documents.file

    def file(version: Version, name: str, format: str) -> tuple[bytes, str]:
        written.append((name, format))
        return real(version, name, format)

    monkeypatch.setattr(documents, "file", file)
    runner.run_next(now=noon)
    assert written == [("policy", "md")]
    after = IssuedDocument.objects.order_by("pk").values("pk", "sha256")
    assert {row["sha256"] for row in after} == {row["sha256"] for row in before}, "same answers, same bytes"
    assert version.pk


def test_a_try_that_fails_is_no_end_and_the_last_one_says_why(
    owner: Membership, in_role: Any, made: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doorframe.adapters.render import RenderError

    version, browser = made(owner, State.PUBLISHED), signed_in(owner)

    def fail(*known: object) -> None:
        raise RenderError("The typeface is missing.")

    monkeypatch.setattr(documents, "file", fail)
    later = noon()
    for attempt in range(1, 6):
        assert runner.run_next(now=lambda: later)  # noqa: B023
        page = part(browser, version)
        assert "The typeface is missing." in page
        assert ("could not be written" in page) is (attempt == 5)
        assert ("hx-get" in page) is (attempt < 5), "the page goes on asking while it is tried again"
        later += timedelta(hours=1)
    assert Job.objects.get().state == JobState.FAILED
    reader = signed_in(in_role(owner, Role.CLINICIAN))
    assert "/reissue/" in part(browser, version) and "/reissue/" not in part(reader, version)
    reader.post(f"/policy/{version.uid}/reissue/")
    assert Job.objects.get().state == JobState.FAILED
    monkeypatch.undo()
    browser.post(f"/policy/{version.uid}/reissue/")
    assert runner.run_next(now=timezone.now) or runner.run_next(now=noon)
    assert queries.issue(version, len(documents.outputs())).complete
    assert browser.get(f"/p/{owner.practice.slug}/").status_code == 200, "the public page is in place all the same"


def test_content_that_changed_since_gives_the_sentence(
    owner: Membership, made: Any, signed_in: Any, now: datetime
) -> None:
    version = made(owner, State.PUBLISHED)
    Version.objects.update(pack_sha256="0" * 64)
    runner.run_next(now=noon)
    job = Job.objects.get()
    assert job.error_sentence.startswith("The content has changed since this version was published.")
    assert "Publish it again" in part(signed_in(owner), version)
    assert not IssuedDocument.objects.exists()


def test_a_finished_version_stays_complete_when_there_are_more_kinds_of_file(
    owner: Membership, made: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = made(owner, State.PUBLISHED)
    runner.run_next(now=noon)
    wanted = documents.outputs()
    monkeypatch.setattr(documents, "outputs", lambda: [*wanted, ("poster", "pdf", "Poster")])
    page = part(signed_in(owner), version)
    assert "policy.pdf" in page and "being written" not in page


# --- Real processes -----------------------------------------------------------------------------------------------

PUBLISH = """
import django
django.setup()
from django.utils import timezone
from doorframe.apps.members import seed
from doorframe.apps.policies import actions
from tests.apps.policies.conftest import COMPLETE
owner, _ = seed.seed(password="a long demo password", at=timezone.now())
version = actions.start_version(actor=owner, at=timezone.now(), answers=COMPLETE)
actions.publish_version(version=version, actor=owner, at=timezone.now())
"""
# The first worker stops for ever after its third file, as if the machine had frozen.
FREEZING = """
import sys, time
import django
django.setup()
from pathlib import Path
from doorframe.apps.policies import documents
real, count = documents.file, 0
def file(*known):
    global count
    count += 1
    if count == 4:
        Path(sys.argv[1]).touch()
        time.sleep(600)
    return real(*known)
documents.file = file
from django.core.management import call_command
call_command("worker")
"""


@pytest.fixture
def processes(tmp_path: Path, checkout: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts processes of an installation of their own, and ends them whatever happens."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
    environ = {
        **kept, "DOORFRAME_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "doorframe.web.settings",
        "PYTHONPATH": os.pathsep.join([str(checkout), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }  # fmt: skip
    children: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        children.append(subprocess.Popen([sys.executable, *arguments], env=environ))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.wait()


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def test_a_killed_workers_files_are_finished_by_the_next(processes: Any, tmp_path: Path) -> None:
    def rows(statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(tmp_path / "doorframe.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()

    assert processes("-m", "doorframe.web.admin_cli", "migrate", "--verbosity=0").wait(timeout=120) == 0
    assert processes("-c", PUBLISH).wait(timeout=120) == 0
    worker = processes("-c", FREEZING, str(tmp_path / "frozen"))
    wait_for((tmp_path / "frozen").exists)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    first = rows("SELECT id, sha256 FROM policies_issueddocument ORDER BY id")
    assert len(first) == 3
    assert rows("SELECT state FROM jobs_job") == [("running",)]
    # Instead of waiting a minute for the lease to run out, set it back.
    with sqlite3.connect(tmp_path / "doorframe.sqlite3", timeout=20) as database:
        database.execute("UPDATE jobs_job SET lease_until = '2020-01-01 00:00:00'")
    processes("-m", "doorframe.web.admin_cli", "worker")
    wait_for(lambda: rows("SELECT state FROM jobs_job") == [("done",)])
    names = rows("SELECT name, format FROM policies_issueddocument")
    assert sorted(names) == sorted((name, format) for name, format, _ in documents.outputs())
    assert rows("SELECT id, sha256 FROM policies_issueddocument ORDER BY id")[:3] == first
    assert rows("SELECT attempts FROM jobs_job") == [(2,)]
    issued = rows("SELECT count(*) FROM trail_event WHERE name = 'policies.document.issued'")
    assert issued == [(len(names),)], "each file stands on the trail once"
