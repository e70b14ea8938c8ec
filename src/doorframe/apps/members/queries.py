"""Who belongs where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from doorframe.apps.members.isolation import PracticeQuerySet, get_for_practice
from doorframe.apps.members.models import FormerSlug, Invitation, Membership, Practice, User
from doorframe.apps.members.roles import ALLOWED, Permission, Role
from doorframe.apps.trail.models import Event


def memberships_of(user: User) -> PracticeQuerySet[Membership]:
    """The person's active memberships, oldest first, each with its practice and user at hand."""
    found = Membership.objects.filter(user=user, is_active=True)
    return found.select_related("practice", "user").order_by("created_at", "pk")


def current_of(held: Sequence[Membership], chosen: int | None) -> Membership | None:
    """Of the memberships a person holds, the one chosen for this session, else the oldest; None if there is none."""
    return next((one for one in held if one.pk == chosen), held[0] if held else None)


def people_of(practice: Practice) -> PracticeQuerySet[Membership]:
    """Everyone active in a practice, by name."""
    return (
        Membership.objects.for_practice(practice)
        .filter(is_active=True)
        .select_related("user")
        .order_by("user__display_name", "pk")
    )


def demo_practice() -> Practice | None:
    """The fictional practice, if this installation has one."""
    return Practice.objects.filter(is_demo=True).order_by("pk").first()


def any_practice() -> bool:
    """Whether this installation has a practice that someone may sign in to while the demo is off."""
    return Practice.objects.filter(is_demo=False).exists()


def is_only_practice(practice: Practice) -> bool:
    """Whether there is no other practice here but the fictional one."""
    return not Practice.objects.filter(is_demo=False).exclude(pk=practice.pk).exists()


@dataclass(frozen=True, slots=True)
class People:
    """Everyone of a practice, by name: who is active, who was, and who is invited."""

    active: tuple[Membership, ...]
    former: tuple[Membership, ...]
    invited: tuple[Invitation, ...]


def everyone_of(practice: Practice) -> People:
    """The people of a practice and its open invitations, the expired among them."""
    rows = Membership.objects.for_practice(practice).select_related("user").order_by("user__display_name", "pk")
    held = tuple(rows)
    invited = Invitation.objects.for_practice(practice).filter(withdrawn_at=None, accepted_at=None)
    return People(
        active=tuple(one for one in held if one.is_active),
        former=tuple(one for one in held if not one.is_active),
        invited=tuple(invited.select_related("invited_by__user").order_by("email")),
    )


def member_of(practice: Practice, pk: object) -> Membership:
    """One person of this practice, active or not, or Http404."""
    return get_for_practice(Membership.objects.select_related("user", "practice"), practice=practice, pk=pk)


def member_by_email(practice: Practice, email: str) -> Membership:
    """One person of this practice, active or not, by the address they sign in with, or Http404."""
    rows = Membership.objects.select_related("user", "practice")
    return get_for_practice(rows, practice=practice, user__email=email)


def invitation_of(practice: Practice, pk: object) -> Invitation:
    """One invitation of this practice, or Http404."""
    return get_for_practice(Invitation, practice=practice, pk=pk)


def invitation_by(token_sha256: str) -> Invitation | None:
    """The invitation of a link, whatever its state."""
    rows = Invitation.objects.select_related("practice", "invited_by__user")
    return rows.filter(token_sha256=token_sha256).first()


def user_by_email(email: str) -> User | None:
    """Whoever signs in with this address."""
    return User.objects.filter(email__iexact=email).first()


def has_second_factor(user: User) -> bool:
    """Whether a passkey or an authenticator app protects this person's sign-in."""
    rows = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return rows.exists()


SECOND_FACTOR_RESET = "members.member.second-factor-reset"
"""The trail's name for an owner's taking away of somebody's second way to sign in."""


def second_factor_reset(member: Membership, *, since: datetime) -> Event | None:
    """When, and by whom, this person's second way to sign in was last taken away."""
    rows = Event.objects.for_practice(member.practice).filter(name=SECOND_FACTOR_RESET, at__gte=since)
    return rows.filter(subject_type=Membership._meta.label_lower, subject_id=str(member.pk)).order_by("seq").last()


def can_two_people_decide(practice: Practice) -> bool:
    """Whether somebody may approve what somebody else wrote: two people, one of whom approves."""
    approvers = [role.value for role, allowed in ALLOWED.items() if Permission.APPROVE_POLICIES in allowed]
    writers = [role.value for role, allowed in ALLOWED.items() if Permission.EDIT_POLICIES in allowed]
    rows = Membership.objects.for_practice(practice).filter(is_active=True, user__is_active=True, role__in=writers)
    roles = list(rows.values_list("role", flat=True))
    return len(roles) > 1 and any(role in approvers for role in roles)


def only_owner(practice: Practice) -> Membership | None:
    """The practice's owner where there is just one."""
    rows = Membership.objects.for_practice(practice).filter(role=Role.OWNER, is_active=True, user__is_active=True)
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def present_slug(former: str) -> str | None:
    """The address that a practice has now, by one that it had."""
    row = FormerSlug.objects.filter(slug=former).select_related("practice").first()
    return row.practice.slug if row else None


def former_slugs(practice: Practice) -> list[str]:
    """The addresses that a practice had before, latest first."""
    rows = FormerSlug.objects.for_practice(practice).order_by("-replaced_at", "-pk")
    return list(rows.values_list("slug", flat=True))
