"""What the room that keeps the account register tells the others, without either knowing the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from doorframe.apps.members.models import Practice

COLUMNS = ("platform", "handle", "kind", "purpose")
"""What a row says, by the names of the policy's answers."""

Rows = Sequence[Mapping[str, str]]
"""One row for each open account, with exactly COLUMNS."""


class Provider(Protocol):
    """What stands in the setting DOORFRAME_REGISTER: a function of the practice."""

    def __call__(self, practice: Practice) -> Rows | None: ...


def accounts(practice: Practice) -> Rows | None:
    """The open accounts of a practice; None where it keeps no register, or no room that does is installed."""
    if not settings.DOORFRAME_REGISTER:
        return None
    provider: Provider = import_string(settings.DOORFRAME_REGISTER)
    return provider(practice)
