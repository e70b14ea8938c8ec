"""Signing somebody in right after they chose their password here."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _


def sign_in(request: HttpRequest, *, email: str, password: str, then: str) -> HttpResponse:
    """Sign in as the sign-in page would, whoever was signed in before, and go on to `then`."""
    adapter = get_adapter()
    if request.user.is_authenticated:
        adapter.logout(request)
    credentials = {"email": email, "password": password}
    user = adapter.authenticate(request, **credentials)
    if user is None:
        raise PermissionDenied(_("Your sign-in is ready. Please sign in with it."))
    answer = perform_password_login(request, credentials, Login(user=user, redirect_url=then))
    request.session.set_expiry(0)  # as after any sign-in here, the session ends with the browser
    return answer
