"""The same promises on each engine, kept by real worker processes: one effect for a job, whatever happens."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator

import pytest

from tests.apps.jobs.installation import ENGINES, Database, Installation, make_ready, wait_for

pytestmark = [pytest.mark.promise("L4")]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = make_ready(tmp_path_factory.mktemp("ready"))
    yield database
    database.drop()


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, ready: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Two workers of each engine, for all tests of this module."""
    made = Installation(tmp_path_factory.mktemp("installation"), request.param, ready)
    made.start_workers(2)
    yield made
    made.close()


@pytest.fixture
def installation(shared: Installation) -> Iterator[Installation]:
    """As if nothing had been asked for yet."""
    shared.forget()
    yield shared
    assert not shared.somebody_died()


def test_two_workers_do_each_job_once(installation: Installation) -> None:
    assert len(installation.ask(*range(45))) == 45
    installation.wait_until_done()
    assert installation.effects() == list(range(45))
    assert installation.database.rows("SELECT DISTINCT attempts FROM jobs_job") == [(1,)]
    wait_for(lambda: installation.database.rows("SELECT count(*) FROM jobs_worker") == [(2,)])


def test_being_told_many_times_is_being_told_once(installation: Installation) -> None:
    ids = installation.ask(1, 2, slow=True)
    installation.say("tell", ids=ids, times=5)
    installation.wait_until_done()
    installation.say("tell", ids=ids, times=3)
    installation.ask(3)
    installation.wait_until_done()
    assert installation.effects() == [1, 2, 3]


def test_the_message_is_heard(installation: Installation) -> None:
    """The sweep may be quicker now and then, but not always."""
    for number in range(50):
        installation.ask(number)
        installation.wait_until_done()
        if installation.told():
            return
    pytest.fail("no message ever led to anything")


def test_a_change_that_is_not_kept_asks_for_nothing(installation: Installation) -> None:
    installation.ask(1, 2, 3, take_back=True)
    installation.ask(4)
    installation.wait_until_done()
    assert installation.effects() == [4]
    assert installation.database.rows("SELECT count(*) FROM jobs_job") == [(1,)]


def test_work_whose_message_was_lost_is_found(installation: Installation) -> None:
    installation.ask(*range(5), lose_message=True)
    installation.wait_until_done()
    assert installation.effects() == list(range(5))
    assert not installation.engine.startswith("celery") or installation.told() == []


def test_work_waits_for_its_time(installation: Installation) -> None:
    installation.say("ask", jobs=[{"args": {"number": 1}, "after": 1}, {"args": {"number": 2}}])
    installation.wait_until_done()
    assert installation.effects() == [1, 2]
    assert installation.database.rows("SELECT count(*) FROM jobs_job WHERE finished_at < run_at") == [(0,)]


def test_one_key_has_one_open_job(installation: Installation) -> None:
    wish = {"args": {"number": 1}, "key": "documents-4", "after": 0.5}
    first, second = installation.say("ask", jobs=[wish, wish])
    third = installation.say("ask", jobs=[wish])[0]
    assert first == second == third
    installation.wait_until_done()
    assert installation.effects() == [1]
    assert installation.say("ask", jobs=[wish])[0] != first


def test_a_failure_is_tried_again_then_given_up_with_a_sentence(installation: Installation) -> None:
    installation.say("ask", jobs=[{"name": "child.effect.refused", "args": {"number": 7}}])
    wait_for(lambda: installation.states() == {"failed"})
    assert installation.effects() == [7, 7, 7]
    assert installation.database.rows("SELECT attempts, error_sentence FROM jobs_job") == [(3, "The folder is full.")]


def test_rubbish_in_the_queue_stops_nobody(installation: Installation) -> None:
    if installation.engine.startswith("celery"):
        installation.say("rubbish", ids=installation.ask(1))
    installation.ask(2)
    wait_for(lambda: 2 in installation.effects())
    installation.wait_until_done()
    assert installation.effects()[-1] == 2 and not installation.somebody_died()


def test_celery_is_loaded_only_where_it_was_chosen(installation: Installation) -> None:
    chosen = installation.engine.startswith("celery")
    assert installation.say("modules") == (["celery", "kombu"] if chosen else [])


def test_workers_end_with_a_goodbye_when_asked_to(installation: Installation) -> None:
    workers, installation.workers = installation.workers, []
    for worker in workers:
        worker.send(signal.SIGTERM)
    assert [worker.wait() for worker in workers] == [0, 0]
    assert installation.database.rows("SELECT count(*) FROM jobs_worker") == [(0,)]
    installation.start_workers(2)


def test_once_does_what_is_due_and_ends(installation: Installation) -> None:
    installation.ask(1, 2)
    assert installation.command("worker", "--once") == 0
    installation.wait_until_done()
    assert installation.effects() == [1, 2]


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_down_loses_nothing(
    ready: Database, scheme: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"{scheme}://127.0.0.1:{closed.getsockname()[1]}//"
        made = Installation(tmp_path_factory.mktemp("down"), "celery-down", ready, broker=nowhere)
        try:
            worker = made.start_workers()[0]
            assert len(made.ask(*range(25))) == 25, "the page must succeed"
            made.wait_until_done()
            assert made.effects() == list(range(25))
            worker.send(signal.SIGTERM)
            assert worker.wait() == 0
        finally:
            made.close()
