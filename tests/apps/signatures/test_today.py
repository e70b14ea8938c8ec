"""What Today says of acknowledgements: to whom, when it is late, and that it names nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.members.today import Item
from doorframe.apps.signatures import queries, today
from doorframe.apps.signatures.actions import answering, asking, questions
from doorframe.apps.signatures.models import Acknowledgement, Prompt, Signer
from doorframe.apps.signatures.states import Answer
from tests.apps.signatures.test_desk import browse, colleague, sign, sit, text

__all__ = ["colleague"]


def said(member: Membership, at: datetime) -> list[Item]:
    with translation.override("en-gb"):
        return list(today.items(member, now=timezone.localtime(at)))


def ask_about(signer: Signer, owner: Membership, at: datetime) -> None:
    questions.ask_about(visit=sit(signer, owner, at), signer=signer, at=at, clause="x", title="X", text="Why so?")


def test_where_nothing_waits_nothing_is_said(owner: Membership, asked: Acknowledgement, now: datetime) -> None:
    assert said(owner, now) == []


@pytest.mark.promise("C1")
@pytest.mark.parametrize(
    ("days", "when", "late"), [(0, "Today", False), (1, "For 1 day", False), (4, "For 4 days", False),
                               (5, "For 5 days", True)],
)  # fmt: skip
def test_a_question_waits_and_is_late_after_five_days(
    owner: Membership, her: Signer, now: datetime, days: int, when: str, late: bool
) -> None:
    ask_about(her, owner, now)
    (item,) = said(owner, now + timedelta(days=days))
    assert (item.when, item.title, item.late) == (when, "1 question waits for an answer", late)
    assert item.sentence == "From A-1, about your policy."
    assert browse(owner).get(item.link).status_code == 200


def test_many_are_counted_and_few_are_named(owner: Membership, ana: Client, now: datetime) -> None:
    paper = queries.current_paper(owner.practice)
    for number in range(5):
        row = clients.add_client(
            actor=owner, at=now, values={"code": f"B-{number}"}, people=[{"name": "Bo Said", "email": "b@post.example"}]
        )
        signer = queries.signers(asking.ask(client=row, paper=paper, actor=owner, at=now))[0]
        ask_about(signer, owner, now)
        sign(signer, owner, now)
    found = said(owner, now)
    assert [item.title for item in found] == [
        "5 questions wait for an answer", "5 acknowledgements wait for your signature",
    ]  # fmt: skip
    assert all("B-0, B-1, B-2 and 2 more" in item.sentence for item in found)
    assert all("Bo" not in f"{item.title} {item.sentence} {item.link}" for item in found)


@pytest.mark.promise("L2")
def test_it_is_said_to_the_clinician_alone(
    owner: Membership, colleague: Membership, stranger: Membership, her: Signer, now: datetime
) -> None:
    ask_about(her, owner, now)
    sign(her, owner, now)
    assert len(said(owner, now)) == 2
    for role in Role.values:
        Membership.objects.filter(pk=colleague.pk).update(role=role)
        assert said(Membership.objects.get(pk=colleague.pk), now) == [], role
    assert said(stranger, now) == []
    # Whoever leads sees to the clients of somebody who has left.
    Membership.objects.filter(pk=owner.pk).update(is_active=False)
    Membership.objects.filter(pk=colleague.pk).update(role=Role.SUPERVISOR)
    assert len(said(Membership.objects.get(pk=colleague.pk), now)) == 2


@pytest.mark.promise("C9")
def test_a_wish_to_talk_stays_until_the_talk(
    owner: Membership, asked: Acknowledgement, her: Signer, now: datetime
) -> None:
    answering.answer_otherwise(visit=sit(her, owner, now), signer=her, at=now, answer=Answer.TALK)
    (item,) = said(owner, now)
    assert item.title == "1 client would like to talk before signing" and item.link.endswith(f"/{asked.uid}/")
    answering.explain(item=asked, actor=owner, at=now, on=now.date())
    assert said(owner, now) == []


@pytest.mark.promise("C4")
def test_paper_that_does_not_come_back_is_missed_after_two_weeks(
    owner: Membership, asked: Acknowledgement, her: Signer, now: datetime
) -> None:
    answering.answer_otherwise(visit=sit(her, owner, now), signer=her, at=now, answer=Answer.PAPER)
    assert said(owner, now + timedelta(days=14)) == []
    (item,) = said(owner, now + timedelta(days=14, minutes=1))
    assert item.title == "1 signed sheet is not back"


@pytest.mark.promise("C9")
def test_talks_that_are_due(owner: Membership, ana: Client, now: datetime) -> None:
    clients.change_client(client=ana, actor=owner, at=now, values={"status": Status.CURRENT})
    Prompt.objects.create(practice=owner.practice, client=ana, kind="yearly", due_on=now.date() + timedelta(days=1))
    assert said(owner, now) == []
    (item,) = said(owner, now + timedelta(days=1))
    assert item.title == "Talk about the policy again with 1 client"
    clients.change_client(client=ana, actor=owner, at=now, values={"status": Status.FORMER})
    assert said(owner, now + timedelta(days=1)) == []


@pytest.mark.promise("C10")
def test_the_page_itself_names_nobody(owner: Membership, her: Signer) -> None:
    ask_about(her, owner, timezone.now())
    page = text(browse(owner).get("/"))
    assert "1 question waits for an answer" in page and "Ana" not in page and "Why so?" not in page
