"""Saying yes, no or later; the disclosure before anything is signed; the copy after it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.library import queries as library
from doorframe.apps.members.requests import client_address
from doorframe.apps.signatures import queries, reading, rules, sitting
from doorframe.apps.signatures.actions import answering, visits
from doorframe.apps.signatures.forms import SignForm
from doorframe.apps.signatures.sitting import ReaderRequest, reader
from doorframe.apps.signatures.states import Answer
from doorframe.apps.signatures.views.reader import frame
from doorframe.engines.assembly import signing

ANSWERS = {answer.value: answer for answer in (Answer.TALK, Answer.DECLINE, Answer.PAPER)}


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def choose(request: ReaderRequest) -> HttpResponse:
    """Agree, agree after a talk, decline, or take paper."""
    if request.signer is None:
        return redirect("signatures:read")
    found = reading.reading(request.visit.acknowledgement.paper)
    choices = found.choices()
    if request.method != "POST":
        return _choose(request, choices)
    chosen = request.POST.get("choice", "")
    if chosen not in choices:
        return _choose(request, choices, error=_("Choose one of the answers. Nothing was sent."), status=422)
    if chosen == "agree" and not choices[chosen].signs:
        return _agree(request, answering.Signature(name="", disclosure=""))
    if chosen == "agree":
        wants = queries.preferences(request.visit.practice).understanding
        return redirect("signatures:understanding" if wants else "signatures:disclosure")
    try:
        answering.answer_otherwise(
            visit=request.visit, signer=request.signer, at=timezone.now(), answer=ANSWERS[chosen],
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except rules.NotNow as error:
        return _choose(request, choices, error=str(error), status=409)
    return redirect("signatures:done")


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def understanding(request: ReaderRequest) -> HttpResponse:
    """Up to three questions on what was read. They never stand in the way."""
    if request.signer is None:
        return redirect("signatures:read")
    found = reading.reading(request.visit.acknowledgement.paper)
    asked = found.understanding(str(request.signer.uid))
    if not asked:
        return redirect("signatures:disclosure")
    given = {one.id: request.POST.get(one.id, "") for one in asked}
    rows = [{"asked": one, "given": given[one.id], "right": given[one.id] == one.right} for one in asked]
    context: dict[str, Any] = {"rows": rows, "answered": request.method == "POST"}
    if request.method == "POST":
        right = sum(bool(row["right"]) for row in rows)
        try:
            answering.keep_understanding(
                visit=request.visit, signer=request.signer, at=timezone.now(), asked=len(rows), right=right
            )
        except rules.NotNow as error:
            return _sorry(request, str(error))
    words = {name: found.say(f"understanding-{name}") for name in ("right", "other", "end")}
    context |= {"title": found.line("understanding-title"), "intro": found.say("understanding"), "words": words,
                "skip": found.line("understanding-skip")}  # fmt: skip
    return render(request, "signatures/reader/understanding.html", frame(request, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def disclosure(request: ReaderRequest) -> HttpResponse:
    """What signing on a screen means, before anything is signed; paper stays a way."""
    if request.signer is None:
        return redirect("signatures:read")
    if request.method == "POST" and request.POST.get("way") == "paper":
        try:
            answering.answer_otherwise(
                visit=request.visit, signer=request.signer, at=timezone.now(), answer=Answer.PAPER
            )
        except rules.NotNow as error:
            return _sorry(request, str(error))
        return redirect("signatures:done")
    if request.method == "POST":
        return redirect("signatures:sign")
    told = reading.reading(request.visit.acknowledgement.paper).disclosure()
    return render(request, "signatures/reader/disclosure.html", frame(request, disclosure=told))


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def sign(request: ReaderRequest) -> HttpResponse:
    """Sign, with a typed name or a drawing."""
    if request.signer is None:
        return redirect("signatures:read")
    form = SignForm(request.POST) if request.method == "POST" else SignForm(initial={"name": request.signer.name})
    if request.visit.is_kiosk:
        form.fields["name"].widget.attrs["autocomplete"] = "off"  # the tablet offers nobody else's name
    if request.method != "POST":
        return _sign(request, form)
    if not form.is_valid():
        return _sign(request, form, status=422)
    found = reading.reading(request.visit.acknowledgement.paper)
    signature = answering.Signature(
        name=form.cleaned_data["name"], strokes=form.cleaned_data["strokes"], disclosure=found.disclosure().text,
        understanding=request.signer.understanding, user_agent=request.headers.get("User-Agent", ""),
        ip=client_address(request),
    )  # fmt: skip
    return _agree(request, signature)


@require_safe
@reader
def done(request: ReaderRequest) -> HttpResponse:
    """What was said, what happens now, and the copy."""
    if request.signer is None:
        return redirect("signatures:read")
    if not request.signer.answer:
        return redirect("signatures:choose")
    found = reading.reading(request.visit.acknowledgement.paper)
    chosen = found.choices()[str(request.signer.answer)]
    copies = signing.copies(library.signing(), found.words)
    waiting = [one for one in queries.signers(request.visit.acknowledgement) if not one.answer and one.person_id]
    context = {
        "choice": chosen, "copies": copies, "copy_title": found.line("copy-title"), "copy_words": found.say("copy"),
        "several": found.say("several") if waiting else (), "may_email": _may_email(request),
    }  # fmt: skip
    return render(request, "signatures/reader/done.html", frame(request, **context))


@require_POST
@reader
def choose_copy(request: ReaderRequest) -> HttpResponse:
    """How the copy is to come."""
    if request.signer is not None:
        way = request.POST.get("copy", "")
        answering.choose_copy(visit=request.visit, signer=request.signer, at=timezone.now(), way=way)
    return redirect("signatures:leave" if not request.visit.is_kiosk else "signatures:turns")


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def withdraw(request: ReaderRequest) -> HttpResponse:
    """Paper from now on."""
    if request.signer is None:
        return redirect("signatures:read")
    found = reading.reading(request.visit.acknowledgement.paper)
    done_ = request.method == "POST"
    if done_:
        answering.withdraw_electronic(visit=request.visit, signer=request.signer, at=timezone.now())
    words = found.say("withdrawn" if done_ else "withdraw")
    context = {"title": found.line("withdraw-title"), "words": words, "withdrawn": done_}
    return render(request, "signatures/reader/withdraw.html", frame(request, **context))


@require_safe
@reader
def copy(request: ReaderRequest) -> HttpResponse:
    """The copy of what was signed, to look at and to keep."""
    seal = queries.seal_of(request.visit.acknowledgement)
    return render(request, "signatures/reader/copy.html", frame(request, seal=seal))


@require_safe
@reader
def copy_pdf(request: ReaderRequest) -> HttpResponse:
    """The sealed file."""
    seal = queries.seal_of(request.visit.acknowledgement)
    if seal is None or not seal.data:
        return _sorry(request, _("The copy is being made. Come back to this page in a minute."))
    headers = {"Content-Disposition": 'attachment; filename="copy.pdf"'}
    return HttpResponse(bytes(seal.data), content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def leave(request: ReaderRequest) -> HttpResponse:
    """End the sitting, so that nobody else reads on."""
    if request.visit.is_kiosk:
        return redirect("signatures:turns")
    if request.method == "POST":
        visits.end_visit(visit=request.visit, at=timezone.now())
        return sitting.end(redirect("signatures:ended"))
    return render(request, "signatures/reader/leave.html", frame(request))


def _agree(request: ReaderRequest, signature: answering.Signature) -> HttpResponse:
    assert request.signer is not None
    try:
        answering.sign(visit=request.visit, signer=request.signer, at=timezone.now(), signature=signature)
    except rules.NotNow as error:
        return _sorry(request, str(error))
    return redirect("signatures:done")


def _choose(request: ReaderRequest, choices: dict[str, Any], *, error: str = "", status: int = 200) -> HttpResponse:
    found = reading.reading(request.visit.acknowledgement.paper)
    context = {
        "choices": choices.values(), "title": found.line("choose-title"), "intro": found.say("choose"),
        "later": found.say("later"), "reason_words": found.line("decline-reason"), "error": error,
        "chosen": request.POST.get("choice", ""), "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "signatures/reader/choose.html", frame(request, **context), status=status)


def _sign(request: ReaderRequest, form: SignForm, *, status: int = 200) -> HttpResponse:
    assert request.signer is not None
    found = reading.reading(request.visit.acknowledgement.paper)
    capacity = signing.capacities(library.signing(), found.words)[request.signer.capacity]
    context = {
        "form": form, "capacity": capacity, "typed": found.say("typed"), "drawn": found.say("drawn"),
        "signed_by": found.line("signed-by"),
    }  # fmt: skip
    return render(request, "signatures/reader/sign.html", frame(request, **context), status=status)


def _sorry(request: ReaderRequest, sentence: str) -> HttpResponse:
    return render(request, "signatures/reader/sorry.html", frame(request, sentence=sentence), status=409)


def _may_email(request: ReaderRequest) -> bool:
    person = request.signer.person if request.signer else None
    return bool(person and person.email and person.electronic)
