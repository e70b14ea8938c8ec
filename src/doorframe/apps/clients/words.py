"""A client in words: whose names are kept, and who signs for whom."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorframe.apps.clients.models import Capacity, Person


def names(people: Sequence[Person]) -> str:
    """“Ana Lima and Sam Ortiz”, “Mia Hart, with June Hart”; "" where no name is kept."""
    clients = _together([one.name for one in people if one.capacity == Capacity.CLIENT])
    guardians = _together([one.name for one in people if one.capacity == Capacity.GUARDIAN])
    if clients and guardians:
        return _("%(clients)s, with %(guardians)s") % {"clients": clients, "guardians": guardians}
    return clients or guardians


def _together(found: Sequence[str]) -> str:
    known = [name for name in found if name]
    if not known:
        return ""
    unnamed = len(found) - len(known)
    if unnamed:
        known.append(ngettext("%(count)s person without a name", "%(count)s people without a name", unnamed)
                     % {"count": unnamed})  # fmt: skip
    return get_text_list(known, _("and"))


def called(person: Person) -> str:
    """A person's name, or their place: “Person 2”."""
    return person.name or _("Person %(number)s") % {"number": person.position}


def guardian_is_missing(people: Sequence[Person]) -> bool:
    """Whether somebody is under age and no parent or guardian is entered."""
    return any(one.is_minor for one in people) and all(one.capacity != Capacity.GUARDIAN for one in people)
