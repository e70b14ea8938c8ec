"""What the clients room says of acknowledgements: a line in its list, and a part of each client's page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from doorframe.apps.clients.models import Client, Status
from doorframe.apps.clients.rooms import Section
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import queries, telling


def standing(clients: Sequence[Client]) -> dict[int, str]:
    """Where the newest acknowledgement of each client stands, by the client's pk. Says nothing of what was answered."""
    found = {pk: telling.standing(item) for pk, item in queries.latest(list(clients)).items()}
    return {pk: sentence for pk, sentence in found.items() if sentence}


def section(client: Client, member: Membership) -> Section | None:
    """Everything that this client was asked, newest first, with the next step; None for who hands out nothing."""
    if not permissions.can(member, Permission.ASK_CLIENTS, client):
        return None
    found = queries.on_desk(client)
    paper = queries.current_paper(client.practice)
    at = timezone.now()
    pages = [telling.page(desk, sees=permissions.can(member, Permission.VIEW_ANSWERS), at=at) for desk in found]
    here = client.erased_at is None and client.status != Status.FORMER
    asked = paper is not None and any(desk.item.paper_id == paper.pk for desk in found)
    context = {
        "pages": pages, "may_ask": here and paper is not None and not asked, "here": here, "paper": paper,
        "may_publish": permissions.can(member, Permission.EDIT_POLICIES),
    }  # fmt: skip
    return Section("signatures/desk/section.html", context, "signatures/desk.css")
