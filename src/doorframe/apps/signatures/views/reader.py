"""Reading: page after page, a question beside each clause, and everything at once for who prefers that."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters.render import RenderError
from doorframe.adapters.render import render as write
from doorframe.apps.signatures import queries, reading, rules, sitting
from doorframe.apps.signatures.actions import answering, questions
from doorframe.apps.signatures.models import Question
from doorframe.apps.signatures.queries import tablet
from doorframe.apps.signatures.sitting import ReaderRequest, reader
from doorframe.engines.interview.answers import tidy


def frame(request: ReaderRequest, **more: Any) -> dict[str, Any]:
    """What every page for readers knows."""
    paper = request.visit.acknowledgement.paper
    found = reading.reading(paper)
    return {
        "visit": request.visit, "signer": request.signer, "paper": paper, "reading": found,
        "help_title": found.line("help-now-title"), "help_now": found.say("help-now"),
        "large": request.COOKIES.get(sitting.LARGE) == "large", "idle_minutes": tablet.idle_minutes(request.visit),
        **more,
    }  # fmt: skip


@require_safe
@reader
def start(request: ReaderRequest) -> HttpResponse:
    """Where a reader comes in: the copy, the next turn at the tablet, or the first page."""
    if request.visit.copy_only:
        return redirect("signatures:copy")
    if request.signer is None:
        return redirect("signatures:turns")
    return redirect("signatures:page", number=1)


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def page(request: ReaderRequest, number: int) -> HttpResponse:
    """One page of the paper; Continue keeps that it was read."""
    if request.signer is None:
        return redirect("signatures:read")
    found = reading.reading(request.visit.acknowledgement.paper)
    if number < 1 or number > len(found.pages):
        raise Http404
    if request.method == "POST":
        answering.note_seen(visit=request.visit, cards=number, whole=len(found.pages), at=timezone.now())
        if number == len(found.pages):
            return redirect("signatures:choose")
        return redirect("signatures:page", number=number + 1)
    context = frame(
        request, page=found.page(number), whole=len(found.pages), asked=_asked(request),
        greeting=found.say("greeting", minutes=found.minutes[:1].upper() + found.minutes[1:]), news=_news(request),
        settled=_settled(request),
    )  # fmt: skip
    return render(request, "signatures/reader/page.html", context)


@require_safe
@reader
def whole(request: ReaderRequest) -> HttpResponse:
    """Everything on one page, to read at one go or to print."""
    if request.signer is None:
        return redirect("signatures:read")
    return render(request, "signatures/reader/whole.html", frame(request, asked=_asked(request)))


@require_POST
@reader
def read_whole(request: ReaderRequest) -> HttpResponse:
    """The end of the one page was reached."""
    found = reading.reading(request.visit.acknowledgement.paper)
    answering.note_seen(visit=request.visit, cards=len(found.pages), whole=len(found.pages), at=timezone.now())
    return redirect("signatures:choose")


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def ask(request: ReaderRequest, clause: str) -> HttpResponse:
    """Ask about a clause."""
    found = reading.reading(request.visit.acknowledgement.paper).card(clause)
    if found is None or request.signer is None:
        raise Http404
    at_page, card = found
    context = {"card": card, "page": at_page, "text": "", "earlier": _asked(request).get(card.id, [])}
    if request.method != "POST":
        return render(request, "signatures/reader/ask.html", frame(request, **context))
    text = tidy(request.POST.get("text", "")).strip()
    if not text:
        error = _("Write your question first. Nothing was sent.")
        return render(request, "signatures/reader/ask.html", frame(request, **context, error=error), status=422)
    try:
        questions.ask_about(
            visit=request.visit, signer=request.signer, at=timezone.now(), clause=card.id, title=card.title, text=text
        )
    except rules.NotNow as error:
        context["text"] = text
        return render(request, "signatures/reader/ask.html", frame(request, **context, error=str(error)), status=409)
    return render(request, "signatures/reader/asked.html", frame(request, **context))


@require_safe
@reader
def policy_pdf(request: ReaderRequest) -> HttpResponse:
    """The paper as a PDF, to save or print."""
    document = reading.reading(request.visit.acknowledgement.paper).document
    try:
        data = write(document, "pdf")
    except RenderError as error:
        return render(request, "signatures/reader/closed.html", {"sentence": str(error)}, status=422)
    headers = {"Content-Disposition": 'attachment; filename="document.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Larger text, or the usual one again, for this browser."""
    large = request.COOKIES.get(sitting.LARGE) == "large"
    where = request.POST.get("back", "")
    response = redirect(where if where.startswith("/read/") else "/read/")
    response.set_cookie(sitting.LARGE, "" if large else "large", samesite="Lax", httponly=True)
    return sitting.private(response)


def _asked(request: ReaderRequest) -> dict[str, list[Question]]:
    """This reader's own questions by clause; none on the tablet, where anyone could say that they are this reader."""
    found: dict[str, list[Question]] = {}
    if request.visit.is_kiosk:
        return found
    for question in queries.questions_of(request.visit.acknowledgement):
        if question.signer_id == getattr(request.signer, "pk", None):
            found.setdefault(question.clause, []).append(question)
    return found


def _news(request: ReaderRequest) -> dict[str, Any] | None:
    """What changed, for somebody who is asked again."""
    item = request.visit.acknowledgement
    if item.campaign_id is None:
        return None
    found = reading.reading(item.paper)
    return {
        "title": found.line("changed-title"), "words": found.say("changed"), "note": item.paper.change_note,
        "changes": item.paper.changes,
    }  # fmt: skip


def _settled(request: ReaderRequest) -> bool:
    """Whether this reader has signed: then they read, and there is nothing left to say."""
    return request.signer is not None and bool(request.signer.method)
