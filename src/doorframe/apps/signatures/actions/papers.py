"""A paper comes into force, and the one before it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from doorframe.adapters import kept
from doorframe.apps.jobs import actions as jobs
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.signatures.models import Campaign, Paper
from doorframe.apps.trail import actions as trail
from doorframe.engines.assembly.document import Document


@transaction.atomic
def issue_paper(
    *, practice: Practice, actor: Membership, at: datetime, key: str, number: int, source: Any, document: Document,
    answers: Mapping[str, object], pack: str, pack_sha256: str, in_force_from: date, material: bool,
    change_note: str = "", changes: Sequence[Mapping[str, str]] = (),
) -> Paper:  # fmt: skip
    """Keep a text as it is put in force, end the one before, and begin to ask again where the change is material.

    changes holds {"id", "title", "how"} for each section that differs. Part of the transaction that publishes.
    """
    before = Paper.objects.select_for_update(no_key=True).for_practice(practice).filter(key=key, ended_at=None).first()
    last = Paper.objects.for_practice(practice).filter(key=key).order_by("-number").first()
    _end(before, at)
    paper = Paper.objects.create(
        practice=practice, key=key, number=number, source=source, title=document.title, language=document.language,
        generation=number if material or last is None else last.generation,
        tree=kept.to_plain(document), answers=dict(answers), text_sha256=kept.words_hash(document), pack=pack,
        pack_sha256=pack_sha256, in_force_from=in_force_from, material=material, change_note=change_note,
        changes=[dict(change) for change in changes], issued_at=at,
    )  # fmt: skip
    data = {"key": key, "number": number, "material": material, "text_sha256": paper.text_sha256}
    trail.record("signatures.paper.issued", practice=practice, actor=actor, subject=paper, at=at, data=data)
    if last is not None:
        campaign = Campaign.objects.create(practice=practice, paper=paper, opened_by=actor, opened_at=at)
        trail.record("signatures.campaign.opened", practice=practice, actor=actor, subject=campaign, at=at, data=data)
        jobs.enqueue(
            "signatures.campaign.begin", practice=practice, at=at, args={"campaign_id": campaign.pk},
            unique_key=f"signatures.campaign.begin:{campaign.pk}",
        )  # fmt: skip
    return paper


@transaction.atomic
def end_paper(*, practice: Practice, actor: Membership, at: datetime, key: str) -> None:
    """Take a paper out of force without another in its place: from now on nobody can sign it."""
    paper = Paper.objects.select_for_update(no_key=True).for_practice(practice).filter(key=key, ended_at=None).first()
    if paper is None:
        return
    _end(paper, at)
    trail.record(
        "signatures.paper.ended", practice=practice, actor=actor, subject=paper, at=at, data={"number": paper.number}
    )


def _end(paper: Paper | None, at: datetime) -> None:
    if paper is not None:
        paper.ended_at = at
        paper.save(update_fields=["ended_at"])
