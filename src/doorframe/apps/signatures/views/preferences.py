"""How the practice asks and keeps, and the key that seals."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from doorframe.adapters.seal_pdf import SealError
from doorframe.apps.members import permissions
from doorframe.apps.members.requests import MemberRequest
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import queries as rows
from doorframe.apps.signatures.actions import preferences as actions
from doorframe.apps.signatures.actions import proof
from doorframe.apps.signatures.forms_leading import KeyForm, PreferencesForm
from doorframe.apps.signatures.queries import evidence as queries


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    """Every preference with what it is for."""
    permissions.check_can(request.member, Permission.EDIT_PRACTICE)
    kept = rows.preferences(request.member.practice)
    initial: dict[str, Any] = {name: getattr(kept, name) for name in actions.FIELDS}
    initial["reminder_days"] = ", ".join(map(str, rows.plan(kept).days))
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change(actor=request.member, at=timezone.now(), values=form.cleaned_data)
        messages.success(request, _("Kept. It applies from now on; what is signed already stays as it was."))
        return redirect("acks:preferences")
    context = {"form": form, "key": queries.seal_key(request.member.practice)}
    return render(request, "signatures/preferences/preferences.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("passphrase")
@sensitive_variables("form")
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: MemberRequest) -> HttpResponse:
    """Seal with the practice's own key from now on."""
    permissions.check_can(request.member, Permission.EDIT_PRACTICE)
    form = KeyForm(request.POST, request.FILES) if request.method == "POST" else KeyForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            proof.bring_key(
                actor=request.member, at=timezone.now(), pkcs12=given["file"], passphrase=given["passphrase"]
            )
        except SealError as error:
            form.add_error("file", _("%(reason)s The key that sealed before still does.") % {"reason": error})
        else:
            messages.success(request, _("From now on your own key seals. What was sealed before stands."))
            return redirect("acks:preferences")
    context = {"form": form, "key": queries.seal_key(request.member.practice)}
    return render(request, "signatures/preferences/key.html", context, status=422 if form.errors else 200)
