"""The way out: one message over, or a sentence why not. Knows mail servers, and neither letters nor practices."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _

_FILES = "django.core.mail.backends.filebased.EmailBackend"
_NONE = "django.core.mail.backends.dummy.EmailBackend"


class Refused(Exception):
    """The letter cannot go to this address, now or later; the message is a sentence."""


class NotNow(Exception):
    """The letter could not go out this time; the message is a sentence."""


class SwitchedOff(Exception):
    """No mail is sent here at all; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message in plain text. `at` becomes its date, the same again when it is sent again."""

    to: str
    subject: str
    body: str
    sender_name: str
    reply_to: str
    message_id: str
    at: datetime


def deliver(outgoing: Outgoing, *, into_files: bool = False) -> str:
    """Hand the message to the mail server; "" when it took it, or a sentence on where it went instead.

    Raises Refused, NotNow or SwitchedOff. When the connection breaks at the very end, the server may have taken
    the message although NotNow is raised; the next try carries the same Message-ID.
    """
    into_files = (into_files and settings.SENDS_MAIL) or settings.EMAIL_BACKEND == _FILES
    if settings.EMAIL_BACKEND == _NONE:
        raise SwitchedOff(_("Sending e-mail is switched off on this server, so nothing was sent."))
    message = _message(outgoing)
    try:
        connection = _files() if into_files else get_connection(timeout=settings.EMAIL_TIMEOUT)
        message.connection = connection
        if message.send() != 1:
            raise NotNow(_("The mail server could not be reached, or broke off."))
    except smtplib.SMTPRecipientsRefused as error:
        _raise_for_recipient(error)
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= 500:
            raise Refused(_said(_("The mail server refused this e-mail"), error.smtp_code)) from None
        raise NotNow(_said(_("The mail server took no e-mail for now"), error.smtp_code)) from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotNow(_said(_("The mail server did not accept its user name or password"), error.smtp_code)) from None
    except smtplib.SMTPSenderRefused as error:
        raise NotNow(_said(_("The mail server does not accept the sender's address"), error.smtp_code)) from None
    except smtplib.SMTPResponseException as error:
        raise NotNow(_said(_("The mail server took no e-mail for now"), error.smtp_code)) from None
    except smtplib.SMTPNotSupportedError:
        raise NotNow(_("The mail server does not offer the sign-in or the protection that is set up.")) from None
    except ValueError:  # what cannot stand in a header, or is no text
        raise Refused(_("This e-mail was not sent: its address or its words cannot be written as e-mail.")) from None
    except (smtplib.SMTPException, OSError):
        raise NotNow(_("The mail server could not be reached, or broke off.")) from None
    return _("Written to the outbox folder of this server; it sends no e-mail.") if into_files else ""


def _message(outgoing: Outgoing) -> EmailMessage:
    for line in (outgoing.to, outgoing.subject, outgoing.sender_name, outgoing.reply_to, outgoing.message_id):
        if len(line.splitlines()) > 1 or any(sign in line for sign in "\r\n\0"):
            raise Refused(_("This e-mail was not sent: its address or its subject holds a line break."))
    _check_address(outgoing.to)
    if outgoing.reply_to:
        _check_address(outgoing.reply_to)
    return EmailMessage(
        subject=outgoing.subject,
        body=outgoing.body,
        from_email=formataddr((outgoing.sender_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[outgoing.to],
        reply_to=[outgoing.reply_to] if outgoing.reply_to else None,
        headers={
            "Message-ID": outgoing.message_id,
            "Date": format_datetime(outgoing.at),
            "Auto-Submitted": "auto-generated",
        },
    )


def _check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("This e-mail was not sent: its address is not an e-mail address.")) from None


def _files() -> BaseEmailBackend:
    # What is written there holds working links: for the owner of the folder alone.
    Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
    return get_connection(_FILES)


def _raise_for_recipient(error: smtplib.SMTPRecipientsRefused) -> None:
    code = max((code for code, _reason in error.recipients.values()), default=0)
    if code >= 500:
        raise Refused(_said(_("The mail server says that this address does not exist or takes no e-mail"), code))
    raise NotNow(_said(_("The mail server did not take e-mail for this address for now"), code))


def _said(sentence: str, code: int) -> str:
    # The server's own words may hold the address, so its number alone is kept.
    return _("%(sentence)s (answer %(code)d).") % {"sentence": sentence, "code": code}
