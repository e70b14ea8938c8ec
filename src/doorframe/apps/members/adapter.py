"""How allauth behaves here: nobody signs up by themselves; the demo opens only while it is on."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from doorframe.apps.members.backends import may_sign_in


class AccountAdapter(DefaultAccountAdapter):
    """People are added by their practice's owner."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a practice adds its own people."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Refuse, whichever way of signing in was used (password, passkey, code)."""
        if not may_sign_in(user):
            raise PermissionDenied(_("The demonstration is switched off, so its sign-in no longer works."))
        return super().pre_login(request, user, **kwargs)
