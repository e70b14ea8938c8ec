"""How a practice asks and keeps, and sentences that more than one action says."""

from __future__ import annotations

from django.utils.translation import gettext as _

from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.signatures.models import Pin, Preferences


def preferences(practice: Practice) -> Preferences:
    """The practice's own ways, or the usual ones where nothing was changed."""
    return Preferences.objects.for_practice(practice).first() or Preferences(practice=practice)


def has_pin(member: Membership) -> bool:
    """Whether this member can take a tablet back."""
    return Pin.objects.filter(member=member).exists()


def no_pin() -> str:
    """Why the tablet cannot be handed over yet."""
    return _("Set a PIN first: with it you take the tablet back. Nothing was opened.")


def weak_pin() -> str:
    """Why this PIN is not taken."""
    return _("A PIN is made of 6 to 12 digits, with at least three different ones. The PIN you had still works.")


def not_here() -> str:
    """The thing asked for is not part of this acknowledgement."""
    return _("This is not part of what lies here. Go back and begin again.")
