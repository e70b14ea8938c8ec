"""Handing the tablet to a client, and the PIN with which it is taken back."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import queries, rules, sitting
from doorframe.apps.signatures.actions import visits
from doorframe.apps.signatures.forms_tablet import PinForm
from doorframe.apps.signatures.queries import tablet


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: MemberRequest, uid: str) -> HttpResponse:
    """Say what happens, then sign this browser out and show the client the one paper."""
    item = queries.acknowledgement(request.member, uid)
    rules.check_can_ask(request.member, item)
    if not tablet.has_working_pin(request.member):
        messages.info(request, _("Set a PIN first. With it you take the tablet back."))
        address = redirect("acks:pin")
        address["Location"] += f"?then={request.path}"
        return address
    if request.method != "POST":
        return _page(request, item)
    try:
        _visit, secret = visits.hand_over(item=item, actor=request.member, at=timezone.now())
    except rules.NotNow as error:
        return _page(request, item, error=str(error), status=409)
    # The session goes before the browser gets anything of the client's: Back finds nobody signed in.
    logout(request)
    response = sitting.begin(redirect("signatures:turns"), secret, tablet=True)
    response.delete_cookie("messages")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@never_cache
@reauthentication_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: MemberRequest) -> HttpResponse:
    """Set one's own PIN, or a new one."""
    permissions.check_can(request.member, Permission.ASK_CLIENTS)
    form = PinForm(request.POST if request.method == "POST" else None)
    then = request.GET.get("then", "")
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        context = {"form": form, "has_pin": queries.has_pin(request.member)}
        return render(request, "signatures/desk/pin.html", context, status=status)
    try:
        visits.set_pin(actor=request.member, pin=form.cleaned_data["pin"], at=timezone.now())
    except rules.NotNow as error:
        form.add_error("pin", str(error))
        context = {"form": form, "has_pin": queries.has_pin(request.member)}
        return render(request, "signatures/desk/pin.html", context, status=422)
    messages.success(request, _("Your PIN is set. With it you take the tablet back."))
    safe = url_has_allowed_host_and_scheme(then, allowed_hosts=None)
    return redirect(then if safe and then.startswith("/acknowledgements/") else "acks:index")


def _page(request: MemberRequest, item: object, *, error: str = "", status: int = 200) -> HttpResponse:
    people = [one for one in queries.signers(item) if one.member_id is None]  # type: ignore[arg-type]
    context = {"item": item, "people": people, "error": error}
    return render(request, "signatures/desk/hand_over.html", context, status=status)
