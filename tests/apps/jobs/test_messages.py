"""What the Celery engine sends: ids of rows, twenty together, and nothing when the broker is away."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from doorframe.apps.jobs import actions, messages, registry, wake
from doorframe.apps.jobs.models import Job, State
from doorframe.apps.jobs.registry import JobError, Run
from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership

Read = Callable[[], list[Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Read]:
    """The bodies of the messages that stand in a queue of this process's memory."""
    settings.JOBS_ENGINE = "celery"
    queue = uuid.uuid4().hex
    app = messages._app("memory://", queue)
    monkeypatch.setattr(messages, "app", app)
    monkeypatch.setattr(messages, "send", messages._Bell().send)
    monkeypatch.setattr(registry, "_registry", {})

    @registry.job("tests.thing.noted")
    def note(run: Run) -> None: ...

    @registry.job("tests.thing.refused", max_attempts=1)
    def refuse(run: Run) -> None:
        raise JobError("The folder is full.")

    with app.connection() as connection, connection.channel() as channel:

        def all_of_them() -> list[Any]:
            found = []
            while (message := channel.basic_get(queue, no_ack=True)) is not None:
                found.append(message)
            return found

        yield all_of_them


@pytest.fixture
def asking(transactional_db: None) -> Membership:
    return create_practice(name="P", owner_email="p@p.example", owner_name="P", password=None, at=timezone.now())


def ask(owner: Membership, **more: Any) -> Job:
    return actions.enqueue("tests.thing.noted", practice=owner.practice, at=timezone.now(), **more)


def ids(message: Any) -> list[str]:
    found: list[str] = message.payload[0][0]
    return found


def test_one_transaction_shares_its_messages(asking: Membership, read: Read) -> None:
    with transaction.atomic():
        rows = [str(ask(asking).pk) for _ in range(45)]
        assert read() == [], "nothing is told before the change is kept"
    found = [ids(message) for message in read()]
    assert [len(part) for part in found] == [20, 20, 5]
    assert [each for part in found for each in part] == rows


def test_a_message_holds_ids_and_nothing_else(asking: Membership, read: Read) -> None:
    with transaction.atomic():
        row = ask(asking, unique_key="documents-4")
    [message] = read()
    assert message.content_type == "application/json"
    assert json.loads(message.body)[:2] == [[[str(row.pk)]], {}]
    told = json.dumps([message.headers, message.properties, json.loads(message.body)], default=str)
    for word in ("tests.thing", "documents-4", "p.example", str(asking.practice.uid)):
        assert word not in told


def test_what_is_not_due_or_not_new_or_not_kept_rings_no_bell(asking: Membership, read: Read) -> None:
    with transaction.atomic():
        ask(asking, run_at=timezone.now() + timedelta(hours=1))
    with transaction.atomic():
        kept = ask(asking, unique_key="one")
    with transaction.atomic():
        assert ask(asking, unique_key="one") == kept
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask(asking)
        raise ZeroDivisionError
    assert [ids(message) for message in read()] == [[str(kept.pk)]]


def test_a_part_that_was_rolled_back_leaves_the_rest(asking: Membership, read: Read) -> None:
    with transaction.atomic():
        first = ask(asking)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            ask(asking)
            raise ZeroDivisionError
        last = ask(asking)
    [message] = read()
    assert {str(first.pk), str(last.pk)} <= set(ids(message))
    messages.run(ids(message))
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}


def test_a_second_try_rings_again(asking: Membership, read: Read) -> None:
    with transaction.atomic():
        failing = actions.enqueue("tests.thing.refused", practice=asking.practice, at=timezone.now())
    messages.run(ids(read()[0]))
    assert actions.retry_failed(at=timezone.now()) == 1
    assert [ids(message) for message in read()] == [[str(failing.pk)]]


def test_after_a_failure_the_bell_keeps_quiet_for_a_moment(
    asking: Membership, read: Read, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, tries = [100.0], []

    def refuse(*_args: Any, **_named: Any) -> None:
        tries.append(clock[0])
        raise OSError("amqp://door:hunter2@broker.local does not answer")

    monkeypatch.setattr(messages.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(messages.app, "send_task", refuse)
    for later in (0, 1, messages.SILENCE_SECONDS + 1):
        clock[0] = 100.0 + later
        with transaction.atomic():
            ask(asking)
    assert tries == [100, 101 + messages.SILENCE_SECONDS]
    assert Job.objects.filter(state=State.WAITING).count() == 3
    assert "OSError" in caplog.text and "hunter2" not in caplog.text and "broker.local" not in caplog.text


def test_the_other_engines_send_nothing(asking: Membership, read: Read, settings: Any) -> None:
    for engine in (wake.DB, wake.IMMEDIATE):
        settings.JOBS_ENGINE = engine
        with transaction.atomic():
            ask(asking)
    assert read() == []


@pytest.mark.parametrize("rubbish", [None, "x", ["x"], [1], [None], [[]], {"a": 1}, [str(uuid.uuid4())] * 21])
def test_rubbish_is_dropped(db: None, rubbish: object, caplog: pytest.LogCaptureFixture) -> None:
    messages.run(rubbish)
    assert "no ids of jobs" in caplog.text


def test_a_broker_over_tls_must_show_its_certificate() -> None:
    assert messages._security("redis://h") is messages._security("amqp://h") is None
    assert messages._security("rediss://h") == {"ssl_cert_reqs": messages.ssl.CERT_REQUIRED}
    assert messages._security("amqps://u:p@h.example") == {
        "cert_reqs": messages.ssl.CERT_REQUIRED, "server_hostname": "h.example",
    }  # fmt: skip


def test_nothing_but_json_is_read_and_nothing_is_kept() -> None:
    conf = messages.app.conf
    assert (conf.accept_content, conf.task_serializer, conf.result_backend) == (["json"], "json", None)
    assert (conf.task_acks_late, conf.worker_prefetch_multiplier, conf.task_ignore_result) == (True, 1, True)
    assert [name for name in messages.app.tasks if not name.startswith("celery.")] == [messages.TASK]
