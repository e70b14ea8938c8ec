"""The read API: who may read, what is told, and that nothing else is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorframe.apps.clients import actions as clients
from doorframe.apps.connections import limits, reading, rules
from doorframe.apps.connections.actions import tokens
from doorframe.apps.connections.models import ApiToken
from doorframe.apps.jobs import runner
from doorframe.apps.members.actions import add_member, change_role
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures import queries as signatures
from doorframe.apps.signatures import tokens as links
from doorframe.apps.signatures.actions import answering, asking, campaigns, questions, visits
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Link, Paper
from doorframe.apps.signatures.states import State
from doorframe.apps.trail.models import Event
from tests.apps.connections.conftest import ask, key_of, publish

V1 = "/api/v1"
pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def headers(owner: Membership, now: datetime) -> dict[str, str]:
    return key_of(owner, now)


@pytest.fixture
def get(client: Client, headers: dict[str, str]) -> Callable[..., Any]:
    """Read as the other program; the answer's values."""

    def read(path: str, **query: str) -> Any:
        answer = client.get(V1 + path, query, headers=headers)
        assert answer.status_code == 200, answer.content
        assert answer["Cache-Control"] == "no-store"
        return json.loads(answer.content)

    return read


def refused(answer: Any, status: int) -> str:
    """The sentence of a refusal, in the form it must have."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = json.loads(answer.content)
    assert set(told) == {"type", "title", "status", "detail"} and told["status"] == status
    assert told["detail"].endswith(".") and "Traceback" not in told["detail"]
    return str(told["detail"])


@pytest.mark.promise("L6")
def test_it_tells_where_an_acknowledgement_stands(
    get: Callable[..., Any], asked: Acknowledgement, now: datetime
) -> None:
    listed = get("/acknowledgements")
    assert listed == {"items": [get(f"/acknowledgements/{asked.uid}")], "next": None}
    paper = Paper.objects.get()
    assert listed["items"] == [
        {
            "uid": str(asked.uid), "client": "A-1", "state": "open",
            "paper": {"number": 1, "text_sha256": paper.text_sha256}, "campaign": None,
            "opened_at": "2026-11-21T09:30:00Z", "changed_at": "2026-11-21T09:30:00Z", "closed_at": None,
            "keep_until": None, "proof": None,
        }
    ]  # fmt: skip
    assert get("/papers")["items"] == [get("/papers/1")]
    assert get("/papers/1")["text_sha256"] == paper.text_sha256


def signed(owner: Membership, item: Acknowledgement, at: datetime) -> None:
    """The client asks a question and signs, the therapist signs too, and the proof is sealed."""
    link = Link.objects.filter(signer__acknowledgement=item, purpose=Link.READ).latest("pk")
    visit, _secret = visits.open_link(token=links.link_token(link.uid), code="", at=at)
    signer = signatures.signers(item)[0]
    questions.ask_about(visit=visit, signer=signer, at=at, clause="email", title="E-mail", text="Do you read mine?")
    answering.note_seen(visit=visit, cards=9, whole=9, at=at)
    name = answering.Signature(name="Ana Lima", disclosure="The very words.")
    done = answering.sign(visit=visit, signer=signer, at=at, signature=name)
    answering.countersign(item=done, actor=owner, at=at)
    while runner.run_next(now=lambda: at):
        continue


@pytest.mark.promise("L6")
@pytest.mark.promise("C7")
def test_no_answer_holds_a_name_a_word_or_a_link_that_opens(
    get: Callable[..., Any], owner: Membership, asked: Acknowledgement, now: datetime
) -> None:
    signed(owner, asked, now)
    later = now + timedelta(days=3)
    publish(owner, later, material=True, response_time="within three working days")
    campaign = Campaign.objects.get()
    campaigns.fill(campaign=campaign, at=later)
    campaigns.start(campaign=campaign, actor=owner, at=later)
    while runner.run_next(now=lambda: later):
        continue
    everything = [get("/acknowledgements"), get("/papers"), get("/papers/2"), get(f"/campaigns/{campaign.uid}")]
    everything += [get(f"/acknowledgements/{asked.uid}")]
    assert everything[-1]["state"] == "complete" and everything[-1]["proof"]["sealed_at"]
    text = json.dumps(everything)
    secret = [links.link_token(link.uid) for link in Link.objects.all()] + [
        str(link.uid) for link in Link.objects.all()
    ]
    secret += [link.token_sha256 for link in Link.objects.all()]
    assert len(secret) >= 6
    named = [
        "Ana",
        "Lima",
        "Imani",
        "Cole",
        "Harbour",
        "post.example",
        "a.example",
        "Do you read",
        "very words",
        "http",
    ]
    for word in [*secret, *named, asked.reference]:
        assert word not in text, word


@pytest.mark.promise("L3")
def test_another_practice_s_ids_answer_like_ids_that_never_were(
    client: Client, stranger: Membership, asked: Acknowledgement, owner: Membership, now: datetime
) -> None:
    publish(owner, now + timedelta(days=1), material=True)
    theirs = key_of(stranger, now)
    campaign = Campaign.objects.get()
    said = set()
    for path in (
        f"/acknowledgements/{asked.uid}", f"/acknowledgements/{uuid.uuid4()}", "/acknowledgements/1",
        f"/campaigns/{campaign.uid}", f"/campaigns/{uuid.uuid4()}", "/papers/1", "/papers/99", "/papers/x",
        "/papers/-1", "/papers/1e9", "/nothing", "/acknowledgements/", "/papers/1/2",
    ):  # fmt: skip
        said.add(refused(client.get(V1 + path, headers=theirs), 404))
    assert len(said) == 1
    for path in ("/acknowledgements", "/papers"):
        assert json.loads(client.get(V1 + path, headers=theirs).content) == {"items": [], "next": None}
    # A cursor is a row's id: of another practice, it is none.
    refused(client.get(f"{V1}/acknowledgements", {"cursor": str(asked.uid)}, headers=theirs), 404)
    refused(client.get(f"{V1}/papers", {"cursor": str(Paper.objects.first().uid)}, headers=theirs), 404)  # type: ignore[union-attr]


@pytest.mark.promise("L2")
def test_without_a_key_that_opens_nothing_is_read(
    client: Client, owner: Membership, asked: Acknowledgement, now: datetime, at_now: Callable[[timedelta], None]
) -> None:
    row, secret = tokens.make_token(actor=owner, at=now, name="Diary", ends_at=now + timedelta(days=30))
    addresses = [f"{V1}/acknowledgements", f"{V1}/acknowledgements/{asked.uid}", f"{V1}/papers", f"{V1}/papers/1",
                 f"{V1}/campaigns/{asked.uid}"]  # fmt: skip
    wrong = ["", secret, f"Basic {secret}", "Bearer", f"Bearer {secret}x", f"Bearer {row.token_sha256}", "Bearer \x00",
             f"Bearer {secret[:-1]}", "Bearer doorframe_", "Bearer é"]  # fmt: skip
    for address in addresses:
        for shown in wrong:
            answer = client.get(address, headers={"authorization": shown})
            refused(answer, 401)
            assert answer["WWW-Authenticate"].startswith("Bearer")
    client.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    refused(client.get(addresses[0]), 401)
    good = {"authorization": f"bearer {secret}"}
    assert client.get(addresses[0], headers=good).status_code == 200
    at_now(timedelta(days=30))
    assert "has ended" in refused(client.get(addresses[0], headers=good), 401)
    at_now(timedelta())
    tokens.revoke_token(token=row, actor=owner, at=now)
    refused(client.get(addresses[0], headers=good), 401)


def test_a_key_opens_no_more_than_its_maker_may(
    client: Client, owner: Membership, asked: Acknowledgement, now: datetime
) -> None:
    other = add_member(actor=owner, email="sam@a.example", name="Sam Okoro", role=Role.OWNER, at=now)
    theirs = key_of(other, now)
    assert client.get(f"{V1}/papers", headers=theirs).status_code == 200
    change_role(actor=owner, member=other, role=Role.CLINICIAN, at=now)
    assert "may no longer" in refused(client.get(f"{V1}/papers", headers=theirs), 403)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_nothing_can_be_written(client: Client, headers: dict[str, str], method: str) -> None:
    for path in ("/acknowledgements", "/papers/1", "/openapi.json", "/nothing"):
        answer = getattr(client, method)(V1 + path, headers=headers)
        refused(answer, 405)
        assert answer["Allow"] == "GET, HEAD"


def test_too_many_requests_are_slowed_each_key_by_itself(
    client: Client, owner: Membership, headers: dict[str, str], now: datetime, monkeypatch: pytest.MonkeyPatch,
    at_now: Callable[[timedelta], None],
) -> None:  # fmt: skip
    monkeypatch.setattr(limits, "MOST", 5)
    codes = [client.get(f"{V1}/papers", headers=headers).status_code for _try in range(6)]
    assert codes == [200] * 5 + [429]
    answer = client.get(f"{V1}/papers", headers=headers)
    assert "Try again in" in refused(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= limits.SECONDS
    assert client.get(f"{V1}/papers", headers=key_of(owner, now)).status_code == 200
    at_now(timedelta(seconds=int(answer["Retry-After"])))
    assert client.get(f"{V1}/papers", headers=headers).status_code == 200


def test_filters(get: Callable[..., Any], owner: Membership, asked: Acknowledgement, now: datetime) -> None:
    second = ask(owner, now + timedelta(hours=1), "A-2")
    signed(owner, asked, now + timedelta(hours=2))

    def found(**query: str) -> list[str]:
        return [item["client"] for item in get("/acknowledgements", **query)["items"]]

    assert found() == ["A-1", "A-2"]
    assert found(state="complete") == ["A-1"] and found(state="open") == ["A-2"]
    assert found(client="A-2") == ["A-2"] and found(client="a") == []
    assert found(changed_since="2026-11-21T10:30:00Z") == ["A-1", "A-2"]
    assert found(changed_since="2026-11-21T10:30:01Z") == ["A-1"]
    assert (
        found(changed_since="2026-11-21T12:29:59+01:00") == ["A-1"] == found(changed_since="2026-11-21T12:29:59 01:00")
    )
    assert found(changed_since="2026-11-21T11:30:01Z") == []
    assert found(cursor=str(asked.uid)) == ["A-2"] and found(cursor=str(second.uid)) == []
    assert get(f"/acknowledgements/{asked.uid}")["changed_at"] == "2026-11-21T11:30:00Z"


@pytest.mark.parametrize(
    "query",
    [
        {"state": "lost"}, {"state": ""}, {"client": ""}, {"client": "x" * 21}, {"client": "a\x00b"},
        {"changed_since": "yesterday"}, {"changed_since": "2026-11-21T09:30:00"}, {"changed_since": "2026-11-21"},
        {"changed_since": "2026-02-30T09:30:00Z"}, {"changed_since": "0001-01-01T00:00:00+14:00"}, {"cursor": "1"},
        {"name": "Ana"}, {"state": ["open", "talk"]}, {"cursor": "' OR 1=1"},
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(
    client: Client, headers: dict[str, str], query: dict[str, Any]
) -> None:
    refused(client.get(f"{V1}/acknowledgements", query, headers=headers), 400)


def many(owner: Membership, at: datetime, count: int) -> None:
    """So many clients, each asked."""
    paper = signatures.current_paper(owner.practice)
    for number in range(count):
        row = clients.add_client(actor=owner, at=at, values={"code": f"M-{number:03}"})
        asking.ask(client=row, paper=paper, actor=owner, at=at)


@pytest.mark.promise("L6")
def test_pages_miss_nobody_and_cost_the_same_however_many_rows(
    get: Callable[..., Any], owner: Membership, asked: Acknowledgement, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost(**query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            get("/acknowledgements", **query)
        return len(queries)

    get("/acknowledgements")
    few = cost()
    many(owner, now, reading.PAGE + 5)
    page = get("/acknowledgements")
    assert len(page["items"]) == reading.PAGE
    assert cost() == few
    rest = get("/acknowledgements", cursor=page["next"])
    assert rest["next"] is None
    codes = [item["client"] for item in page["items"] + rest["items"]]
    assert len(codes) == len(set(codes)) == reading.PAGE + 6
    since = "2026-11-01T00:00:00Z"
    assert cost(changed_since=since, state="open") == few


def test_a_key_is_kept_as_a_hash_and_its_use_is_noted_once_a_day(
    client: Client, owner: Membership, now: datetime, at_now: Callable[[timedelta], None]
) -> None:
    row, secret = tokens.make_token(actor=owner, at=now, name="Diary", ends_at=now + timedelta(days=30))
    good = {"authorization": f"Bearer {secret}"}
    for _twice in range(2):
        client.get(f"{V1}/papers", headers=good)
    at_now(timedelta(days=1))
    client.get(f"{V1}/papers", headers=good)
    assert Event.objects.filter(name="connections.token.used").count() == 2
    assert ApiToken.objects.get(pk=row.pk).last_used_on == (now + timedelta(days=1)).date()
    kept = json.dumps([str(one.__dict__) for one in ApiToken.objects.all()] + [one.data for one in Event.objects.all()])
    assert secret not in kept and secret.removeprefix("doorframe_") not in kept


def test_only_an_owner_makes_a_key_and_only_of_their_own_practice(
    owner: Membership, stranger: Membership, now: datetime
) -> None:
    sam = add_member(actor=owner, email="sam@a.example", name="Sam Okoro", role=Role.SUPERVISOR, at=now)
    row, _secret = tokens.make_token(actor=owner, at=now, name="Diary", ends_at=now + timedelta(days=30))
    with pytest.raises(Exception, match="Your role does not let you"):
        tokens.make_token(actor=sam, at=now, name="Mine", ends_at=now + timedelta(days=30))
    with pytest.raises(Exception, match="another practice"):
        tokens.revoke_token(token=row, actor=stranger, at=now)
    for wrong in (timedelta(), timedelta(days=-1), timedelta(days=400)):
        with pytest.raises(ValueError, match="at most a year"):
            tokens.make_token(actor=owner, at=now, name="Long", ends_at=now + wrong)
    for number in range(rules.MOST_TOKENS - 1):
        tokens.make_token(actor=owner, at=now, name=f"{number}", ends_at=now + timedelta(days=30))
    with pytest.raises(rules.NotNow, match="many keys"):
        tokens.make_token(actor=owner, at=now, name="One more", ends_at=now + timedelta(days=30))


def test_every_state_can_be_asked_for(get: Callable[..., Any], asked: Acknowledgement) -> None:
    assert {state: len(get("/acknowledgements", state=state)["items"]) for state in State.values} == {
        **dict.fromkeys(State.values, 0), "open": 1,
    }  # fmt: skip
