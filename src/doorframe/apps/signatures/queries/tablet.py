"""What the tablet needs to know: how long it may lie untouched, and who reads on it in turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import rules
from doorframe.apps.signatures.holding import SHOWN
from doorframe.apps.signatures.models import Link, Pin, Signer, Visit
from doorframe.apps.signatures.queries.practice import preferences
from doorframe.apps.signatures.queries.rows import signers


def idle(visit: Visit) -> timedelta:
    """How long the tablet may lie untouched until it locks."""
    return timedelta(minutes=max(preferences(visit.practice).idle_minutes, 1))


def idle_minutes(visit: Visit) -> int:
    """The same in minutes; 0 for somebody's own device, which locks itself."""
    return int(idle(visit).total_seconds() // 60) if visit.is_kiosk else 0


def readers(visit: Visit) -> list[Signer]:
    """Everyone who reads on this tablet in turn; the therapist signs elsewhere."""
    return [one for one in signers(visit.acknowledgement) if one.member_id is None]


def shown_link(visit: Visit, *, at: datetime) -> Link | None:
    """The link that this tablet shows as a square code now, unless it was opened or has ended."""
    links = Link.objects.filter(signer__acknowledgement=visit.acknowledgement, purpose=Link.READ, used_at=None)
    links = links.filter(revoked_at=None, expires_at__gt=at, expires_at__lte=F("created_at") + SHOWN)
    return links.filter(created_at__gte=visit.opened_at).order_by("created_at", "pk").last()


def has_working_pin(member: Membership) -> bool:
    """Whether this member's PIN would take a tablet back."""
    return Pin.objects.filter(member=member, tries__lt=rules.PIN_TRIES).exists()
