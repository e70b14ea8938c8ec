"""Work that takes time, or comes later: seals, campaigns, reminders."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorframe.adapters.render import RenderError
from doorframe.adapters.seal_pdf import SealError
from doorframe.apps.jobs.registry import JobError, Run, job
from doorframe.apps.signatures import packs, proof, trail_words
from doorframe.apps.signatures.actions import campaigns, evidence, prompts
from doorframe.apps.signatures.actions import proof as keeping
from doorframe.apps.signatures.models import EvidencePack
from doorframe.apps.signatures.queries import evidence as proofs
from doorframe.apps.signatures.queries import jobs as rows
from doorframe.apps.trail import queries as trail


@job("signatures.proof.seal")
def seal(run: Run, *, acknowledgement_id: int) -> None:
    """Write, seal and keep the proof of a complete acknowledgement, and send the copies."""
    item = rows.acknowledgement(acknowledgement_id)
    prompts.plan(item=item, at=timezone.now())
    if rows.is_sealed(item):
        return
    run.progress(20, _("Writing the proof"))
    key = keeping.seal_key(practice=item.practice, at=timezone.now())
    try:
        made = proof.make(item, key=key, at=timezone.now())
    except (RenderError, SealError) as error:
        raise JobError(str(error)) from error
    keeping.keep_seal(item=item, made=made, at=timezone.now())


@job("signatures.campaign.begin")
def begin_campaign(run: Run, *, campaign_id: int) -> None:
    """Put everyone who must be asked again on the list."""
    campaign = rows.campaign(campaign_id)
    while campaigns.fill(campaign=campaign, at=timezone.now()):
        run.progress(50, _("Looking up who is to be asked again"))


@job("signatures.campaign.send")
def send_campaign(run: Run, *, campaign_id: int) -> None:
    """Send the notice to everyone on the list."""
    campaign = rows.campaign(campaign_id)
    while campaigns.send_next(campaign=campaign, at=timezone.now()):
        run.progress(50, _("Writing the letters"))


@job("signatures.reminder.send")
def send_reminder(run: Run, *, signer_id: int) -> None:
    """Send one reminder, if it is still due."""
    campaigns.remind(signer=rows.signer(signer_id), at=timezone.now())


@job("signatures.proof.let-go")
def let_go(run: Run) -> None:
    """Remove what need not be kept any more; once a day."""
    now = timezone.now()
    today = timezone.localdate(now, ZoneInfo(run.job.practice.time_zone))
    while keeping.let_go(practice=run.job.practice, at=now, today=today):
        run.progress(50, _("Removing what need not be kept any more"))


@job("signatures.evidence.make")
def make_pack(run: Run, *, pack_id: int) -> None:
    """Put an evidence pack together, and keep it for the day that it can be taken."""
    pack = proofs.pack_by_id(pack_id)
    if pack.stage != EvidencePack.Stage.WAITING:
        return
    words = _("Putting the records together")
    with packs.build(pack, at=timezone.now(), progress=lambda n, all: run.progress(90 * n // all, words)) as file:
        run.progress(95, _("Encrypting the file"))
        made = packs.put_away(pack, file)
    evidence.keep_pack(pack=pack, made=made, at=timezone.now())


@job("signatures.evidence.forget")
def forget_pack(run: Run, *, pack_id: int) -> None:
    """Remove a pack once its day is over."""
    evidence.forget_pack(pack=proofs.pack_by_id(pack_id), at=timezone.now())


@job("signatures.trail.verify")
def verify_trail(run: Run) -> None:
    """Compute the whole chain of a practice again; the sentence of the job says what came of it."""
    practice = run.job.practice
    report = trail.verify(practice)
    with translation.override(practice.language.lower()):
        run.progress(100, trail_words.verdict(report))
