"""Questions about a clause: asked by a reader, closed by an answer or a talk."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import rules
from doorframe.apps.signatures.holding import locked, locked_signer, locked_visit
from doorframe.apps.signatures.models import Question, Signer, Visit
from doorframe.apps.trail import actions as trail

LONGEST = 4_000


@transaction.atomic
def ask_about(*, visit: Visit, signer: Signer, at: datetime, clause: str, title: str, text: str) -> Question:
    """Keep a reader's question about a clause; it stays on the therapist's list until it is closed."""
    visit, signer = locked_visit(visit), locked_signer(signer)
    rules.check_visit(visit, at=at)
    question = Question.objects.create(
        practice=visit.practice, acknowledgement=visit.acknowledgement, signer=signer, clause=clause[:80],
        title=title[:200], text=text.strip()[:LONGEST], asked_at=at,
    )  # fmt: skip
    _record("signatures.question.asked", question, None, at, by=signer.capacity)
    return question


@transaction.atomic
def answer_question(
    *, question: Question, actor: Membership, at: datetime, answer: str, clarify: bool = False
) -> Question:
    """Answer in writing; the reader finds it beside the clause. clarify: the next version should say it better."""
    question = _locked(question)
    rules.check_can_close(actor, question)
    question.answer, question.clarify = answer.strip()[:LONGEST], clarify
    return _close(question, actor, at, "signatures.question.answered")


@transaction.atomic
def talk_about(*, question: Question, actor: Membership, at: datetime, on: date, clarify: bool = False) -> Question:
    """“Talked about in session on …”."""
    question = _locked(question)
    rules.check_can_close(actor, question)
    question.talked_on, question.clarify = on, clarify
    return _close(question, actor, at, "signatures.question.talked-about")


@transaction.atomic
def settle_clarification(*, question: Question, actor: Membership, at: datetime) -> Question:
    """The policy now says it better, or is not to: the wish for it is done with."""
    question = _locked(question)
    rules.check_can_see_answers(actor, question.acknowledgement)
    question.clarify = False
    question.save(update_fields=["clarify"])
    _record("signatures.clarification.settled", question, actor, at)
    return question


def _close(question: Question, actor: Membership, at: datetime, name: str) -> Question:
    question.closed_at, question.closed_by = at, actor
    question.save()
    _record(name, question, actor, at)
    return question


def _locked(question: Question) -> Question:
    item = locked(question.acknowledgement)
    found = Question.objects.select_for_update(of=("self",)).select_related("signer").get(pk=question.pk)
    found.acknowledgement = item
    return found


def _record(name: str, question: Question, actor: Membership | None, at: datetime, *, by: str = "") -> None:
    data = {"question": str(question.uid), "clause": question.clause, "clarify": question.clarify}
    trail.record(
        name, practice=question.practice, actor=actor, subject=question.acknowledgement, at=at, data=data, by=by
    )
