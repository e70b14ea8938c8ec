"""The reader's pages, without JavaScript, from the door to the copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from doorframe.apps.clients import actions as clients
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries, tokens
from doorframe.apps.signatures.actions import asking
from doorframe.apps.signatures.models import Acknowledgement, Link, Question, Signer, Visit
from tests.apps.signatures.conftest import ANA, publish


@pytest.mark.promise("C1")
def test_the_whole_way_by_link(reader: Browser, her: Signer) -> None:
    page = reader.get("/read/", follow=True).content.decode()
    assert "Social media policy" in page and "1 of " in page and "988" in page
    number, answer = 1, reader.post("/read/1/")
    while answer["Location"] != "/read/answer/":
        number += 1
        assert answer["Location"] == f"/read/{number}/"
        assert reader.get(answer["Location"]).status_code == 200
        answer = reader.post(answer["Location"])
    her.refresh_from_db()
    assert her.read_at is not None and her.opened_at is not None
    assert reader.post("/read/answer/", {"choice": "agree"})["Location"] == "/read/before-signing/"
    told = reader.get("/read/before-signing/").content.decode()
    assert "paper" in told
    assert reader.post("/read/before-signing/", {"way": "screen"})["Location"] == "/read/sign/"
    assert reader.get("/read/sign/").status_code == 200
    assert reader.post("/read/sign/", {"name": "Ana Lima"})["Location"] == "/read/done/"
    assert "Thank you" in reader.get("/read/done/").content.decode()
    her.refresh_from_db()
    assert her.signed_name == "Ana Lima" and her.method == "typed"
    assert reader.post("/read/copy-way/", {"copy": "email"})["Location"] == "/read/leave/"
    assert reader.post("/read/leave/")["Location"] == "/read/ended/"
    assert reader.get("/read/1/").status_code in {302, 410}


@pytest.mark.promise("C3")
def test_the_disclosure_that_was_shown_is_kept_word_by_word(reader: Browser, her: Signer) -> None:
    reader.post("/read/sign/", {"name": "Ana Lima"})
    her.refresh_from_db()
    assert her.disclosure.startswith("Reading and signing on a screen")
    assert len(her.disclosure_sha256) == 64


@pytest.mark.promise("C1")
def test_a_question_is_kept_and_its_answer_stands_beside_the_clause(
    reader: Browser, her: Signer, owner: Membership, now: datetime
) -> None:
    from doorframe.apps.signatures.actions import questions

    assert reader.post("/read/ask/friending/", {"text": "  "}).status_code == 422
    assert (
        "Thank you for asking" in reader.post("/read/ask/friending/", {"text": "And <b>LinkedIn</b>?"}).content.decode()
    )
    question = Question.objects.get()
    assert queries.open_questions(owner) == [question]
    questions.answer_question(question=question, actor=owner, at=now, answer="That is the same.")
    assert queries.open_questions(owner) == []
    page = reader.get("/read/whole/").content.decode()
    assert "And &lt;b&gt;LinkedIn&lt;/b&gt;?" in page and "That is the same." in page


@pytest.mark.promise("C6")
def test_a_link_opens_once(her: Signer, door_of: Callable[..., str]) -> None:
    door = door_of(her, timezone.now())
    assert Browser().get(door).status_code == 200 and Browser().get(door).status_code == 200
    assert Browser().post(door).status_code == 302
    second = Browser().post(door)
    assert second.status_code == 410 and "opened already" in second.content.decode()


@pytest.mark.promise("C6")
def test_a_link_comes_to_its_end(her: Signer, door_of: Callable[..., str]) -> None:
    door = door_of(her, timezone.now() - timedelta(days=15))
    answer = Browser().post(door)
    assert answer.status_code == 410 and "Send me a new link" in answer.content.decode()
    assert Browser().post(door + "again/").status_code == 200
    assert Link.objects.count() == 2


@pytest.mark.promise("C6")
def test_a_code_that_is_guessed_closes_the_link(her: Signer, door_of: Callable[..., str]) -> None:
    door = door_of(her, timezone.now(), code="123456")
    browser = Browser()
    assert browser.post(door).status_code == 422
    for _try in range(5):
        browser.post(door, {"code": "000000"})
    assert browser.post(door, {"code": "123456"}).status_code == 410
    assert not Visit.objects.exists()


def test_the_right_code_opens(her: Signer, door_of: Callable[..., str]) -> None:
    assert Browser().post(door_of(her, timezone.now(), code="123456"), {"code": "123 456"}).status_code == 302


@pytest.mark.parametrize("token", ["x", "é", "A" * 500, "..", "%00"])
def test_a_guessed_address_leads_nowhere(db: Any, token: str) -> None:
    answer = Browser().get(f"/c/{token}/")
    assert answer.status_code in {400, 404, 410}


@pytest.mark.parametrize("path", ["/read/", "/read/1/", "/read/sign/", "/read/copy.pdf", "/read/ask/friending/"])
def test_without_a_sitting_nothing_is_shown(asked: Acknowledgement, path: str) -> None:
    answer = Browser().get(path, follow=True)
    assert "Harbour Lane" not in answer.content.decode()


@pytest.mark.promise("C4")
@pytest.mark.parametrize(
    ("choice", "state"), [("decline", "declined"), ("paper", "paper"), ("agree-after-talk", "talk")]
)
def test_the_other_answers(reader: Browser, asked: Acknowledgement, choice: str, state: str) -> None:
    assert reader.post("/read/answer/", {"choice": choice, "reason": "Not now"})["Location"] == "/read/done/"
    assert reader.get("/read/done/").status_code == 200
    asked.refresh_from_db()
    assert asked.state == state


@pytest.mark.promise("C3")
def test_who_takes_the_electronic_way_back_gets_paper(reader: Browser, her: Signer, asked: Acknowledgement) -> None:
    assert reader.post("/read/paper/").status_code == 200
    asked.refresh_from_db()
    assert asked.state == "paper"
    her.refresh_from_db()
    assert her.person is not None and her.person.electronic is False


@pytest.mark.promise("C2")
def test_a_drawn_name_is_kept_as_strokes(reader: Browser, her: Signer) -> None:
    reader.post("/read/sign/", {"name": "Ana Lima", "strokes": "[[[10,10],[2000,-5]],[[7,7]]]"})
    her.refresh_from_db()
    assert her.method == "drawn" and her.drawing == [[[10, 10], [1000, 0]], [[7, 7]]]


@pytest.mark.parametrize("strokes", ["{", "[[1]]", '[["a","b"]]', "[" * 5000, "[[[null,1]]]", "7"])
def test_a_drawing_of_another_shape_is_refused_with_a_sentence(reader: Browser, her: Signer, strokes: str) -> None:
    answer = reader.post("/read/sign/", {"name": "Ana Lima", "strokes": strokes})
    assert answer.status_code == 422 and "Nothing was signed" in answer.content.decode()


def test_pages_are_kept_by_no_cache(reader: Browser) -> None:
    assert reader.get("/read/1/")["Cache-Control"] == "no-store"


def test_the_paper_can_be_saved(reader: Browser) -> None:
    assert reader.get("/read/document.pdf").content.startswith(b"%PDF")


@pytest.mark.promise("C4")
def test_a_policy_that_asks_for_no_signature_is_agreed_to_without_a_name(owner: Membership, now: datetime) -> None:
    publish(owner, now, acknowledgement="talk-and-record")
    client = clients.add_client(actor=owner, at=now, values={}, people=[ANA])
    item = asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=timezone.now())
    signer = queries.signers(item)[0]
    link = asking.send_link(signer=signer, actor=owner, at=timezone.now())
    browser = Browser()
    browser.post(f"/c/{tokens.link_token(link.uid)}/")
    assert "nothing to sign" in browser.get("/read/answer/").content.decode()
    assert browser.post("/read/answer/", {"choice": "agree"})["Location"] == "/read/done/"
    signer.refresh_from_db()
    assert (signer.method, signer.signed_name) == ("confirmed", "")
