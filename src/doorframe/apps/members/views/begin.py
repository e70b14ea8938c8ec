"""Beginning one's own practice, and joining one by a link."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from doorframe.apps.members import actions, beginning, demo, limits, queries, rules
from doorframe.apps.members.actions.invitations import fingerprint
from doorframe.apps.members.forms import BeginForm, JoinForm
from doorframe.apps.members.middleware import SESSION_KEY
from doorframe.apps.members.models import Invitation
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.signing_in import sign_in
from doorframe.apps.members.views.errors import put_on, too_often


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The first practice of this installation: one page, and its owner is signed in."""
    rules.check_nothing_begun()
    now = timezone.now()
    tried = request.method == "POST" or "code" in request.GET
    if tried and limits.is_too_often(request, "begin", now=now):
        return too_often(request)
    if "code" in request.GET:
        return _with_code(request)
    if not beginning.is_trusted(request):
        return render(request, "members/begin_closed.html", {"demo": demo.is_on()}, status=403)
    form = BeginForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            owner = actions.begin_practice(
                name=given["practice_name"], owner_email=given["email"], owner_name=given["name"],
                password=given["password"], country=given["country"], region=given["region"],
                time_zone=given["time_zone"], at=now,
            )  # fmt: skip
        except ValidationError as error:
            put_on(form, error)
        else:
            beginning.forget_code()
            return sign_in(request, email=owner.user.email, password=given["password"], then=reverse("members:begun"))
    return render(request, "members/begin.html", {"form": form}, status=422 if form.errors else 200)


def _with_code(request: HttpRequest) -> HttpResponse:
    if beginning.keep_code(request, request.GET["code"].strip()):
        return redirect("members:begin")  # the code leaves the address
    context = {"demo": demo.is_on(), "wrong": True}
    return render(request, "members/begin_closed.html", context, status=403)


@require_safe
def begun(request: MemberRequest) -> HttpResponse:
    """What a new owner may do next; reached once, found again through Practice and Today."""
    context = {
        "may_switch_demo": rules.can_switch_demo(request.member) and demo.is_on(),
        "protected": queries.has_second_factor(request.member.user),
    }
    return render(request, "members/begun.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Join a practice by the link that its owner handed over. Looking at the link does not use it up."""
    now = timezone.now()
    if request.method == "POST" and limits.is_too_often(request, "join", now=now):
        return too_often(request)
    user = request.user if request.user.is_authenticated else None
    invitation = queries.invitation_by(fingerprint(token))
    try:
        rules.check_can_accept(invitation, user, at=now)
        assert invitation is not None  # the check has refused
        return _join(request, token, invitation, user)
    except rules.NotNow as refusal:
        context = {"reason": refusal, "sign_in": isinstance(refusal, rules.SignInFirst), "someone": user}
        return render(request, "members/join_closed.html", context, status=410)


def _join(request: HttpRequest, token: str, invitation: Invitation, user: Any) -> HttpResponse:
    form = (
        JoinForm(request.POST if request.method == "POST" else None, email=invitation.email) if user is None else None
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        given = form.cleaned_data if form is not None else {}
        try:
            member = actions.accept_invitation(
                token=token, user=user, at=timezone.now(), name=given.get("name", ""), password=given.get("password")
            )
        except ValidationError as error:
            if form is None:
                raise PermissionDenied(_("You belong to this practice already.")) from error
            put_on(form, error)
        else:
            if form is not None:
                return sign_in(request, email=member.user.email, password=given["password"], then=reverse("today"))
            request.session[SESSION_KEY] = member.pk
            return redirect("today")
    context = {"form": form, "invitation": invitation}
    return render(request, "members/join.html", context, status=422 if form is not None and form.errors else 200)
