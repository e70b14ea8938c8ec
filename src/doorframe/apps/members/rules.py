"""What may be done to a practice and its people: `check_x` raises with a sentence a person can read."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from doorframe.apps.members import demo, permissions, queries
from doorframe.apps.members.models import FormerSlug, Invitation, Membership, Practice, User
from doorframe.apps.members.roles import Role


class NotNow(Exception):
    """The step does not fit how things stand; the message says why and what to do instead."""


class SignInFirst(NotNow):
    """An invitation is for somebody who has a sign-in here already."""


def already_begun() -> PermissionDenied:
    """The refusal of a second beginning."""
    return PermissionDenied(_("A practice has begun here already. Its owner can invite you, or sign in."))


def check_nothing_begun() -> None:
    """Raise PermissionDenied once there is a practice besides the fictional one."""
    if queries.any_practice():
        raise already_begun()


def check_new_here(email: str) -> None:
    """Raise ValidationError for an address that has a sign-in already, as those of the fictional practice have."""
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError(
            {"email": _("This address belongs to somebody of the fictional practice. Please use another.")}
        )


def check_address_free(practice: Practice) -> None:
    """Raise ValidationError when another practice has, or had, this address on the web."""
    theirs = Practice.objects.filter(slug=practice.slug).exclude(pk=practice.pk).exists()
    if theirs or FormerSlug.objects.filter(slug=practice.slug).exclude(practice=practice).exists():
        raise ValidationError({"slug": _("Another practice has, or had, this address. Choose another.")})


def check_owner_remains(member: Membership, *, becomes: Role | None) -> None:
    """Raise NotNow when nobody would own the practice any more. `becomes` None means: is shut out."""
    if member.role != Role.OWNER or not member.is_active or becomes == Role.OWNER:
        return
    others = Membership.objects.for_practice(member.practice).exclude(pk=member.pk)
    if not others.filter(role=Role.OWNER, is_active=True, user__is_active=True).exists():
        raise NotNow(_("%(name)s is the only owner. Make somebody else an owner first.") % {"name": member.user})


def check_can_reset_second_factor(actor: Membership, member: Membership) -> None:
    """Raise PermissionDenied by role and for oneself, NotNow where it does not fit.

    A sign-in is one for all practices of a person, so only who owns all of them may weaken it.
    """
    permissions.check_can_manage_members(actor, member)
    if member.user_id == actor.user_id:
        raise PermissionDenied(_("This is for colleagues. You change your own under “Sign-in and passkeys”."))
    owned = Membership.objects.filter(user_id=actor.user_id, role=Role.OWNER, is_active=True).values("practice_id")
    if queries.memberships_of(member.user).exclude(practice__in=owned).exists():
        said = _(
            "%(name)s signs in to another practice in the same way, so one owner alone cannot change it. "
            "Invite them with another e-mail address instead."
        )
        raise NotNow(said % {"name": member.user})
    if not queries.has_second_factor(member.user):
        raise NotNow(
            _("%(name)s has no second way to sign in, so there is nothing to take away.") % {"name": member.user}
        )


def can_reset_second_factor(actor: Membership, member: Membership) -> bool:
    """Whether `check_can_reset_second_factor` would let this pass."""
    try:
        check_can_reset_second_factor(actor, member)
    except (PermissionDenied, NotNow):
        return False
    return True


def check_can_be_invited(practice: Practice, email: str) -> None:
    """Raise NotNow for somebody who belongs to the practice, or to the fictional one."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return
    member = Membership.objects.for_practice(practice).filter(user=user).first()
    if member is not None and member.is_active:
        raise NotNow(_("%(name)s belongs to your practice already.") % {"name": user})
    if member is not None:
        raise NotNow(_("%(name)s was here before. Let them in again from the list of people.") % {"name": user})
    if user.is_demo != practice.is_demo:
        raise NotNow(_("This address cannot be invited here. Ask the person for another one."))


def check_not_accepted(invitation: Invitation) -> None:
    """Raise NotNow once an invitation was used."""
    if invitation.accepted_at is not None:
        raise NotNow(_("This invitation was used. Change the person's role, or deactivate them, instead."))


def check_can_accept(invitation: Invitation | None, user: User | None, *, at: datetime) -> None:
    """Raise NotNow unless this link still works, for this person. `user` None means: somebody new."""
    if invitation is None or invitation.withdrawn_at is not None or not _still_stands(invitation):
        raise NotNow(_("This link does not work, or no longer does. Ask whoever gave it to you for a new one."))
    if invitation.accepted_at is not None:
        raise NotNow(_("This link was used. It works only once; if it was you, sign in."))
    if invitation.expires_at <= at:
        raise NotNow(_("This link has expired. Ask whoever gave it to you for a new one."))
    known = queries.user_by_email(invitation.email)
    if user is None and known is not None:
        raise SignInFirst(_("This address has a sign-in here already. Sign in with it, then open the link again."))
    if user is not None and user != known:
        raise NotNow(_("This invitation is for another address than the one you are signed in with. Sign out first."))


def _still_stands(invitation: Invitation) -> bool:
    """Whether whoever invited may still do so; and nobody joins the fictional practice once it is put away."""
    allowed = permissions.can_manage_members(invitation.invited_by)
    return allowed and (demo.is_on() or not invitation.practice.is_demo)


def check_can_switch_demo(actor: Membership) -> None:
    """Raise PermissionDenied unless this owner may decide about the fictional practice of the whole installation."""
    permissions.check_can_edit_practice(actor)
    if actor.practice.is_demo or not demo.can_be_switched():
        raise PermissionDenied(_("Whether the fictional practice is open is decided where Doorframe is started."))
    if not queries.is_only_practice(actor.practice):
        raise PermissionDenied(_("Several practices share this installation, so this is decided where it is started."))


def can_switch_demo(actor: Membership) -> bool:
    """Whether `check_can_switch_demo` would let this pass."""
    try:
        check_can_switch_demo(actor)
    except PermissionDenied:
        return False
    return True
