"""Rows by their key, for jobs that the practice's own actions asked for."""

from __future__ import annotations

from doorframe.apps.signatures.models import Acknowledgement, Campaign, Link, Seal, Signer


def acknowledgement(pk: int) -> Acknowledgement:
    """An acknowledgement with its client, paper and practice."""
    rows = Acknowledgement.objects.select_related("practice", "paper", "client__clinician__user", "client__practice")
    return rows.get(pk=pk)


def is_sealed(item: Acknowledgement) -> bool:
    """Whether the proof is kept already."""
    return Seal.objects.filter(acknowledgement=item).exists()


def campaign(pk: int) -> Campaign:
    """A campaign with its paper."""
    return Campaign.objects.select_related("paper__practice", "practice").get(pk=pk)


def signer(pk: int) -> Signer:
    """A signer with what stands above."""
    return Signer.objects.select_related("practice", "acknowledgement").get(pk=pk)


def link(pk: int) -> Link | None:
    """A link with everything that its letter needs."""
    rows = Link.objects.select_related(
        "practice",
        "signer__person",
        "signer__acknowledgement__paper",
        "signer__acknowledgement__client__clinician__user",
    )
    return rows.filter(pk=pk).first()
