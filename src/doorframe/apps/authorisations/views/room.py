"""In the room: the person whose story it is reads and answers, on a device where nobody is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from doorframe.apps.authorisations import queries, reading, rules, sitting
from doorframe.apps.authorisations.actions import answering
from doorframe.apps.authorisations.forms import SignForm
from doorframe.apps.authorisations.models import Signer
from doorframe.apps.authorisations.sitting import RoomRequest, in_the_room
from doorframe.apps.members.requests import MemberRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: MemberRequest, uid: str) -> HttpResponse:
    """Say what happens, then sign this browser out and show the form, and nothing else."""
    item = queries.authorisation(request.member, uid)
    rules.check_can_edit(request.member, item)
    error, status = "", 200
    if request.method == "POST":
        try:
            _turn, secret = answering.hand_over(item=item, actor=request.member, at=timezone.now())
        except rules.NotNow as refusal:
            error, status = str(refusal), 409
        else:
            # The session goes before the browser gets anything of the client's: Back finds nobody signed in.
            logout(request)
            response = sitting.begin(redirect("room:turns"), secret)
            response.delete_cookie("messages")
            response.headers["Clear-Site-Data"] = '"cache"'
            return response
    context = {"item": item, "people": queries.people(item), "error": error}
    return render(request, "authorisations/hand_over.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_room
def turns(request: RoomRequest) -> HttpResponse:
    """Who reads now. To come here ends the turn before; nobody sees what another answered."""
    people = queries.people(request.turn.authorisation)
    error, status = "", 200
    if request.method == "POST":
        chosen = next((one for one in people if str(one.uid) == request.POST.get("signer")), None)
        try:
            if chosen is not None:
                answering.take_turn(turn=request.turn, signer=chosen, at=timezone.now())
                return redirect("room:read")
        except rules.NotNow as refusal:
            error, status = str(refusal), 409
    elif request.turn.signer_id is not None:
        answering.take_turn(turn=request.turn, signer=None, at=timezone.now())
    waiting = [one for one in people if rules.is_waited_for(one)]
    is_open = request.turn.authorisation.state == "prepared"
    context = {"waiting": waiting if is_open else [], "error": error}
    return render(request, "authorisations/room/turns.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_room
def read(request: RoomRequest) -> HttpResponse:
    """The form, and the two answers below it. A no is kept at once; a yes leads on to the name."""
    signer = request.turn.signer
    if signer is None:
        return redirect("room:turns")
    said = request.POST.get("answer", "") if request.method == "POST" else ""
    if said == "yes":
        return redirect("room:sign")
    if said == "no":
        try:
            answering.sign_by(turn=request.turn, signer=signer, at=timezone.now(), yes=False)
        except rules.NotNow:
            return redirect("room:turns")
        return _thanks(request, signer, yes=False)
    context = _frame(request, signer) | {"unsaid": request.method == "POST"}
    return render(request, "authorisations/room/read.html", context, status=422 if context["unsaid"] else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@in_the_room
def sign(request: RoomRequest) -> HttpResponse:
    """The name that stands for the signature."""
    signer = request.turn.signer
    if signer is None:
        return redirect("room:turns")
    form = SignForm(signer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answering.sign_by(
                turn=request.turn, signer=signer, at=timezone.now(), yes=True, **form.cleaned_data
            )  # fmt: skip
            return _thanks(request, signer, yes=True)
        except rules.NotNow:
            return redirect("room:turns")
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    form.add_error(name if name in form.fields else None, sentence)
    context = _frame(request, signer) | {"form": form}
    return render(request, "authorisations/room/sign.html", context, status=422 if form.errors else 200)


@require_POST
@in_the_room
def done(request: RoomRequest) -> HttpResponse:
    """The device goes back: the turn ends, and whoever signs in next is asked for their password."""
    answering.end_turn(turn=request.turn, at=timezone.now())
    return sitting.end(redirect("account_login"))


def _thanks(request: RoomRequest, signer: Signer, *, yes: bool) -> HttpResponse:
    answering.take_turn(turn=request.turn, signer=None, at=timezone.now())
    item = queries.people(request.turn.authorisation)
    context = {"yes": yes, "others": yes and any(rules.is_waited_for(one) and one.required for one in item)}
    return render(request, "authorisations/room/thanks.html", context)


def _frame(request: RoomRequest, signer: Signer) -> dict[str, Any]:
    item = request.turn.authorisation
    found = reading.reading(item)
    return {"signer": signer, "html": found.html, "title": found.title, "language": item.language,
            "asked": found.asked, "statement": found.statement(signer)}  # fmt: skip
