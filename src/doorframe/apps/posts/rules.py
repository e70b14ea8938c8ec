"""What may be done with a post: `check_x` raises with a sentence a person can read, `can_x` asks it."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import ALLOWED, Permission, Role
from doorframe.apps.posts.models import Outcome, Post
from doorframe.apps.posts.states import State, Verb, after

ALWAYS, NEVER = "on", "off"
"""What DOORFRAME_POSTS_TWO_PEOPLE may say besides "auto"."""


class NotNow(Exception):
    """The step does not fit the state or the rules; the message says why and what to do instead."""


class Stale(NotNow):
    """Somebody else changed the post since the page was opened; nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            _("This post was changed in another window since you opened it. Nothing was overwritten. Look at it again.")
        )


class MustNotGoOut(NotNow):
    """Screening says: do not post."""

    def __init__(self) -> None:
        super().__init__(
            _("These words must not go out, so they cannot be sent on or approved. The notes say what to change.")
        )


class ReasonMissing(NotNow):
    """A person must decide, and whoever approves has not said why."""

    def __init__(self) -> None:
        super().__init__(_("Write why this may go out. A person must decide here, and the log keeps the reason."))


_PERMISSIONS = {
    Verb.CHANGE: Permission.WRITE_POSTS,
    Verb.SUBMIT: Permission.WRITE_POSTS,
    Verb.SEND_BACK: Permission.APPROVE_POSTS,
    Verb.APPROVE: Permission.APPROVE_POSTS,
    Verb.PUBLISH: Permission.WRITE_POSTS,
    Verb.WITHDRAW: Permission.WRITE_POSTS,
    Verb.LET_GO: Permission.WRITE_POSTS,
}


def check_can_see(actor: Membership, post: Post) -> None:
    """Raise PermissionDenied unless the actor wrote the post, or approves posts."""
    permissions.check_can(actor, Permission.WRITE_POSTS, post)
    if post.author_id != actor.pk:
        permissions.check_can(actor, Permission.APPROVE_POSTS, post)


def can_see(actor: Membership, post: Post) -> bool:
    """Whether `check_can_see` would let this pass."""
    try:
        check_can_see(actor, post)
    except PermissionDenied:
        return False
    return True


def check_can(actor: Membership, post: Post, verb: Verb) -> State:
    """The state that the step leads to. Raises PermissionDenied or NotNow.

    What screening says is asked apart, by `check_outcome`: of the words as they are when the step is taken.
    """
    check_can_see(actor, post)
    permissions.check_can(actor, _PERMISSIONS[verb], post)
    following = after(post.state, verb)
    if following is None:
        raise NotNow(
            _("A post that is “%(state)s” cannot be changed in this way. Nothing was changed.")
            % {"state": State(post.state).label.lower()}
        )
    if verb == Verb.LET_GO and not post.has_ended:
        raise NotNow(_("The text is removed once the post is posted or withdrawn. Withdraw it first."))
    if not post.has_text:
        raise NotNow(_("The text of this post was removed, so nothing can be done with it any more."))
    if verb in {Verb.SUBMIT, Verb.APPROVE} and not post.text.strip():
        raise NotNow(_("There are no words to post yet. Write them first."))
    if verb == Verb.APPROVE:
        check_second_person(actor, post)
    return following


def can(actor: Membership, post: Post, verb: Verb) -> bool:
    """Whether `check_can` would let this pass, and screening as it stands does too."""
    if post.must_not_go_out and verb in {Verb.SUBMIT, Verb.APPROVE, Verb.PUBLISH}:
        return False
    try:
        check_can(actor, post, verb)
    except (PermissionDenied, NotNow):
        return False
    return True


def check_outcome(outcome: str) -> None:
    """Raise MustNotGoOut where screening says so. No role and no reason changes that."""
    if outcome == Outcome.DO_NOT_POST:
        raise MustNotGoOut


def check_reason(outcome: str, reason: str) -> None:
    """Raise ReasonMissing where a person must decide and has not said why."""
    if outcome == Outcome.ASK and not reason.strip():
        raise ReasonMissing


def check_second_person(actor: Membership, post: Post) -> None:
    """Raise PermissionDenied where a second person is wanted and this is not one."""
    if actor.pk in {post.author_id, *post.editors} and wants_second_person(post):
        raise PermissionDenied(
            _("Your practice asks for a second person here: somebody who did not write this post approves it.")
        )


def wants_second_person(post: Post) -> bool:
    """Whether nobody may approve these words who wrote some of them."""
    return _wants_second_person(post.practice, {post.author_id, *post.editors})


def works_alone(actor: Membership) -> bool:
    """Whether the actor may approve what they write: they approve posts, and no second person is wanted."""
    return _approves(actor) and not _wants_second_person(actor.practice, {actor.pk})


def _approves(actor: Membership) -> bool:
    return Permission.APPROVE_POSTS in ALLOWED[Role(actor.role)]


def _wants_second_person(practice: Practice, writers: set[int]) -> bool:
    """By DOORFRAME_POSTS_TWO_PEOPLE: always, never, or (auto) wherever the practice has another who may approve.

    So a group keeps the rule without being told, and who works alone can still post.
    """
    if settings.POSTS_TWO_PEOPLE in {ALWAYS, NEVER}:
        return bool(settings.POSTS_TWO_PEOPLE == ALWAYS)
    approvers = [role.value for role, allowed in ALLOWED.items() if Permission.APPROVE_POSTS in allowed]
    rows = Membership.objects.for_practice(practice).filter(is_active=True, user__is_active=True)
    return rows.filter(role__in=approvers).exclude(pk__in=writers).exists()


def may_decide_alone(actor: Membership, post: Post) -> bool:
    """Whether the actor may approve their own draft at once: they approve posts, and no second person is wanted."""
    return (
        after(post.state, Verb.SUBMIT) is not None
        and post.has_text
        and post.text.strip() != ""
        and not post.must_not_go_out
        and _approves(actor)
        and not wants_second_person(post)
    )


def check_revision(post: Post, revision: int) -> None:
    """Raise Stale unless this is the post as the person saw it."""
    if post.revision != revision:
        raise Stale
