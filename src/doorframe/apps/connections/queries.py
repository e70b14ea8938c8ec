"""Reads. Each takes the practice or one of its rows, and shows nothing of any other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from doorframe.apps.connections import signing
from doorframe.apps.connections.events import Told
from doorframe.apps.connections.models import ApiToken, Delivery, Endpoint
from doorframe.apps.connections.states import State
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Practice
from doorframe.apps.signatures.models import Acknowledgement, Paper
from doorframe.apps.trail.models import Event

SHOWN = 50
"""How many of an endpoint's messages its page shows."""


def token_by(presented: str) -> ApiToken | None:
    """The key that somebody shows, whatever state it is in; None for one that never was."""
    if not presented.startswith(signing.TOKEN_PREFIX):
        return None
    rows = ApiToken.objects.select_related("practice", "made_by__user")
    return rows.filter(token_sha256=signing.fingerprint(presented)).first()


def tokens(practice: Practice) -> list[ApiToken]:
    """The keys of a practice that were not revoked, newest first."""
    rows = ApiToken.objects.for_practice(practice).filter(revoked_at=None).select_related("made_by__user")
    return list(rows.order_by("-made_at", "-pk"))


def token(practice: Practice, uid: object) -> ApiToken:
    """One key of this practice, or Http404."""
    return get_for_practice(ApiToken.objects.filter(revoked_at=None), practice=practice, uid=uid)


def listening(practice: Practice) -> list[Endpoint]:
    """The endpoints that are told of events, without what is encrypted: one query."""
    rows = Endpoint.objects.for_practice(practice).filter(enabled=True, removed_at=None)
    found = list(rows.defer("url", "secret", "previous_secret").order_by("pk"))
    for endpoint in found:
        endpoint.practice = practice
    return found


def endpoints(practice: Practice) -> list[Endpoint]:
    """Every endpoint that was not removed, in the order of making."""
    rows = Endpoint.objects.for_practice(practice).filter(removed_at=None)
    return list(rows.order_by("made_at", "pk"))


def endpoint(practice: Practice, uid: object) -> Endpoint:
    """One endpoint of this practice, or Http404."""
    rows = Endpoint.objects.filter(removed_at=None).select_related("practice", "made_by__user")
    return get_for_practice(rows, practice=practice, uid=uid)


def told(endpoint: Endpoint) -> list[Any]:
    """What an endpoint is told of, in words."""
    return [one.label for one in Told if one in endpoint.events]


def latest(endpoint: Endpoint) -> list[Delivery]:
    """The last messages to an endpoint, newest first."""
    rows = Delivery.objects.filter(endpoint=endpoint).order_by("-created_at", "-pk")
    return list(rows.defer("body")[:SHOWN])


def delivery(endpoint: Endpoint, uid: object) -> Delivery:
    """One message to this endpoint, or Http404."""
    rows = Delivery.objects.filter(endpoint=endpoint).select_related("endpoint", "practice")
    return get_for_practice(rows, practice=endpoint.practice, uid=uid)


def delivery_row(pk: int) -> Delivery | None:
    """A message by its key, for the job that sends it."""
    return Delivery.objects.select_related("practice", "endpoint").filter(pk=pk).first()


def troubled(practice: Practice, *, since: datetime) -> list[Any]:
    """Endpoints that were switched off by themselves, or did not take a message since then: one query.

    `missed` of each is how many messages those are.
    """
    missed = Count("deliveries", filter=Q(deliveries__state=State.FAILED, deliveries__created_at__gte=since))
    rows = Endpoint.objects.for_practice(practice).filter(removed_at=None).annotate(missed=missed)
    rows = rows.filter(Q(enabled=False, gave_up_at__isnull=False) | Q(enabled=True, missed__gt=0))
    return list(rows.defer("url", "secret", "previous_secret").order_by("pk"))


def about(event: Event, told: Told) -> dict[str, Any]:
    """What a message says of an event: opaque ids, states, numbers and hashes, and nothing else."""
    if told == Told.ISSUED:
        paper = Paper.objects.for_practice(event.practice).only("uid", "number", "text_sha256", "material")
        found = paper.get(pk=event.subject_id)
        return {
            "paper": found.number, "uid": str(found.uid), "text_sha256": found.text_sha256, "material": found.material,
        }  # fmt: skip
    rows = Acknowledgement.objects.for_practice(event.practice).values("uid", "state", "paper__number")
    item = rows.get(pk=event.subject_id)
    said = {"acknowledgement": str(item["uid"]), "state": item["state"], "paper": item["paper__number"]}
    if told == Told.SEALED:
        return {**said, "sha256": event.data["sha256"]}
    if told == Told.ASKED:
        return {**said, "question": event.data["question"]}
    return said
