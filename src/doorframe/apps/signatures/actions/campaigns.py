"""Asking again after a change: the list, the sending, the reminders."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Status
from doorframe.apps.jobs import actions as jobs
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import queries, reminding, rules
from doorframe.apps.signatures.actions import asking
from doorframe.apps.signatures.holding import locked, locked_signer
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Signer
from doorframe.apps.signatures.queries import campaigns as boards
from doorframe.apps.signatures.queries import dates
from doorframe.apps.signatures.states import State
from doorframe.apps.trail import actions as trail

BATCH = 200
"""Clients in one transaction: a worker that dies loses no more than this much work, and no client."""
LOOK_AGAIN = timedelta(days=1)
"""How long after a pause was met it is asked whether it still holds."""


@transaction.atomic
def fill(*, campaign: Campaign, at: datetime) -> int:
    """Put the next clients on the list; how many those were, 0 once everyone is on it. Safe to repeat."""
    campaign = _locked(campaign)
    if not campaign.paper.is_in_force:
        return 0
    waiting = queries.to_ask(campaign.paper).exclude(acknowledgements__paper=campaign.paper)[:BATCH]
    count = 0
    for client in waiting:
        asking.ask(client=client, paper=campaign.paper, actor=None, at=at, campaign=campaign)
        count += 1
    if count:
        data = {"clients": count}
        _record("signatures.campaign.filled", campaign, None, at, data)
    elif campaign.started_at is not None:
        _ask_for_letters(campaign, at)  # somebody began to send before the list was whole
    return count


@transaction.atomic
def start(*, campaign: Campaign, actor: Membership, at: datetime) -> Campaign:
    """Send the notice to everyone on the list who can be reached by e-mail.

    Raises NotNow once a newer version is in force, or the asking was stopped. A second time sends to nobody twice.
    """
    campaign = _locked(campaign)
    permissions.check_can(actor, Permission.RUN_CAMPAIGNS, campaign)
    _check_goes_on(campaign)
    if campaign.started_at is None:
        campaign.started_at = at
        campaign.save(update_fields=["started_at"])
        _record("signatures.campaign.started", campaign, actor, at)
    _ask_for_letters(campaign, at)
    return campaign


@transaction.atomic
def stop(*, campaign: Campaign, actor: Membership, at: datetime) -> Campaign:
    """Send nothing more for this campaign, for good. Links that are out stay good, and each client can be asked."""
    campaign = _locked(campaign)
    permissions.check_can(actor, Permission.RUN_CAMPAIGNS, campaign)
    if campaign.ended_at is not None:
        return campaign
    campaign.ended_at = at
    campaign.save(update_fields=["ended_at"])
    held = Signer.objects.filter(acknowledgement__campaign=campaign, next_reminder_at__isnull=False)
    _record("signatures.campaign.stopped", campaign, actor, at, {"reminders": held.update(next_reminder_at=None)})
    return campaign


@transaction.atomic
def send_next(*, campaign: Campaign, at: datetime) -> int:
    """Send the notice to the next signers who have none; how many those were, 0 once nobody is left.

    The campaign is held meanwhile, so that two workers never write to one person.
    """
    campaign = _locked(campaign)
    if campaign.ended_at is not None or not campaign.paper.is_in_force:
        return 0
    waiting = boards.letters(campaign).select_related("acknowledgement__client", "practice", "person")
    found = list(waiting.order_by("pk")[:BATCH])
    for signer in found:
        asking.send_link(signer=signer, actor=None, at=at, kind="signatures.new-version")
    if found:
        data = {"letters": len(found)}
        _record("signatures.campaign.sent", campaign, None, at, data)
    elif boards.is_held_back(campaign):
        _ask_for_letters(campaign, at, run_at=at + LOOK_AGAIN)
    return len(found)


@transaction.atomic
def remind(*, signer: Signer, at: datetime) -> bool:
    """Send one reminder, if it is still due: not to a paused or former client, nor once there is an answer."""
    signer = locked_signer(signer)
    item, due = signer.acknowledgement, signer.next_reminder_at
    if due is None or due > at or item.state != State.OPEN or signer.answer:
        return False
    if not _can_be_reminded(signer):
        signer.next_reminder_at = None
        signer.save(update_fields=["next_reminder_at"])
        trail.record("signatures.reminder.stopped", practice=item.practice, actor=None, subject=item, at=at)
        return False
    if item.client.reminders_paused:
        # The pause may end on any page, so it is looked at again; the trail has one line for the whole of it.
        if due == queries.next_reminder(signer):
            trail.record("signatures.reminder.held", practice=item.practice, actor=None, subject=item, at=at)
        reminding.plan_for(signer, dates.next_allowed(item.practice, at + LOOK_AGAIN), at)
        return False
    later = dates.next_allowed(item.practice, at)
    if later > at:
        # The work comes late, in the night or on a weekend.
        reminding.plan_for(signer, later, at)
        return False
    signer.reminders = [*signer.reminders, at.isoformat()]
    signer.save(update_fields=["reminders"])
    first = signer.sent_at
    asking.send_link(signer=signer, actor=None, at=at, kind="signatures.reminder")
    Signer.objects.filter(pk=signer.pk).update(sent_at=first)
    signer.sent_at = first
    reminding.plan_next(signer, at)
    trail.record("signatures.reminder.sent", practice=item.practice, actor=None, subject=item, at=at,
                 data={"number": len(signer.reminders)})  # fmt: skip
    return True


@transaction.atomic
def pause(*, item: Acknowledgement, actor: Membership, at: datetime) -> None:
    """Send this client no reminders, and no notice either, until the pause ends."""
    item = locked(item)
    rules.check_can_ask(actor, item)
    clients.pause_reminders(client=item.client, actor=actor, at=at, paused=True)
    trail.record("signatures.reminders.paused", practice=item.practice, actor=actor, subject=item, at=at)


@transaction.atomic
def resume(*, item: Acknowledgement, actor: Membership, at: datetime) -> int:
    """End the pause, and plan again what it held back; for how many signers."""
    item = locked(item)
    rules.check_can_ask(actor, item)
    clients.pause_reminders(client=item.client, actor=actor, at=at, paused=False)
    rows = list(item.signers.select_related("practice").filter(next_reminder_at__isnull=False, answer=""))
    for signer in rows:
        reminding.plan_next(signer, at)
    if item.campaign is not None and item.campaign.started_at is not None:
        _ask_for_letters(item.campaign, at, key=f"resumed:{item.pk}")
    trail.record("signatures.reminders.planned", practice=item.practice, actor=actor, subject=item, at=at,
                 data={"signers": len(rows)})  # fmt: skip
    return len(rows)


def _locked(campaign: Campaign) -> Campaign:
    """The campaign and its paper as they are now, held to the end of the transaction."""
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("paper__practice", "practice")
    return rows.get(pk=campaign.pk, practice_id=campaign.practice_id)


def _check_goes_on(campaign: Campaign) -> None:
    rules.check_in_force(campaign.paper)
    if campaign.ended_at is not None:
        raise rules.NotNow(
            _("This asking was stopped, so nothing was sent. You can still ask each client from their own page.")
        )


def _can_be_reminded(signer: Signer) -> bool:
    if signer.acknowledgement.client.status == Status.FORMER:
        return False
    try:
        rules.check_can_send(signer)
    except rules.NotNow:
        return False
    return True


def _ask_for_letters(campaign: Campaign, at: datetime, *, run_at: datetime | None = None, key: str = "") -> None:
    # A job that runs now keeps its key to the end, so one for tomorrow needs a key of its own.
    key = key or (f"{run_at:%Y%m%d}" if run_at else "now")
    jobs.enqueue(
        "signatures.campaign.send", practice=campaign.practice, at=at, run_at=run_at,
        args={"campaign_id": campaign.pk}, unique_key=f"signatures.campaign.send:{campaign.pk}:{key}",
    )  # fmt: skip


def _record(
    name: str, campaign: Campaign, actor: Membership | None, at: datetime, data: dict[str, int] | None = None
) -> None:
    trail.record(name, practice=campaign.practice, actor=actor, subject=campaign, at=at, data=data)
