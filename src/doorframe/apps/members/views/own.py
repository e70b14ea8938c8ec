"""One's own page: the name that colleagues see, and the way to everything about signing in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorframe.apps.members import actions, queries
from doorframe.apps.members.forms import OwnNameForm
from doorframe.apps.members.requests import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: MemberRequest) -> HttpResponse:
    """The signed-in person's name, and how they sign in."""
    if request.member is None:  # pages below /me/ open without a practice too
        raise PermissionDenied(_("You are signed in, but no practice has added you yet. Ask its owner to add you."))
    user = request.member.user
    form = OwnNameForm(request.POST if request.method == "POST" else None, initial={"name": user.display_name})
    if form.is_valid():
        actions.change_own_name(actor=request.member, name=form.cleaned_data["name"], at=timezone.now())
        messages.success(request, _("Kept."))
        return redirect("members:own")
    context = {"form": form, "email": user.email, "protected": queries.has_second_factor(user)}
    return render(request, "members/own.html", context, status=422 if form.errors else 200)
