"""A client as it is now, held to the end of the transaction: the first step of every action on one."""

from __future__ import annotations

from doorframe.apps.clients.models import Client


def locked(client: Client) -> Client:
    """The row as it is now, held to the end of the transaction."""
    rows = Client.objects.select_for_update(of=("self",)).select_related("practice", "clinician__user")
    return rows.get(pk=client.pk, practice_id=client.practice_id)
