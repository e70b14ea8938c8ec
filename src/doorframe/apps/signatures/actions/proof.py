"""Keeping the sealed file, and letting go of what need not be kept any more."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.apps.jobs import actions as jobs
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import daily, proof, queries, rules
from doorframe.apps.signatures.actions import asking
from doorframe.apps.signatures.holding import locked
from doorframe.apps.signatures.models import Acknowledgement, Scan, Seal, SealKey
from doorframe.apps.signatures.states import State
from doorframe.apps.trail import actions as trail
from doorframe.engines.scheduling.days import years_after


@transaction.atomic
def seal_key(*, practice: Practice, at: datetime) -> SealKey:
    """The practice's key, made at its first seal."""
    found = SealKey.objects.for_practice(practice).first()
    if found is not None:
        return found
    # Not the key of the row: every event names the practice, and whoever writes one would wait here, head in hand.
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    found = SealKey.objects.for_practice(practice).first()
    if found is not None:
        return found
    pkcs12, fingerprint = proof.fresh_key(practice.name, at=at)
    key = SealKey.objects.create(practice=practice, pkcs12=pkcs12, fingerprint=fingerprint, since=at)
    trail.record("signatures.key.made", practice=practice, actor=None, subject=key, at=at,
                 data={"fingerprint": fingerprint})  # fmt: skip
    return key


@transaction.atomic
def bring_key(*, actor: Membership, at: datetime, pkcs12: bytes, passphrase: str) -> SealKey:
    """Seal from now on with the practice's own key. Earlier seals stand. Raises SealError for an unfit file."""
    from doorframe.adapters import seal_pdf

    permissions.check_can(actor, Permission.EDIT_PRACTICE)
    fingerprint = seal_pdf.load_key(pkcs12, passphrase).fingerprint
    values = {"pkcs12": pkcs12, "passphrase": passphrase, "fingerprint": fingerprint, "own": True, "since": at}
    key, _made = SealKey.objects.update_or_create(practice=actor.practice, defaults=values)
    trail.record("signatures.key.brought", practice=actor.practice, actor=actor, subject=key, at=at,
                 data={"fingerprint": fingerprint})  # fmt: skip
    return key


@transaction.atomic
def keep_seal(*, item: Acknowledgement, made: proof.Sealed, at: datetime) -> Seal:
    """Keep a sealed file, once, and send the copies. A second one of the same acknowledgement is let go."""
    item = locked(item)
    found = Seal.objects.filter(acknowledgement=item).first()
    if found is not None:
        return found
    sha256 = hashlib.sha256(made.data).hexdigest()
    seal = Seal.objects.create(
        practice=item.practice, acknowledgement=item, data=made.data, size=len(made.data), sha256=sha256,
        fingerprint=made.fingerprint, chain_seq=made.chain_seq, chain_hash=made.chain_hash, sealed_at=at,
    )  # fmt: skip
    trail.record("signatures.proof.sealed", practice=item.practice, actor=None, subject=item, at=at,
                 data={"sha256": sha256, "size": seal.size})  # fmt: skip
    for signer in item.signers.filter(person__isnull=False):
        asking.send_copy(signer=signer, actor=None, at=at)
    daily.plan_next(item.practice, at)
    return seal


@transaction.atomic
def take_sealed(*, item: Acknowledgement, actor: Membership, at: datetime) -> Seal:
    """The sealed file, for whoever may see what was signed; that it was taken is kept. Raises NotNow where none is."""
    rules.check_can_see_answers(actor, item)
    seal = rules.check_sealed(Seal.objects.filter(acknowledgement=item).first())
    trail.record("signatures.proof.taken", practice=item.practice, actor=actor, subject=item, at=at,
                 data={"sha256": seal.sha256})  # fmt: skip
    return seal


@transaction.atomic
def seal_again(*, item: Acknowledgement, actor: Membership, at: datetime) -> None:
    """Try once more to seal a complete acknowledgement. Raises NotNow where it is sealed, or not complete."""
    rules.check_can_see_answers(actor, item)
    if item.state != State.COMPLETE or Seal.objects.filter(acknowledgement=item).exists():
        raise rules.NotNow(_("There is nothing to seal here now."))
    jobs.enqueue(
        "signatures.proof.seal", practice=item.practice, at=at, args={"acknowledgement_id": item.pk},
        unique_key=f"signatures.proof.seal:{item.pk}",
    )  # fmt: skip
    trail.record("signatures.proof.asked-again", practice=item.practice, actor=actor, subject=item, at=at)


@transaction.atomic
def let_go(*, practice: Practice, at: datetime, today: date) -> int:
    """Remove what was signed once its time of keeping is over; the trail keeps hashes and ids. How many went.

    The time counts from the day of signing, the end of the version and the day on which the client left, whichever
    is latest: nothing of a client who still comes is removed. The next day's look is asked for.
    """
    daily.plan_next(practice, at)
    before = years_after(today, -queries.preferences(practice).keep_years)
    over = Acknowledgement.objects.for_practice(practice).filter(keep_until__lt=today, state=State.COMPLETE)
    over = over.filter(paper__ended_at__date__lt=before, client__left_at__date__lt=before)
    count = 0
    for item in over.filter(seals__data__isnull=False).distinct()[:500]:
        item.seals.update(data=None)
        item.signers.update(
            name="", relationship="", authority="", reason="", signed_name="", drawing=None, user_agent="", ip=""
        )
        item.questions.update(text="", answer="")
        Scan.objects.filter(signer__acknowledgement=item).update(data=None)
        trail.record("signatures.proof.let-go", practice=practice, actor=None, subject=item, at=at)
        count += 1
    return count
