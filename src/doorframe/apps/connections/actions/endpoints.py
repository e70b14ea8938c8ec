"""Addresses of other programs that are told of events: added, tried, switched, given a new secret, removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from doorframe.apps.connections import hearing, queries, rules, signing
from doorframe.apps.connections.events import TEST
from doorframe.apps.connections.models import Delivery, Endpoint
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.trail import actions as trail


@transaction.atomic
def add_endpoint(
    *, actor: Membership, at: datetime, name: str, url: str, events: Sequence[str]
) -> tuple[Endpoint, str]:
    """Tell another program of events from now on. The secret beside the row is for the page that shows it once.

    Raises PermissionDenied, NotNow for too many, ValidationError for an unfit address.
    """
    permissions.check_can_edit_practice(actor)
    rules.check_endpoint(url=url, events=events, there=len(queries.endpoints(actor.practice)))
    secret = signing.fresh_secret()
    endpoint = Endpoint.objects.create(
        practice=actor.practice, name=name, url=url, events=sorted(set(events)), secret=secret, made_by=actor,
        made_at=at,
    )  # fmt: skip
    _record("connections.endpoint.added", endpoint, actor, at)
    return endpoint, secret


@transaction.atomic
def renew_secret(*, endpoint: Endpoint, actor: Membership, at: datetime) -> tuple[Endpoint, str]:
    """A new secret, to be shown once. For a day the old one signs beside it."""
    endpoint = _locked(endpoint, actor)
    endpoint.previous_secret, endpoint.secret = endpoint.secret, signing.fresh_secret()
    endpoint.previous_until = at + rules.OVERLAP
    endpoint.save(update_fields=["previous_secret", "secret", "previous_until"])
    _record("connections.secret.renewed", endpoint, actor, at)
    return endpoint, endpoint.secret


@transaction.atomic
def switch(*, endpoint: Endpoint, actor: Membership, at: datetime, on: bool) -> Endpoint:
    """Switch a connection on or off. What happens while it is off is not told later."""
    endpoint = _locked(endpoint, actor)
    endpoint.enabled, endpoint.gave_up_at = on, None
    endpoint.save(update_fields=["enabled", "gave_up_at"])
    _record(f"connections.endpoint.switched-{'on' if on else 'off'}", endpoint, actor, at)
    return endpoint


@transaction.atomic
def remove_endpoint(*, endpoint: Endpoint, actor: Membership, at: datetime) -> None:
    """Nothing more is sent there; the address and the secrets are let go."""
    endpoint = _locked(endpoint, actor)
    endpoint.enabled, endpoint.removed_at = False, at
    endpoint.url = endpoint.secret = endpoint.previous_secret = ""
    endpoint.save(update_fields=["enabled", "removed_at", "url", "secret", "previous_secret"])
    _record("connections.endpoint.removed", endpoint, actor, at)


@transaction.atomic
def send_test(*, endpoint: Endpoint, actor: Membership, at: datetime) -> Delivery:
    """Send a message that tells of nothing, to see whether it arrives. Raises NotNow while switched off."""
    endpoint = _locked(endpoint, actor)
    rules.check_is_on(endpoint)
    made = hearing.post(endpoint, TEST, hearing.written(TEST, at, {}), at)
    _record("connections.test.sent", endpoint, actor, at)
    return made


def _locked(endpoint: Endpoint, actor: Membership) -> Endpoint:
    permissions.check_can_edit_practice(actor, endpoint)
    rows = Endpoint.objects.select_for_update(of=("self",)).select_related("practice")
    return rows.get(pk=endpoint.pk, removed_at=None)


def _record(name: str, endpoint: Endpoint, actor: Membership, at: datetime) -> None:
    data = {"endpoint": str(endpoint.uid)}
    trail.record(name, practice=endpoint.practice, actor=actor, subject=endpoint, at=at, data=data)
