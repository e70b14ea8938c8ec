"""Words: begun, changed, mended step by step. Each is screened in the same transaction, and recorded without a word."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.posts import daily, queries, rules, screening, verdicts
from doorframe.apps.posts.models import Post, Step
from doorframe.apps.posts.states import Verb
from doorframe.apps.trail import actions as trail
from doorframe.engines.screening.verdict import Verdict


@transaction.atomic
def start_post(
    *, actor: Membership, at: datetime, kind: str, platform: str, text: str, planned_for: date | None = None,
    permission: str = "",
) -> Post:  # fmt: skip
    """Keep a draft, screened. permission is the reference of a client's permission, where the words rest on one."""
    permissions.check_can(actor, Permission.WRITE_POSTS)
    post = Post(
        practice=actor.practice, author=actor, editors=[actor.pk], kind=kind, platform=platform, text=text,
        planned_for=planned_for, permission=permission, created_at=at, changed_at=at,
    )  # fmt: skip
    verdict = _screen(post, at)
    post.save(force_insert=True)
    trail.record("posts.post.started", practice=post.practice, actor=actor, subject=post, at=at,
                 data={"kind": kind, "platform": platform})  # fmt: skip
    _record_screened(post, verdict, actor, at)
    daily.plan_next(post.practice, at)
    return post


@transaction.atomic
def change_post(
    *, post: Post, actor: Membership, at: datetime, revision: int, kind: str, platform: str, text: str,
    planned_for: date | None, permission: str = "",
) -> Post:  # fmt: skip
    """Keep what was changed. revision is the one the person saw when the page was opened.

    Other words, or words for another place, are screened again, and what was approved or waits goes back to draft; the
    day alone changes nothing else. Raises Stale where somebody else was quicker: nothing is written.
    """
    post = queries.locked(post)
    rules.check_revision(post, revision)
    following = rules.check_can(actor, post, Verb.CHANGE)
    same_words = (post.kind, post.platform, post.text, post.permission) == (kind, platform, text, permission)
    if same_words and post.planned_for == planned_for:
        return post
    before, post.planned_for = post.state, planned_for
    post.kind, post.platform, post.text, post.permission = kind, platform, text, permission
    if not same_words:
        post.state = following
        _note_editor(post, actor)
    _save(post, at)
    trail.record("posts.post.changed", practice=post.practice, actor=actor, subject=post, at=at,
                 data={"from": before, "to": str(post.state), "words": not same_words})  # fmt: skip
    if not same_words:
        _screen_again(post, actor, at)
    return post


@transaction.atomic
def take_rewrite(*, post: Post, actor: Membership, at: datetime, revision: int, rewrite: str) -> Post:
    """Take one safer wording, and screen what comes of it. Raises NotNow where the words offer no such wording."""
    post = queries.locked(post)
    rules.check_revision(post, revision)
    following = rules.check_can(actor, post, Verb.CHANGE)
    offered = screening.screen_post(post, at=at).rewrites  # by the content of this moment, as the page showed it
    found = next((one for one in offered if screening.key(one) == rewrite), None)
    if found is None:
        raise rules.NotNow(_("This step does not fit the words as they are now. They were checked again; look below."))
    before, before_sha256, before_outcome = post.text, post.sha256, post.outcome
    post.text, post.state = screening.rewritten(post.text, found), following
    _note_editor(post, actor)
    _save(post, at)
    _screen_again(post, actor, at)
    step = Step.objects.create(
        practice=post.practice, post=post, number=post.steps.count() + 1, family=found.family, step=found.step,
        label=found.label, before=before, after=post.text, before_sha256=before_sha256, after_sha256=post.sha256,
        before_outcome=before_outcome, after_outcome=post.outcome, taken_by=actor, taken_at=at,
    )  # fmt: skip
    data = {"step": found.step, "family": found.family, "number": step.number, "from": before_outcome,
            "to": str(post.outcome)}  # fmt: skip
    trail.record("posts.step.taken", practice=post.practice, actor=actor, subject=post, at=at, data=data)
    return post


@transaction.atomic
def undo_step(*, post: Post, actor: Membership, at: datetime, revision: int) -> Post:
    """Take back the last step. Raises NotNow once the words are no longer as it left them."""
    post = queries.locked(post)
    rules.check_revision(post, revision)
    following = rules.check_can(actor, post, Verb.CHANGE)
    step = queries.last_step(post)
    if step is None:
        raise rules.NotNow(_("There is no step to undo: the words were changed by hand since. Nothing was changed."))
    post.text, post.state = step.before, following
    step.undone_at = at
    step.save(update_fields=["undone_at"])
    _save(post, at)
    _screen_again(post, actor, at)
    trail.record("posts.step.undone", practice=post.practice, actor=actor, subject=post, at=at,
                 data={"number": step.number})  # fmt: skip
    return post


@transaction.atomic
def check_again(*, post: Post, actor: Membership, at: datetime) -> Post:
    """Screen the words as they are, by the content and the names of today."""
    post = queries.locked(post)
    rules.check_can_see(actor, post)
    if post.has_text and not post.has_ended:
        _screen_again(post, actor, at)
    return post


def _note_editor(post: Post, actor: Membership) -> None:
    """Whoever changes the words is no second person for them; an approval of other words is none."""
    if actor.pk not in post.editors:
        post.editors = [*post.editors, actor.pk]
    post.approved_by, post.approved_at = None, None


def _save(post: Post, at: datetime) -> None:
    post.revision += 1
    post.changed_at = at
    post.save()
    daily.plan_next(post.practice, at)


def _screen(post: Post, at: datetime) -> Verdict:
    """Ask the engine, and put its answer on the post; nothing is saved."""
    verdict = screening.screen_post(post, at=at)
    post.outcome, post.verdict = verdict.outcome, verdicts.plain(verdict)
    post.sha256, post.release, post.screened_at = screening.sha256(post.text), screening.release(), at
    return verdict


def _screen_again(post: Post, actor: Membership, at: datetime) -> None:
    verdict = _screen(post, at)
    post.save(update_fields=["outcome", "verdict", "sha256", "release", "screened_at"])
    _record_screened(post, verdict, actor, at)


def _record_screened(post: Post, verdict: Verdict, actor: Membership, at: datetime) -> None:
    data = {"outcome": verdict.outcome, "sha256": post.sha256, "kind": str(post.kind)}
    trail.record("posts.post.screened", practice=post.practice, actor=actor, subject=post, at=at, data=data)
