"""Questions until they are settled, wishes for the next version, many countersigned at once, talks that are due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.mail.models import Letter
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures import queries, tokens
from doorframe.apps.signatures.actions import answering, asking, questions, visits
from doorframe.apps.signatures.models import Acknowledgement, Link, Prompt, Question, Signer
from doorframe.apps.signatures.states import State
from doorframe.apps.trail.models import Event
from tests.apps.signatures.conftest import work
from tests.apps.signatures.test_desk import NASTY, browse, colleague, sign, sit, text

__all__ = ["colleague"]

INBOX = "/acknowledgements/questions/"


def ask_about(signer: Signer, owner: Membership, at: datetime, words: str, clause: str = "email") -> Question:
    visit = sit(signer, owner, at)
    return questions.ask_about(visit=visit, signer=signer, at=at, clause=clause, title="E-mail", text=words)


@pytest.fixture
def clause(asked: Acknowledgement) -> Any:
    """A clause of the paper about which one can ask."""
    from doorframe.apps.signatures import reading

    return next(card for page in reading.reading(asked.paper).pages for card in page.cards if card.asks)


@pytest.fixture
def question(owner: Membership, her: Signer, clause: Any) -> Question:
    """She asked about it a while ago."""
    return ask_about(her, owner, timezone.now() - timedelta(days=3), "Do you read my posts?", clause.id)


def page_of(question: Question) -> str:
    return f"{INBOX}{question.uid}/"


# Who sees what


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role.values)
def test_each_role_reaches_what_it_may(owner: Membership, question: Question, role: str) -> None:
    Membership.objects.filter(pk=owner.pk).update(role=role)
    browser = browse(owner)
    sees = role not in {Role.FRONT_DESK, Role.MODERATOR}
    for address in (INBOX, "/acknowledgements/wishes/", "/acknowledgements/countersign/", "/acknowledgements/talks/"):
        answer = browser.get(address)
        assert answer.status_code == (200 if sees else 403), address
        assert (b"Do you read my posts?" in answer.content) is (sees and address == INBOX)
    hidden = 404 if role == Role.MODERATOR else 403
    assert browser.get(page_of(question)).status_code == (200 if sees else hidden)
    assert browser.post("/acknowledgements/countersign/").status_code == (302 if sees else 403)
    assert browser.get("/acknowledgements/").status_code == (403 if role == Role.MODERATOR else 200)
    assert (b'href="/acknowledgements/"' in browser.get("/help/").content) is (role != Role.MODERATOR)
    sent = {"way": "write", "answer": "No."}
    assert browser.post(page_of(question), sent).status_code == (302 if sees else hidden)
    assert Question.objects.exclude(closed_at=None).count() == int(sees)
    assert browser.post(f"/acknowledgements/wishes/{question.uid}/done/").status_code == (302 if sees else hidden)


@pytest.mark.promise("L2")
def test_a_colleague_sees_none_of_it_and_a_supervisor_opens_it(
    owner: Membership, colleague: Membership, question: Question
) -> None:
    browser = browse(colleague)
    assert b"Do you read my posts?" not in browser.get(INBOX).content
    assert browser.get(page_of(question)).status_code == 404
    assert browser.post(page_of(question), {"way": "write", "answer": "No."}).status_code == 404
    Membership.objects.filter(pk=colleague.pk).update(role=Role.SUPERVISOR)
    # It is for the clinician to answer, so it does not stand on the supervisor's list.
    assert b"Do you read my posts?" not in browser.get(INBOX).content
    assert browser.get(page_of(question)).status_code == 200
    Membership.objects.filter(pk=owner.pk).update(is_active=False)
    assert b"Do you read my posts?" in browser.get(INBOX).content


@pytest.mark.promise("L3")
def test_another_practice_sees_none_of_it(stranger: Membership, question: Question) -> None:
    browser = browse(stranger)
    for address in (INBOX, "/acknowledgements/wishes/"):
        assert b"Do you read my posts?" not in browser.get(address).content
    assert browser.get(page_of(question)).status_code == 404
    assert browser.post(page_of(question), {"way": "write", "answer": "No."}).status_code == 404
    assert browser.post(f"/acknowledgements/wishes/{question.uid}/done/").status_code == 404
    question.refresh_from_db()
    assert question.closed_at is None


# Questions


def test_an_empty_inbox_teaches_the_next_step(owner: Membership) -> None:
    browser = browse(owner)
    assert "Publish your policy first" in text(browser.get(INBOX))
    assert "Publish your policy first" in text(browser.get("/acknowledgements/"))
    for address in ("/acknowledgements/wishes/", "/acknowledgements/countersign/", "/acknowledgements/talks/"):
        assert browser.get(address).status_code == 200


@pytest.mark.promise("C1")
def test_a_question_stays_with_its_clause_until_it_is_settled(
    owner: Membership, her: Signer, question: Question, clause: Any
) -> None:
    later = ask_about(her, owner, timezone.now(), NASTY, clause.id)
    browser = browse(owner)
    page = browser.get(INBOX)
    said = text(page)
    assert said.index("Do you read my posts?") < said.index("alert(1)") and b"<script>alert" not in page.content
    assert said.count(clause.title) >= 2 and "2 questions wait" in said and "Ana Lima" in said
    for wrong in ({}, {"way": "write"}, {"way": "talk", "on": ""}, {"way": "talk", "on": "2099-01-01"}):
        assert browser.post(page_of(question), wrong).status_code == 422
    assert browser.post(page_of(question), {"way": "write", "answer": f"No. {NASTY}"}).status_code == 302
    page = browser.get(INBOX)
    assert "1 question waits" in text(page) and "Settled" in text(page) and b"<script>alert" not in page.content
    assert browser.post(page_of(later), {"way": "talk", "on": "2026-11-02"}).status_code == 302
    assert "Talked about in session on 2 November 2026" in text(browser.get(INBOX))
    assert "Every question is settled" in text(browser.get(INBOX))
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert "posts" not in told and "alert" not in told


@pytest.mark.promise("C1")
def test_the_reader_finds_the_answer_beside_the_clause(
    owner: Membership, her: Signer, question: Question, clause: Any, reader: Browser
) -> None:
    browse(owner).post(page_of(question), {"way": "write", "answer": "No, never."})
    assert b"No, never." in reader.get(f"/read/ask/{clause.id}/").content


@pytest.mark.promise("C7")
def test_a_letter_says_that_the_answer_is_there_and_its_code_is_the_one_before(
    owner: Membership, her: Signer, question: Question, settings: Any
) -> None:
    asking.send_link(signer=her, actor=owner, at=timezone.now(), code="123456")
    browse(owner).post(page_of(question), {"way": "write", "answer": "No, never.", "tell": "on"})
    letter = Letter.objects.order_by("pk").last()
    assert letter is not None and letter.kind == "signatures.answer" and "never" not in str(letter.args)
    assert tokens.is_code("123456", Link.objects.order_by("pk").last().code_hash)  # type: ignore[union-attr]


def test_no_letter_is_offered_to_whom_none_can_go(
    owner: Membership, her: Signer, asked: Acknowledgement, question: Question
) -> None:
    asked.client.people.update(email="")
    browser = browse(owner)
    page = text(browser.get(page_of(question)))
    assert "Let them know by e-mail" not in page and "No link can go to this person now" in page
    before = Letter.objects.count()
    browser.post(page_of(question), {"way": "write", "answer": "No.", "tell": "on"})
    question.refresh_from_db()
    assert question.answer == "No." and Letter.objects.count() == before


def test_a_question_is_settled_once(owner: Membership, question: Question) -> None:
    browser = browse(owner)
    browser.post(page_of(question), {"way": "write", "answer": "No."})
    browser.post(page_of(question), {"way": "write", "answer": "Yes."})
    question.refresh_from_db()
    assert question.answer == "No."
    assert "settled already" in text(browser.get(page_of(question)))


def test_settled_questions_come_page_by_page(owner: Membership, her: Signer, question: Question) -> None:
    at = timezone.now()
    visit = sit(her, owner, at)
    for number in range(27):
        one = questions.ask_about(visit=visit, signer=her, at=at, clause="gone", title="Old", text=f"Number {number}.")
        questions.answer_question(question=one, actor=owner, at=at + timedelta(seconds=number), answer="Yes.")
    browser = browse(owner)
    first, second = text(browser.get(INBOX)), text(browser.get(f"{INBOX}?after=25"))
    assert "Number 26." in first and "Number 2." in first and "Number 1." not in first and "Next page" in first
    assert "Number 1." in second and "Number 2." not in second and "Do you read my posts?" not in second
    for nonsense in ("x", "-1", "9" * 30, "1;drop"):
        assert browser.get(f"{INBOX}?after={nonsense}").status_code == 200


def test_the_inbox_asks_the_database_as_often_for_many(
    owner: Membership, her: Signer, question: Question, clause: Any, django_assert_max_num_queries: Any
) -> None:
    browser = browse(owner)
    browser.get(INBOX)
    with django_assert_max_num_queries(40) as first:
        browser.get(INBOX)
    few = len(first)
    at = timezone.now()
    visit = sit(her, owner, at)
    for number in range(12):
        questions.ask_about(visit=visit, signer=her, at=at, clause=clause.id, title="Old", text=f"Number {number}.")
    with django_assert_max_num_queries(few):
        browser.get(INBOX)


# Wishes


def test_a_wish_for_the_next_version_stays_until_it_is_done(owner: Membership, question: Question) -> None:
    browser = browse(owner)
    browser.post(page_of(question), {"way": "write", "answer": "No, never.", "clarify": "on"})
    page = text(browser.get("/acknowledgements/wishes/"))
    assert "Do you read my posts?" in page and "No, never." in page and "Go to the policy" in page
    assert "To be said better in the next version" in text(browser.get(INBOX))
    browser.post(f"/acknowledgements/wishes/{question.uid}/done/")
    assert "Nothing is noted" in text(browser.get("/acknowledgements/wishes/"))
    question.refresh_from_db()
    assert question.answer == "No, never."


# Countersigning


def signed_by(owner: Membership, code: str, at: datetime) -> Acknowledgement:
    row = clients.add_client(
        actor=owner, at=at, values={"code": code}, people=[{"name": "Bo", "email": "bo@post.example"}]
    )
    item = asking.ask(client=row, paper=queries.current_paper(owner.practice), actor=owner, at=at)
    sign(queries.signers(item)[0], owner, at)
    return item


@pytest.mark.promise("C2")
def test_many_are_countersigned_at_once_and_each_by_itself(owner: Membership, ana: Client) -> None:
    at = timezone.now()
    found = [signed_by(owner, f"B-{number}", at) for number in range(3)]
    browser = browse(owner)
    page = text(browser.get("/acknowledgements/countersign/"))
    assert "I have talked about this policy" in page and all(f"B-{number}" in page for number in range(3))
    nothing = browser.post("/acknowledgements/countersign/", {}, follow=True)
    assert "Nothing was countersigned" in text(nothing)
    chosen = {"item": [str(found[0].uid), str(found[2].uid), str(ana.uid), "nonsense"]}
    assert "2 are countersigned" in text(browser.post("/acknowledgements/countersign/", chosen, follow=True))
    states = {item.client.code: item.state for item in Acknowledgement.objects.all()}
    assert states == {"B-0": State.COMPLETE, "B-1": State.SIGNED, "B-2": State.COMPLETE}
    assert Event.objects.filter(name="signatures.answer.countersigned").count() == 2


@pytest.mark.promise("L2")
def test_nobody_countersigns_for_a_colleague(owner: Membership, ana: Client, colleague: Membership) -> None:
    item = signed_by(owner, "B-0", timezone.now())
    browser = browse(colleague)
    assert "B-0" not in text(browser.get("/acknowledgements/countersign/"))
    browser.post("/acknowledgements/countersign/", {"item": [str(item.uid)]})
    item.refresh_from_db()
    assert item.state == State.SIGNED


# Talks


@pytest.fixture
def due(owner: Membership, ana: Client) -> Prompt:
    """The yearly talk with her is due."""
    clients.change_client(client=ana, actor=owner, at=timezone.now(), values={"status": Status.CURRENT})
    return Prompt.objects.create(
        practice=owner.practice, client=ana, kind=Prompt.Kind.YEARLY, due_on=timezone.localdate() - timedelta(days=1)
    )


@pytest.mark.promise("C9")
def test_a_talk_is_closed_with_its_day_and_person(owner: Membership, due: Prompt) -> None:
    browser = browse(owner)
    address = f"/acknowledgements/talks/{due.client.uid}/yearly/"
    assert "A-1" in text(browser.get("/acknowledgements/talks/"))
    page = text(browser.get(address))
    assert "It is a year since I went through" in page and "Would the client like a fresh copy?" in page
    for wrong in ("", "2099-01-01"):
        assert browser.post(address, {"on": wrong}).status_code == 422
    assert "skip" not in page.lower()
    today = timezone.localdate()
    assert browser.post(address, {"on": today.isoformat()}).status_code == 302
    due.refresh_from_db()
    assert (due.done_on, due.done_by) == (today, owner)
    assert "No talk is due" in text(browser.get("/acknowledgements/talks/"))
    # The next one follows by itself, and is the one that this address means now.
    assert Prompt.objects.filter(done_on=None, due_on__gt=date.today()).count() == 1
    assert browser.get(f"/acknowledgements/talks/{due.client.uid}/third-session/").status_code == 404


@pytest.mark.promise("L2")
def test_a_talk_is_for_who_sees_the_client(
    owner: Membership, colleague: Membership, stranger: Membership, due: Prompt
) -> None:
    address = f"/acknowledgements/talks/{due.client.uid}/yearly/"
    for other in (colleague, stranger):
        assert "A-1" not in text(browse(other).get("/acknowledgements/talks/"))
        assert browse(other).post(address, {"on": "2026-11-02"}).status_code == 404
    Membership.objects.filter(pk=colleague.pk).update(role=Role.FRONT_DESK)
    assert browse(colleague).post(address, {"on": "2026-11-02"}).status_code == 403
    due.refresh_from_db()
    assert due.done_on is None


@pytest.mark.promise("C9")
def test_signing_plans_the_talks(owner: Membership, ana: Client) -> None:
    clients.change_client(
        client=ana, actor=owner, at=timezone.now(),
        values={"first_session_on": timezone.localdate(), "status": Status.CURRENT},
    )  # fmt: skip
    item = asking.ask(client=ana, paper=queries.current_paper(owner.practice), actor=owner, at=timezone.now())
    visit, _secret = visits.open_link(
        token=tokens.link_token(
            asking.send_link(signer=queries.signers(item)[0], actor=owner, at=timezone.now()).uid
        ),
        code="", at=timezone.now(),
    )  # fmt: skip
    answering.sign(
        visit=visit, signer=queries.signers(item)[0], at=timezone.now(), signature=answering.Signature("Ana", "Words.")
    )
    answering.countersign(item=item, actor=owner, at=timezone.now())
    work(timezone.now())
    assert set(Prompt.objects.values_list("kind", flat=True)) == {"third-session", "yearly"}
    soon = queries.due_prompts(owner, today=timezone.localdate() + timedelta(days=15))
    assert [one.kind for one in soon] == ["third-session"]
