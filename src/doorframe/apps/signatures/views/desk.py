"""One acknowledgement as the practice sees it, and every step with it. No page here ever shows a link that opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.adapters import seal_pdf
from doorframe.apps.clients import queries as clients
from doorframe.apps.library import queries as library
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.signatures import happening, queries, reading, rules, telling, tokens
from doorframe.apps.signatures.actions import answering, asking, proof
from doorframe.apps.signatures.forms_desk import DayForm, HelperForm, RecordForm, SendForm
from doorframe.apps.signatures.models import Acknowledgement
from doorframe.apps.signatures.states import Capacity, Method
from doorframe.engines.assembly import signing

private = sensitive_post_parameters()
"""No part of what is sent here belongs in a report of a mistake."""

View = Callable[..., HttpResponse]
HELPERS = {"interpreter": Capacity.INTERPRETER, "witness": Capacity.WITNESS}


def _on_item(view: View) -> View:
    """The view gets the acknowledgement; a step that does not fit leads back to it with the sentence why."""

    @wraps(view)
    def wrapped(request: MemberRequest, uid: str, **more: Any) -> HttpResponse:
        item = queries.acknowledgement(request.member, uid)
        rules.check_can_ask(request.member, item)
        try:
            return view(request, item, **more)
        except rules.NotNow as error:
            messages.warning(request, str(error))
            return redirect("acks:item", uid=uid)

    return never_cache(private(wrapped))


@require_POST
def ask(request: MemberRequest, uid: str) -> HttpResponse:
    """Ask a client to read and sign the policy in force; how, is chosen on the next page."""
    client = clients.client(request.member, uid)
    paper = queries.current_paper(request.member.practice)
    try:
        item = asking.ask(client=client, paper=paper, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        messages.warning(request, str(error))
        return redirect("clients:client", uid=uid)
    return redirect("acks:item", uid=item.uid)


@never_cache
@require_safe
def item(request: MemberRequest, uid: str) -> HttpResponse:
    """Where it stands, who said what, and the steps that fit."""
    found = queries.desk(request.member, uid)
    rules.check_can_ask(request.member, found.item)
    sees = rules.can_see_answers(request.member, found.item)
    context = telling.page(found, sees=sees, at=timezone.now())
    if sees:
        context |= {
            "questions": queries.questions_of(found.item), "trouble": queries.seal_trouble(found.item),
            "events": happening.told(queries.events(found.item)),
        }  # fmt: skip
    return render(request, "signatures/desk/item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("code")
@_on_item
def send(request: MemberRequest, item: Acknowledgement, signer: str) -> HttpResponse:
    """Send a link by e-mail. A code is shown once, on the answer to this form, to be told in person."""
    found = queries.signer(item, signer)
    rules.check_can_send(found)
    form = SendForm(_given(request))
    context = {"item": item, "signer": found, "name": telling.called(found), "form": form}
    if request.method != "POST" or not form.is_valid():
        return _page(request, "send", context, form)
    code = tokens.fresh_code() if form.cleaned_data["code"] == "yes" else ""
    link = asking.send_link(signer=found, actor=request.member, at=timezone.now(), code=code)
    if not code:
        messages.success(request, _("The e-mail is on its way."))
        return redirect("acks:item", uid=item.uid)
    context |= {"code": f"{code[:3]} {code[3:]}", "until": telling.day(link.expires_at)}
    return render(request, "signatures/desk/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_on_item
def record(request: MemberRequest, item: Acknowledgement, signer: str) -> HttpResponse:
    """Record what was signed on paper, said aloud, or declined in the room."""
    rules.check_can_see_answers(request.member, item)
    rules.check_open(item)
    found = queries.signer(item, signer)
    form = RecordForm(_given(request), today=timezone.localdate())
    words = reading.reading(item.paper)
    context = {"item": item, "signer": found, "name": telling.called(found), "form": form,
               "aloud": words.say("verbal"), "declined": words.say("declined")}  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return _page(request, "record", context, form)
    how = form.cleaned_data["how"]
    answering.record_elsewhere(
        signer=found, actor=request.member, at=timezone.now(), on=form.cleaned_data["on"], agreed=how != "declined",
        method=Method.PAPER if how == "paper" else Method.VERBAL, reason=form.cleaned_data["reason"],
    )  # fmt: skip
    messages.success(request, _("It is recorded, with the day and your name."))
    return redirect("acks:item", uid=item.uid)


@require_http_methods(["GET", "HEAD", "POST"])
@_on_item
def explain(request: MemberRequest, item: Acknowledgement) -> HttpResponse:
    """“Explained aloud on … by …”."""
    rules.check_can_see_answers(request.member, item)
    form = DayForm(_given(request), today=timezone.localdate())
    context = {"item": item, "form": form, "aloud": reading.reading(item.paper).say("verbal")}
    if request.method != "POST" or not form.is_valid():
        return _page(request, "explain", context, form)
    answering.explain(item=item, actor=request.member, at=timezone.now(), on=form.cleaned_data["on"])
    messages.success(request, _("It is recorded, with the day and your name."))
    return redirect("acks:item", uid=item.uid)


@require_http_methods(["GET", "HEAD", "POST"])
@_on_item
def helper(request: MemberRequest, item: Acknowledgement, capacity: str) -> HttpResponse:
    """Add an interpreter or a witness, who signs on the tablet or on paper."""
    if capacity not in HELPERS:
        raise Http404
    rules.check_open(item)
    words = reading.reading(item.paper).words
    options = signing.relationships(library.signing(), words, capacity).values()
    form = HelperForm(_given(request), capacity=HELPERS[capacity], options=options)
    says = signing.capacities(library.signing(), words)[capacity].statement
    context = {"item": item, "form": form, "capacity": capacity, "says": says}
    if request.method != "POST" or not form.is_valid():
        return _page(request, "helper", context, form)
    asking.add_helper(
        item=item, actor=request.member, at=timezone.now(), capacity=HELPERS[capacity], values=form.values
    )
    messages.success(request, _("Added. This person can sign on the tablet or on paper."))
    return redirect("acks:item", uid=item.uid)


@require_http_methods(["GET", "HEAD", "POST"])
@_on_item
def countersign(request: MemberRequest, item: Acknowledgement) -> HttpResponse:
    """The therapist signs last, after reading what they say by it."""
    rules.check_can_countersign(request.member, item)
    if request.method != "POST":
        found = telling.page(queries.desk(request.member, item.uid), sees=True, at=timezone.now())
        says = reading.reading(item.paper).line("countersign")
        return render(request, "signatures/desk/countersign.html", {**found, "says": says})
    answering.countersign(item=item, actor=request.member, at=timezone.now())
    messages.success(request, _("Countersigned. The sealed copy is made now, and sent to whoever wanted it."))
    return redirect("acks:item", uid=item.uid)


@require_POST
@_on_item
def again(request: MemberRequest, item: Acknowledgement) -> HttpResponse:
    """Ask again, after a talk or a no. What was said before stays on the trail."""
    answering.open_again(item=item, actor=request.member, at=timezone.now())
    messages.success(request, _("It is open again. Choose how to ask: nothing was sent yet."))
    return redirect("acks:item", uid=item.uid)


@require_POST
@_on_item
def withdraw(request: MemberRequest, item: Acknowledgement) -> HttpResponse:
    """End every link that was not opened yet."""
    asking.withdraw_links(item=item, actor=request.member, at=timezone.now())
    messages.success(request, _("No link that was sent opens any more. You can send a new one at any time."))
    return redirect("acks:item", uid=item.uid)


@require_POST
@_on_item
def copy_handed(request: MemberRequest, item: Acknowledgement, signer: str) -> HttpResponse:
    """A printed copy was handed over."""
    found = queries.signer(item, signer)
    answering.record_copy(signer=found, actor=request.member, at=timezone.now())
    messages.success(request, _("It is recorded that a printed copy was handed over."))
    return redirect("acks:item", uid=item.uid)


@require_POST
@_on_item
def sealed(request: MemberRequest, item: Acknowledgement) -> HttpResponse:
    """The sealed PDF. That it was taken out stands on the trail."""
    seal = proof.take_sealed(item=item, actor=request.member, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="acknowledgement-{item.reference}.pdf"'}
    return HttpResponse(bytes(seal.data or b""), content_type="application/pdf", headers=headers)


@require_POST
@_on_item
def verify(request: MemberRequest, item: Acknowledgement) -> HttpResponse:
    """Look at the sealed file now, and say in words whether it is as it was sealed."""
    rules.check_can_see_answers(request.member, item)
    seal = rules.check_sealed(queries.seal_of(item))
    verdict = seal_pdf.verify(bytes(seal.data or b""), trust=seal.fingerprint)
    return render(request, "signatures/desk/verified.html", {"item": item, "verdict": verdict, "seal": seal})


@require_POST
@_on_item
def seal_again(request: MemberRequest, item: Acknowledgement) -> HttpResponse:
    """Try once more to make the sealed copy."""
    proof.seal_again(item=item, actor=request.member, at=timezone.now())
    messages.success(request, _("It is tried again now. Look again in a moment."))
    return redirect("acks:item", uid=item.uid)


def _page(request: MemberRequest, name: str, context: dict[str, Any], form: Any) -> HttpResponse:
    """A form, shown first or shown again with what is wrong."""
    return render(request, f"signatures/desk/{name}.html", context, status=422 if form.errors else 200)


def _given(request: MemberRequest) -> QueryDict | None:
    """What was sent; None before anything was."""
    return request.POST if request.method == "POST" else None
