"""Reminders through months of a clock that the tests hold, and who is asked again after any history."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.mail.models import Letter
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries, rules
from doorframe.apps.signatures.actions import answering, asking, campaigns, papers, preferences
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Paper, Signer
from doorframe.apps.signatures.queries import campaigns as boards
from doorframe.apps.signatures.states import SETTLED_STATES, State
from doorframe.apps.trail.models import Event
from doorframe.engines.assembly.document import Document
from tests.apps.signatures.clock import Clock
from tests.apps.signatures.conftest import publish, work

DAY = timedelta(days=1)
REMINDED = "signatures.reminder.sent"


@pytest.fixture
def clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(now, monkeypatch)


@pytest.fixture
def sent(owner: Membership, her: Signer, now: datetime) -> Signer:
    """Her link went out on a Saturday morning."""
    asking.send_link(signer=her, actor=owner, at=now)
    return her


def reminders(practice: Any) -> list[datetime]:
    """When each went out, on the practice's clock."""
    zone = ZoneInfo(practice.time_zone)
    rows = Event.objects.filter(name=REMINDED).order_by("seq").values_list("at", flat=True)
    return [at.astimezone(zone) for at in rows]


@pytest.mark.promise("D2")
def test_three_reminders_back_off_and_then_there_is_silence(
    owner: Membership, sent: Signer, clock: Clock, now: datetime
) -> None:
    clock.work_until(now + 200 * DAY)
    days = [(at - now).days for at in reminders(owner.practice)]
    assert len(days) == 3
    # The third and the tenth day after a Saturday; the fourteenth is a Saturday again, so Monday.
    assert days[0] == 3 and 7 <= days[1] <= 9 and 14 <= days[2] <= 16
    assert all(at.weekday() < 5 and 8 <= at.hour < 20 for at in reminders(owner.practice))
    assert Letter.objects.filter(kind="signatures.reminder").count() == 3


@pytest.mark.promise("D2")
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Europe/London"])
def test_no_reminder_goes_out_at_night_or_on_a_weekend_however_late_the_worker_is(
    owner: Membership, ana: Client, clock: Clock, now: datetime, zone: str
) -> None:
    practice = owner.practice
    practice.time_zone = zone
    practice.save()
    chance = random.Random(zone)
    item = asking.ask(client=ana, paper=queries.current_paper(practice), actor=owner, at=now)
    asking.send_link(signer=queries.signers(item)[0], actor=owner, at=now)
    at = now
    while at < now + 90 * DAY:
        at += timedelta(hours=chance.choice([1, 5, 11, 30]))
        clock.work_at(at)
    found = reminders(practice)
    assert len(found) == 3
    assert all(one.weekday() < 5 and 8 <= one.hour < 20 for one in found), found
    assert all(later - earlier >= DAY for earlier, later in itertools.pairwise(found))


@pytest.mark.promise("D2")
def test_a_paused_client_gets_none_and_then_the_rest(
    owner: Membership, ana: Client, sent: Signer, clock: Clock, now: datetime
) -> None:
    clients.pause_reminders(client=ana, actor=owner, at=now, paused=True)
    clock.work_until(now + 30 * DAY)
    assert reminders(owner.practice) == []
    assert Event.objects.filter(name="signatures.reminder.held").count() == 1
    clients.pause_reminders(client=ana, actor=owner, at=clock.at, paused=False)
    clock.work_until(now + 90 * DAY)
    assert len(reminders(owner.practice)) == 3


@pytest.mark.promise("D2")
@pytest.mark.parametrize("why", ["former", "erased", "signed", "declined", "paper", "newer", "ended", "no address"])
def test_reminders_stop_for_good(
    owner: Membership, ana: Client, sent: Signer, clock: Clock, now: datetime, why: str
) -> None:
    clock.work_until(now + 4 * DAY)
    assert len(reminders(owner.practice)) == 1
    at = clock.at
    match why:
        case "former":
            clients.change_client(client=ana, actor=owner, at=at, values={"status": Status.FORMER})
        case "erased":
            clients.erase_contact(client=ana, actor=owner, at=at)
        case "signed" | "declined":
            answering.record_elsewhere(
                signer=sent, actor=owner, at=at, method="paper", on=at.date(), agreed=why == "signed"  # type: ignore[arg-type]
            )  # fmt: skip
        case "paper":
            person = ana.people.get()
            person.electronic = False
            person.save()
        case "newer":
            publish(owner, at, material=True, response_time="within nine working days")
        case "ended":
            papers.end_paper(practice=owner.practice, actor=owner, at=at, key="policy")
        case "no address":
            clients.change_person(person=ana.people.get(), actor=owner, at=at, values={"email": ""})
    clock.work_until(now + 100 * DAY)
    assert len(reminders(owner.practice)) == 1
    assert not Signer.objects.filter(acknowledgement__paper__number=1, next_reminder_at__isnull=False).exists()


@pytest.mark.promise("D2")
def test_the_days_are_those_that_the_practice_set(owner: Membership, ana: Client, clock: Clock, now: datetime) -> None:
    preferences.change(actor=owner, at=now, values={"reminder_days": [10, 40]})
    item = asking.ask(client=ana, paper=queries.current_paper(owner.practice), actor=owner, at=now)
    asking.send_link(signer=queries.signers(item)[0], actor=owner, at=now)
    clock.work_until(now + 90 * DAY)
    days = [(at - now).days for at in reminders(owner.practice)]
    assert len(days) == 2 and 10 <= days[0] <= 12 and 40 <= days[1] <= 42


@pytest.mark.promise("D2")
def test_a_link_that_is_sent_again_puts_the_reminder_off_and_loses_none(
    owner: Membership, sent: Signer, clock: Clock, now: datetime
) -> None:
    clock.work_until(now + 2 * DAY)
    asking.send_link(signer=sent, actor=owner, at=clock.at)
    again = clock.at
    clock.work_until(now + 60 * DAY)
    found = reminders(owner.practice)
    assert len(found) == 3 and found[0] - again >= 3 * DAY


@pytest.mark.promise("D2")
def test_a_job_that_is_done_twice_reminds_once(owner: Membership, sent: Signer, clock: Clock, now: datetime) -> None:
    clock.work_until(now + 3 * DAY + timedelta(hours=1))
    for _again in range(3):
        assert not campaigns.remind(signer=sent, at=clock.at)
    assert len(reminders(owner.practice)) == 1


@pytest.mark.promise("D1")
def test_what_came_before_cannot_be_signed(owner: Membership, her: Signer, now: datetime) -> None:
    publish(owner, now + DAY, material=True, response_time="within nine working days")
    with pytest.raises(rules.NotNow, match="newer version"):
        asking.send_link(signer=her, actor=owner, at=now + DAY)
    with pytest.raises(rules.NotNow, match="newer version"):
        answering.record_elsewhere(signer=her, actor=owner, at=now + DAY, method="paper", on=now.date())  # type: ignore[arg-type]


# A worker that dies, and two at once


class Died(Exception):
    """What a killed worker leaves behind is what its transaction left: nothing."""


@pytest.mark.promise("D1")
@pytest.mark.parametrize("dies_at", range(1, 8))
def test_a_worker_that_dies_leaves_no_client_out_and_none_twice(
    owner: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    publish(owner, now)
    for number in range(7):
        person = {"name": "Ana", "email": f"a{number}@post.example"}
        client = clients.add_client(actor=owner, at=now, values={}, people=[person])
        asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=now)
    publish(owner, now + DAY, material=True, response_time="within nine working days")
    campaign = Campaign.objects.get()
    monkeypatch.setattr(campaigns, "BATCH", 3)
    for action, name in ((campaigns.fill, "ask"), (campaigns.send_next, "send_link")):
        campaigns.start(campaign=campaign, actor=owner, at=now + DAY)
        for _call in _until_dead(monkeypatch, name, dies_at):
            with pytest.raises(Died):
                while action(campaign=campaign, at=now + DAY):
                    pass
        while action(campaign=campaign, at=now + DAY):
            pass
    assert campaign.acknowledgements.count() == 7
    work(now + DAY)
    assert Letter.objects.filter(kind="signatures.new-version").count() == 7
    assert queries.board(campaign).sent == 7


def _until_dead(patch: pytest.MonkeyPatch, name: str, dies_at: int) -> Iterator[None]:
    """For as long as this lasts, the nth call of the step ends the worker."""
    whole, calls = getattr(asking, name), iter(range(1, 1000))

    def dying(**known: Any) -> Any:
        done = whole(**known)
        if next(calls) == dies_at:
            raise Died
        return done

    patch.setattr(asking, name, dying)
    yield
    patch.setattr(asking, name, whole)


# Exactly the right clients, against a model that anyone can read

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.booleans()),
        st.tuples(st.just("add"), st.none()),
        st.tuples(st.sampled_from(["ask", "former", "current", "erase"]), st.integers(0, 5)),
        st.tuples(st.just("answer"), st.tuples(st.integers(0, 5), st.sampled_from(State.values))),
    ),
    max_size=30,
)


KEYS = itertools.count()
"""Each history is about a paper of its own."""


class Model:
    """The rule in the plainest words: who was ever asked, is still here, and is not settled since the last material
    change."""

    def __init__(self) -> None:
        self.key = f"p{next(KEYS)}"
        self.papers: list[int] = []
        self.said: dict[int, dict[int, str]] = {}
        self.gone: set[int] = set()
        self.erased: set[int] = set()

    def to_ask(self) -> set[int]:
        return {
            client
            for client, said in self.said.items()
            if said
            and client not in self.gone | self.erased
            and not any(
                state in SETTLED_STATES and self.papers[paper] == self.papers[-1] for paper, state in said.items()
            )
        }


@pytest.mark.promise("D1")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_the_list_is_exactly_the_set_on_older_versions(owner: Membership, now: datetime, steps: list[Any]) -> None:
    model, made = Model(), []
    for what, value in [("publish", True), ("add", None), *steps]:
        _step(owner, now, model, made, what, value)
        paper = _in_force(model)
        assert {client.pk for client in queries.to_ask(paper)} == model.to_ask()


def _step(owner: Membership, at: datetime, model: Model, made: list[Client], what: str, value: Any) -> None:
    if what == "publish":
        model.papers.append(len(model.papers) if value or not model.papers else model.papers[-1])
        papers.issue_paper(
            practice=owner.practice, actor=owner, at=at, key=model.key, number=len(model.papers),
            source=owner.practice.uid, document=_empty(), answers={}, pack="", pack_sha256="",
            in_force_from=at.date(), material=value,
        )  # fmt: skip
        expected = boards.reach(owner.practice, model.key)
        assert expected.editorial == len(model.to_ask()) <= expected.material
        return
    if what == "add":
        made.append(clients.add_client(actor=owner, at=at, values={}))
        model.said[made[-1].pk] = {}
        return
    place, state = value if what == "answer" else (value, "")
    client = made[place % len(made)]
    here = client.pk not in model.erased
    if what == "ask" and here and client.pk not in model.gone:
        asking.ask(client=client, paper=_in_force(model), actor=owner, at=at)
        _asked(model, client)
    elif what in {"former", "current"} and here:
        clients.change_client(client=client, actor=owner, at=at, values={"status": what})
        (model.gone.add if what == "former" else model.gone.discard)(client.pk)
    elif what == "erase" and here:
        clients.erase_contact(client=client, actor=owner, at=at)
        model.erased.add(client.pk)
    elif what == "answer" and model.said[client.pk]:
        last = max(model.said[client.pk])
        Acknowledgement.objects.filter(client=client, paper__key=model.key, paper__number=last + 1).update(state=state)
        model.said[client.pk][last] = state


def _asked(model: Model, client: Client) -> None:
    said, now_at = model.said[client.pk], len(model.papers) - 1
    if now_at in said:
        return
    for paper, state in said.items():
        if state in {State.OPEN, State.TALK, State.PAPER}:
            said[paper] = State.SUPERSEDED
    said[now_at] = State.OPEN


def _in_force(model: Model) -> Paper:
    return Paper.objects.get(key=model.key, ended_at=None)


def _empty() -> Document:
    return Document(
        kind="policy", title="Policy", subtitle="", language="en-GB", author="", dated="2026-11-21", version="",
        draft=False, footer="", pack="", paper="", lede=(), sections=(),
    )  # fmt: skip
