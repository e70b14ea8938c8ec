"""How allauth behaves here: nobody signs up by themselves; the demo opens only while it is on; errors say what next."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorframe.apps.members.backends import may_sign_in


class AccountAdapter(DefaultAccountAdapter):
    """People are added by their practice's owner."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("This is not your password. Nothing has changed; type it once more."),
        "enter_current_password": gettext_lazy("This is not your present password. Nothing has changed; try again."),
        "email_password_mismatch": gettext_lazy(
            "This e-mail address and this password do not fit together. Check both, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a practice adds its own people."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Refuse, whichever way of signing in was used (password, passkey, code)."""
        if not may_sign_in(user):
            raise PermissionDenied(_("The demonstration is switched off, so its sign-in no longer works."))
        return super().pre_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not right after signing in: allauth would ask for the password again that was typed a moment ago."""
        return super().is_reauthentication_required(app=app, **kwargs) and not _just_signed_in(context.request)


class MfaAdapter(DefaultMFAAdapter):
    """The second step of signing in."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code does not fit, or its half minute is over. Type the next code that your app shows. "
            "If that fails too, check that your phone sets its clock by itself."
        ),
    }


def _just_signed_in(request: HttpRequest) -> bool:
    """Whether this session began with a proof (password, code, passkey) within the time that a proof lasts."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
