"""What clients asked and what waits for the therapist: questions, countersigning, talks that are due."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.library import queries as library
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import queries, reading, rules, telling
from doorframe.apps.signatures.actions import answering, asking, prompts
from doorframe.apps.signatures.actions import questions as actions
from doorframe.apps.signatures.forms_desk import DayForm, QuestionForm
from doorframe.apps.signatures.models import Question
from doorframe.apps.signatures.queries.desk import PAGE
from doorframe.apps.signatures.today import PAPER_WITHIN
from doorframe.engines.assembly import signing

private = sensitive_post_parameters()


@never_cache
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Where everything about acknowledgements begins: what waits, and the ways on."""
    member = request.member
    permissions.check_can(member, Permission.ASK_CLIENTS)
    sees = permissions.can(member, Permission.VIEW_ANSWERS)
    context: dict[str, Any] = {
        "sees": sees, "paper": queries.current_paper(member.practice),
        "may_write": permissions.can(member, Permission.EDIT_POLICIES),
        "may_run": permissions.can(member, Permission.RUN_CAMPAIGNS),
        "may_export": permissions.can(member, Permission.EXPORT_EVIDENCE),
        "may_change": permissions.can(member, Permission.EDIT_PRACTICE),
    }  # fmt: skip
    if sees:
        context |= {
            "questions": len(queries.open_questions(member)),
            "waiting": queries.waiting(member, paper_before=timezone.now() - PAPER_WITHIN),
            "talks": len(queries.due_prompts(member, today=timezone.localdate())),
            "wishes": len(queries.to_clarify(member)),
            "not_sealed": queries.not_sealed(member),
        }  # fmt: skip
    return render(request, "signatures/desk/index.html", context)


@never_cache
@require_safe
def questions(request: MemberRequest) -> HttpResponse:
    """Open questions, oldest first, each with the words that it is about; the closed ones below."""
    permissions.check_can(request.member, Permission.VIEW_ANSWERS)
    after = _number(request)
    waiting = queries.open_questions(request.member)
    closed = queries.closed_questions(request.member, after=after)
    context = {
        "open": [_beside(one) for one in waiting[:PAGE]] if not after else [], "count": len(waiting),
        "more": max(len(waiting) - PAGE, 0),
        "closed": closed[:PAGE], "after": after, "before": max(after - PAGE, 0),
        "next": after + PAGE if len(closed) > PAGE else None, "paper": queries.current_paper(request.member.practice),
        "may_write": permissions.can(request.member, Permission.EDIT_POLICIES),
    }  # fmt: skip
    return render(request, "signatures/desk/questions.html", context)


@never_cache
@private
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: MemberRequest, uid: str) -> HttpResponse:
    """Answer one question in writing, or say on which day it was talked about."""
    found = queries.question(request.member, uid)
    rules.check_can_see_answers(request.member, found.acknowledgement)
    form = QuestionForm(_given(request), today=timezone.localdate())
    can_tell = _can_tell(found)
    if not can_tell:
        del form.fields["tell"]
    if found.closed_at is not None or request.method != "POST" or not form.is_valid():
        context = {**_beside(found), "form": form, "can_tell": can_tell}
        return render(request, "signatures/desk/question.html", context, status=422 if form.errors else 200)
    try:
        _settle(request, found, form.cleaned_data)
    except rules.NotNow as error:
        messages.warning(request, str(error))
    return redirect("acks:questions")


def _settle(request: MemberRequest, found: Question, values: dict[str, Any]) -> None:
    now, clarify = timezone.now(), values["clarify"]
    if values["way"] == "talk":
        actions.talk_about(question=found, actor=request.member, at=now, on=values["on"], clarify=clarify)
        messages.success(request, _("It is recorded that you talked about it."))
        return
    actions.answer_question(question=found, actor=request.member, at=now, answer=values["answer"], clarify=clarify)
    if not values.get("tell"):
        messages.success(request, _("Your answer stands beside the clause now."))
        return
    asking.send_answer(signer=found.signer, actor=request.member, at=now)
    messages.success(request, _("Your answer stands beside the clause now, and an e-mail says that it is there."))


def _can_tell(found: Question) -> bool:
    """Whether a link to the answer can go out: there is an address, and the paper can still be read by a link."""
    try:
        rules.check_can_send(found.signer)
    except rules.NotNow:
        return False
    return True


def _beside(found: Question) -> dict[str, Any]:
    """A question with the words of the clause that it is about."""
    card = reading.reading(found.acknowledgement.paper).card(found.clause)
    return {
        "question": found, "card": card[1] if card else None, "client": found.acknowledgement.client,
        "who": telling.called(found.signer),
    }  # fmt: skip


@never_cache
@require_safe
def wishes(request: MemberRequest) -> HttpResponse:
    """What the next version of the policy should say better."""
    permissions.check_can(request.member, Permission.VIEW_ANSWERS)
    return render(request, "signatures/desk/wishes.html", {"wishes": queries.to_clarify(request.member)})


@require_POST
def wish_done(request: MemberRequest, uid: str) -> HttpResponse:
    """The policy says it better now, or is not to."""
    found = queries.question(request.member, uid)
    actions.settle_clarification(question=found, actor=request.member, at=timezone.now())
    messages.success(request, _("Done. The question and its answer stay with the client's record."))
    return redirect("acks:wishes")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def countersign(request: MemberRequest) -> HttpResponse:
    """Everything that waits to be countersigned: one, some or all at once, each recorded by itself."""
    permissions.check_can(request.member, Permission.VIEW_ANSWERS)
    waiting = queries.to_countersign(request.member)
    if request.method != "POST":
        says = reading.reading(queries.whole(waiting[0]).paper).line("countersign") if waiting else ""
        return render(request, "signatures/desk/countersign_all.html", {"waiting": waiting, "says": says})
    chosen = set(request.POST.getlist("item"))
    done = 0
    for one in [item for item in waiting if str(item.uid) in chosen]:
        try:
            answering.countersign(item=one, actor=request.member, at=timezone.now())
            done += 1
        except rules.NotNow as error:
            messages.warning(request, _("%(code)s: %(why)s") % {"code": one.client.code, "why": error})
    if not done:
        messages.warning(request, _("Nothing was countersigned. Tick those that you countersign."))
        return redirect("acks:countersign-all")
    said = ngettext("%(count)s is countersigned.", "%(count)s are countersigned.", done)
    messages.success(request, said % {"count": done})
    return redirect("acks:countersign-all" if len(waiting) > done else "acks:index")


@never_cache
@require_safe
def talks(request: MemberRequest) -> HttpResponse:
    """The talks that are due: at the third session, and yearly."""
    permissions.check_can(request.member, Permission.VIEW_ANSWERS)
    due = queries.due_prompts(request.member, today=timezone.localdate())
    return render(request, "signatures/desk/talks.html", {"due": due})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: MemberRequest, uid: str, kind: str) -> HttpResponse:
    """One talk that is due: why, how it could begin, what to ask; closed with its day and who had it."""
    found = queries.prompt(request.member, uid, kind)
    permissions.check_can(request.member, Permission.VIEW_ANSWERS, found)
    form = DayForm(_given(request), today=timezone.localdate())
    if request.method != "POST" or not form.is_valid():
        paper = queries.current_paper(request.member.practice)
        words = reading.reading(paper).words if paper else None
        told = signing.talk(library.signing(), words, found.kind) if words else None  # type: ignore[arg-type]
        context = {"prompt": found, "client": found.client, "talk": told, "form": form}
        return render(request, "signatures/desk/talk.html", context, status=422 if form.errors else 200)
    try:
        prompts.close(prompt=found, actor=request.member, at=timezone.now(), on=form.cleaned_data["on"])
    except rules.NotNow as error:
        messages.warning(request, str(error))
        return redirect("acks:talks")
    messages.success(request, _("It is recorded that you talked about it."))
    return redirect("acks:talks")


def _number(request: HttpRequest) -> int:
    given = request.GET.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0


def _given(request: MemberRequest) -> QueryDict | None:
    """What was sent; None before anything was."""
    return request.POST if request.method == "POST" else None
