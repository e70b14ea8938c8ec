"""The second step of signing in: where help is, and what happens when it is taken away meanwhile."""

from __future__ import annotations

from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.mfa.base.views import AuthenticateView
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from doorframe.apps.members import queries

_ask = AuthenticateView.as_view(template_name="members/second_step.html")


def second_step(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code, as allauth does; without anything to ask for, begin again instead of going round in circles."""
    stage = get_pending_stage(request)
    if stage is not None and not queries.has_second_factor(stage.login.user):
        clear_login(request)
        return redirect("account_login")
    return _ask(request)
