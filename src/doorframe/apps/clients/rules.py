"""Who may see which client, and what may be done to one: `check_x` raises with a sentence, `can_x` asks it."""

from __future__ import annotations

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from doorframe.apps.clients.models import Client, Person
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Permission

_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?\Z")


class NotNow(Exception):
    """The step does not fit how things stand; the message says why and what to do instead."""


def check_can_view(actor: Membership | None, client: Client) -> None:
    """Raise PermissionDenied unless the actor may see that this client exists: own clients, or all of them by role."""
    permissions.check_can(actor, Permission.VIEW_CLIENTS, client)
    assert actor is not None
    if client.clinician_id != actor.pk and not permissions.can(actor, Permission.VIEW_ALL_CLIENTS):
        raise PermissionDenied(_("This is a client of a colleague. Ask your colleague or the practice's owner."))


def can_view(actor: Membership | None, client: Client) -> bool:
    """Whether `check_can_view` would let this pass."""
    try:
        check_can_view(actor, client)
    except PermissionDenied:
        return False
    return True


def check_can_edit(actor: Membership | None, client: Client) -> None:
    """Raise PermissionDenied unless the actor may change this client's entry, NotNow once its data were removed."""
    check_can_view(actor, client)
    permissions.check_can(actor, Permission.EDIT_CLIENTS, client)
    if client.erased_at is not None:
        raise NotNow(_("The names and addresses of this client were removed, so this entry stands as it is."))


def can_edit(actor: Membership | None, client: Client) -> bool:
    """Whether `check_can_edit` would let this pass."""
    try:
        check_can_edit(actor, client)
    except (PermissionDenied, NotNow):
        return False
    return True


def check_clinician(actor: Membership, clinician: Membership) -> None:
    """Raise unless this member may have clients here, and the actor may give them one."""
    if clinician.practice_id != actor.practice_id or not clinician.is_active:
        raise ValidationError({"clinician": _("Choose an active member of this practice.")})
    if not permissions.can(clinician, Permission.VIEW_ANSWERS):
        raise ValidationError({"clinician": _("Clients belong to somebody who sees clients here.")})
    if clinician.pk != actor.pk and not permissions.can(actor, Permission.VIEW_ALL_CLIENTS):
        raise PermissionDenied(_("Your role lets you add clients of your own."))


def check_shape(code: str) -> None:
    """Raise ValidationError unless a practice id looks like one."""
    if not _CODE.match(code):
        raise ValidationError({"code": _("A practice id is made of letters, digits and hyphens, at most 20.")})


def check_code(practice: Practice, code: str, *, besides: Client | None = None) -> None:
    """Raise ValidationError unless this practice id can be used: its shape, and nobody else's."""
    check_shape(code)
    taken = Client.objects.for_practice(practice).filter(code=code)
    if besides is not None:
        taken = taken.exclude(pk=besides.pk)
    if taken.exists():
        raise ValidationError({"code": _("Another client has this practice id. Choose another.")})


def check_can_remove(person: Person, *, others: int) -> None:
    """Raise NotNow when nobody would be left to read and sign."""
    if not others:
        raise NotNow(_("Somebody has to be able to read and sign. Add the other person first."))
    if person.removed_at is not None:
        raise NotNow(_("This person was taken out already."))
