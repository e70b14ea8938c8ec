"""What a letter may say about who sends it, and which words it may not hold. The words themselves are content."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from doorframe.apps.mail.models import Sender
from doorframe.apps.members.models import Practice
from doorframe.engines.content import loader
from doorframe.engines.content.mail import Revealing
from doorframe.engines.mail import neutral


def reveals(text: str) -> list[str]:
    """The words of a text that would tell a stranger of care."""
    return neutral.reveals(text, _words(settings.CONTENT))


def reveals_in_letter(text: str) -> list[str]:
    """As `reveals`, without regard to the web addresses in it, whose random part may spell anything."""
    return reveals(neutral.without_addresses(text))


def plain(name: str) -> str:
    """A person's name without titles and profession; "" where nothing is left that may be shown."""
    return neutral.plain_name(name, _words(settings.CONTENT))


def of_sender(practice: Practice, person: str) -> str:
    """What clients read as the sender: the name that the owner set, else the person's own, else "".

    Use it for the words of a letter too. It never holds a word that reveals.
    """
    chosen = Sender.objects.for_practice(practice).values_list("name", flat=True).first()
    return plain(chosen or "") or plain(person)


def reply_to(practice: Practice) -> str:
    """The address for answers that the owner set, or ""."""
    return Sender.objects.for_practice(practice).values_list("reply_to", flat=True).first() or ""


@lru_cache(maxsize=4)
def _words(folder: Path | None) -> Revealing:
    return loader.load_mail(*([folder] if folder else []))
