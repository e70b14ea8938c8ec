"""The letters to clients: written when they are sent, from ids alone; the address in them is made again each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doorframe.apps.mail import names, words
from doorframe.apps.mail.models import Letter
from doorframe.apps.mail.registry import Composed, letter
from doorframe.apps.signatures import tokens
from doorframe.apps.signatures.models import Link
from doorframe.apps.signatures.queries import jobs as rows

Words = Callable[..., tuple[str, str]]

_SAMPLE = ("Imani Cole", "https://read.example/c/SAMPLE/", datetime(2026, 12, 5, 9, 0, tzinfo=UTC))


def address(link: Link) -> str:
    """The whole address of a link. Only a letter may hold it: no page and no answer of any kind ever does."""
    path = reverse("signatures:link", kwargs={"token": tokens.link_token(link.uid)})
    return f"{settings.PUBLIC_URL or settings.SERVED_AT}{path}"


def _composed(item: Letter, write: Words, *, opens: bool = True) -> Composed | None:
    """A letter with a link, or None where it is no longer to be sent. What a link `opens` may ask for a code first."""
    link = rows.link(int(item.args["link_id"]))
    if link is None or link.revoked_at is not None or link.used_at is not None or link.expires_at <= timezone.now():
        return None
    person = link.signer.person
    if person is None or not person.email or not person.electronic or person.removed_at is not None:
        return None
    sender = names.of_sender(link.practice, str(link.signer.acknowledgement.client.clinician.user))
    code = {"with_code": bool(link.code_hash)} if opens else {}
    subject, body = write(sender, address(link), link.expires_at, **code)
    return Composed(to=person.email, subject=subject, body=body, sender_name=sender)


@letter("signatures.invitation", label=_("An invitation to read"), sample=lambda: words.invitation(*_SAMPLE))
def invitation(item: Letter) -> Composed | None:
    """The first link."""
    return _composed(item, words.invitation)


@letter("signatures.reminder", label=_("A reminder"), sample=lambda: words.reminder(*_SAMPLE))
def reminder(item: Letter) -> Composed | None:
    """A link again, later."""
    return _composed(item, words.reminder)


@letter("signatures.new-version", label=_("A notice of a change"), sample=lambda: words.new_version(*_SAMPLE))
def new_version(item: Letter) -> Composed | None:
    """A link to a paper that changed."""
    return _composed(item, words.new_version)


@letter("signatures.copy", label=_("A copy"), sample=lambda: words.copy_ready(*_SAMPLE))
def copy(item: Letter) -> Composed | None:
    """A link to the copy of what was signed."""
    return _composed(item, words.copy_ready, opens=False)


@letter("signatures.answer", label=_("An answer to a question"), sample=lambda: words.answer_ready(*_SAMPLE))
def answer(item: Letter) -> Composed | None:
    """A link to an answer."""
    return _composed(item, words.answer_ready, opens=False)
