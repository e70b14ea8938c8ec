"""Choosing between one's practices."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doorframe.apps.members.middleware import SESSION_KEY


@require_POST
def choose_practice(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own practices from now on; 404 for a membership of someone else."""
    wanted = request.POST.get("membership", "")
    held = {str(one.pk) for one in request.memberships}  # type: ignore[attr-defined]
    if wanted not in held:
        raise Http404(_("There is nothing here under this address."))
    request.session[SESSION_KEY] = int(wanted)
    return redirect("today")
