"""What the clients room shows of permissions: a part of each client's page."""

from __future__ import annotations

from django.utils import timezone

from doorframe.apps.authorisations import queries
from doorframe.apps.clients.models import Client
from doorframe.apps.clients.rooms import Section
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission


def section(client: Client, member: Membership) -> Section | None:
    """The permissions that this client is on; None for who sees none."""
    if not permissions.can(member, Permission.VIEW_AUTHORISATIONS, client):
        return None
    entries = queries.of_client(member, client, timezone.now())
    may_ask = client.erased_at is None and permissions.can(member, Permission.EDIT_AUTHORISATIONS, client)
    return Section("authorisations/_section.html", {"entries": entries, "may_ask": may_ask},
                   "authorisations/authorisations.css")  # fmt: skip
