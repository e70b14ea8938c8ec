"""Messages to another program: signed, once in effect, tried again, given up; and nowhere they should not go."""

from __future__ import annotations

import dataclasses
import json
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from doorframe.apps.connections import addresses, hearing, queries, rules, sending, today, transport
from doorframe.apps.connections.actions import deliveries, endpoints
from doorframe.apps.connections.events import HEARD, TEST, Told
from doorframe.apps.connections.models import Delivery, Endpoint
from doorframe.apps.connections.states import TRANSITIONS, State, Verb
from doorframe.apps.jobs.models import Job
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures.models import Acknowledgement
from doorframe.apps.trail import actions as trail
from doorframe.apps.trail import queries as trail_queries
from doorframe.apps.trail.models import Event
from tests.apps.connections.conftest import ask, publish
from tests.apps.connections.program import Program
from tests.apps.connections.receiver import accepts
from tests.apps.connections.test_api import signed

Send = Callable[..., int]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERYTHING = list(Told.values)


def listen(owner: Membership, at: datetime, url: str, events: list[str] | None = None) -> tuple[Endpoint, str]:
    return endpoints.add_endpoint(actor=owner, at=at, name="Diary", url=url, events=events or EVERYTHING)


@pytest.fixture
def told(owner: Membership, now: datetime, program: Program) -> tuple[Endpoint, str]:
    """The program on this machine is told of everything."""
    return listen(owner, now, program.url)


def test_fixed_example_of_the_specification() -> None:
    """The published example, so that a mistake shared by both sides is found."""
    from doorframe.apps.connections import signing

    made = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}',
        at=datetime.fromtimestamp(1614265330).astimezone(), secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )  # fmt: skip
    assert made["webhook-timestamp"] == "1614265330"
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.promise("L6")
def test_each_step_is_told_with_a_signature_that_holds_and_names_nobody(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    publish(owner, now)
    item = ask(owner, now, "A-1")
    signed(owner, item, now)
    send()
    # Messages of one moment may overtake each other
    bodies = [json.loads(got.body) for got in program.got]
    assert sorted((body["type"], body["data"].get("state", "")) for body in bodies) == [
        ("acknowledgement.moved", "complete"), ("acknowledgement.moved", "signed"), ("acknowledgement.opened", "open"),
        ("paper.issued", ""), ("proof.sealed", "complete"), ("question.asked", "open"),
    ]  # fmt: skip
    assert {body["data"].get("acknowledgement", str(item.uid)) for body in bodies} == {str(item.uid)}
    _endpoint, secret = told
    assert all(accepts(got, secret, clock=now.timestamp()) for got in program.got)
    assert {got.path for got in program.got} == {"/hook?for=doorframe"}
    text = b" ".join(got.body for got in program.got).decode()
    for word in ["Ana", "Lima", "Imani", "Harbour", "post.example", "Do you read", "email", "A-1", "http"]:
        assert word not in text, word
    assert Delivery.objects.exclude(state=State.SENT).count() == 0
    assert trail_queries.verify(owner.practice).is_whole


def test_what_was_superseded_is_told_as_moved(
    owner: Membership, asked: Acknowledgement, now: datetime, program: Program, send: Send
) -> None:
    listen(owner, now, program.url, ["acknowledgement.moved"])
    publish(owner, now + HOUR, material=True)
    send(HOUR)
    assert [json.loads(got.body)["data"]["state"] for got in program.got] == ["superseded"]


@pytest.mark.promise("L6")
def test_a_changed_or_old_message_or_another_secret_is_refused(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    endpoint, secret = told
    endpoints.send_test(endpoint=endpoint, actor=owner, at=now)
    send()
    (got,) = program.got
    clock = now.timestamp()
    assert accepts(got, secret, clock=clock)
    assert not accepts(got, secret, clock=clock + 600), "an old message that somebody sends again"
    later = {**got.headers, "webhook-timestamp": str(int(clock) + 600)}
    assert not accepts(dataclasses.replace(got, headers=later), secret, clock=clock + 600)
    assert not accepts(dataclasses.replace(got, headers={**got.headers, "webhook-id": "msg_1"}), secret, clock=clock)
    assert not accepts(dataclasses.replace(got, body=got.body + b" "), secret, clock=clock)
    _other, another = listen(owner, now, program.url)
    assert not accepts(got, another, clock=clock)


def test_only_what_was_chosen_is_told_and_only_to_who_chose_it(
    owner: Membership, stranger: Membership, now: datetime, program: Program, send: Send
) -> None:
    listen(owner, now, program.url, ["proof.sealed"])
    off, _secret = listen(owner, now, program.url)
    endpoints.switch(endpoint=off, actor=owner, at=now, on=False)
    gone, _secret = listen(owner, now, program.url)
    endpoints.remove_endpoint(endpoint=gone, actor=owner, at=now)
    listen(stranger, now, program.url)
    publish(owner, now)
    ask(owner, now, "A-1")
    send()
    assert program.got == []
    assert not Delivery.objects.exists()


def test_a_change_that_is_undone_is_told_to_nobody(
    owner: Membership, now: datetime, told: tuple[Endpoint, str]
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(owner, now)
        assert Delivery.objects.count() == 1
        raise RuntimeError
    assert not Delivery.objects.exists() and not Job.objects.filter(name=hearing.JOB).exists()


def test_a_practice_that_tells_nobody_pays_one_query_at_most(owner: Membership, now: datetime) -> None:
    def cost(name: str, hearers: list[str]) -> int:
        from django.conf import settings

        before, settings.DOORFRAME_HEARERS = settings.DOORFRAME_HEARERS, hearers
        with CaptureQueriesContext(connection) as found, transaction.atomic():
            trail.record(name, practice=owner.practice, actor=None, subject=owner.practice, at=now)
        settings.DOORFRAME_HEARERS = before
        return len(found)

    hearer = ["doorframe.apps.connections.hearing.heard"]
    for name in HEARD:
        assert cost(name, hearer) == cost(name, []) + 1
    for name in ("signatures.link.sent", "clients.client.added", "mail.letter.sent", "signatures.question.answered"):
        assert cost(name, hearer) == cost(name, [])


def test_the_names_that_are_heard_are_names_that_are_recorded(owner: Membership, asked: Acknowledgement) -> None:
    """A name that is changed in its room would otherwise be heard no more, and nobody would notice."""
    from pathlib import Path

    import doorframe.apps.signatures as room

    source = "".join(path.read_text() for path in Path(str(room.__file__)).parent.rglob("*.py"))
    for name in HEARD:
        assert f'"{name}"' in source, name


@pytest.mark.promise("L6")
def test_a_program_that_fails_gets_the_same_message_again(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    program.answers = [500, 200]
    publish(owner, now)
    send()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts) == (State.WAITING, 1) and "(answer 500)" in waiting.error_sentence
    send(HOUR)
    first, second = program.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == waiting.message_id
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert accepts(second, told[1], clock=(now + HOUR).timestamp())
    sent = Delivery.objects.get()
    assert (sent.state, sent.attempts, sent.error_sentence, sent.sent_at) == (State.SENT, 2, "", now + HOUR)


def test_a_worker_that_dies_after_sending_sends_the_same_message_under_the_same_id(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Killed(BaseException):
        """What no handler catches, as a kill -9 is caught by none."""

    def die(**_given: Any) -> None:
        raise Killed

    publish(owner, now)
    keep = deliveries.keep_sent
    monkeypatch.setattr(deliveries, "keep_sent", die)
    with pytest.raises(Killed):
        send()
    assert len(program.got) == 1 and Delivery.objects.get().state == State.WAITING
    monkeypatch.setattr(deliveries, "keep_sent", keep)
    from doorframe.apps.jobs import runner

    assert runner.reclaim(at=now + HOUR) == 1
    send(2 * HOUR)
    assert [got.headers["webhook-id"] for got in program.got] == [Delivery.objects.get().message_id] * 2
    assert program.got[0].body == program.got[1].body
    assert Event.objects.filter(name="connections.delivery.sent").count() == 1
    send(3 * HOUR)
    assert len(program.got) == 2


def test_two_workers_note_it_once(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    publish(owner, now)
    send()
    delivery = Delivery.objects.get()
    deliveries.keep_failed(delivery=delivery, at=now, sentence="Late news of another worker.")
    assert Delivery.objects.get().state == State.SENT
    assert sending.send(delivery_id=delivery.pk, at=now) == State.SENT
    assert sending.send(delivery_id=0, at=now) is None
    assert len(program.got) == 1


def wait_a_day(send: Send) -> None:
    for hours in range(30):
        send(hours * HOUR)


@pytest.mark.promise("L6")
def test_after_a_day_in_vain_it_is_switched_off_and_today_says_so(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    program.answers = [503]
    publish(owner, now)
    ask(owner, now, "A-1")
    wait_a_day(send)
    assert 10 < len(program.got) < 100
    endpoint = Endpoint.objects.get()
    assert not endpoint.enabled and endpoint.gave_up_at is not None
    assert now + DAY <= endpoint.gave_up_at <= now + DAY + 2 * HOUR
    assert {row.state for row in Delivery.objects.all()} <= {State.FAILED, State.CANCELLED}
    (item,) = today.items(owner, now=now + 2 * DAY)
    assert "Diary" in item.title and item.link == f"/connections/programs/{endpoint.uid}/"
    sam = add_member(actor=owner, email="sam@a.example", name="Sam Okoro", role=Role.CLINICIAN, at=now)
    assert list(today.items(sam, now=now + 2 * DAY)) == []
    # Whatever happens while it is off is not told
    before = Delivery.objects.count()
    publish(owner, now + 2 * DAY)
    assert Delivery.objects.count() == before
    # Switched on, what was missed is sent again under its old id
    program.answers = [204]
    before = len(program.got)
    delivery = Delivery.objects.order_by("pk").first()
    assert delivery is not None
    with pytest.raises(rules.NotNow, match="switched off"):
        deliveries.send_again(delivery=delivery, actor=owner, at=now + 2 * DAY)
    endpoints.switch(endpoint=endpoint, actor=owner, at=now + 2 * DAY, on=True)
    deliveries.send_again(delivery=queries.delivery_row(delivery.pk), actor=owner, at=now + 2 * DAY)  # type: ignore[arg-type]
    send(2 * DAY)
    ids = [got.headers["webhook-id"] for got in program.got]
    assert ids[before:].count(delivery.message_id) == 1 and ids.count(delivery.message_id) > 10
    assert Delivery.objects.get(pk=delivery.pk).state == State.SENT
    with pytest.raises(rules.NotNow, match="no further try"):
        deliveries.send_again(delivery=queries.delivery_row(delivery.pk), actor=owner, at=now + 2 * DAY)  # type: ignore[arg-type]


def test_one_message_that_is_never_taken_does_not_end_a_connection_that_works(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    program.answers = [400]
    publish(owner, now)
    send()
    Endpoint.objects.update(last_ok_at=now + HOUR)
    wait_a_day(send)
    assert Delivery.objects.get().state == State.FAILED
    assert Endpoint.objects.get().enabled
    (item,) = today.items(owner, now=now + 2 * DAY)
    assert item.title == "1 message to another program did not arrive"
    assert list(today.items(owner, now=now + 9 * DAY)) == []


def test_a_computer_that_was_off_for_the_day_tries_again_before_it_gives_up(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    program.answers = [503]
    publish(owner, now)
    send()
    send(3 * DAY)
    assert Delivery.objects.get().state == State.WAITING and Endpoint.objects.get().enabled


def test_who_wants_no_more_is_told_no_more(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    program.answers = [410]
    publish(owner, now)
    send()
    assert not Endpoint.objects.get().enabled
    assert "wants no more" in Delivery.objects.get().error_sentence


def test_a_redirect_is_not_followed(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    program.answers, program.more_headers = [307], {"Location": f"http://127.0.0.1:{program.port}/elsewhere"}
    publish(owner, now)
    send()
    assert [got.path for got in program.got] == ["/hook?for=doorframe"]
    assert "(answer 307)" in Delivery.objects.get().error_sentence


def test_the_words_of_the_answer_are_neither_kept_nor_logged(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    program.words, program.answers = b"Marmalade " * 500_000, [500]
    publish(owner, now)
    with caplog.at_level("DEBUG"):
        send()
    row = Delivery.objects.get()
    kept = str([row.__dict__, *(one.data for one in Event.objects.all()), *(job.__dict__ for job in Job.objects.all())])
    assert "Marmalade" not in kept + caplog.text
    assert str(program.port) not in caplog.text + row.error_sentence


@pytest.mark.parametrize("manner", ["silent", "drips"])
def test_a_program_that_takes_its_time_is_left(program: Program, manner: str) -> None:
    if manner == "silent":
        program.silent.set()
    program.drips = manner == "drips"
    with pytest.raises(transport.NotNow, match="did not answer in time"):
        transport.deliver(program.url, body=b"{}", headers={}, seconds=0.5)
    assert len(program.got) == 1


def test_nobody_listens(settings: Any) -> None:
    settings.WEBHOOKS_NEAR = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(transport.NotNow, match="could not be reached"):
        transport.deliver(f"http://127.0.0.1:{port}/", body=b"{}", headers={})


def test_a_plain_server_behind_https_is_an_error_not_a_message_in_clear(program: Program) -> None:
    with pytest.raises(transport.NotNow):
        transport.deliver(f"https://127.0.0.1:{program.port}/", body=b"{}", headers={}, seconds=2)
    assert program.got == []


# Where a message may go


@pytest.mark.promise("L3")
@pytest.mark.parametrize(
    "url",
    [
        "http://diary.example/hook", "ftp://diary.example/", "diary.example/hook", "https://", "https:///hook",
        "https://user:word@diary.example/", "https://diary.example/#part", "https://diary.example:0/",
        "https://diary.example:99999/", "https://di ary.example/", "https://diary.example/\r\nX: y", "javascript:x",
        "https://diäry.example/", "https://[::1", "https://127.0.0.1/", "https://localhost/", "http://localhost/",
        "https://10.0.0.5/", "https://192.168.1.1/", "https://172.16.0.1/", "https://169.254.169.254/latest",
        "https://100.64.0.1/", "https://0.0.0.0/", "https://[::1]/", "https://[fe80::1]/", "https://[fc00::1]/",
        "https://[::ffff:10.0.0.5]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::a00:5]/", "https://224.0.0.1/",
        "https://[2002:a00:5::1]/", "https://255.255.255.255/", "https://[::]/", "https://198.18.0.1/",
        "https://diary.example/" + "a" * 500,
    ],
)  # fmt: skip
def test_an_address_that_no_message_goes_to(url: str, owner: Membership, now: datetime) -> None:
    with pytest.raises(addresses.Unfit):
        addresses.parts(url)
    with pytest.raises(ValidationError) as refusal:
        listen(owner, now, url)
    assert list(refusal.value.message_dict) == ["url"]
    with pytest.raises(transport.NotNow):
        transport.deliver(url, body=b"{}", headers={})


@pytest.mark.parametrize(
    "url",
    ["https://diary.example/hook?a=1", "https://diary.example:8443", "https://1.1.1.1/", "https://[2606:4700::1]/"],
)
def test_an_address_out_in_the_world_is_fine(url: str) -> None:
    assert addresses.parts(url).secure


def named(monkeypatch: pytest.MonkeyPatch, *found: str) -> list[str]:
    """The name server answers with these addresses; gives the names that were asked."""
    asked: list[str] = []

    def answer(host: str, port: int, *_more: Any, **_named: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
                for one in found]  # fmt: skip

    monkeypatch.setattr(addresses.socket, "getaddrinfo", answer)
    return asked


@pytest.mark.promise("L3")
@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["::ffff:192.168.0.1"], ["fe80::1%eth0"],
        ["0.0.0.0"], ["1.1.1.1", "10.0.0.1"], ["64:ff9b::7f00:1"], ["100.100.100.200"], [],
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    named(monkeypatch, *found)
    connected: list[Any] = []
    monkeypatch.setattr(transport.socket, "create_connection", lambda *given: connected.append(given))
    with pytest.raises(transport.NotNow):
        transport.deliver("https://diary.example/hook", body=b"{}", headers={})
    assert connected == []


def test_the_address_that_was_checked_is_the_one_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that says one thing when it is checked and another a moment later is asked once."""
    asked = named(monkeypatch, "93.184.216.34")
    used: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        used.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(transport.socket, "create_connection", connect)
    with pytest.raises(transport.NotNow, match="could not be reached"):
        transport.deliver("https://diary.example/hook", body=b"{}", headers={})
    assert (asked, used) == (["diary.example"], [("93.184.216.34", 443)])


def test_the_setting_opens_the_own_network_and_never_the_machine_s_own_services(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_NEAR = True
    for url in ("https://10.0.0.5/", "http://127.0.0.1:8000/", "http://localhost/", "https://192.168.1.1/"):
        addresses.parts(url)
    for url in ("http://10.0.0.5/", "https://169.254.169.254/", "https://0.0.0.0/", "https://224.0.0.1/",
                "https://[fe80::1]/"):  # fmt: skip
        with pytest.raises(addresses.Unfit):
            addresses.parts(url)
    named(monkeypatch, "169.254.169.254")
    with pytest.raises(addresses.Unfit):
        addresses.resolve(addresses.parts("https://diary.example/"))


# Secrets


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    endpoint, old = told
    endpoint, new = endpoints.renew_secret(endpoint=endpoint, actor=owner, at=now)
    for later in (timedelta(), DAY):
        endpoints.send_test(endpoint=endpoint, actor=owner, at=now + later)
        send(later)
    first, second = program.got
    clock = now.timestamp()
    assert accepts(first, old, clock=clock) and accepts(first, new, clock=clock)
    assert not accepts(second, old, clock=clock + DAY.total_seconds())
    assert accepts(second, new, clock=clock + DAY.total_seconds())


def test_address_and_secrets_are_kept_encrypted_and_stand_in_no_job_and_on_no_trail(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    endpoint, secret = told
    endpoints.renew_secret(endpoint=endpoint, actor=owner, at=now)
    publish(owner, now)
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM connections_endpoint")
        raw = b" ".join(bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                        for one in cursor.fetchone())  # fmt: skip
    kept = str([*(one.data for one in Event.objects.all()), *(job.args for job in Job.objects.all())]).encode() + raw
    for one in (secret, secret.removeprefix("whsec_"), "127.0.0.1", "/hook"):
        assert one.encode() not in kept
    endpoints.remove_endpoint(endpoint=endpoint, actor=owner, at=now)
    gone = Endpoint.objects.get()
    assert (gone.url, gone.secret, gone.previous_secret) == ("", "", "")


def test_the_fictional_practice_sends_nothing(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    owner.practice.is_demo = True
    owner.practice.save()
    endpoints.send_test(endpoint=told[0], actor=owner, at=now)
    send()
    assert program.got == []
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == (State.CANCELLED, 0)


# Who may


def test_only_an_owner_of_this_practice(
    owner: Membership, stranger: Membership, now: datetime, told: tuple[Endpoint, str]
) -> None:
    endpoint, _secret = told
    made = endpoints.send_test(endpoint=endpoint, actor=owner, at=now)
    made = deliveries.cancel(delivery=made, at=now, sentence="Not sent.")
    sam = add_member(actor=owner, email="sam@a.example", name="Sam Okoro", role=Role.SUPERVISOR, at=now)
    for actor in (stranger, sam):
        refused: list[Callable[[], object]] = [
            partial(endpoints.send_test, endpoint=endpoint, actor=actor, at=now),
            partial(endpoints.renew_secret, endpoint=endpoint, actor=actor, at=now),
            partial(endpoints.switch, endpoint=endpoint, actor=actor, at=now, on=False),
            partial(endpoints.remove_endpoint, endpoint=endpoint, actor=actor, at=now),
            partial(deliveries.send_again, delivery=made, actor=actor, at=now),
        ]
        for action in refused:
            with pytest.raises(PermissionDenied):
                action()
    with pytest.raises(PermissionDenied):
        listen(sam, now, "https://diary.example/")


def test_there_is_an_end_to_connections(owner: Membership, now: datetime) -> None:
    for _one in range(rules.MOST_ENDPOINTS):
        listen(owner, now, "https://diary.example/")
    with pytest.raises(rules.NotNow, match="many connections"):
        listen(owner, now, "https://diary.example/")


@pytest.mark.parametrize("events", [["clients.client.added"], [TEST], ["proof.sealed", "x"]])
def test_what_is_not_on_the_list_cannot_be_asked_for(owner: Membership, now: datetime, events: list[str]) -> None:
    with pytest.raises(ValidationError, match="at least one"):
        listen(owner, now, "https://diary.example/", events)


def test_old_messages_are_let_go(
    owner: Membership, now: datetime, told: tuple[Endpoint, str], program: Program, send: Send
) -> None:
    publish(owner, now)
    send()
    endpoints.send_test(endpoint=told[0], actor=owner, at=now + deliveries.KEPT + HOUR)
    send(deliveries.KEPT + HOUR)
    assert [one.event_type for one in Delivery.objects.all()] == [TEST]


def test_every_state_and_verb_stands_in_the_table() -> None:
    named_states = {state for before, _verb in TRANSITIONS for state in (before,)} | set(TRANSITIONS.values())
    assert named_states == set(State)
    assert {verb for _before, verb in TRANSITIONS} == set(Verb)
