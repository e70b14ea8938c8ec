"""Keys for other programs: made, shown once, revoked."""

from __future__ import annotations

import uuid
from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doorframe.apps.connections import queries, rules
from doorframe.apps.connections.actions import tokens
from doorframe.apps.connections.forms import TokenForm
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest


@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Make a key, after a proof of who asks, and show it once."""
    permissions.check_can_edit_practice(request.member)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        name, ends_at = form.cleaned_data["name"], now + timedelta(days=form.cleaned_data["days"])
        try:
            token, secret = tokens.make_token(
                actor=request.member, at=now, name=name, ends_at=ends_at, scopes=form.scopes
            )
        except rules.NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "connections/key.html", {"token": token, "secret": secret})
    return render(request, "connections/new_key.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask once more, then let the key open nothing."""
    permissions.check_can_edit_practice(request.member)
    token = queries.token(request.member.practice, uid)
    if request.method != "POST":
        return render(request, "connections/revoke.html", {"token": token})
    tokens.revoke_token(token=token, actor=request.member, at=timezone.now())
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("connections:index")
