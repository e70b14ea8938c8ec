"""Who may do what: `check_can_x` raises with a sentence, `can_x` asks it.

Each function takes the acting membership and, where there is one, the thing acted on; a thing of another
practice is refused whatever the role.
"""

from __future__ import annotations

from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import ALLOWED, Permission, Role


class OfPractice(Protocol):
    """Anything that belongs to a practice."""

    practice_id: int


def check_can(actor: Membership | None, permission: Permission, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied, with a sentence a person can read, unless the actor may do this."""
    if actor is None or not actor.is_active or not actor.user.is_active:
        raise PermissionDenied(_("You are not an active member of this practice."))
    if subject is not None and subject.practice_id != actor.practice_id:
        raise PermissionDenied(_("This belongs to another practice."))
    if permission in ALLOWED[Role(actor.role)]:
        return
    what = Permission(permission).label
    raise PermissionDenied(_("Your role does not let you %(what)s. The practice's owner can.") % {"what": what})


def can(actor: Membership | None, permission: Permission, subject: OfPractice | None = None) -> bool:
    """Whether `check_can` would let this pass."""
    try:
        check_can(actor, permission, subject)
    except PermissionDenied:
        return False
    return True


def check_can_view_policies(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may see policies."""
    check_can(actor, Permission.VIEW_POLICIES, subject)


def can_view_policies(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may see policies."""
    return can(actor, Permission.VIEW_POLICIES, subject)


def check_can_edit_policies(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may write policies."""
    check_can(actor, Permission.EDIT_POLICIES, subject)


def can_edit_policies(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may write policies."""
    return can(actor, Permission.EDIT_POLICIES, subject)


def check_can_approve_policies(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor's role approves; the two-person rule is the policies' own check."""
    check_can(actor, Permission.APPROVE_POLICIES, subject)


def can_approve_policies(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor's role approves policies."""
    return can(actor, Permission.APPROVE_POLICIES, subject)


def check_can_publish_policies(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may publish or retire policies."""
    check_can(actor, Permission.PUBLISH_POLICIES, subject)


def can_publish_policies(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may publish or retire policies."""
    return can(actor, Permission.PUBLISH_POLICIES, subject)


def check_can_view_accounts(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may see the account register."""
    check_can(actor, Permission.VIEW_ACCOUNTS, subject)


def can_view_accounts(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may see the account register."""
    return can(actor, Permission.VIEW_ACCOUNTS, subject)


def check_can_edit_accounts(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may change the account register."""
    check_can(actor, Permission.EDIT_ACCOUNTS, subject)


def can_edit_accounts(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may change the account register."""
    return can(actor, Permission.EDIT_ACCOUNTS, subject)


def check_can_manage_members(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may add people or change roles."""
    check_can(actor, Permission.MANAGE_MEMBERS, subject)


def can_manage_members(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may add people or change roles."""
    return can(actor, Permission.MANAGE_MEMBERS, subject)


def check_can_edit_practice(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may change the practice's details."""
    check_can(actor, Permission.EDIT_PRACTICE, subject)


def can_edit_practice(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may change the practice's details."""
    return can(actor, Permission.EDIT_PRACTICE, subject)


def check_can_view_mail(actor: Membership | None, subject: OfPractice | None = None) -> None:
    """Raise PermissionDenied unless the actor may see which e-mails went out, and try again."""
    check_can(actor, Permission.VIEW_MAIL, subject)


def can_view_mail(actor: Membership | None, subject: OfPractice | None = None) -> bool:
    """Whether the actor may see which e-mails went out."""
    return can(actor, Permission.VIEW_MAIL, subject)
