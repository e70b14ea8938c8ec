"""What may be done with letters: `check_x` raises with a sentence that a person can read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from doorframe.apps.mail import names
from doorframe.apps.mail.models import Letter
from doorframe.apps.mail.states import Verb, after


class NotNow(Exception):
    """The step does not fit how the letter stands; the message says why."""


def check_can_retry(letter: Letter) -> None:
    """Raise NotNow unless the letter failed or was refused."""
    if after(letter.state, Verb.RETRY) is None:
        raise NotNow(_("This e-mail needs no further try. Nothing was changed."))


def can_retry(letter: Letter) -> bool:
    """Whether `check_can_retry` would let this pass."""
    return after(letter.state, Verb.RETRY) is not None


def check_sender(*, name: str, reply_to: str) -> None:
    """Raise ValidationError where the name or the address for answers would tell a stranger of care."""
    found = {}
    if name and (telling := names.reveals(name)):
        found["name"] = _(
            "“%(word)s” would tell whoever sees the screen what this is about. Nothing was kept. Use a name alone, for "
            "example Imani Cole."
        ) % {"word": telling[0]}
    if reply_to and (telling := names.reveals(reply_to)):
        found["reply_to"] = _(
            "“%(word)s” in this address would tell whoever sees it what this is about. Nothing was kept. Use another "
            "address, or leave this empty."
        ) % {"word": telling[0]}
    if found:
        raise ValidationError(found)
