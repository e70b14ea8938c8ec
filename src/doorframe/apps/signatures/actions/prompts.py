"""Talking about the paper again: at the third session, and yearly."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.apps.clients import rules as clients
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import rules
from doorframe.apps.signatures.models import Acknowledgement, Prompt
from doorframe.apps.trail import actions as trail
from doorframe.engines.scheduling import prompts


@transaction.atomic
def plan(*, item: Acknowledgement, at: datetime) -> int:
    """Write down when this client is to be talked with again; how many prompts are new. Safe to repeat."""
    client = item.client
    day = at.astimezone(ZoneInfo(item.practice.time_zone)).date()
    due = prompts.discussions(
        first_session_on=client.first_session_on, third_session_on=client.third_session_on, signed_on=day
    )
    made = 0
    for one in due:
        earlier = Prompt.objects.filter(client=client, kind=one.kind, done_on=None)
        if earlier.exists():
            continue
        _row, new = Prompt.objects.get_or_create(
            client=client, kind=one.kind, due_on=one.due_on, defaults={"practice": item.practice}
        )
        made += new
    if made:
        trail.record("signatures.prompts.planned", practice=item.practice, actor=None, subject=client, at=at,
                     data={"prompts": made})  # fmt: skip
    return made


@transaction.atomic
def close(*, prompt: Prompt, actor: Membership, at: datetime, on: date) -> Prompt:
    """“Talked about on … by …”. The next yearly one follows by itself."""
    prompt = Prompt.objects.select_for_update(of=("self",)).select_related("client", "practice").get(pk=prompt.pk)
    clients.check_can_view(actor, prompt.client)
    permissions.check_can(actor, Permission.VIEW_ANSWERS, prompt)
    if prompt.done_on is not None:
        raise rules.NotNow(_("This talk is noted already. What was noted stands."))
    prompt.done_on, prompt.done_by = on, actor
    prompt.save(update_fields=["done_on", "done_by"])
    data = {"kind": prompt.kind, "on": on.isoformat()}
    trail.record("signatures.prompt.closed", practice=prompt.practice, actor=actor, subject=prompt.client, at=at,
                 data=data)  # fmt: skip
    if prompt.kind == Prompt.Kind.YEARLY:
        following = prompts.next_yearly(signed_on=prompt.due_on, after=max(on, prompt.due_on))
        Prompt.objects.get_or_create(
            client=prompt.client, kind=prompt.kind, due_on=following.due_on, defaults={"practice": prompt.practice}
        )
    return prompt
