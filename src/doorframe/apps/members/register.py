"""What the account register and the policy tell each other about accounts, without either knowing the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from doorframe.apps.members.models import Practice

COLUMNS = ("platform", "handle", "kind", "purpose")
"""What a row says, by the names of the policy's answers."""

Rows = Sequence[Mapping[str, str]]
"""One row for each account, with exactly COLUMNS."""


class Provider(Protocol):
    """What stands in the settings DOORFRAME_REGISTER and DOORFRAME_NAMED_ACCOUNTS: a function of the practice."""

    def __call__(self, practice: Practice) -> Rows | None: ...


def accounts(practice: Practice) -> Rows | None:
    """The open accounts of a practice; None where it keeps no register, or no room that does is installed."""
    return _ask(settings.DOORFRAME_REGISTER, practice)


def named(practice: Practice) -> Rows:
    """The accounts that the practice's latest policy names; none where there is no policy."""
    return _ask(settings.DOORFRAME_NAMED_ACCOUNTS, practice) or []


def _ask(path: str, practice: Practice) -> Rows | None:
    if not path:
        return None
    provider: Provider = import_string(path)
    return provider(practice)
