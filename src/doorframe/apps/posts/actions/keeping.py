"""What is kept and what goes: the practice's own names, words of posts that are over, the log, and no picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts import daily, ledger, queries, rules
from doorframe.apps.posts.models import OwnNames, Post
from doorframe.apps.posts.states import ENDED, State, Verb, after
from doorframe.apps.trail import actions as trail

AT_ONCE = 200
"""Posts of one transaction of the daily look."""


@transaction.atomic
def keep_names(*, actor: Membership, at: datetime, lines: str) -> OwnNames:
    """Keep the practice's own words, one a line."""
    permissions.check_can(actor, Permission.WRITE_POSTS)
    values = {"lines": lines, "changed_by": actor, "changed_at": at}
    kept, _made = OwnNames.objects.update_or_create(practice=actor.practice, defaults=values)
    trail.record("posts.names.kept", practice=actor.practice, actor=actor, subject=kept, at=at,
                 data={"lines": len(lines.splitlines())})  # fmt: skip
    return kept


@transaction.atomic
def let_go(*, practice: Practice, at: datetime, today: date) -> int:
    """Remove the words of posts that nobody has touched for as long as the setting says; how many went.

    A post that is planned for later keeps its words until as many days after that day. What had not ended is withdrawn
    by it. The lines of the log stay, and the next day's look is asked for while there are words.
    """
    days = timedelta(days=settings.POSTS_KEEP_DAYS)
    rows = Post.objects.for_practice(practice).filter(text_deleted_at=None)
    over = rows.filter(changed_at__lte=at - days)
    over = over.filter(Q(planned_for=None) | Q(planned_for__lte=today - days) | Q(state__in=ENDED))
    found = list(over.select_for_update(of=("self",)).select_related("practice").order_by("pk")[:AT_ONCE])
    for post in found:
        _remove(post, None, at)
    if rows.exists():
        daily.plan_next(practice, at)
    return len(found)


@transaction.atomic
def remove_text(*, post: Post, actor: Membership, at: datetime) -> Post:
    """Remove the words of a post that has ended, without waiting for the day."""
    post = queries.locked(post)
    rules.check_can(actor, post, Verb.LET_GO)
    _remove(post, actor, at)
    return post


@transaction.atomic
def take_log(*, actor: Membership, at: datetime, rows: int) -> None:
    """Note that the log leaves the practice."""
    permissions.check_can(actor, Permission.APPROVE_POSTS)
    trail.record("posts.log.taken", practice=actor.practice, actor=actor, subject=actor.practice, at=at,
                 data={"rows": rows})  # fmt: skip


@transaction.atomic
def note_picture(*, actor: Membership, at: datetime, found: Sequence[str]) -> None:
    """Note that a picture was cleaned, and which kinds of things its file told; nothing of the picture is kept."""
    permissions.check_can(actor, Permission.WRITE_POSTS)
    trail.record("posts.picture.cleaned", practice=actor.practice, actor=actor, subject=actor.practice, at=at,
                 data={"count": len(found), "kinds": sorted(found)})  # fmt: skip


def _remove(post: Post, actor: Membership | None, at: datetime) -> None:
    """Text gone, decision row stays."""
    ledger.write(post, Verb.LET_GO, actor, at)
    post.state = after(post.state, Verb.LET_GO) or State.WITHDRAWN
    post.text, post.note, post.verdict, post.text_deleted_at = "", "", None, at
    post.revision += 1
    post.save()
    post.steps.update(label="", before="", after="")
    trail.record("posts.text.removed", practice=post.practice, actor=actor, subject=post, at=at,
                 data={"sha256": post.sha256})  # fmt: skip
