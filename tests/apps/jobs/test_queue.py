"""Asking for work, and what becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from doorframe.apps.jobs import registry, runner
from doorframe.apps.jobs.actions import enqueue
from doorframe.apps.jobs.models import Job, State, Worker
from doorframe.apps.jobs.registry import JobError, Run
from doorframe.apps.jobs.worker import WorkerLoop, last_beat
from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership

done: list[tuple[str, Any]] = []


@pytest.fixture(autouse=True)
def known_jobs(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Three jobs that exist for these tests alone."""
    monkeypatch.setattr(registry, "_registry", dict(registry._registry))
    settings.JOBS_ENGINE = "db"
    done.clear()

    @registry.job("tests.thing.noted")
    def note(run: Run, *, number: int = 0) -> None:
        run.progress(40, "Half way there.")
        done.append(("noted", number))

    @registry.job("tests.thing.refused", max_attempts=3)
    def refuse(run: Run) -> None:
        done.append(("refused", run.job.attempts))
        raise JobError("The folder is full.")

    @registry.job("tests.thing.broken", max_attempts=1)
    def break_down(run: Run) -> None:
        raise ValueError("Client Jane Roe said something")

    yield


def ask(owner: Membership, at: datetime, name: str = "tests.thing.noted", **more: Any) -> Job:
    with transaction.atomic():
        return enqueue(name, practice=owner.practice, at=at, **more)


def test_a_job_is_done_once(owner: Membership, now: datetime) -> None:
    job = ask(owner, now, args={"number": 7})
    assert runner.run_next(now=lambda: now)
    assert not runner.run_next(now=lambda: now)
    job.refresh_from_db()
    assert done == [("noted", 7)]
    assert (job.state, job.progress, job.attempts, job.lease) == (State.DONE, 100, 1, None)
    assert (job.finished_at, job.is_finished, job.progress_sentence) == (now, True, "Half way there.")


@pytest.mark.django_db(transaction=True)
def test_a_job_stands_or_falls_with_its_transaction(now: datetime) -> None:
    owner = create_practice(name="P", owner_email="p@p.example", owner_name="P", password=None, at=now)
    with pytest.raises(RuntimeError, match="transaction"):
        enqueue("tests.thing.noted", practice=owner.practice, at=now)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("tests.thing.noted", practice=owner.practice, at=now)
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_a_job_waits_for_its_time(owner: Membership, now: datetime) -> None:
    ask(owner, now, run_at=now + timedelta(hours=1))
    assert not runner.run_next(now=lambda: now)
    assert runner.run_next(now=lambda: now + timedelta(hours=1))


def test_the_longest_due_comes_first(owner: Membership, now: datetime) -> None:
    for number, minutes in ((1, 3), (2, 9), (3, 6)):
        ask(owner, now, args={"number": number}, run_at=now - timedelta(minutes=minutes))
    while runner.run_next(now=lambda: now):
        pass
    assert [number for _name, number in done] == [2, 3, 1]


def test_one_key_has_one_open_job(owner: Membership, stranger: Membership, now: datetime) -> None:
    first = ask(owner, now, unique_key="documents-4")
    assert ask(owner, now, unique_key="documents-4") == first
    assert ask(stranger, now, unique_key="documents-4") != first
    while runner.run_next(now=lambda: now):
        pass
    assert ask(owner, now, unique_key="documents-4") != first
    assert Job.objects.filter(state=State.WAITING).count() == 1


@pytest.mark.parametrize("args", [{"text": "she told me that"}, {"ids": [1, "two words"]}, {"x": 0.5}, {"x": "a" * 81}])
def test_words_are_refused_as_arguments(owner: Membership, now: datetime, args: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="an id or a short name"):
        ask(owner, now, args=args)


def test_an_unknown_job_is_refused_when_asked_for(owner: Membership, now: datetime) -> None:
    with pytest.raises(LookupError, match=r"tests\.no\.such"):
        ask(owner, now, "tests.no.such")


def test_two_jobs_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="Two jobs"):

        @registry.job("tests.thing.noted")
        def another(run: Run) -> None: ...


def test_a_failure_is_tried_again_later_and_later_then_given_up(owner: Membership, now: datetime) -> None:
    job = ask(owner, now, "tests.thing.refused")
    clock, pauses = [now], []
    for _attempt in range(3):
        assert runner.run_next(now=lambda: clock[0])
        assert not runner.run_next(now=lambda: clock[0]), "a failed job must not be tried again at once"
        job.refresh_from_db()
        pauses.append((job.run_at - clock[0]).total_seconds())
        clock[0] = max(job.run_at, clock[0])
    assert pauses[:2] == [5, 10]
    assert (job.state, job.attempts, job.error_sentence) == (State.FAILED, 3, "The folder is full.")
    assert done == [("refused", 1), ("refused", 2), ("refused", 3)]
    assert not runner.run_next(now=lambda: clock[0] + timedelta(days=9))


def test_an_unexpected_failure_keeps_its_kind_and_no_words(
    owner: Membership, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    from doorframe.web.logs import QuietFormatter

    job = ask(owner, now, "tests.thing.broken")
    runner.run_next(now=lambda: now)
    job.refresh_from_db()
    assert (job.state, job.error_sentence) == (State.FAILED, "It failed unexpectedly (ValueError).")
    lines = "\n".join(QuietFormatter().format(record) for record in caplog.records)
    assert "ValueError" in lines and "test_queue.py" in lines
    assert "Jane" not in lines


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (8, 640), (11, 3600), (500, 3600)])
def test_pauses_double_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert runner.pause_after(attempts) == timedelta(seconds=seconds)


def test_a_silent_workers_job_is_put_back(owner: Membership, now: datetime) -> None:
    job = ask(owner, now)
    taken = runner.claim(at=now)
    assert taken is not None
    assert runner.reclaim(at=now + runner.LEASE) == 0
    later = now + runner.LEASE + timedelta(seconds=1)
    assert runner.reclaim(at=later) == 1
    job.refresh_from_db()
    assert (job.state, job.error_sentence) == (State.WAITING, "The work was interrupted.")
    assert runner.run_next(now=lambda: later + timedelta(seconds=5))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error_sentence) == (State.DONE, 2, "")


def test_who_lost_the_lease_changes_nothing_any_more(owner: Membership, now: datetime) -> None:
    ask(owner, now)
    first = runner.claim(at=now)
    assert first is not None
    later = now + timedelta(minutes=5)
    runner.reclaim(at=later)
    second = runner.claim(at=later + timedelta(seconds=5))
    assert second is not None and second.lease != first.lease
    with pytest.raises(runner.LostLease):
        runner.JobRun(first, lambda: later).progress(50, "Still here.")
    second.refresh_from_db()
    assert (second.state, second.progress) == (State.RUNNING, 0)


@pytest.mark.parametrize(("percent", "kept"), [(-5, 0), (0, 0), (64, 64), (300, 100)])
def test_progress_stays_between_0_and_100(owner: Membership, now: datetime, percent: int, kept: int) -> None:
    ask(owner, now)
    job = runner.claim(at=now)
    assert job is not None
    runner.JobRun(job, lambda: now).progress(percent, "Writing the PDF.")
    job.refresh_from_db()
    assert (job.progress, job.progress_sentence) == (kept, "Writing the PDF.")


@pytest.mark.django_db(transaction=True)
def test_the_immediate_engine_works_when_the_change_is_kept(settings: Any) -> None:
    settings.JOBS_ENGINE = "immediate"
    now = timezone.now()
    owner = create_practice(name="P", owner_email="p@p.example", owner_name="P", password=None, at=now)
    with transaction.atomic():
        job = enqueue("tests.thing.noted", practice=owner.practice, at=now, args={"number": 1})
        assert done == []
    job.refresh_from_db()
    assert (done, job.state) == ([("noted", 1)], State.DONE)
    failing = ask(owner, now, "tests.thing.refused")
    failing.refresh_from_db()
    assert (failing.state, failing.error_sentence) == (State.WAITING, "The folder is full.")


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_each_job_once(now: datetime) -> None:
    owner = create_practice(name="P", owner_email="p@p.example", owner_name="P", password=None, at=now)
    for number in range(40):
        ask(owner, now, args={"number": number})
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while runner.run_next(now=lambda: now):
                pass
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that finds the next row locked by another ends its loop early; whatever it left is done here.
    work()
    assert failures == []
    assert sorted(number for _name, number in done) == list(range(40))
    assert set(Job.objects.values_list("state", "attempts")) == {(State.DONE, 1)}


@pytest.mark.django_db(transaction=True)
def test_the_loop_beats_works_and_leaves(now: datetime) -> None:
    owner = create_practice(name="P", owner_email="p@p.example", owner_name="P", password=None, at=now)
    stop = threading.Event()

    @registry.job("tests.loop.ended")
    def end(run: Run) -> None:
        for _turn in range(200):
            if last_beat() is not None:
                break
            threading.Event().wait(0.02)
        done.append(("beat", last_beat()))
        stop.set()

    ask(owner, now, "tests.loop.ended")
    WorkerLoop(now=lambda: now, stop=stop).run()
    assert done == [("beat", now)]
    assert not Worker.objects.exists()
