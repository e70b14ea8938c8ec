"""What other rooms say about a client, asked through the settings so that this room knows none of them.

`DOORFRAME_CLIENT_STANDING` names one function `standing(clients)`, which gives a sentence for each client's pk: where
its acknowledgement stands. `DOORFRAME_CLIENT_SECTIONS` names functions `section(client, member)`, each of which gives
a Section for the client's page, or None. Without them the pages work, and say nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from doorframe.apps.clients.models import Client
from doorframe.apps.members.models import Membership


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the client's page: its template, what that needs, and a style sheet of its own if it has one."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    stylesheet: str = ""


def standing(clients: Sequence[Client]) -> Mapping[int, str]:
    """Where each client's acknowledgement stands, by the client's pk."""
    path = settings.DOORFRAME_CLIENT_STANDING
    return import_string(path)(clients) if path and clients else {}


def sections(client: Client, member: Membership) -> list[Section]:
    """What other rooms show on this client's page."""
    found = [import_string(path)(client, member) for path in settings.DOORFRAME_CLIENT_SECTIONS]
    return [section for section in found if section is not None]
