"""What touches people: owners without a second factor, clients who wait for mail, proof kept too briefly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from doorframe.apps.members.models import Membership
from doorframe.apps.members.queries import has_second_factor
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures.models import Link, Preferences
from doorframe.engines.scheduling import retention as law
from doorframe.web.env import Env
from doorframe.web.safety.finding import Finding


def second_factors(env: Env, now: datetime) -> Iterator[Finding]:
    """Owners whose password alone opens everything. Named by the practice's address, never by person."""
    owners = Membership.objects.filter(
        role=Role.OWNER, is_active=True, user__is_active=True, user__is_demo=False, practice__is_demo=False
    )
    slugs = {
        owner.practice.slug for owner in owners.select_related("user", "practice") if not has_second_factor(owner.user)
    }
    for slug in sorted(slugs):
        yield Finding(
            "owner-without-second-factor",
            f"An owner of {slug} signs in with a password alone, and that password opens everything.",
            "Let them add a passkey or an authenticator app, on the page of their own sign-in.",
        )


def invitations(env: Env, now: datetime) -> Iterator[Finding]:
    """Clients were sent links, and no letter leaves this machine."""
    if env["DOORFRAME_EMAIL"] != "smtp" and clients_wait(now):
        yield Finding(
            "mail-goes-nowhere",
            f"Clients are asked by e-mail, but DOORFRAME_EMAIL is {env['DOORFRAME_EMAIL']}, so nothing reaches them.",
            "Set DOORFRAME_EMAIL=smtp and name your mail server.",
        )


def clients_wait(now: datetime) -> bool:
    """Whether a link that was sent to a client still waits to be opened, outside the fictional practice."""
    waiting = Link.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now)
    return waiting.exclude(practice__is_demo=True).exists()


def retention(env: Env, now: datetime) -> Iterator[Finding]:
    """Proof that would go too early. The database refuses it; whoever went around that finds it here."""
    if Preferences.objects.filter(keep_years__lt=law.LEAST).exists():
        yield Finding(
            "kept-too-briefly",
            f"A practice keeps its proof for fewer than {law.LEAST} years.",
            f"Set at least {law.LEAST} years on the page of the practice.",
        )
