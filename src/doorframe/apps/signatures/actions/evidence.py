"""Evidence leaving the practice: packs, the register, a bundle. Each is on the trail, and nobody gets another's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.apps.clients.models import Client
from doorframe.apps.jobs import actions as jobs
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import packs, rules
from doorframe.apps.signatures.models import Acknowledgement, EvidencePack, Paper
from doorframe.apps.signatures.queries.evidence import VERIFY
from doorframe.apps.trail import actions as trail

KEPT_FOR = timedelta(hours=24)
"""How long a pack can be taken."""


@transaction.atomic
def ask_for_pack(
    *, actor: Membership, at: datetime, kind: str, client: Client | None = None, paper: Paper | None = None
) -> EvidencePack:
    """Ask for a pack about a client, a version, or the whole practice. Raises PermissionDenied by role."""
    for subject in (client, paper, None):
        permissions.check_can(actor, Permission.EXPORT_EVIDENCE, subject)
    reference = client.code if client is not None else str(paper.number) if paper is not None else ""
    pack = EvidencePack.objects.create(
        practice=actor.practice, asked_by=actor, kind=kind, client=client, paper=paper, reference=reference,
        asked_at=at,
    )  # fmt: skip
    jobs.enqueue(
        "signatures.evidence.make", practice=actor.practice, at=at, args={"pack_id": pack.pk},
        unique_key=f"signatures.evidence.make:{pack.pk}",
    )  # fmt: skip
    _record("signatures.evidence.asked", pack, actor, at)
    return pack


@transaction.atomic
def keep_pack(*, pack: EvidencePack, made: packs.Kept, at: datetime) -> EvidencePack:
    """The file lies ready for a day; a second making of the same pack changes nothing but the file."""
    pack = _locked(pack)
    pack.size, pack.sha256 = made.size, made.sha256
    pack.stage, pack.ready_at, pack.expires_at = EvidencePack.Stage.READY, at, at + KEPT_FOR
    pack.save()
    jobs.enqueue(
        "signatures.evidence.forget", practice=pack.practice, at=at, run_at=pack.expires_at,
        args={"pack_id": pack.pk}, unique_key=f"signatures.evidence.forget:{pack.pk}",
    )  # fmt: skip
    _record("signatures.evidence.made", pack, None, at)
    return pack


@transaction.atomic
def take_pack(*, pack: EvidencePack, actor: Membership, at: datetime) -> EvidencePack:
    """Note that the pack leaves. Raises NotNow where there is nothing to take, PermissionDenied for anybody else."""
    pack = _locked(pack)
    permissions.check_can(actor, Permission.EXPORT_EVIDENCE, pack)
    if pack.asked_by_id != actor.pk or pack.stage != EvidencePack.Stage.READY:
        raise rules.NotNow(_("This pack is not ready. Nothing was taken."))
    if pack.expires_at is None or at >= pack.expires_at or not packs.is_there(pack):
        raise rules.NotNow(_("A pack is kept for a day, and this one is over. Ask for a new one; nothing is lost."))
    _record("signatures.evidence.taken", pack, actor, at)
    return pack


@transaction.atomic
def forget_pack(*, pack: EvidencePack, at: datetime) -> bool:
    """Remove the file once its day is over. Safe to repeat."""
    pack = _locked(pack)
    if pack.stage != EvidencePack.Stage.READY or pack.expires_at is None or at < pack.expires_at:
        return False
    pack.stage = EvidencePack.Stage.GONE
    pack.save(update_fields=["stage"])
    transaction.on_commit(lambda: packs.throw_away(pack))
    _record("signatures.evidence.removed", pack, None, at)
    return True


@transaction.atomic
def take_register(*, actor: Membership, at: datetime, shape: str) -> None:
    """Note that the register of acknowledgements leaves, in which format."""
    permissions.check_can(actor, Permission.EXPORT_EVIDENCE)
    trail.record("signatures.register.taken", practice=actor.practice, actor=actor, subject=actor.practice, at=at,
                 data={"format": shape})  # fmt: skip


@transaction.atomic
def take_bundle(*, item: Acknowledgement, actor: Membership, at: datetime, names: bool) -> None:
    """Note that the record of one acknowledgement leaves as a bundle, with names or without."""
    permissions.check_can(actor, Permission.EXPORT_EVIDENCE, item)
    rules.check_can_see_answers(actor, item)
    trail.record("signatures.bundle.taken", practice=item.practice, actor=actor, subject=item, at=at,
                 data={"names": names})  # fmt: skip


@transaction.atomic
def ask_to_verify(*, actor: Membership, at: datetime) -> None:
    """Have the whole chain of the practice computed again."""
    permissions.check_can(actor, Permission.VIEW_TRAIL)
    jobs.enqueue(VERIFY, practice=actor.practice, at=at, unique_key=VERIFY)
    trail.record("signatures.trail.asked", practice=actor.practice, actor=actor, subject=actor.practice, at=at)


def _locked(pack: EvidencePack) -> EvidencePack:
    rows = EvidencePack.objects.select_for_update(of=("self",)).select_related("practice", "asked_by__user")
    return rows.get(pk=pack.pk, practice_id=pack.practice_id)


def _record(name: str, pack: EvidencePack, actor: Membership | None, at: datetime) -> None:
    data = {"kind": str(pack.kind), "reference": pack.reference, "sha256": pack.sha256}
    trail.record(name, practice=pack.practice, actor=actor, subject=pack, at=at, data=data)
