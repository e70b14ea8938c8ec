"""Inviting a person by a link that works once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from doorframe.apps.members import permissions, rules
from doorframe.apps.members.actions.people import person
from doorframe.apps.members.models import Invitation, Membership, Practice, User
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.actions import record

VALID_FOR = timedelta(days=7)


def fingerprint(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, actor: Membership, email: str, role: Role, at: datetime) -> tuple[Invitation, str]:
    """An invitation and the token of its link, which is known only now. An open one to this address ends.

    Raises PermissionDenied by role, NotNow when the person belongs to the practice already, ValidationError for
    a field of the wrong shape.
    """
    permissions.check_can_manage_members(actor)
    Practice.objects.select_for_update(no_key=True).get(pk=actor.practice_id)
    email = User.objects.normalize_email(email).lower()
    rules.check_can_be_invited(actor.practice, email)
    for earlier in Invitation.objects.for_practice(actor.practice).filter(
        email__iexact=email, withdrawn_at=None, accepted_at=None
    ):
        withdraw_invitation(invitation=earlier, actor=actor, at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        practice=actor.practice, email=email, role=role, token_sha256=fingerprint(token), invited_by=actor,
        created_at=at, expires_at=at + VALID_FOR,
    )  # fmt: skip
    invitation.full_clean()
    invitation.save()
    record("members.invitation.made", practice=actor.practice, actor=actor, subject=invitation, at=at,
           data={"role": Role(role).value})  # fmt: skip
    return invitation, token


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: Membership, at: datetime) -> Invitation:
    """End an invitation that was not used. Raises PermissionDenied by role, NotNow once it was used."""
    permissions.check_can_manage_members(actor, invitation)
    rows = Invitation.objects.select_for_update().filter(practice=actor.practice)
    invitation = rows.get(pk=invitation.pk)
    rules.check_not_accepted(invitation)
    if invitation.withdrawn_at is not None:
        return invitation
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record("members.invitation.withdrawn", practice=actor.practice, actor=actor, subject=invitation, at=at)
    return invitation


@transaction.atomic
def accept_invitation(
    *, token: str, at: datetime, user: User | None = None, name: str = "", password: str | None = None
) -> Membership:
    """Join a practice by a link, once: as `user`, who is signed in, or as a new person with a name and a password.

    Raises NotNow when the link was used, has ended or is unknown, or belongs to somebody else's address;
    ValidationError for a field of the wrong shape or a password that is too weak.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("practice", "invited_by__user")
    invitation = rows.filter(token_sha256=fingerprint(token)).first()
    rules.check_can_accept(invitation, user, at=at)
    assert invitation is not None  # check_can_accept has refused
    practice = invitation.practice
    if user is None:
        user = person(email=invitation.email, name=name, password=password, is_demo=practice.is_demo, at=at)
    member = Membership(practice=practice, user=user, role=invitation.role, created_at=at)
    member.full_clean()
    member.save()
    invitation.accepted_at, invitation.member = at, member
    invitation.save(update_fields=["accepted_at", "member"])
    record("members.invitation.accepted", practice=practice, actor=member, subject=invitation, at=at,
           data={"role": member.role})  # fmt: skip
    record("members.member.added", practice=practice, actor=invitation.invited_by, subject=member, at=at,
           data={"role": member.role, "invitation": invitation.pk})  # fmt: skip
    return member
