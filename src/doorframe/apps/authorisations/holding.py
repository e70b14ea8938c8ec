"""Rows as they are now, held to the end of the transaction: the first step of every action."""

from __future__ import annotations

from doorframe.apps.authorisations.models import Authorisation, Signer, Turn


def locked(item: Authorisation) -> Authorisation:
    """The authorisation with its practice."""
    rows = Authorisation.objects.select_for_update(of=("self",)).select_related("practice")
    return rows.get(pk=item.pk, practice_id=item.practice_id)


def locked_signer(signer: Signer) -> Signer:
    """The signer, with the authorisation above held first: answers of several people settle one after the other."""
    item = locked(signer.authorisation)
    found = Signer.objects.select_for_update(of=("self",)).get(pk=signer.pk, authorisation=item)
    found.authorisation = item
    return found


def locked_turn(turn: Turn) -> Turn:
    """The turn with whoever handed it over; the authorisation is held first."""
    locked(turn.authorisation)
    rows = Turn.objects.select_for_update(of=("self",)).select_related(
        "practice", "authorisation__practice", "held_by__user", "signer"
    )
    return rows.get(pk=turn.pk)
