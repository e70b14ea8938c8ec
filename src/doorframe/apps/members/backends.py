"""Who may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from doorframe.apps.members import demo
from doorframe.apps.members.models import User


class MemberBackend(AuthenticationBackend):
    """Signing in by e-mail; the demo's people only while the demo is on."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked at sign-in and again for every request of a session."""
        return super().user_can_authenticate(user) and may_sign_in(user)


def may_sign_in(user: User) -> bool:
    """Whether this person may be signed in at all: active, and no demo person while the demo is off."""
    return user.is_active and (not user.is_demo or demo.is_on())


def tried_email(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The e-mail address that a sign-in was tried with, for the lockout."""
    given = credentials or {}
    if "login" not in given and "email" not in given and request is not None:
        given = request.POST
    return str(given.get("email") or given.get("login") or given.get("username") or "").lower()
