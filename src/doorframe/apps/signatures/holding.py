"""Rows as they are now, held to the end of the transaction: the first step of every action."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from doorframe.apps.signatures.models import Acknowledgement, Link, Signer, Visit

SHOWN = timedelta(minutes=10)
"""How long a link opens that the tablet shows as a square code. Links by e-mail last a day or more."""


def locked(item: Acknowledgement) -> Acknowledgement:
    """The acknowledgement with its client, paper and practice."""
    rows = Acknowledgement.objects.select_for_update(of=("self",)).select_related(
        "practice", "paper", "client__clinician__user", "client__practice"
    )
    rows = rows.defer("paper__tree", "paper__answers")  # the text, which nobody needs while others wait
    return rows.get(pk=item.pk, practice_id=item.practice_id)


def locked_signer(signer: Signer) -> Signer:
    """The signer, with the acknowledgement above held too: answers of several people settle one after the other."""
    item = locked(signer.acknowledgement)
    found = Signer.objects.select_for_update(of=("self",)).select_related("person", "member__user").get(pk=signer.pk)
    found.acknowledgement = item
    return found


def locked_visit(visit: Visit) -> Visit:
    """The sitting with whoever handed it over."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related(
        "practice", "acknowledgement__paper", "held_by__user", "held_by__practice", "signer"
    )
    rows = rows.defer("acknowledgement__paper__tree", "acknowledgement__paper__answers")
    return rows.get(pk=visit.pk)


def end_links(item: Acknowledgement, at: datetime) -> int:
    """End the links to sign, and say how many; links to a copy stay."""
    rows = Link.objects.filter(signer__acknowledgement=item, purpose=Link.READ, used_at=None, revoked_at=None)
    return rows.update(revoked_at=at)


def end_shown_links(item: Acknowledgement, at: datetime, *, signer: Signer | None = None) -> int:
    """End the links that the tablet showed as a square code and nobody opened, and say how many."""
    rows = Link.objects.filter(signer__acknowledgement=item, purpose=Link.READ, used_at=None, revoked_at=None)
    rows = rows.filter(expires_at__lte=F("created_at") + SHOWN)
    return (rows.filter(signer=signer) if signer is not None else rows).update(revoked_at=at)
