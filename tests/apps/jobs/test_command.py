"""`doorframe-admin jobs`: every piece of work can be asked for, seen and tried again by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from doorframe.apps.jobs import actions, registry, runner
from doorframe.apps.jobs.models import Job, State
from doorframe.apps.jobs.registry import JobError, Run
from doorframe.apps.members.models import Membership
from doorframe.apps.trail.models import Event

pytestmark = [pytest.mark.promise("L6")]


@pytest.fixture(autouse=True)
def known_jobs(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[dict[str, bool]]:
    """One job that fails until it is told not to."""
    monkeypatch.setattr(registry, "_registry", {})
    settings.JOBS_ENGINE = "db"
    state = {"works": True}

    @registry.job("tests.thing.made", max_attempts=1)
    def make(run: Run, *, number: int = 0) -> None:
        if not state["works"]:
            raise JobError("The folder is full.")
        run.progress(100, f"Made number {number}.")

    yield state


def call(*words: str) -> str:
    out = StringIO()
    call_command("jobs", *words, stdout=out)
    return out.getvalue()


def test_work_is_done_at_once_and_is_on_the_trail(owner: Membership) -> None:
    said = call("run", "tests.thing.made", "--practice", owner.practice.slug, "--set", "number=7")
    assert said == "Made number 7.\n"
    assert Event.objects.filter(practice=owner.practice, name="jobs.work.asked").count() == 1


def test_the_list_names_every_job_and_its_state(owner: Membership) -> None:
    call("run", "tests.thing.made", "--practice", owner.practice.slug)
    listed = json.loads(call("list", "--json"))
    assert listed["names"] == ["tests.thing.made"]
    assert [(row["name"], row["state"], row["practice"]) for row in listed["jobs"]] == [
        ("tests.thing.made", "done", owner.practice.slug)
    ]
    assert "tests.thing.made" in call("list")


def test_failed_work_says_why_and_can_be_tried_again(
    owner: Membership, known_jobs: dict[str, bool], now: datetime
) -> None:
    known_jobs["works"] = False
    with pytest.raises(CommandError, match=r"The folder is full\.") as refused:
        call("run", "tests.thing.made", "--practice", owner.practice.slug)
    assert refused.value.returncode == 1
    known_jobs["works"] = True
    assert call("retry") == "1 piece of work will be tried again.\n"
    assert runner.run_next(now=lambda: Job.objects.get().run_at)
    assert Job.objects.get().state == State.DONE


def test_only_the_work_of_one_practice_is_tried_again(
    owner: Membership, stranger: Membership, known_jobs: dict[str, bool], now: datetime
) -> None:
    known_jobs["works"] = False
    for member in (owner, stranger):
        with transaction.atomic():
            actions.enqueue("tests.thing.made", practice=member.practice, at=now)
        runner.run_next(now=lambda: now)
    assert call("retry", "--practice", owner.practice.slug).startswith("1 piece")
    assert Job.objects.get(practice=stranger.practice).state == State.FAILED


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "no.such.job", "--practice", "harbour-lane"), "No job is called no.such.job"),
        (("run", "tests.thing.made", "--practice", "nowhere"), "There is no practice “nowhere”."),
        (("run", "tests.thing.made", "--practice", "harbour-lane", "--set", "number"), "--set takes NAME=ID"),
    ],
)
def test_wrong_use_is_one_sentence(owner: Membership, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        call(*words)
    assert refused.value.returncode == 2
