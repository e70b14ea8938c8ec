"""A draft sent by another program: the same answer as on the page, nothing kept, and no word of it in a refusal."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from doorframe.apps.connections import asking, openapi, rules
from doorframe.apps.connections.actions import tokens
from doorframe.apps.connections.models import ApiToken
from doorframe.apps.members.models import Membership
from doorframe.apps.posts import screening
from doorframe.apps.posts.models import Post
from doorframe.apps.trail.models import Event
from doorframe.web.logs import QuietFormatter
from tests.apps.connections.conftest import key_of
from tests.apps.posts import fake
from tests.apps.posts.fake import STORY, Fake

PLACE = "/api/v1/screen"
pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture(autouse=True)
def screener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    yield fake.use(monkeypatch)


@pytest.fixture
def headers(owner: Membership, now: datetime) -> dict[str, str]:
    return key_of(owner, now)


def send(headers: dict[str, str], values: object) -> Any:
    body = values if isinstance(values, bytes) else json.dumps(values)
    return Client().post(PLACE, body, content_type="application/json", headers=headers)


@pytest.mark.promise("F10")
def test_the_same_words_get_the_same_outcome_on_the_page_and_by_key(
    owner: Membership, headers: dict[str, str], client: Client
) -> None:
    client.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    for text, outcome in ((STORY, "do-not-post"), (fake.LOOK, "ask"), (fake.PLAIN, "nothing-found")):
        told = send(headers, {"text": text, "kind": "caption", "platform": "instagram"})
        assert told.status_code == 200 and told["Cache-Control"] == "no-store"
        page = client.post("/posts/new/", {"text": text, "kind": "caption", "platform": "instagram", "do": "keep"})
        assert page.status_code == 302
        post = Post.objects.latest("pk")
        assert told.json()["outcome"] == post.outcome == outcome
        assert told.json()["sha256"] == post.sha256
        assert len(told.json()["findings"]) == len(post.verdict["findings"])
        assert told.json()["checked_with"] == post.release == screening.release()
        shown = BeautifulSoup(client.get(f"/posts/{post.uid}/").content.decode(), "html.parser")
        assert len(shown.select(".notes > li")) == len(told.json()["findings"])


@pytest.mark.promise("L6")
def test_the_answer_is_as_described(headers: dict[str, str]) -> None:
    document = openapi.document()
    schema = {**document["components"]["schemas"]["Verdict"], "components": document["components"]}
    for text in (STORY, fake.PLAIN):
        jsonschema.Draft202012Validator(schema).validate(send(headers, {"text": text}).json())


def test_nothing_is_kept(headers: dict[str, str]) -> None:
    before = Event.objects.count()
    assert send(headers, {"text": STORY}).status_code == 200
    assert not Post.objects.exists()
    events = list(Event.objects.order_by("pk"))
    assert len(events) == before + 1 and events[-1].name == "connections.token.used"
    assert "Lisbon" not in str([event.data for event in events])


def test_place_profession_and_own_names_are_taken(owner: Membership, headers: dict[str, str], screener: Fake) -> None:
    sent = {"text": STORY, "country": "CA", "region": "ON", "profession": "psychologist", "own": [fake.GRAVE]}
    told = send(headers, sent).json()
    draft, profile, _authorisation = screener.calls[-1]
    assert (draft.country, draft.region, draft.profession, draft.kind) == ("CA", "ON", "psychologist", "post")
    assert profile is not None and set(profile.own) == {"Harbour Lane", "Dr Imani Cole", fake.GRAVE}
    assert told["outcome"] == "ask", "what is the practice's own tells of nobody"


UNCLEAR: list[object] = [
    b"", b"[", b"[" * 50_000, b"\xff", b"[]", b"null", b"1", b'"text"', {}, {"text": ""}, {"text": 1}, {"text": None},
    {"text": "w" * 20_001}, {"text": "x", "kind": "poem"}, {"text": "x", "kind": None}, {"text": "x", "kind": ["post"]},
    {"text": "x", "country": "us"}, {"text": "x", "region": "Texas"}, {"text": "x", "region": "TX\n"},
    {"text": "x", "platform": "A B"}, {"text": "x", "own": "Jo"}, {"text": "x", "own": [1]}, {"text": "x", "own": [""]},
    {"text": "x", "own": ["a"] * 301}, {"text": "x", "more": 1}, {"text": "x", "profession": 3},
]  # fmt: skip


@pytest.mark.parametrize("values", UNCLEAR, ids=lambda values: str(values)[:40])
def test_what_makes_no_sense_is_refused_in_a_sentence(headers: dict[str, str], values: object) -> None:
    answer = send(headers, values)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"].endswith(".")


def test_a_body_that_is_too_large_is_refused(headers: dict[str, str]) -> None:
    answer = send(headers, b'{"text": "' + b"w" * asking.LARGEST + b'"}')
    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["\u0000", "\ud800", "\U0001f600" * 50, "\u202e", "a\r\nb"])
def test_any_words_are_answered(headers: dict[str, str], text: str) -> None:
    assert send(headers, {"text": text}).json()["outcome"] == "nothing-found"


def test_words_are_sent_and_never_asked_for(headers: dict[str, str]) -> None:
    for method in ("get", "put", "patch", "delete", "head"):
        answer = getattr(Client(), method)(PLACE, headers=headers)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.promise("L6")
@pytest.mark.parametrize(("scopes", "reads", "screens"), [(["read"], 200, 403), (["screen"], 403, 200)])
def test_a_key_opens_what_it_was_made_for(
    owner: Membership, now: datetime, scopes: list[str], reads: int, screens: int
) -> None:
    _row, secret = tokens.make_token(
        actor=owner, at=now, name="Planner", ends_at=now + timedelta(days=9), scopes=scopes
    )
    headers = {"authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/papers", headers=headers).status_code == reads
    answer = send(headers, {"text": STORY})
    assert answer.status_code == screens
    assert screens == 200 or "made for something else" in answer.json()["detail"]


def test_no_key_no_answer(now: datetime, owner: Membership) -> None:
    assert send({}, {"text": STORY}).status_code == 401


@pytest.mark.parametrize("scopes", [[], ["write"], ["read", "all"]])
def test_no_key_is_made_for_what_nobody_knows(owner: Membership, now: datetime, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="known"):
        tokens.make_token(actor=owner, at=now, name="X", ends_at=now + timedelta(days=9), scopes=scopes)


@pytest.mark.parametrize(
    ("use", "scopes"), [("", ["read"]), ("read", ["read"]), ("screen", ["screen"]), ("read screen", ["read", "screen"])]
)
def test_the_form_makes_a_key_for_what_was_chosen(
    owner: Membership, client: Client, use: str, scopes: list[str]
) -> None:
    client.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    from doorframe.apps.connections.forms import TokenForm

    form = TokenForm({"name": "Planner", "days": "30", "use": use})  # type: ignore[arg-type]
    assert form.is_valid() and form.scopes == scopes


def test_an_old_key_reads_and_no_more(owner: Membership, now: datetime) -> None:
    row = ApiToken(practice=owner.practice, name="Old", made_by=owner, made_at=now, ends_at=now)
    assert row.scopes == ["read"]
    assert rules.check_scope(row, rules.Scope.READ) is None
    with pytest.raises(rules.PermissionDenied):
        rules.check_scope(row, rules.Scope.SCREEN)


def test_without_the_room_there_is_nothing_here(headers: dict[str, str], settings: Any) -> None:
    settings.DOORFRAME_SCREENING = ""
    assert send(headers, {"text": STORY}).status_code == 404


@pytest.mark.promise("C10")
def test_no_word_reaches_a_log_or_a_refusal(
    headers: dict[str, str], screener: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter())
    logging.getLogger().addHandler(handler)

    def fail(draft: Any, **_given: Any) -> None:
        raise ValueError(draft.text)

    try:
        answers = [send(headers, {"text": STORY, "kind": STORY}), send(headers, STORY.encode())]
        monkeypatch.setattr(screener, "screen", fail)
        browser = Client(raise_request_exception=False)
        body = json.dumps({"text": STORY})
        answers.append(browser.post(PLACE, body, content_type="application/json", headers=headers))
    finally:
        logging.getLogger().removeHandler(handler)
    assert [one.status_code for one in answers] == [400, 400, 500]
    assert "ValueError raised at" in stream.getvalue()
    for said in (stream.getvalue(), *(one.content.decode() for one in answers)):
        assert "Lisbon" not in said and "Saturday" not in said
