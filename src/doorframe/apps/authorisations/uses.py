"""Where a permission was used, asked of the rooms that post, so that this room knows none of them.

`DOORFRAME_AUTHORISATION_USES` names functions `uses(practice, reference)`, each of which gives Use values. Without them
the pages say that nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from doorframe.apps.authorisations.models import Authorisation
from doorframe.apps.members.models import Practice


@dataclass(frozen=True, slots=True)
class Use:
    """One post that rests on a permission: what it is called, its page here, and where it stands. No word of it."""

    title: str
    link: str
    standing: str = ""


class Provider(Protocol):
    """What stands in the setting: a function of the practice and the reference of a permission."""

    def __call__(self, practice: Practice, reference: str) -> Iterable[Use]: ...


def are_told() -> bool:
    """Whether any room says where a permission was used."""
    return bool(_paths())


def of(item: Authorisation) -> list[Use]:
    """Every use that is known."""
    return [use for path in _paths() for use in import_string(path)(item.practice, item.reference)]


def _paths() -> list[str]:
    return list(getattr(settings, "DOORFRAME_AUTHORISATION_USES", ()))
