"""The link of an invitation: its address, and its way by mail where mail is set up."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from doorframe.apps.members.models import Invitation

_LOCAL = {"localhost", "127.0.0.1", "::1"}


def joining(request: HttpRequest, token: str) -> str:
    """The whole address of an invitation."""
    return absolute(request, reverse("members:join", args=[token]))


def absolute(request: HttpRequest, path: str) -> str:
    """A path of this site as others reach it."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def is_only_here(link: str) -> bool:
    """Whether the address works on this computer alone."""
    return urlsplit(link).hostname in _LOCAL


def send(invitation: Invitation, link: str) -> bool:
    """Send the link, and say whether it went.

    Only where a mail server is set up, and never for the fictional practice. Neither subject nor body tells what
    the place is or does: other people may see the person's screen. Nothing is queued, so that the link is kept
    nowhere.
    """
    if not settings.SENDS_MAIL or invitation.practice.is_demo:
        return False
    day = date_format(localtime(invitation.expires_at), "j F Y")
    lines = (
        _("Hello,"),
        _("a colleague has invited you to work together. Open this address and choose a password:"),
        link,
        _("The address works once, until %(day)s. If you did not expect this, you need not do anything.")
        % {"day": day},
    )
    try:
        return send_mail(_("An invitation from a colleague"), "\n\n".join(lines) + "\n", None, [invitation.email]) == 1
    except (smtplib.SMTPException, OSError):
        return False
