"""Who lets words go out: sent for approval, approved, sent back, posted, withdrawn. Each leaves a line in the log.

The words are screened anew at each step towards going out, for content, names and permissions change. What must not go
out stops here, whoever asks.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from doorframe.apps.members.models import Membership
from doorframe.apps.posts import daily, ledger, queries, rules, screening, verdicts
from doorframe.apps.posts.models import Outcome, Post
from doorframe.apps.posts.states import State, Verb
from doorframe.apps.trail import actions as trail


@transaction.atomic
def submit_post(*, post: Post, actor: Membership, at: datetime) -> Post:
    """Ask for approval. Raises MustNotGoOut, NotNow, PermissionDenied."""
    post = queries.locked(post)
    following = rules.check_can(actor, post, Verb.SUBMIT)
    _screen(post, at)
    post.note = ""
    return _move(post, following, Verb.SUBMIT, actor, at)


@transaction.atomic
def approve_post(*, post: Post, actor: Membership, at: datetime, sha256: str, reason: str = "") -> Post:
    """Let the words go out. sha256 is that of the words which the approver has read: others are refused as Stale.

    Where no second person is wanted, whoever approves posts may take their own draft the whole way; both steps are
    recorded. Raises MustNotGoOut; ReasonMissing where a person must decide and says nothing.
    """
    post = queries.locked(post)
    if post.sha256 != sha256:
        raise rules.Stale
    if rules.may_decide_alone(actor, post):
        post = submit_post(post=post, actor=actor, at=at)
    following = rules.check_can(actor, post, Verb.APPROVE)
    _screen(post, at)
    rules.check_reason(post.outcome, reason)
    post.approved_by, post.approved_at = actor, at
    return _move(post, following, Verb.APPROVE, actor, at, reason=reason.strip() if post.outcome == Outcome.ASK else "")


@transaction.atomic
def send_back(*, post: Post, actor: Membership, at: datetime, note: str, sha256: str) -> Post:
    """Give it back to its author, with what to change. The note goes when the text goes."""
    post = queries.locked(post)
    if post.sha256 != sha256:
        raise rules.Stale
    following = rules.check_can(actor, post, Verb.SEND_BACK)
    post.note, post.approved_by, post.approved_at = note.strip(), None, None
    return _move(post, following, Verb.SEND_BACK, actor, at)


@transaction.atomic
def publish_post(*, post: Post, actor: Membership, at: datetime, on: date) -> Post:
    """Note that it was posted by hand, on a day. Raises MustNotGoOut where it would be stopped by now."""
    post = queries.locked(post)
    following = rules.check_can(actor, post, Verb.PUBLISH)
    _screen(post, at)
    post.published_on = on
    return _move(post, following, Verb.PUBLISH, actor, at)


@transaction.atomic
def withdraw_post(*, post: Post, actor: Membership, at: datetime) -> Post:
    """It will not be posted. The words stay for a while, then they go."""
    post = queries.locked(post)
    following = rules.check_can(actor, post, Verb.WITHDRAW)
    return _move(post, following, Verb.WITHDRAW, actor, at)


def _screen(post: Post, at: datetime) -> None:
    """Screen the words as they are now. Raises MustNotGoOut; nothing is written then."""
    verdict = screening.screen_post(post, at=at)
    rules.check_outcome(verdict.outcome)
    post.outcome, post.verdict = verdict.outcome, verdicts.plain(verdict)
    post.release, post.screened_at = screening.release(), at


def _move(post: Post, following: State, verb: Verb, actor: Membership, at: datetime, *, reason: str = "") -> Post:
    before, post.state, post.changed_at = post.state, following, at
    post.revision += 1
    post.save()
    ledger.write(post, verb, actor, at, reason=reason)
    data = {"from": before, "to": str(following), "outcome": str(post.outcome), "sha256": post.sha256}
    name = {Verb.SUBMIT: "submitted", Verb.SEND_BACK: "sent-back", Verb.APPROVE: "approved",
            Verb.PUBLISH: "published", Verb.WITHDRAW: "withdrawn"}[verb]  # fmt: skip
    trail.record(f"posts.post.{name}", practice=post.practice, actor=actor, subject=post, at=at, data=data)
    daily.plan_next(post.practice, at)
    return post
