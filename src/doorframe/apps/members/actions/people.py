"""People and their roles. Nobody is ever deleted: what they did keeps their name."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from doorframe.apps.members import permissions, queries, rules
from doorframe.apps.members.models import Membership, Practice, User
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.actions import record
from doorframe.engines.sealing import Json


@transaction.atomic
def add_member(
    *, actor: Membership, email: str, name: str, role: Role, at: datetime, password: str | None = None
) -> Membership:
    """Add a person to the actor's practice in a role.

    Without a password they set one through the password-reset mail. Raises PermissionDenied unless the actor
    manages members, ValidationError if the person is already a member or a field has the wrong shape.
    """
    permissions.check_can_manage_members(actor)
    user = person(email=email, name=name, password=password, is_demo=actor.practice.is_demo, at=at)
    member = Membership(practice=actor.practice, user=user, role=role, created_at=at)
    member.full_clean()
    member.save()
    record(
        "members.member.added",
        practice=actor.practice,
        actor=actor,
        subject=member,
        at=at,
        data={"role": Role(role).value},
    )
    return member


@transaction.atomic
def change_role(*, member: Membership, actor: Membership, role: Role, at: datetime) -> Membership:
    """Give a person another role. Raises PermissionDenied by role, NotNow for the last owner."""
    member = _locked(member, actor)
    if member.role == role:
        return member
    rules.check_owner_remains(member, becomes=role)
    before, member.role = member.role, role
    member.full_clean()
    member.save(update_fields=["role"])
    record("members.member.role-changed", practice=member.practice, actor=actor, subject=member, at=at,
           data={"from": before, "to": Role(role).value})  # fmt: skip
    return member


@transaction.atomic
def deactivate_member(*, member: Membership, actor: Membership, at: datetime) -> Membership:
    """Shut a person out and end their sessions. Raises PermissionDenied by role, NotNow for the last owner."""
    member = _locked(member, actor)
    if not member.is_active:
        return member
    rules.check_owner_remains(member, becomes=None)
    member.is_active = False
    member.save(update_fields=["is_active"])
    record("members.member.deactivated", practice=member.practice, actor=actor, subject=member, at=at,
           data={"sessions": _end_sessions(member.user)})  # fmt: skip
    return member


@transaction.atomic
def reactivate_member(*, member: Membership, actor: Membership, at: datetime) -> Membership:
    """Let a person in again, in the role they had, with the sign-in they had."""
    member = _locked(member, actor)
    if member.is_active:
        return member
    member.is_active = True
    member.save(update_fields=["is_active"])
    record("members.member.reactivated", practice=member.practice, actor=actor, subject=member, at=at,
           data={"role": member.role})  # fmt: skip
    return member


@transaction.atomic
def reset_second_factor(*, member: Membership, actor: Membership, at: datetime) -> Membership:
    """Take away a person's passkeys, app and recovery codes, and end their sessions: the password alone remains.

    Raises PermissionDenied by role and for oneself, NotNow where there is nothing to take away or the person also
    belongs to a practice that the actor does not own.
    """
    member = _locked(member, actor)
    rules.check_can_reset_second_factor(actor, member)
    record(queries.SECOND_FACTOR_RESET, practice=member.practice, actor=actor, subject=member, at=at,
           data=_weaken(member.user))  # fmt: skip
    return member


@transaction.atomic
def reset_second_factor_here(*, user: User, at: datetime) -> bool:
    """The same by whoever runs this machine, for an only owner; False where there is nothing to take away."""
    if not queries.has_second_factor(user):
        return False
    done = _weaken(user)
    for held in queries.memberships_of(user):
        record(queries.SECOND_FACTOR_RESET, practice=held.practice, actor=None, subject=held, at=at, data=done)
    return True


@transaction.atomic
def change_own_name(*, actor: Membership, name: str, at: datetime) -> User:
    """Change what colleagues call the actor, in every practice they work in. Earlier records keep the earlier name."""
    user = User.objects.select_for_update().get(pk=actor.user_id)
    if user.display_name == name:
        return user
    user.display_name = name
    user.full_clean()
    user.save(update_fields=["display_name"])
    for held in queries.memberships_of(user):
        record("members.member.renamed", practice=held.practice, actor=user, subject=held, at=at)
    return user


@transaction.atomic
def reset_demo_password(*, owner: Membership, password: str, at: datetime) -> None:
    """Make the demo owner's password the one that is kept in the data folder; does nothing if it already is."""
    if not owner.practice.is_demo or owner.user.check_password(password):
        return
    owner.user.set_password(password)
    owner.user.save(update_fields=["password"])
    record("members.member.password-reset", practice=owner.practice, actor=None, subject=owner, at=at)


def person(*, email: str, name: str, password: str | None, is_demo: bool, at: datetime) -> User:
    """Whoever has this address, or a new person; part of an action that records them."""
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known
    user = User(email=User.objects.normalize_email(email).lower(), display_name=name, is_demo=is_demo, date_joined=at)
    user.set_password(password)
    user.full_clean()
    if password is not None:
        validate_password(password, user)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _weaken(user: User) -> dict[str, Json]:
    """Leave a person their password alone, and say for the trail how much that ended."""
    ways, _rows = Authenticator.objects.filter(user=user).delete()
    return {"removed": ways, "sessions": _end_sessions(user)}


def _end_sessions(user: User) -> int:
    """Sign a person out everywhere, and say from how many browsers."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def _locked(member: Membership, actor: Membership) -> Membership:
    """The membership as it is now. The practice's row is held, so that two owners cannot remove each other at once."""
    Practice.objects.select_for_update(no_key=True).get(pk=actor.practice_id)
    actor = Membership.objects.select_related("user").get(pk=actor.pk)
    permissions.check_can_manage_members(actor, member)
    rows = Membership.objects.select_related("practice", "user")
    return rows.get(pk=member.pk, practice_id=actor.practice_id)
