"""What there is, and the programs that are told of events: add, try, switch, new secret, remove, send again."""

from __future__ import annotations

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorframe.apps.connections import queries, rules
from doorframe.apps.connections.actions import deliveries, endpoints
from doorframe.apps.connections.forms import EndpointForm
from doorframe.apps.connections.models import Endpoint
from doorframe.apps.members import permissions
from doorframe.apps.members.links import absolute
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.views.errors import put_on


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The keys, and the programs that are told."""
    permissions.check_can_edit_practice(request.member)
    practice = request.member.practice
    context = {
        "tokens": queries.tokens(practice), "endpoints": queries.endpoints(practice), "now": timezone.now(),
        "address": absolute(request, "/api/v1/"),
    }  # fmt: skip
    return render(request, "connections/index.html", context)


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Tell another program from now on, after a proof of who asks, and show the secret once."""
    permissions.check_can_edit_practice(request.member)
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made, secret = endpoints.add_endpoint(actor=request.member, at=timezone.now(), **form.cleaned_data)
        except rules.NotNow as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            put_on(form, error)
        else:
            return _show_secret(request, made, secret)
    return render(request, "connections/new_endpoint.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def endpoint(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """How one connection does."""
    found = _found(request, uid)
    entries = [(one, rules.can_send(one)) for one in queries.latest(found)]
    context = {"endpoint": found, "events": queries.told(found), "entries": entries}
    return render(request, "connections/endpoint.html", context)


@require_POST
def test(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """Send a message that tells of nothing."""
    found = _found(request, uid)
    try:
        endpoints.send_test(endpoint=found, actor=request.member, at=timezone.now())
    except rules.NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A test message is on its way. Open this page again in a minute to see it arrive."))
    return redirect("connections:endpoint", uid=uid)


@require_POST
def switch(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """On or off."""
    found = _found(request, uid)
    on = request.POST.get("on") == "yes"
    endpoints.switch(endpoint=found, actor=request.member, at=timezone.now(), on=on)
    messages.success(request, _("It is told what happens from now on.") if on else _("It is told nothing any more."))
    return redirect("connections:endpoint", uid=uid)


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def secret(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """A new secret, after a proof of who asks, shown once."""
    found = _found(request, uid)
    if request.method != "POST":
        return render(request, "connections/renew.html", {"endpoint": found})
    made, words = endpoints.renew_secret(endpoint=found, actor=request.member, at=timezone.now())
    return _show_secret(request, made, words)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask once more, then remove it."""
    found = _found(request, uid)
    if request.method != "POST":
        return render(request, "connections/remove.html", {"endpoint": found})
    endpoints.remove_endpoint(endpoint=found, actor=request.member, at=timezone.now())
    messages.success(request, _("“%(name)s” was removed.") % {"name": found.name})
    return redirect("connections:index")


@require_POST
def again(request: MemberRequest, uid: uuid.UUID, message: uuid.UUID) -> HttpResponse:
    """Send one message again."""
    delivery = queries.delivery(_found(request, uid), message)
    try:
        deliveries.send_again(delivery=delivery, actor=request.member, at=timezone.now())
    except rules.NotNow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("It waits for its turn again. This takes a minute or two."))
    return redirect("connections:endpoint", uid=uid)


def _found(request: MemberRequest, uid: uuid.UUID) -> Endpoint:
    permissions.check_can_edit_practice(request.member)
    return queries.endpoint(request.member.practice, uid)


def _show_secret(request: MemberRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    return render(request, "connections/secret.html", {"endpoint": endpoint, "secret": secret})
