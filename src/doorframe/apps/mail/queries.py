"""Reads. Each takes the practice, and shows nothing of any other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from doorframe.apps.mail import registry, rules
from doorframe.apps.mail.models import Letter, Sender
from doorframe.apps.mail.states import State
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Practice

PAGE = 50
PATIENCE = 3
"""After so many tries in vain a waiting letter is worth a word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter as the list shows it: what it is, never to whom it goes."""

    letter: Letter
    label: str
    link: str

    @property
    def can_retry(self) -> bool:
        return rules.can_retry(self.letter)

    @property
    def is_late(self) -> bool:
        return can_be_late(self.letter)


def can_be_late(letter: Letter) -> bool:
    """Whether a letter waits although it was tried several times."""
    return letter.state == State.WAITING and letter.attempts >= PATIENCE


def letter(practice: Practice, uid: object) -> Letter:
    """One letter of this practice, or Http404."""
    return get_for_practice(Letter.objects.select_related("practice"), practice=practice, uid=uid)


def by_key(practice: Practice, keys: Iterable[str]) -> dict[str, Letter]:
    """The practice's letters under these unique keys, in one query."""
    rows = Letter.objects.for_practice(practice).filter(unique_key__in=list(keys))
    return {row.unique_key: row for row in rows if row.unique_key}


def entries(practice: Practice, *, state: str = "", page: str | int = 1) -> Page[Letter]:
    """One page of letters, newest first, of one state or of all."""
    rows = Letter.objects.for_practice(practice).order_by("-created_at", "-pk")
    if state in State.values:
        rows = rows.filter(state=state)
    return Paginator(rows, PAGE).get_page(page)


def shown(letters: Iterable[Letter]) -> list[Entry]:
    """Letters with what they are called and where they belong."""
    return [_entry(row) for row in letters]


def _entry(row: Letter) -> Entry:
    try:
        kind = registry.find(row.kind)
    except LookupError:  # a room that is no longer installed
        return Entry(row, _("An e-mail"), "")
    return Entry(row, str(kind.label), kind.where(row) if kind.where else "")


def counts(practice: Practice) -> dict[str, int]:
    """How many letters stand in each state."""
    rows = Letter.objects.for_practice(practice).values_list("state").annotate(count=Count("pk")).order_by()
    return dict(rows)


def overdue(practice: Practice, *, before: datetime) -> int:
    """How many letters still wait although their time came before this moment."""
    return Letter.objects.for_practice(practice).filter(state=State.WAITING, run_at__lt=before).count()


def sender(practice: Practice) -> Sender:
    """What the owner set about the sender; an unsaved one where nothing was set."""
    found = Sender.objects.for_practice(practice).first()
    return found or Sender(practice=practice)
